import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { CrashPoint } from '../../../../src/crash.ts';
import type { Outcome } from '../../../../src/domain/outcome.ts';
import { measureOffset } from '../../../../src/store/connection/clock.ts';
import { disarm, withdrawDelivery } from '../../../../src/store/delivery.ts';
import { releaseShard } from '../../../../src/store/shard.ts';
import { listHolds, placeHold } from '../../../../src/store/stop/hold.ts';
import { type Armed, armedShard, attemptsOf } from '../../../support/armed.ts';
import { type BurstStage, type Send, startBurstStage } from '../../../support/burst-stage.ts';
import { giveBack, needs, takeAway } from '../../../support/database.ts';
import { statesOf } from '../../../support/rows.ts';
import { waitFor } from '../../../support/wait-for.ts';

const POSTED: Outcome = { kind: 'posted', id: '1', url: null };

needs('postgres')('a burst', () => {
  let whole: BurstStage;
  let stage: BurstStage;
  beforeAll(async () => {
    whole = await startBurstStage();
  });
  beforeEach(async () => {
    await sql`delete from hold`.execute(whole.ctx.db);
    stage = await whole.anew();
  });

  /** Posts of a network that takes all of them: when each was sent, by the clock that the database has here, too. */
  function network(): { send: Send; at: Map<string, number> } {
    const at = new Map<string, number>();
    const send: Send = async (id) => {
      at.set(id, Date.now());
      return POSTED;
    };
    return { send, at };
  }

  /** Joins with the shard, again and again as the sweep would hand it out, until nothing of it is left. */
  async function fire(armed: Armed, notBeforeMs: number, send: Send): Promise<void> {
    for (let turn = armed; turn.armed.length > 0; turn = await stage.again(turn)) {
      await stage.burst(notBeforeMs).join(await stage.shard(turn, send));
      await disarm(stage.ctx.db, turn.leased);
      await releaseShard(stage.ctx.db, turn.leased);
      await sleep(50);
      await sql`update shard set done = false where id = ${turn.leased.id}`.execute(stage.ctx.db);
    }
  }

  it('sends everything of several shards once, at the moment and not before', async () => {
    const momentMs = Date.now() + 1_500;
    const { send, at } = network();
    const shards = [
      await armedShard(stage.ctx, 200, { momentMs: 1_500 }),
      await armedShard(stage.ctx, 150, { momentMs: 1_500 }),
    ];
    const burst = stage.burst(momentMs);
    await Promise.all(shards.map(async (one) => burst.join(await stage.shard(one, send))));
    expect([...at.keys()].sort()).toEqual(shards.flatMap((one) => one.ids).sort());
    expect(Math.min(...at.values())).toBeGreaterThanOrEqual(momentMs);
    for (const { campaignId, ids } of shards) {
      expect(await statesOf(stage.ctx.db, campaignId)).toEqual({ posted: ids.length });
    }
  });

  it('sends a host no more a second than its platform is to send there', async () => {
    const armed = await armedShard(stage.ctx, 60, { momentMs: 500 });
    const momentMs = await momentOf(armed);
    const { send, at } = network();
    const burst = stage.burst(momentMs, { postsPerSecond: 20 });
    await burst.join(await stage.shard(armed, send));
    const late = [...at.values()].map((sent) => sent - momentMs).sort((a, b) => a - b);
    expect(late).toHaveLength(60);
    // A second's worth from the first mark on, which is a little before the moment, and so many a second from there.
    const most = (ms: number): number => 20 + ((ms + 250) / 1000) * 20;
    for (const [before, ms] of late.entries()) expect(before).toBeLessThanOrEqual(most(ms));
    expect(await statesOf(stage.ctx.db, armed.campaignId)).toEqual({ posted: 60 });
  });

  it.each([5_000, -5_000])(
    'is not early by a clock that is taken to be %i ms off, and is not',
    async (wrongMs) => {
      const armed = await armedShard(stage.ctx, 20, { momentMs: 2_500 });
      const momentMs = await momentOf(armed);
      const { send, at } = network();
      stage.ctx.clock.offset = { offsetMs: wrongMs, errorMs: 1 };
      const measured = setTimeout(async () => {
        stage.ctx.clock.offset = await measureOffset(stage.ctx.db);
      }, 4_000);
      await fire(armed, momentMs, send);
      clearTimeout(measured);
      expect(at.size).toBe(20);
      expect(Math.min(...at.values())).toBeGreaterThanOrEqual(momentMs - 1);
    },
  );

  it.each([-5_000, 1_500])(
    'aims anew when a clock that was %i ms off is measured again in the middle of the wait',
    async (wrongMs) => {
      const armed = await armedShard(stage.ctx, 20, { momentMs: 2_000 });
      const momentMs = await momentOf(armed);
      const { send, at } = network();
      const right = stage.ctx.clock.offset;
      stage.ctx.clock.offset = { ...right, offsetMs: right.offsetMs + wrongMs };
      const firing = fire(armed, momentMs, send);
      await sleep(150);
      stage.ctx.clock.offset = right;
      await firing;
      expect(at.size).toBe(20);
      expect(Math.min(...at.values())).toBeGreaterThanOrEqual(momentMs - 1);
    },
  );

  it('sends only what its marks give back', async () => {
    const armed = await armedShard(stage.ctx, 10);
    const { send, at } = network();
    const [gone = ''] = armed.pledges;
    await withdrawDelivery(stage.ctx.db, gone);
    await stage.burst(Date.now()).join(await stage.shard(armed, send));
    const withdrawn = armed.armed.find((delivery) => delivery.pledgeId === gone)?.id ?? '';
    expect(at.size).toBe(9);
    expect(at.has(withdrawn)).toBe(false);
  });

  it('gives back unsent what it has marked and not sent when it is to stop', async () => {
    const armed = await armedShard(stage.ctx, 400, { momentMs: 900 });
    let sent = 0;
    const slow: Send = async () => {
      sent++;
      if (sent === 10) stage.stop();
      await sleep(60);
      return POSTED;
    };
    await stage
      .burst(await momentOf(armed), { connections: 32 })
      .join(await stage.shard(armed, slow));
    const states = await statesOf(stage.ctx.db, armed.campaignId);
    expect(sent).toBeLessThan(400);
    expect(states).toEqual({ posted: sent, armed: 400 - sent });
    const rows = await stage.ctx.db
      .selectFrom('delivery')
      .select('attempts')
      .where('campaign_id', '=', armed.campaignId)
      .where('state', '=', 'armed')
      .execute();
    expect(new Set(rows.map((row) => row.attempts))).toEqual(new Set([0]));
  });

  it('is over at once when it is to stop before its moment, with nothing sent', async () => {
    const armed = await armedShard(stage.ctx, 5, { momentMs: 60_000 });
    const warmed: number[] = [];
    const warm = async (_host: string, count: number): Promise<number> => warmed.push(count);
    const { send, at } = network();
    const begun = performance.now();
    const joined = stage
      .burst(await momentOf(armed), { openConnections: warm })
      .join(await stage.shard(armed, send));
    setTimeout(stage.stop, 100);
    await joined;
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect([at.size, warmed]).toEqual([0, []]);
    expect(await statesOf(stage.ctx.db, armed.campaignId)).toEqual({ armed: 5 });
  });

  it('gives back at once what is marked when it is to stop just before its moment', async () => {
    // Stopped by its own first marks, between their commit and the first send, however slow the machine is.
    let stops = 0;
    const crash = (point: CrashPoint): void => {
      if (point !== 'after-mark') return;
      stops++;
      stopping.stop();
    };
    const stopping = await stage.anew({ crash: Object.assign(crash, { isNext: () => false }) });
    const armed = await armedShard(stopping.ctx, 300, { momentMs: 900 });
    const notBeforeMs = (await momentOf(armed)) + 150;
    const { send, at } = network();
    await stopping.burst(notBeforeMs).join(await stopping.shard(armed, send));
    expect(stops).toBeGreaterThan(0);
    expect(at.size).toBe(0);
    expect(await statesOf(stopping.ctx.db, armed.campaignId)).toEqual({ armed: 300 });
  });

  it('ends, and says why in the log, when it cannot give back what is marked', async () => {
    const logged: unknown[] = [];
    const log = Object.assign(Object.create(stage.ctx.log), {
      warn: (...line: unknown[]) => logged.push(line),
    });
    const crash = (point: CrashPoint): void => {
      if (point === 'after-mark') stopping.stop();
    };
    const isNext = () => false;
    const stopping = await stage.anew({ log, crash: Object.assign(crash, { isNext }) });
    const armed = await armedShard(stopping.ctx, 5, { momentMs: 900 });
    const notBeforeMs = (await momentOf(armed)) + 150;
    const { send, at } = network();
    const unmark = () => Promise.reject(new Error('the records are away'));
    const burst = stopping.burst(notBeforeMs, {}, { unmark });
    await burst.join(await stopping.shard(armed, send));
    expect(at.size).toBe(0);
    expect(logged).toEqual([[{ error: 'the records are away' }, 'marks not taken back']]);
    // In doubt, since they are marked: never sent again blindly.
    expect(await statesOf(stopping.ctx.db, armed.campaignId)).toEqual({ sending: 5 });
  });

  it('of a shard with nothing in it is over', async () => {
    const armed = await armedShard(stage.ctx, 1, { momentMs: 60_000 });
    const { send } = network();
    const shard = await stage.shard({ ...armed, armed: [] }, send);
    await expect(stage.burst(await momentOf(armed)).join(shard)).resolves.toBeUndefined();
  });

  it('gives back unsent what was marked too long ago, for a process that was held up', async () => {
    const armed = await armedShard(stage.ctx, 200);
    let sent = 0;
    const heldUp: Send = async () => {
      sent++;
      // The process stands still, with marks made ahead.
      if (sent === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_300);
      return POSTED;
    };
    await stage.burst(Date.now()).join(await stage.shard(armed, heldUp));
    const states = await statesOf(stage.ctx.db, armed.campaignId);
    expect(states.posted).toBe(sent);
    expect(states.armed).toBe(200 - sent);
    expect(sent).toBeLessThan(200);
  });

  it('stops within a window when somebody holds the campaign', async () => {
    const armed = await armedShard(stage.ctx, 400);
    let sent = 0;
    const send: Send = async () => {
      sent++;
      if (sent === 5) {
        const by = { kind: 'paused', actor: 'op', reason: '', until: null } as const;
        await placeHold(stage.ctx.db, { scope: 'campaign', campaignId: armed.campaignId, ...by });
      }
      await sleep(30);
      return POSTED;
    };
    await stage.burst(Date.now(), { connections: 16 }).join(await stage.shard(armed, send));
    expect(sent).toBeLessThan(400);
    expect(await statesOf(stage.ctx.db, armed.campaignId)).toEqual({
      posted: sent,
      armed: 400 - sent,
    });
  });

  it('takes what the platform will still take to the last post, together with others there, and asks for no more', async () => {
    const allowed = 100;
    const until = new Date(Date.now() + 60_000);
    let asked = 0;
    let taken = 0;
    const send: Send = async () => {
      const nth = asked++;
      await sleep(5 + ((nth * 7) % 25));
      taken++;
      const allowance = { remaining: allowed - taken, until };
      await sleep(5 + ((nth * 11) % 25));
      return { ...POSTED, allowance } as Outcome;
    };
    const shards = [await armedShard(stage.ctx, 80), await armedShard(stage.ctx, 80)];
    await Promise.all(
      shards.map(async (armed, i) =>
        stage.burst(Date.now() + i, { connections: 16 }).join(await stage.shard(armed, send)),
      ),
    );
    expect(taken).toBe(allowed);
    const states = await Promise.all(
      shards.map(({ campaignId }) => statesOf(stage.ctx.db, campaignId)),
    );
    expect(states.reduce((sum, { posted = 0 }) => sum + posted, 0)).toBe(allowed);
    expect(states.reduce((sum, { armed = 0 }) => sum + armed, 0)).toBe(160 - allowed);
    // Nobody waits for a hold to be written down: it counts here at once.
    const holds = await waitFor(
      async () => {
        const found = await listHolds(stage.ctx.db);
        return found.length > 0 && found;
      },
      { what: 'the hold to be written' },
    );
    expect(holds).toMatchObject([{ scope: 'platform', platform: 'x', kind: 'throttled', until }]);
  });

  it('keeps its outcomes while the database is away', async () => {
    const armed = await armedShard(stage.ctx, 60);
    const { send, at } = network();
    let cutting: Promise<void> | null = null;
    const sendThenCut: Send = async (id) => {
      cutting ??= takeAway(stage.url);
      await cutting;
      return send(id);
    };
    const joined = stage.burst(Date.now()).join(await stage.shard(armed, sendThenCut));
    await waitFor(() => at.size > 0, { what: 'the first post' });
    await sleep(1_000);
    await giveBack(stage.url);
    await joined;
    expect(at.size).toBeGreaterThan(0);
    const states = await statesOf(stage.ctx.db, armed.campaignId);
    expect(states.posted).toBe(at.size);
    const outcomes = (await attemptsOf(stage.ctx.db, armed.campaignId)).map((row) => row.outcome);
    expect(outcomes).toEqual(Array.from({ length: at.size }, () => 'posted'));
  });

  async function momentOf(armed: Armed): Promise<number> {
    const row = await stage.ctx.db
      .selectFrom('campaign')
      .select('moment')
      .where('id', '=', armed.campaignId)
      .executeTakeFirstOrThrow();
    return row.moment.getTime();
  }
});
