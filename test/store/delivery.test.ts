import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Hold, HoldScope, HoldTarget } from '../../src/domain/hold.ts';
import type { Db } from '../../src/store/connection/database.ts';
import {
  armShard,
  claimDoubtful,
  disarm,
  findDueWork,
  hasUnfinished,
  type LeasedDelivery,
  markSending,
  refuseArmed,
  unmark,
  withdrawDelivery,
} from '../../src/store/delivery.ts';
import type { LeasedShard } from '../../src/store/shard.ts';
import { dropAborted } from '../../src/store/stop/abort.ts';
import { liftHolds, placeHold } from '../../src/store/stop/hold.ts';
import { dropLate, latePlatforms } from '../../src/store/too-late.ts';
import { openPledge } from '../../src/store/vault/sealed-pledge.ts';
import {
  type Armed,
  AT_ONCE,
  armedShard,
  attemptsOf,
  entriesOf,
  leaseAgain,
} from '../support/armed.ts';
import { needs } from '../support/database.ts';
import {
  insertCampaignRow,
  insertDeliveries,
  insertPledges,
  openRecords,
  rowsVault,
  statesOf,
} from '../support/rows.ts';

needs('postgres')('deliveries', () => {
  let db: Db;
  beforeAll(async () => {
    db = (await openRecords()).db;
  });

  it('come out of arming with what their pledge promised', async () => {
    const { leased, armed, pledges } = await armedShard({ db, vault: rowsVault }, 3);
    expect(armed.map((delivery) => delivery.pledgeId).sort()).toEqual([...pledges].sort());
    for (const delivery of armed) {
      expect(delivery).toMatchObject({ attempts: 0, doubted: false, refreshed: false });
      const promised = await openPledge(rowsVault, db, { ...delivery, id: delivery.pledgeId });
      expect(promised).toMatchObject({
        account: { handle: `handle of ${delivery.pledgeId}` },
        text: `text of ${delivery.pledgeId}`,
      });
    }
    // Once under one lease: a second look finds nothing that is not armed already.
    expect(await armShard(db, leased, 'w', AT_ONCE)).toEqual([]);
  });

  it('are marked once, and only those of the shard that are still armed', async () => {
    const { campaignId, leased, ids, entries, pledges } = await armedShard(db, 4);
    const other = await armedShard(db, 1);
    expect(await withdrawDelivery(db, pledges[0] ?? '')).toBe(true);
    // Somebody else's delivery, named as if it were in this shard.
    const marked = await markSending(db, [...entries, ...entriesOf(leased, other.ids)]);
    expect(marked.size).toBe(3);
    expect([...marked.keys()].every((id) => ids.includes(id))).toBe(true);
    expect(await markSending(db, entries)).toEqual(new Map());
    expect(await statesOf(db, campaignId)).toEqual({ sending: 3, withdrawn: 1 });
    expect(await statesOf(db, other.campaignId)).toEqual({ armed: 1 });
  });

  it('are not marked before their campaign is locked, after it is stopped, or too late', async () => {
    const states = ['open', 'settled', 'aborted'] as const;
    const stopped = await Promise.all(states.map((state) => armedShard(db, 1, { state })));
    const late = await armedShard(db, 1, { tooLateMs: -1_000 });
    for (const { entries, campaignId } of [...stopped, late]) {
      expect(await markSending(db, entries)).toEqual(new Map());
      expect(await statesOf(db, campaignId)).toEqual({ armed: 1 });
    }
    for (const state of ['locked', 'firing'] as const) {
      const { entries, ids } = await armedShard(db, 1, { state });
      expect(await markedOf(entries)).toEqual(ids);
    }
  });

  it('are marked for many shards in one statement, each under its own lease', async () => {
    const shards = [await armedShard(db, 3), await armedShard(db, 2), await armedShard(db, 2)];
    const [first, lost, passedOn] = shards as [Armed, Armed, Armed];
    await armShard(db, await leaseAgain(db, lost.leased), 'new', AT_ONCE);
    const next = await leaseAgain(db, passedOn.leased);
    await armShard(db, next, 'new', AT_ONCE);
    const entries = [...first.entries, ...lost.entries, ...entriesOf(next, passedOn.ids)];
    expect(await markedOf(entries)).toEqual([...first.ids, ...passedOn.ids].sort());
    const leases = new Set([first.leased.lease, next.lease]);
    expect(leases.size).toBe(2);
    expect(await statesOf(db, lost.campaignId)).toEqual({ armed: 2 });
    // Nor is the number of one shard's lease good for another's delivery.
    const crossed = entriesOf({ ...lost.leased, lease: next.lease }, first.ids);
    expect(await markSending(db, crossed)).toEqual(new Map());
  });

  it('carry the time of their mark by the database clock', async () => {
    const { entries, ids } = await armedShard(db, 2);
    const marked = await markSending(db, entries);
    const { rows } = await sql<{ id: string; at: string }>`
      select id, (extract(epoch from marked_at) * 1000)::text as at from delivery
      where id = any(${ids}::uuid[])`.execute(db);
    expect(rows).toHaveLength(2);
    for (const { id, at } of rows) expect(marked.get(id)).toBeCloseTo(Number(at), 3);
  });

  it('are not marked long before the moment, whatever the clock of the worker says', async () => {
    const early = await armedShard(db, 1, { momentMs: 3_000 });
    expect(await markSending(db, early.entries)).toEqual(new Map());
    expect(await statesOf(db, early.campaignId)).toEqual({ armed: 1 });
    await sql`update campaign set moment = clock_timestamp() + interval '0.8 seconds'
      where id = ${early.campaignId}`.execute(db);
    expect(await markedOf(early.entries)).toEqual(early.ids);
  });

  it('are not marked long before their shard is due', async () => {
    const early = await armedShard(db, 1);
    await sql`update shard set due_at = clock_timestamp() + interval '3 seconds'
      where id = ${early.leased.id}`.execute(db);
    expect(await markSending(db, early.entries)).toEqual(new Map());
    await sql`update shard set due_at = clock_timestamp() + interval '0.8 seconds'
      where id = ${early.leased.id}`.execute(db);
    expect(await markedOf(early.entries)).toEqual(early.ids);
  });

  it.each<HoldScope>(['campaign', 'platform', 'host', 'instance'])(
    'are not marked while a hold on the %s stands, and are again after it',
    async (scope) => {
      const shard = await armedShard(db, 1);
      const bystander = await armedShard(db, 1);
      const hold = holdOn(scope, shard.campaignId);
      await placeHold(db, hold);
      expect(await markSending(db, shard.entries)).toEqual(new Map());
      expect(await statesOf(db, shard.campaignId)).toEqual({ armed: 1 });
      const others = await markedOf(bystander.entries);
      expect(others).toEqual(scope === 'campaign' ? bystander.ids : []);
      expect(await liftHolds(db, hold, ['paused'])).toBe(1);
      expect(await markedOf(shard.entries)).toEqual(shard.ids);
    },
  );

  it('are marked again when a hold has ended by itself, and by holds on others', async () => {
    const shard = await armedShard(db, 1);
    const hold = holdOn('campaign', shard.campaignId);
    await placeHold(db, { ...hold, until: new Date(Date.now() - 1) });
    await placeHold(db, { ...holdOn('platform', ''), platform: 'another' } as Hold);
    await placeHold(db, holdOn('campaign', randomUUID()));
    // A campaign's id is no platform's name.
    await placeHold(db, { ...holdOn('platform', ''), platform: shard.campaignId } as Hold);
    expect(await markedOf(shard.entries)).toEqual(shard.ids);
  });

  it('go back as they were, or wait as long as the platform wants to be left alone', async () => {
    const calm = await armedShard(db, 2);
    const throttled = await armedShard(db, 3);
    const until = new Date(Date.now() + 60_000);
    const hold = { ...holdOn('platform', ''), kind: 'throttled' } as const;
    await markSending(db, throttled.entries.slice(0, 1));
    await disarm(db, calm.leased);
    expect(await statesOf(db, calm.campaignId)).toEqual({ pending: 2 });
    await placeHold(db, { ...hold, until });
    await disarm(db, throttled.leased);
    await liftHolds(db, { scope: 'platform', platform: 'x' }, ['throttled']);
    expect(await statesOf(db, throttled.campaignId)).toEqual({ sending: 1, waiting: 2 });
    const waiting = (await rowsOf(throttled.campaignId)).filter((row) => row.state === 'waiting');
    for (const row of waiting) expect(row).toMatchObject({ due_at: until, shard_id: null });
  });

  it('go back as they were where an operator has paused, or a throttle is over', async () => {
    const shard = await armedShard(db, 2);
    const hold = holdOn('platform', '');
    await placeHold(db, { ...hold, until: new Date(Date.now() + 60_000) });
    await placeHold(db, { ...hold, kind: 'throttled', until: new Date(Date.now() - 1) });
    await disarm(db, shard.leased);
    await liftHolds(db, { scope: 'platform', platform: 'x' }, ['paused', 'throttled']);
    expect(await statesOf(db, shard.campaignId)).toEqual({ pending: 2 });
    for (const row of await rowsOf(shard.campaignId)) {
      expect(row).toMatchObject({ due_at: null, shard_id: shard.leased.id });
    }
  });

  it('are not changed by whoever has lost the shard', async () => {
    const acts: Record<string, (leased: LeasedShard, armed: Armed) => Promise<unknown>> = {
      mark: (leased, { ids }) => markSending(db, entriesOf(leased, ids)),
      disarm: (leased) => disarm(db, leased),
      refuse: (leased, { ids }) => refuseArmed(db, leased, ids, 'consent_mismatch'),
      arm: (leased) => armShard(db, leased, 'stale', AT_ONCE),
    };
    for (const [name, act] of Object.entries(acts)) {
      const stale = await armedShard(db, 3);
      const leased = await leaseAgain(db, stale.leased);
      await armShard(db, leased, 'new', AT_ONCE);
      const before = await rowsOf(stale.campaignId);
      await act(stale.leased, stale);
      expect(await rowsOf(stale.campaignId), name).toEqual(before);
      // What the stale holder could not do, the new one can.
      await act(leased, { ...stale, leased });
      if (name !== 'arm') expect(await rowsOf(stale.campaignId), name).not.toEqual(before);
    }
  });

  it('are not unmarked by whoever has lost the shard', async () => {
    const { campaignId, leased, ids, entries } = await armedShard(db, 2);
    await markSending(db, entries.slice(0, 1));
    await unmark(db, entries);
    expect(await rowsOf(campaignId)).toMatchObject([
      { state: 'armed', attempts: 0 },
      { state: 'armed', attempts: 0 },
    ]);
    const next = await leaseAgain(db, leased);
    await armShard(db, next, 'new', AT_ONCE);
    await markSending(db, entriesOf(next, ids));
    await unmark(db, entries);
    expect(await statesOf(db, campaignId)).toEqual({ sending: 2 });
  });

  it('that a dead worker was sending come into doubt, with a line in the ledger', async () => {
    const { campaignId, leased, ids, entries } = await armedShard(db, 3);
    const marked = await markedOf(entries.slice(0, 2));
    const next = await leaseAgain(db, leased);
    const armed = await armShard(db, next, 'new', { afterMs: 60_000, markedForMs: 0 });
    expect(armed.map((delivery) => delivery.id)).toEqual(ids.slice(2));
    const rows = await rowsOf(campaignId);
    const doubtful = rows.filter((row) => row.state === 'unconfirmed');
    expect(doubtful.map((row) => row.id).sort()).toEqual(marked);
    for (const row of doubtful) {
      expect(row).toMatchObject({ shard_id: null, attempts: 1 });
      expect(row.due_at?.getTime()).toBeGreaterThan(Date.now() + 50_000);
    }
    const attempts = await attemptsOf(db, campaignId);
    expect(attempts.map((row) => row.delivery_id).sort()).toEqual(marked);
    for (const row of attempts) {
      expect(row).toMatchObject({ number: 1, outcome: 'unknown', worker: 'new' });
    }
    // Nobody sends them again blindly.
    expect(await markedOf(entriesOf(next, ids))).toEqual(ids.slice(2));
  });

  it('in doubt are looked for neither too soon, nor while a send of theirs may be under way', async () => {
    const waitMs = async (reconcile: { afterMs: number; markedForMs: number }) => {
      const { campaignId, leased, entries } = await armedShard(db, 1);
      await markSending(db, entries);
      await armShard(db, await leaseAgain(db, leased), 'new', reconcile);
      const [row] = await rowsOf(campaignId);
      return (row?.due_at?.getTime() ?? 0) - Date.now();
    };
    for (const reconcile of [
      { afterMs: 60_000, markedForMs: 10_000 },
      { afterMs: 10_000, markedForMs: 60_000 },
    ]) {
      expect(await waitMs(reconcile)).toBeGreaterThan(50_000);
      expect(await waitMs(reconcile)).toBeLessThan(61_000);
    }
  });

  it('are withdrawn or sent, never both', async () => {
    const seen = { withdrawn: 0, sent: 0 };
    for (let round = 0; round < 10; round++) {
      const { entries, pledges, armed } = await armedShard(db, 20);
      const withdrawals = pledges.map((pledge) => () => withdrawDelivery(db, pledge));
      const windows = [entries.slice(0, 10), entries.slice(10)];
      const marks = windows.map((window) => () => markSending(db, window));
      // Half of the withdrawals first, so that both sides win some.
      const gone: Promise<boolean>[] = withdrawals.slice(0, 10).map((act) => act());
      const marking = marks.map((act) => act());
      gone.push(...withdrawals.slice(10).map((act) => act()));
      const withdrawn = await Promise.all(gone);
      const sent = new Set((await Promise.all(marking)).flatMap((at) => [...at.keys()]));
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

  it('A2 are not dropped while their campaign is held for a clock that is ahead, nor before their window is over by the networks’', async () => {
    const campaignId = await insertCampaignRow(db, { state: 'firing', tooLateMs: -60_000 });
    const [pledge = ''] = await insertPledges(db, campaignId, 1);
    await insertDeliveries(db, campaignId, [pledge], { state: 'pending' });
    const holdFor = (ms: number) =>
      sql`insert into hold (scope, campaign_id, kind, actor, reason, until)
        values ('campaign', ${campaignId}, 'clock', 'tocsin', 'ahead', clock_timestamp() + ${ms} * interval '1 millisecond')
        on conflict (target, kind) do update set until = excluded.until`.execute(db);
    await holdFor(60_000);
    expect(await latePlatforms(db)).toEqual([]);
    expect(await dropLate(db)).toBe(0);
    // The networks show the moment now, and our clock is still ahead.
    await holdFor(-1);
    expect(await dropLate(db, 90_000)).toBe(0);
    expect(await latePlatforms(db)).toHaveLength(1);
    await sql`update campaign set clock_trusted = true where id = ${campaignId}`.execute(db);
    expect(await dropLate(db, 90_000)).toBe(1);
  });

  it('A2 may be sent until their window is over by the networks’ clock, where ours is ahead', async () => {
    const { leased, armed } = await armedShard({ db, vault: rowsVault }, 1);
    await sql`update campaign set too_late_at = clock_timestamp() - interval '1 minute'
      where id = ${leased.campaignId}`.execute(db);
    const entries = entriesOf(
      leased,
      armed.map(({ id }) => id),
    );
    expect((await markSending(db, entries)).size).toBe(0);
    expect((await markSending(db, entries, 90_000)).size).toBe(1);
  });

  it('of an aborted campaign are dropped as stopped, unless they are being sent or in doubt', async () => {
    const states = ['pending', 'armed', 'waiting', 'sending', 'unconfirmed', 'posted'] as const;
    const campaignId = await insertCampaignRow(db, { state: 'aborted' });
    for (const state of states) {
      await insertDeliveries(db, campaignId, await insertPledges(db, campaignId, 1), { state });
    }
    expect(await dropAborted(db, campaignId)).toBe(3);
    const left = { sending: 1, unconfirmed: 1, posted: 1 };
    expect(await statesOf(db, campaignId)).toEqual({ dropped: 3, ...left });
    const dropped = (await rowsOf(campaignId)).filter((row) => row.state === 'dropped');
    for (const row of dropped) expect(row).toMatchObject({ reason: 'stopped', due_at: null });
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
      due: fc.constantFrom(-1_000, 60_000, null),
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
        const hopeless = state === 'unconfirmed' && due === null;
        expect(await hasUnfinished(db, campaignId)).toBe(state !== 'posted' && !hopeless);
      }),
      { numRuns: 30 },
    );
  });

  it('are not due while they are held, except for those in doubt', async () => {
    const campaignId = await insertCampaignRow(db, { state: 'firing' });
    const [waits = '', doubted = ''] = await insertPledges(db, campaignId, 2);
    await insertDeliveries(db, campaignId, [waits], { state: 'waiting', dueMs: -1_000 });
    const due = async () => (await findDueWork(db)).filter((row) => row.campaign_id === campaignId);
    await placeHold(db, holdOn('campaign', campaignId));
    expect(await due()).toEqual([]);
    await insertDeliveries(db, campaignId, [doubted], { state: 'unconfirmed', dueMs: -1_000 });
    expect(await due()).toEqual([{ campaign_id: campaignId, waiting: false, doubtful: true }]);
    await liftHolds(db, { scope: 'campaign', campaignId: campaignId }, ['paused']);
    expect(await due()).toEqual([{ campaign_id: campaignId, waiting: true, doubtful: true }]);
  });

  function holdOn(scope: HoldScope, campaignId: string): Hold {
    const platform = 'x';
    const targets: Record<HoldScope, HoldTarget> = {
      campaign: { scope: 'campaign', campaignId },
      platform: { scope: 'platform', platform },
      host: { scope: 'host', platform, host: 'api.x.example' },
      instance: { scope: 'instance' },
    };
    return { ...targets[scope], kind: 'paused', actor: 'op', reason: '', until: null };
  }

  async function markedOf(entries: readonly LeasedDelivery[]): Promise<string[]> {
    return [...(await markSending(db, entries)).keys()].sort();
  }

  async function rowsOf(campaignId: string) {
    const { rows } = await sql<{
      id: string;
      state: string;
      attempts: number;
      fence: number;
      due_at: Date | null;
      shard_id: string | null;
      reason: string | null;
    }>`
      select id, state, attempts, fence, due_at, shard_id, reason from delivery
      where campaign_id = ${campaignId} order by id`.execute(db);
    return rows;
  }
});
