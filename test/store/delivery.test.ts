import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Db } from '../../src/store/database.ts';
import {
  armShard,
  claimDoubtful,
  disarm,
  dropLate,
  findDueWork,
  hasUnfinished,
  markSending,
  postponeArmed,
  refuseArmed,
  unmark,
  withdrawDelivery,
} from '../../src/store/delivery.ts';
import type { ShardLease } from '../../src/store/shard.ts';
import { type Armed, armedShard, attemptsOf, leaseAgain } from '../support/armed.ts';
import { needs } from '../support/database.ts';
import {
  insertCampaignRow,
  insertDeliveries,
  insertPledges,
  openRecords,
  statesOf,
} from '../support/rows.ts';

needs('postgres')('deliveries', () => {
  let db: Db;
  beforeAll(async () => {
    db = (await openRecords()).db;
  });

  it('come out of arming with what their pledge promised', async () => {
    const { held, armed, pledges } = await armedShard(db, 3);
    expect(armed.map((delivery) => delivery.pledgeId).sort()).toEqual([...pledges].sort());
    for (const delivery of armed) {
      expect(delivery).toMatchObject({ attempts: 0, doubted: false, refreshed: false });
      expect(delivery.text).toBe(`text of ${delivery.pledgeId}`);
      expect(delivery.account.toString()).toBe(`account of ${delivery.pledgeId}`);
    }
    // Once under one lease: a second look finds nothing that is not armed already.
    expect(await armShard(db, held, 'w', new Date())).toEqual([]);
  });

  it('are marked once, and only those of the shard that are still armed', async () => {
    const { campaignId, held, ids, pledges } = await armedShard(db, 4);
    const other = await armedShard(db, 1);
    expect(await withdrawDelivery(db, pledges[0] ?? '')).toBe(true);
    const marked = await markSending(db, held, [...ids, ...other.ids]);
    expect(marked.size).toBe(3);
    expect([...marked].every((id) => ids.includes(id))).toBe(true);
    expect(await markSending(db, held, ids)).toEqual(new Set());
    expect(await statesOf(db, campaignId)).toEqual({ sending: 3, withdrawn: 1 });
    expect(await statesOf(db, other.campaignId)).toEqual({ armed: 1 });
  });

  it('are not marked before their campaign is locked, after it is stopped, or too late', async () => {
    const states = ['open', 'settled', 'aborted'] as const;
    const stopped = await Promise.all(states.map((state) => armedShard(db, 1, { state })));
    const late = await armedShard(db, 1, { tooLateMs: -1_000 });
    for (const { held, ids, campaignId } of [...stopped, late]) {
      expect(await markSending(db, held, ids)).toEqual(new Set());
      expect(await statesOf(db, campaignId)).toEqual({ armed: 1 });
    }
    for (const state of ['locked', 'firing'] as const) {
      const { held, ids } = await armedShard(db, 1, { state });
      expect(await markSending(db, held, ids)).toEqual(new Set(ids));
    }
  });

  it('are not changed by whoever has lost the shard', async () => {
    const acts: Record<string, (held: ShardLease, armed: Armed) => Promise<unknown>> = {
      mark: (held, { ids }) => markSending(db, held, ids),
      disarm: (held) => disarm(db, held),
      refuse: (held, { ids }) => refuseArmed(db, held, ids, 'consent_mismatch'),
      postpone: (held, { ids }) => postponeArmed(db, held, ids, new Date()),
      arm: (held) => armShard(db, held, 'stale', new Date()),
    };
    for (const [name, act] of Object.entries(acts)) {
      const stale = await armedShard(db, 3);
      const held = await leaseAgain(db, stale.held);
      await armShard(db, held, 'new', new Date());
      const before = await rowsOf(stale.campaignId);
      await act(stale.held, stale);
      expect(await rowsOf(stale.campaignId), name).toEqual(before);
      // What the stale holder could not do, the new one can.
      await act(held, { ...stale, held });
      if (name !== 'arm') expect(await rowsOf(stale.campaignId), name).not.toEqual(before);
    }
  });

  it('are not unmarked by whoever has lost the shard', async () => {
    const { campaignId, held, ids } = await armedShard(db, 2);
    await markSending(db, held, ids.slice(0, 1));
    await unmark(db, held, ids);
    expect(await rowsOf(campaignId)).toMatchObject([
      { state: 'armed', attempts: 0 },
      { state: 'armed', attempts: 0 },
    ]);
    const next = await leaseAgain(db, held);
    await armShard(db, next, 'new', new Date());
    await markSending(db, next, ids);
    await unmark(db, held, ids);
    expect(await statesOf(db, campaignId)).toEqual({ sending: 2 });
  });

  it('that a dead worker was sending come into doubt, with a line in the ledger', async () => {
    const { campaignId, held, ids } = await armedShard(db, 3);
    const marked = await markSending(db, held, ids.slice(0, 2));
    const later = new Date(Date.now() + 60_000);
    const next = await leaseAgain(db, held);
    const armed = await armShard(db, next, 'new', later);
    expect(armed.map((delivery) => delivery.id)).toEqual(ids.slice(2));
    const rows = await rowsOf(campaignId);
    const doubtful = rows.filter((row) => row.state === 'unconfirmed');
    expect(doubtful.map((row) => row.id).sort()).toEqual([...marked].sort());
    for (const row of doubtful) {
      expect(row).toMatchObject({ shard_id: null, due_at: later, attempts: 1 });
    }
    const attempts = await attemptsOf(db, campaignId);
    expect(attempts.map((row) => row.delivery_id).sort()).toEqual([...marked].sort());
    for (const row of attempts) {
      expect(row).toMatchObject({ number: 1, outcome: 'unknown', worker: 'new' });
    }
    // Nobody sends them again blindly.
    expect(await markSending(db, next, ids)).toEqual(new Set(ids.slice(2)));
  });

  it('are withdrawn or sent, never both', async () => {
    const seen = { withdrawn: 0, sent: 0 };
    for (let round = 0; round < 10; round++) {
      const { held, ids, pledges, armed } = await armedShard(db, 20);
      const withdrawals = pledges.map((pledge) => () => withdrawDelivery(db, pledge));
      const windows = [ids.slice(0, 10), ids.slice(10)];
      const marks = windows.map((window) => () => markSending(db, held, window));
      // Half of the withdrawals first, so that both sides win some.
      const gone: Promise<boolean>[] = withdrawals.slice(0, 10).map((act) => act());
      const marking = marks.map((act) => act());
      gone.push(...withdrawals.slice(10).map((act) => act()));
      const withdrawn = await Promise.all(gone);
      const sent = new Set((await Promise.all(marking)).flatMap((set) => [...set]));
      for (const [at, pledge] of pledges.entries()) {
        const id = armed.find((delivery) => delivery.pledgeId === pledge)?.id ?? '';
        expect([withdrawn[at], sent.has(id)].filter(Boolean)).toHaveLength(1);
        seen[withdrawn[at] ? 'withdrawn' : 'sent']++;
      }
    }
    expect(seen.withdrawn + seen.sent).toBe(200);
    expect(Math.min(seen.withdrawn, seen.sent)).toBeGreaterThan(0);
  });

  it('are withdrawn at any time before the mark, and never after', async () => {
    const before = ['pending', 'armed', 'waiting'] as const;
    const after = ['sending', 'posted', 'refused', 'unconfirmed', 'dropped', 'withdrawn'] as const;
    const campaignId = await insertCampaignRow(db);
    for (const state of [...before, ...after]) {
      const [pledge = ''] = await insertPledges(db, campaignId, 1);
      await insertDeliveries(db, campaignId, [pledge], { state });
      expect(await withdrawDelivery(db, pledge), state).toBe(before.some((s) => s === state));
    }
    expect(await withdrawDelivery(db, campaignId)).toBe(false);
  });

  it('are dropped when it is too late, unless they are being sent or in doubt', async () => {
    const all = ['pending', 'armed', 'waiting', 'sending', 'unconfirmed', 'posted'] as const;
    await dropLate(db);
    const late = await insertCampaignRow(db, { state: 'firing', tooLateMs: -1 });
    const inTime = await insertCampaignRow(db, { state: 'firing', tooLateMs: 60_000 });
    for (const campaignId of [late, inTime]) {
      for (const state of all) {
        await insertDeliveries(db, campaignId, await insertPledges(db, campaignId, 1), { state });
      }
    }
    expect(await dropLate(db)).toBe(3);
    expect(await statesOf(db, late)).toEqual({ dropped: 3, sending: 1, unconfirmed: 1, posted: 1 });
    expect(await statesOf(db, inTime)).toEqual(Object.fromEntries(all.map((state) => [state, 1])));
    const reasons = (await rowsOf(late)).filter((row) => row.state === 'dropped');
    expect(new Set(reasons.map((row) => row.reason))).toEqual(new Set(['window_expired']));
    expect(await dropLate(db)).toBe(0);
  });

  it('in doubt are looked at by one, when it is time', async () => {
    const campaignId = await insertCampaignRow(db, { state: 'firing' });
    const pledges = await insertPledges(db, campaignId, 30);
    const doubtful = { state: 'unconfirmed', dueMs: -1_000 } as const;
    await insertDeliveries(db, campaignId, pledges.slice(0, 20), doubtful);
    await insertDeliveries(db, campaignId, pledges.slice(20), { ...doubtful, dueMs: 60_000 });
    const claims = Array.from({ length: 6 }, () => claimDoubtful(db, campaignId, 5, 60_000));
    const claimed = (await Promise.all(claims)).flat();
    const rest = await claimDoubtful(db, campaignId, 50, 60_000);
    const ids = [...claimed, ...rest].map((delivery) => delivery.pledgeId);
    expect(ids.sort()).toEqual(pledges.slice(0, 20).sort());
    expect(await claimDoubtful(db, campaignId, 50, 60_000)).toEqual([]);
    expect(await claimDoubtful(db, await insertCampaignRow(db), 50, 60_000)).toEqual([]);
  });

  it('are due and unfinished exactly while something is left to do', async () => {
    const cases = fc.record({
      state: fc.constantFrom('pending', 'armed', 'sending', 'waiting', 'unconfirmed', 'posted'),
      due: fc.constantFrom(-1_000, 60_000, 'infinity' as const),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ state, due }) => {
        const campaignId = await insertCampaignRow(db, { state: 'firing' });
        const pledges = await insertPledges(db, campaignId, 1);
        await insertDeliveries(db, campaignId, pledges, { state, dueMs: due });
        const work = (await findDueWork(db)).find((row) => row.campaign_id === campaignId);
        const waits = state === 'waiting' || state === 'armed';
        const isDue = due === -1_000 && (waits || state === 'unconfirmed');
        expect(work).toEqual(
          isDue
            ? { campaign_id: campaignId, waiting: waits, doubtful: state === 'unconfirmed' }
            : undefined,
        );
        const hopeless = state === 'unconfirmed' && due === 'infinity';
        expect(await hasUnfinished(db, campaignId)).toBe(state !== 'posted' && !hopeless);
      }),
      { numRuns: 30 },
    );
  });

  async function rowsOf(campaignId: string) {
    const { rows } = await sql<{
      id: string;
      state: string;
      attempts: number;
      fence: number;
      due_at: Date;
      shard_id: string | null;
      reason: string | null;
    }>`
      select id, state, attempts, fence, due_at, shard_id, reason from delivery
      where campaign_id = ${campaignId} order by id`.execute(db);
    return rows;
  }
});
