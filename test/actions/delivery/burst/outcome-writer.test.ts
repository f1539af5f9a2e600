import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type BurstStore,
  createBurstStore,
} from '../../../../src/actions/delivery/burst/burst-store.ts';
import { createOutcomeWriter } from '../../../../src/actions/delivery/burst/outcome-writer.ts';
import type { SentPost } from '../../../../src/actions/delivery/burst/settlement.ts';
import type { Context } from '../../../../src/context.ts';
import { findCampaign } from '../../../../src/store/campaign.ts';
import { type Armed, armedShard, attemptsOf, postsOf } from '../../../support/armed.ts';
import { type BurstStage, startBurstStage } from '../../../support/burst-stage.ts';
import { needs } from '../../../support/database.ts';
import { statesOf } from '../../../support/rows.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** What was asked of the records, which do as they are asked unless the test has something come between. */
interface Watched extends BurstStore {
  batches: { size: number; again: boolean }[];
  underWay: number;
  mostUnderWay: number;
  told: { campaignId: string; at: number }[];
}

needs('postgres')('the writer of outcomes', () => {
  let whole: BurstStage;
  let stage: BurstStage;
  let ctx: Context;
  let warned: unknown[][];
  beforeAll(async () => {
    whole = await startBurstStage();
  });
  beforeEach(async () => {
    warned = [];
    const warn = (...words: unknown[]): void => void warned.push(words);
    stage = await whole.anew({ log: Object.assign(Object.create(whole.ctx.log), { warn }) });
    ctx = stage.ctx;
  });

  function watched(before: () => Promise<void> = async () => undefined): Watched {
    const real = createBurstStore(ctx);
    const records: Watched = {
      ...real,
      batches: [],
      underWay: 0,
      mostUnderWay: 0,
      told: [],
      settle: async (settlements, again) => {
        records.batches.push({ size: settlements.length, again });
        records.underWay++;
        records.mostUnderWay = Math.max(records.mostUnderWay, records.underWay);
        try {
          await before();
          await real.settle(settlements, again);
        } finally {
          records.underWay--;
        }
      },
      notifyWatchers: async (campaignId) => {
        records.told.push({ campaignId, at: performance.now() });
        await real.notifyWatchers(campaignId);
      },
    };
    return records;
  }

  /** So many posts of a shard that have been marked, sent and answered. */
  async function sentOf(armed: Armed): Promise<SentPost[]> {
    const campaign = await findCampaign(ctx.db, { id: armed.campaignId });
    if (!campaign) throw new Error('There is no such campaign');
    const marked = await createBurstStore(ctx).mark(armed.entries);
    expect(marked.size).toBe(armed.entries.length);
    const now = ctx.clock.now();
    return armed.armed.map((delivery) => ({
      leased: armed.leased,
      campaign,
      delivery,
      outcome: { kind: 'posted', id: `of ${delivery.id}`, url: null },
      sentAtMs: now,
      answeredAtMs: now + 1,
    }));
  }

  /** Hands all of it over at once; resolves when the last is written down. */
  async function writeAll(store: BurstStore, all: readonly SentPost[]): Promise<void> {
    const writer = createOutcomeWriter(ctx, store);
    await Promise.all(all.map((sent) => new Promise<void>((resolve) => writer.add(sent, resolve))));
  }

  it('gathers what comes together, and says so of each only when it is on disk', async () => {
    const armed = await armedShard(ctx, 30);
    const records = watched();
    const writer = createOutcomeWriter(ctx, records);
    const states: Record<string, number>[] = [];
    const done = (await sentOf(armed)).map(
      (sent) =>
        new Promise<void>((resolve) => {
          writer.add(sent, async () => {
            states.push(await statesOf(ctx.db, armed.campaignId));
            resolve();
          });
        }),
    );
    await Promise.all(done);
    expect(states).toEqual(armed.ids.map(() => ({ posted: 30 })));
    expect(records.batches).toEqual([{ size: 30, again: false }]);
    const posts = await postsOf(ctx, armed.campaignId);
    expect([...posts].map(([id, post]) => [id, post.id]).sort()).toEqual(
      armed.ids.map((id) => [id, `of ${id}`]).sort(),
    );
  });

  it('writes a crowd in batches, no more than two at a time, and none of it twice', async () => {
    const armed = await armedShard(ctx, 2_000);
    const records = watched(() => sleep(40));
    await writeAll(records, await sentOf(armed));
    expect(records.batches.reduce((sum, { size }) => sum + size, 0)).toBe(2_000);
    expect(records.batches.map(({ size }) => size)).toEqual([400, 400, 400, 400, 400]);
    expect(records.mostUnderWay).toBe(2);
    expect(await statesOf(ctx.db, armed.campaignId)).toEqual({ posted: 2_000 });
    expect(await attemptsOf(ctx.db, armed.campaignId)).toHaveLength(2_000);
  });

  it('keeps on until the records take it, and tells them that it is not the first time', async () => {
    const armed = await armedShard(ctx, 5);
    let failures = 2;
    const records = watched(async () => {
      if (failures-- > 0) throw new Error('away');
    });
    const all = await sentOf(armed);
    const begun = performance.now();
    await writeAll(records, all);
    expect(records.batches).toEqual([
      { size: 5, again: false },
      { size: 5, again: true },
      { size: 5, again: true },
    ]);
    const line = [{ count: 5, error: 'away' }, 'outcomes not written yet'];
    expect(warned).toEqual([line, line]);
    // Two pauses between three tries.
    expect(performance.now() - begun).toBeGreaterThan(390);
    expect(await attemptsOf(ctx.db, armed.campaignId)).toHaveLength(5);
  });

  it('does not keep a process that is to stop waiting for long, and until then goes on trying', async () => {
    const armed = await armedShard(ctx, 1);
    const records = watched(async () => {
      throw new Error('away');
    });
    const all = await sentOf(armed);
    stage.stop();
    const begun = performance.now();
    await writeAll(records, all);
    const seconds = (performance.now() - begun) / 1000;
    expect(seconds).toBeGreaterThan(4.9);
    expect(seconds).toBeLessThan(20);
    expect(records.batches.length).toBeGreaterThan(5);
    expect(await statesOf(ctx.db, armed.campaignId)).toEqual({ sending: 1 });
  });

  it('goes on for ever in a process that is to live', async () => {
    const armed = await armedShard(ctx, 1);
    let away = true;
    const records = watched(async () => {
      if (away) throw new Error('away');
    });
    const writing = writeAll(records, await sentOf(armed));
    await sleep(6_000);
    away = false;
    await writing;
    expect(await statesOf(ctx.db, armed.campaignId)).toEqual({ posted: 1 });
  });

  it('tells watchers of each campaign, four times a second at most', async () => {
    const [one, other] = [await armedShard(ctx, 40), await armedShard(ctx, 40)];
    const records = watched();
    const writer = createOutcomeWriter(ctx, records);
    let left = 80;
    let end = Number.POSITIVE_INFINITY;
    const all = [...(await sentOf(one)), ...(await sentOf(other))];
    const begun = performance.now();
    for (const [i, sent] of all.entries()) {
      writer.add(sent, () => {
        left--;
        end = performance.now();
      });
      if (i % 4 === 0) await sleep(25);
    }
    await waitFor(async () => left === 0, { what: 'the last outcome' });
    await sleep(400);
    const times = (id: string) =>
      records.told.filter(({ campaignId }) => campaignId === id).map(({ at }) => at);
    for (const { campaignId } of [one, other]) {
      const at = times(campaignId);
      expect(at.length).toBeGreaterThan(0);
      // Campaigns are told of one after the other, so one may come later in a round than in the next, but never a round more often.
      const rounds = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / 250;
      expect(at.length - 1).toBeLessThanOrEqual(rounds + 1);
    }
    // The last word comes after the last outcome, and nothing more after that.
    const last = Math.max(...records.told.map(({ at }) => at));
    expect(last).toBeGreaterThan(begun + 240);
    expect(times(other.campaignId).at(-1)).toBeGreaterThan(end - 250);
    const told = records.told.length;
    await sleep(300);
    expect(records.told).toHaveLength(told);
  });

  it('is not held up by watchers that cannot be told', async () => {
    const [one, other] = [await armedShard(ctx, 1), await armedShard(ctx, 1)];
    const records = watched();
    const told: string[] = [];
    records.notifyWatchers = async (campaignId) => {
      told.push(campaignId);
      throw new Error('nobody listens');
    };
    await writeAll(records, [...(await sentOf(one)), ...(await sentOf(other))]);
    await waitFor(async () => told.length === 2, { what: 'both to be tried' });
    expect([...told].sort()).toEqual([one.campaignId, other.campaignId].sort());
    const line = [{ error: 'nobody listens' }, 'watchers not told'];
    await waitFor(async () => warned.length === 2);
    expect(warned).toEqual([line, line]);
  });

  it.each([false, true])(
    'passes its crash points, and comes to the one in the middle of a commit in the middle of it: %s',
    async (isNext) => {
      const passed: string[] = [];
      const crash = (point: string): void => void passed.push(point);
      ctx = { ...ctx, crash: Object.assign(crash, { isNext: () => isNext }) };
      const armed = await armedShard(ctx, 1);
      const records = watched(async () => {
        passed.push('begun');
        await sleep(20);
        passed.push('written');
      });
      await writeAll(records, await sentOf(armed));
      const middle = ['begun', 'mid-commit', 'written', 'after-commit'];
      expect(passed).toEqual(middle);
    },
  );

  it('tells whoever listens which campaign it is', async () => {
    const armed = await armedShard(ctx, 1);
    const heard: string[] = [];
    ctx.listen('delivery', (campaignId) => heard.push(campaignId ?? ''));
    await writeAll(createBurstStore(ctx), await sentOf(armed));
    // The tests before have campaigns of their own, whose last news may be on its way.
    await waitFor(async () => heard.includes(armed.campaignId), { what: 'the news' });
    expect(heard.filter((id) => id === armed.campaignId)).toHaveLength(1);
  });
});
