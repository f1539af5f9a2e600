import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { BurstEntry } from '../../../../src/actions/delivery/burst/burst-entry.ts';
import {
  type BurstStore,
  createBurstStore,
} from '../../../../src/actions/delivery/burst/burst-store.ts';
import {
  createDispatchMarks,
  type DispatchMarks,
} from '../../../../src/actions/delivery/burst/dispatch-marks.ts';
import { createTokenBucket } from '../../../../src/actions/delivery/burst/token-bucket.ts';
import type { Context } from '../../../../src/context.ts';
import { withdrawDelivery } from '../../../../src/store/delivery.ts';
import { type Armed, armedShard } from '../../../support/armed.ts';
import { type BurstStage, startBurstStage } from '../../../support/burst-stage.ts';
import { needs } from '../../../support/database.ts';
import { statesOf } from '../../../support/rows.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** Marks, and all that they were heard to say. */
interface Heard {
  marks: DispatchMarks;
  refused: BurstEntry[];
  /** How often something was refused. */
  refusals: number;
  /** How often there was something to take. */
  news: number;
  /** What was asked of the records at a time. */
  groups: number[];
  mostAtOnce: number;
}

needs('postgres')('dispatch marks', () => {
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

  /** `mark`: what comes between here and the records. */
  function hear(
    mark: (real: BurstStore['mark']) => BurstStore['mark'] = (real) => real,
    change: { perSecond?: number; mayMark?: (entry: BurstEntry) => boolean } = {},
  ): Heard {
    const real = createBurstStore(ctx);
    const through = mark(real.mark);
    let underWay = 0;
    const store: BurstStore = {
      ...real,
      mark: async (entries) => {
        heard.groups.push(entries.length);
        underWay++;
        heard.mostAtOnce = Math.max(heard.mostAtOnce, underWay);
        return through(entries).finally(() => underWay--);
      },
    };
    const { perSecond, mayMark = () => true } = change;
    const heard: Omit<Heard, 'marks'> = {
      refused: [],
      refusals: 0,
      news: 0,
      groups: [],
      mostAtOnce: 0,
    };
    const marks = createDispatchMarks(ctx, store, {
      bucket: createTokenBucket(perSecond),
      mayMark,
      marked: () => heard.news++,
      refused: (entries) => {
        heard.refusals++;
        heard.refused.push(...entries);
      },
    });
    return Object.assign(heard, { marks });
  }

  async function entriesOf(armed: Armed): Promise<BurstEntry[]> {
    const { prepared, ...shard } = await stage.shard(armed, async () => {
      throw new Error('This is not about sends');
    });
    return prepared.map((one) => ({
      ...{ deliveryId: one.delivery.id, shardId: armed.leased.id, lease: armed.leased.lease },
      ...{ prepared: one, shard, markedAtMs: 0, onDone: () => undefined },
    }));
  }

  const takeAll = (marks: DispatchMarks): BurstEntry[] => {
    const taken: BurstEntry[] = [];
    for (let one = marks.take(); one; one = marks.take()) taken.push(one);
    return taken;
  };
  const ids = (entries: readonly BurstEntry[]): string[] => entries.map((one) => one.deliveryId);
  /** Every group that was asked for has been told of. */
  const quiet = (heard: Heard) => () => heard.news > 0 && heard.news >= heard.groups.length;

  it('are not made before they are asked for', async () => {
    const armed = await armedShard(ctx, 3);
    const heard = hear();
    heard.marks.add(await entriesOf(armed));
    await sleep(50);
    expect(heard.groups).toEqual([]);
    expect(heard.marks.take()).toBeUndefined();
    heard.marks.fill();
    await waitFor(async () => heard.news > 0);
    expect(await statesOf(ctx.db, armed.campaignId)).toEqual({ sending: 3 });
    expect(ids(takeAll(heard.marks))).toEqual(armed.ids);
    expect(heard.marks.take()).toBeUndefined();
    expect(heard.refusals).toBe(0);
    expect(warned).toEqual([]);
  });

  it('say when they were made, by the clock of the database', async () => {
    const armed = await armedShard(ctx, 2);
    const heard = hear();
    heard.marks.add(await entriesOf(armed));
    const before = ctx.clock.now();
    heard.marks.fill();
    await waitFor(async () => heard.news > 0);
    const slack = ctx.clock.offset.errorMs + 5;
    for (const { markedAtMs } of takeAll(heard.marks)) {
      expect(markedAtMs).toBeGreaterThan(before - slack);
      expect(markedAtMs).toBeLessThan(ctx.clock.now() + slack);
    }
  });

  it('go ahead of the sends by no more than the window, in groups, two at a time', async () => {
    const armed = await armedShard(ctx, 600);
    const heard = hear((real) => async (entries) => {
      await sleep(30);
      return real(entries);
    });
    heard.marks.add(await entriesOf(armed));
    const fillAndWait = async (): Promise<void> => {
      heard.marks.fill();
      await waitFor(quiet(heard));
    };
    heard.marks.fill();
    heard.marks.fill();
    expect(heard.groups).toEqual([128, 128]);
    await waitFor(quiet(heard));
    await fillAndWait();
    expect(heard.groups).toEqual([128, 128]);
    expect(await statesOf(ctx.db, armed.campaignId)).toEqual({ armed: 344, sending: 256 });
    // One place free is enough for the next group, and two are not made for it.
    const first = heard.marks.take();
    await fillAndWait();
    expect(heard.groups).toEqual([128, 128, 128]);
    const rest = takeAll(heard.marks);
    await fillAndWait();
    expect(heard.groups).toEqual([128, 128, 128, 128, 88]);
    expect(heard.mostAtOnce).toBe(2);
    const all = [...(first ? [first] : []), ...rest, ...takeAll(heard.marks)];
    expect(ids(all).sort()).toEqual([...armed.ids].sort());
    expect(heard.news).toBe(5);
    expect(heard.refusals).toBe(0);
  });

  it('are made no faster than posts may follow', async () => {
    const armed = await armedShard(ctx, 50);
    const heard = hear(undefined, { perSecond: 20 });
    heard.marks.add(await entriesOf(armed));
    heard.marks.fill();
    heard.marks.fill();
    await waitFor(quiet(heard));
    expect(heard.groups.slice(0, 1)).toEqual([20]);
    expect(takeAll(heard.marks).length).toBeLessThan(25);
  });

  it('are not made for what is denied, nor given for what the records deny', async () => {
    const armed = await armedShard(ctx, 4);
    const [denied = '', gone = '', ...others] = armed.ids;
    await withdrawDelivery(ctx.db, armed.pledges[armed.ids.indexOf(gone)] ?? '');
    const pledge = armed.armed[1]?.pledgeId ?? '';
    await withdrawDelivery(ctx.db, pledge);
    const heard = hear(undefined, { mayMark: ({ deliveryId }) => deliveryId !== denied });
    heard.marks.add(await entriesOf(armed));
    heard.marks.fill();
    await waitFor(async () => heard.news > 0);
    expect(heard.groups).toEqual([3]);
    const taken = ids(takeAll(heard.marks));
    expect(taken).not.toContain(denied);
    expect(taken).not.toContain(gone);
    expect([...taken, ...ids(heard.refused)].sort()).toEqual([...armed.ids].sort());
    expect(taken.every((id) => others.includes(id))).toBe(true);
  });

  it('do not ask the records when all of it is denied', async () => {
    const armed = await armedShard(ctx, 2);
    const heard = hear(undefined, { mayMark: () => false });
    heard.marks.add(await entriesOf(armed));
    heard.marks.fill();
    await waitFor(async () => heard.news > 0);
    expect(heard.groups).toEqual([]);
    expect(ids(heard.refused)).toEqual(armed.ids);
  });

  it('that the records all deny say nothing of our clock', async () => {
    const armed = await armedShard(ctx, 2);
    for (const pledge of armed.pledges) await withdrawDelivery(ctx.db, pledge);
    const heard = hear();
    heard.marks.add(await entriesOf(armed));
    heard.marks.fill();
    await waitFor(async () => heard.news > 0);
    expect(ids(heard.refused)).toEqual(armed.ids);
    expect(warned).toEqual([]);
  });

  it('that are not known to be committed are nobody’s to send', async () => {
    const armed = await armedShard(ctx, 200);
    let failures = 1;
    const heard = hear((real) => async (entries) => {
      if (failures-- > 0) throw new Error('away');
      return real(entries);
    });
    heard.marks.add(await entriesOf(armed));
    heard.marks.fill();
    await waitFor(async () => heard.news === 2);
    expect(ids(heard.refused)).toEqual(armed.ids.slice(0, 128));
    expect(ids(takeAll(heard.marks))).toEqual(armed.ids.slice(128));
    expect(warned).toEqual([[{ error: 'away' }, 'marks not committed']]);
  });

  /** Marks one entry, with our clock set wrong, until a mark was quick enough to show it. Returns how long that one took. */
  async function markQuickly(wrongMs: number): Promise<number> {
    const right = ctx.clock.offset;
    for (let tries = 0; tries < 20; tries++) {
      ctx.clock.offset = { offsetMs: right.offsetMs + wrongMs, errorMs: 0.2 };
      const armed = await armedShard(ctx, 1);
      let tookMs = 0;
      const heard = hear((real) => async (entries) => {
        const before = performance.now();
        return real(entries).finally(() => {
          tookMs = performance.now() - before;
        });
      });
      heard.marks.add(await entriesOf(armed));
      heard.marks.fill();
      await waitFor(async () => heard.news > 0);
      // The database's time lies somewhere within the time that the mark took, and a slack of 20 ms beside it.
      if (warned.length > 0 || tookMs < Math.abs(wrongMs) - 25) return tookMs;
    }
    throw new Error('No mark was quick enough on this machine');
  }

  it.each([-500, -60, 60, 500])(
    'have our clock measured again when it has moved by %i ms, before they are given',
    async (wrongMs) => {
      const right = ctx.clock.offset;
      const tookMs = await markQuickly(wrongMs);
      const found = ctx.clock.offset;
      expect(Math.abs(found.offsetMs - right.offsetMs)).toBeLessThan(
        found.errorMs + right.errorMs + 5,
      );
      expect(warned).toEqual([
        [{ offMs: expect.any(Number) }, 'this clock has moved; measured again'],
      ]);
      const [[what]] = warned as [[{ offMs: number }]];
      expect(Math.abs(what.offMs + wrongMs)).toBeLessThan(tookMs + right.errorMs + 5);
    },
  );

  it.each([-15, 15])('leave a clock alone that may be off by as much, %i ms', async (wrongMs) => {
    const right = ctx.clock.offset;
    const wrong = { offsetMs: right.offsetMs + wrongMs, errorMs: 15 };
    ctx.clock.offset = wrong;
    const armed = await armedShard(ctx, 1);
    const heard = hear();
    heard.marks.add(await entriesOf(armed));
    heard.marks.fill();
    await waitFor(async () => heard.news > 0);
    expect(ctx.clock.offset).toBe(wrong);
    expect(warned).toEqual([]);
  });

  it('lose and double nothing of a crowd that is longer than what is let go of at a time', async () => {
    const shards = [];
    for (let i = 0; i < 5; i++) shards.push(await armedShard(ctx, 1_000));
    // The records are not what this is about.
    const heard = hear(() => async (entries) => {
      const now = ctx.clock.now();
      return new Map(entries.map((entry) => [entry.deliveryId, now]));
    });
    for (const armed of shards) heard.marks.add(await entriesOf(armed));
    const taken: BurstEntry[] = [];
    await waitFor(
      async () => {
        heard.marks.fill();
        taken.push(...takeAll(heard.marks));
        return taken.length >= 5_000;
      },
      { everyMs: 1, what: 'all of them' },
    );
    expect(ids(taken)).toEqual(shards.flatMap((armed) => armed.ids));
  });
});
