import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import {
  createHostGates,
  type HostGate,
} from '../../../../src/actions/delivery/burst/host-gate.ts';
import type { Context } from '../../../../src/context.ts';
import type { HoldTarget } from '../../../../src/domain/hold.ts';
import type { Outcome } from '../../../../src/domain/outcome.ts';
import { keptOut } from '../../../../src/outbound/challenge.ts';
import { notify } from '../../../../src/store/connection/database.ts';
import { liftHolds, listHolds, placeHold } from '../../../../src/store/stop/hold.ts';
import { type BurstStage, startBurstStage } from '../../../support/burst-stage.ts';
import { giveBack, needs, takeAway } from '../../../support/database.ts';
import { insertCampaignRow } from '../../../support/rows.ts';
import { waitFor } from '../../../support/wait-for.ts';

const FAULT: Outcome = { kind: 'refused', reason: 'app_problem', detail: 'no credit' };
const POSTED: Outcome = { kind: 'posted', id: '1', url: null };
const MINUTE_MS = 60_000;
/** Fixed, since they are in the names of tests. */
const campaign = '0b1f7a52-3c1e-4f0e-9d8e-5a1f6f2d7c11';
const another = '7c9d1e64-5b2a-4d33-8f57-2e6b0a9c4d22';

needs('postgres')('a lane', () => {
  let whole: BurstStage;
  let ctx: Context;
  /** What BullMQ was told to wait for. */
  let throttles: [string, Date][];
  let logged: [level: string, what: object, text: string][];
  let gateTo: (platform: string, host: string) => HostGate;
  beforeAll(async () => {
    whole = await startBurstStage();
  });
  beforeEach(async () => {
    await sql`delete from hold`.execute(whole.ctx.db);
    throttles = [];
    logged = [];
    const hear = (level: string) => (what: object, text: string) =>
      logged.push([level, what, text]);
    const log = Object.assign(Object.create(whole.ctx.log), {
      warn: hear('warn'),
      error: hear('error'),
    });
    const { queues } = whole.ctx;
    const throttle: typeof queues.throttle = async (name, until) => {
      throttles.push([name, until]);
      await queues.throttle(name, until);
    };
    ({ ctx } = await whole.anew({ log, queues: { ...queues, throttle } }));
    gateTo = gatesOf(ctx);
  });

  function gatesOf(ctx: Context): typeof gateTo {
    const gateFor = createHostGates(ctx);
    return (name, host) => {
      const platform = ctx.platforms.get(name);
      if (!platform) throw new Error(`There is no ${name}`);
      return gateFor(platform, host);
    };
  }

  const inMs = (ms: number): Date => new Date(ctx.clock.now() + ms);
  const throttled = (until: Date): Outcome => ({ kind: 'throttled', until, detail: 'enough' });
  const posted = (left: number, until: Date): Outcome => ({
    ...POSTED,
    allowance: { remaining: left, until },
  });
  /** As many answers as there are outcomes, each to a post of its own. */
  const hear = (gate: HostGate, ...outcomes: Outcome[]): void => {
    for (const outcome of outcomes) {
      gate.acquire();
      gate.onOutcome(campaign, outcome);
    }
  };
  const written = (kind: string) =>
    waitFor(async () => (await listHolds(ctx.db)).some((hold) => hold.kind === kind), {
      what: `${kind} to be written down`,
    });

  it('is one and the same for whoever goes there', () => {
    expect(gateTo('x', 'a.example')).toBe(gateTo('x', 'a.example'));
    expect(gateTo('mastodon', 'a.example')).not.toBe(gateTo('mastodon', 'b.example'));
  });

  it('of a platform with one host for all stands still with it, at once and for everybody, until the end that was named', async () => {
    const gate = gateTo('x', 'api.x.example');
    const until = inMs(1_500);
    expect(gate.isPaused(campaign)).toBe(false);
    hear(gate, throttled(until));
    expect(gate.isPaused(campaign)).toBe(true);
    expect(gate.isPaused(randomUUID())).toBe(true);
    expect(gateTo('mastodon', 'api.x.example').isPaused(campaign)).toBe(false);
    await written('throttled');
    expect(await listHolds(ctx.db)).toMatchObject([
      { scope: 'platform', platform: 'x', kind: 'throttled', actor: 'tocsin', reason: 'enough' },
    ]);
    await waitFor(async () => !gate.isPaused(campaign), { timeoutMs: 5_000 });
    expect(ctx.clock.now()).toBeGreaterThanOrEqual(until.getTime());
  });

  it('B7 before which a shield stands says to operators that it was one, and that nothing was carried out', async () => {
    const gate = gateTo('x', 'api.x.example');
    hear(gate, keptOut({ status: 403, headers: {}, body: '' }, inMs(0)));
    await written('throttled');
    const [hold] = await listHolds(ctx.db);
    expect(hold?.reason).toMatch(/^403 challenge: a shield .* nothing was carried out$/);
  });

  it('of a server among many stands still alone', async () => {
    const [one, other] = [gateTo('mastodon', 'a.example'), gateTo('mastodon', 'b.example')];
    hear(one, throttled(inMs(MINUTE_MS)));
    expect([one.isPaused(campaign), other.isPaused(campaign)]).toEqual([true, false]);
    await written('throttled');
    expect(await listHolds(ctx.db)).toMatchObject([
      { scope: 'host', platform: 'mastodon', host: 'a.example' },
    ]);
  });

  it('is broken by three faults of the app with no post between them', async () => {
    const gate = gateTo('x', 'api.x.example');
    hear(gate, FAULT, FAULT, POSTED, FAULT, FAULT);
    expect(gate.isPaused(campaign)).toBe(false);
    // What concerns one account says nothing of the app.
    hear(gate, { kind: 'refused', reason: 'account_locked', detail: '' });
    expect(gate.isPaused(campaign)).toBe(false);
    hear(gate, FAULT);
    expect(gate.isPaused(campaign)).toBe(true);
    await written('broken');
    expect(await listHolds(ctx.db)).toMatchObject([
      { scope: 'platform', platform: 'x', kind: 'broken', reason: 'no credit', until: null },
    ]);
  });

  it.each<[HoldTarget, boolean, boolean]>([
    [{ scope: 'instance' }, true, true],
    [{ scope: 'platform', platform: 'mastodon' }, true, true],
    [{ scope: 'platform', platform: 'x' }, false, false],
    [{ scope: 'host', platform: 'mastodon', host: 'a.example' }, true, true],
    [{ scope: 'host', platform: 'mastodon', host: 'b.example' }, false, false],
    [{ scope: 'campaign', campaignId: campaign }, true, false],
    [{ scope: 'campaign', campaignId: another }, false, false],
  ])('hears that somebody holds %j, and that they let it go', async (target, ours, others) => {
    const gate = gateTo('mastodon', 'a.example');
    const by = { kind: 'paused', actor: 'vera', reason: '', until: null } as const;
    // The last word on each: a hold that bears on everything, so that it is known when both have been heard.
    const seen = { scope: 'instance', ...by, kind: 'broken' } as const;
    await placeHold(ctx.db, { ...target, ...by });
    if (!ours) await placeHold(ctx.db, seen);
    await notify(ctx.db, 'hold', '');
    await waitFor(async () => gate.isPaused(campaign), { what: 'the hold to be heard of' });
    await liftHolds(ctx.db, { scope: 'instance' }, ['broken']);
    await notify(ctx.db, 'hold', '');
    const now = () => [gate.isPaused(campaign), gate.isPaused(randomUUID())];
    await waitFor(async () => String(now()) === String([ours, others]), { what: 'who is held' });
    await liftHolds(ctx.db, target, ['paused']);
    await notify(ctx.db, 'hold', '');
    await waitFor(async () => !gate.isPaused(campaign), { what: 'the end to be heard of' });
    expect(await listHolds(ctx.db)).toEqual([]);
  });

  it('has room for as many as the platform says are left, and for one when nobody holds it', () => {
    const gate = gateTo('x', 'api.x.example');
    const until = inMs(MINUTE_MS);
    for (let i = 0; i < 500; i++) gate.acquire();
    expect(gate.canAcquire()).toBe(true);
    for (let i = 0; i < 497; i++) gate.onOutcome(campaign, POSTED);
    gate.onOutcome(campaign, posted(3, until));
    // Two are under way.
    expect(gate.canAcquire()).toBe(true);
    gate.acquire();
    expect(gate.canAcquire()).toBe(false);
    // Whatever an answer says, its post is not under way any more.
    gate.onOutcome(campaign, { kind: 'unknown', detail: '' });
    expect(gate.canAcquire()).toBe(true);
  });

  it('believes the least of what it hears of one window, and a later window before an earlier one', async () => {
    const gate = gateTo('x', 'api.x.example');
    const until = inMs(MINUTE_MS);
    const isFull = (underWay: number): boolean => {
      for (let i = 0; i < underWay; i++) gate.acquire();
      const full = !gate.canAcquire();
      for (let i = 0; i < underWay; i++) gate.onOutcome(campaign, POSTED);
      return full;
    };
    hear(gate, posted(5, until), posted(8, new Date(until.getTime() + 1_000)));
    expect([isFull(4), isFull(5)]).toEqual([false, true]);
    hear(gate, posted(50, inMs(2 * MINUTE_MS)));
    expect([isFull(49), isFull(50)]).toEqual([false, true]);
    hear(gate, posted(5, until));
    expect([isFull(49), isFull(50)]).toEqual([false, true]);
    hear(gate, posted(0, inMs(2 * MINUTE_MS)));
    expect(gate.isPaused(campaign)).toBe(true);
    await written('throttled');
  });

  it('has room again once what it was told of is over', async () => {
    const gate = gateTo('x', 'api.x.example');
    const until = inMs(400);
    hear(gate, posted(1, until));
    gate.acquire();
    expect(gate.canAcquire()).toBe(false);
    await waitFor(async () => gate.canAcquire());
    expect(ctx.clock.now()).toBeGreaterThanOrEqual(until.getTime());
  });

  it('has its platform’s queue wait, too, for as long as it was told, and says it once', async () => {
    const [x, mastodon] = [gateTo('x', 'api.x.example'), gateTo('mastodon', 'a.example')];
    const until = inMs(MINUTE_MS);
    hear(mastodon, throttled(until));
    await written('throttled');
    hear(x, throttled(until), throttled(inMs(2 * MINUTE_MS)));
    await waitFor(async () => throttles.length > 0);
    await sql`delete from hold`.execute(ctx.db);
    hear(mastodon, FAULT, FAULT, FAULT);
    await waitFor(async () => throttles.length > 0, { what: 'the queue to be told' });
    expect(throttles).toEqual([['x', until]]);
    await ctx.queues.throttle('x', new Date());
  });

  it('does not ask a queue to wait for an operator', async () => {
    hear(gateTo('x', 'api.x.example'), FAULT, FAULT, FAULT);
    await written('broken');
    await sleep(50);
    expect(throttles).toEqual([]);
  });

  it('stands still whether or not the queue can be told to', async () => {
    const throttle = async () => {
      throw new Error('away');
    };
    const gate = gatesOf({ ...ctx, queues: { ...ctx.queues, throttle } })('x', 'api.x.example');
    hear(gate, throttled(inMs(MINUTE_MS)));
    await waitFor(async () => logged.length > 0);
    expect(logged).toEqual([['warn', { error: 'away' }, 'queue not throttled']]);
    expect(gate.isPaused(campaign)).toBe(true);
  });

  it('goes on when an operator lets go of what it held itself, in every process', async () => {
    const [gate, other] = [gateTo('x', 'api.x.example'), gatesOf(ctx)('x', 'api.x.example')];
    hear(gate, FAULT, FAULT, FAULT);
    await waitFor(async () => other.isPaused(campaign), { what: 'the other to hear of it' });
    await liftHolds(ctx.db, { scope: 'platform', platform: 'x' }, ['broken']);
    await notify(ctx.db, 'hold', '');
    await waitFor(async () => !gate.isPaused(campaign) && !other.isPaused(campaign));
    expect(logged).toEqual([]);
  });

  it('says in the ledger of every campaign under way why it is broken, once, and of nothing else', async () => {
    const locked = await insertCampaignRow(ctx, { state: 'locked' });
    const open = await insertCampaignRow(ctx, { state: 'settled' });
    const events = async () =>
      (
        await sql<Record<string, string>>`
          select campaign_id, action, actor, platform, detail from campaign_event
          where campaign_id in (${locked}, ${open})`.execute(ctx.db)
      ).rows;
    const [gate, other] = [gateTo('mastodon', 'a.example'), gatesOf(ctx)('mastodon', 'a.example')];
    hear(gateTo('x', 'api.x.example'), throttled(inMs(MINUTE_MS)));
    await written('throttled');
    expect(await events()).toEqual([]);
    hear(gate, FAULT, FAULT, FAULT);
    hear(other, FAULT, FAULT, FAULT);
    await sleep(500);
    await written('broken');
    await sleep(100);
    expect(await events()).toEqual([
      {
        campaign_id: locked,
        action: 'broken',
        actor: 'tocsin',
        platform: 'mastodon',
        detail: 'no credit',
      },
    ]);
  });

  it('has room while nothing was said of how much is left, whatever else was', () => {
    const gate = gateTo('x', 'api.x.example');
    hear(gate, POSTED);
    expect(gate.canAcquire()).toBe(true);
    hear(gate, posted(3, inMs(MINUTE_MS)), POSTED);
    gate.acquire();
    gate.acquire();
    expect(gate.canAcquire()).toBe(true);
    gate.acquire();
    expect(gate.canAcquire()).toBe(false);
  });

  it('takes resets two seconds apart for one and the same', () => {
    const until = inMs(MINUTE_MS);
    const roomFor = (...outcomes: Outcome[]): number => {
      const gate = gatesOf(ctx)('x', 'api.x.example');
      hear(gate, ...outcomes);
      let room = 0;
      for (; gate.canAcquire(); room++) gate.acquire();
      return room;
    };
    const at = (ms: number): Date => new Date(until.getTime() + ms);
    expect(roomFor(posted(5, until), posted(8, at(2_000)))).toBe(5);
    expect(roomFor(posted(5, until), posted(8, at(2_001)))).toBe(8);
    expect(roomFor(posted(8, until), posted(5, at(-2_000)))).toBe(5);
    expect(roomFor(posted(8, until), posted(5, at(-2_001)))).toBe(8);
  });

  it('goes by what it knows itself while the records are away', async () => {
    await takeAway(whole.url);
    try {
      const gate = gatesOf(ctx)('x', 'api.x.example');
      await waitFor(async () => logged.length > 0, { what: 'the first look' });
      // It looks again and again, so that a busy machine sees more than one.
      const failed = ['warn', { error: expect.stringMatching(/./) }, 'holds not read'];
      expect(logged).toEqual(logged.map(() => failed));
      logged.length = 0;
      hear(gate, throttled(inMs(MINUTE_MS)));
      expect(gate.isPaused(campaign)).toBe(true);
      const unwritten = () => logged.find(([, , text]) => text === 'hold not written');
      await waitFor(async () => unwritten() !== undefined);
      const detail = { error: expect.stringMatching(/./), kind: 'throttled' };
      expect(unwritten()).toEqual(['error', detail, 'hold not written']);
    } finally {
      await giveBack(whole.url);
    }
  });
});
