import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Db } from '../../src/store/connection/database.ts';
import { armShard, markSending, type Settlement, settle } from '../../src/store/delivery.ts';
import { readLateness } from '../../src/store/report.ts';
import { gatherDue, leaseShard } from '../../src/store/shard.ts';
import {
  type Armed,
  AT_ONCE,
  armedShard,
  attemptsOf,
  entriesOf,
  leaseAgain,
  postsOf,
} from '../support/armed.ts';
import { needs } from '../support/database.ts';
import { openRecords, rowsVault, statesOf } from '../support/rows.ts';

const POST = { id: '77', url: 'https://x.example/77' };
const OTHER = { id: '78', url: 'https://x.example/78' };

needs('postgres')('settling', () => {
  let db: Db;
  beforeAll(async () => {
    db = (await openRecords()).db;
  });

  /** A settlement, but for the campaign. */
  type Settling = Omit<Settlement, 'campaignId'>;

  /** Times are whole milliseconds, as both sides keep them without rounding. */
  function settlement(deliveryId: string, change: Partial<Settling> = {}): Settling {
    const now = Math.floor(Date.now());
    return {
      deliveryId,
      shardId: null,
      lease: null,
      platform: 'x',
      // Of every delivery here that is looked for, it is the first.
      attempt: 1,
      state: 'posted',
      dueAt: null,
      reason: null,
      post: null,
      sentAtMs: now - 20,
      answeredAtMs: now,
      outcome: 'posted',
      detail: '',
      ...change,
    };
  }

  async function sending(count: number): Promise<Armed> {
    const shard = await armedShard({ db, vault: rowsVault }, count, { state: 'firing' });
    await markSending(db, shard.entries);
    return shard;
  }

  const rowOf = (id: string) =>
    db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

  const of =
    ({ campaignId }: Armed) =>
    (one: Settling): Settlement => ({ ...one, campaignId });

  const settled = (shard: Armed, batch: Settling[], again = false): Promise<void> => {
    const under = { shardId: shard.leased.id, lease: shard.leased.lease };
    return settle(
      db,
      rowsVault,
      'w',
      'sending',
      batch.map(of(shard)).map((one) => ({ ...one, ...under })),
      again,
    );
  };

  const looked = (shard: Armed, batch: Settling[]): Promise<void> =>
    settle(db, rowsVault, 'w', 'reconcile', batch.map(of(shard)));

  it('writes a post down: state, id, address, times, and one line in the ledger', async () => {
    const shard = await sending(1);
    const [id = ''] = shard.ids;
    const posted = settlement(id, { post: POST, detail: 'fine' });
    await settled(shard, [posted]);
    const row = await rowOf(id);
    expect(row.state).toBe('posted');
    expect(await postsOf({ db, vault: rowsVault }, shard.campaignId)).toEqual(
      new Map([[id, POST]]),
    );
    expect(row.sent_at?.getTime()).toBe(posted.sentAtMs);
    expect(row.settled_at).toBeInstanceOf(Date);
    expect(await attemptsOf(db, shard.campaignId)).toEqual([
      {
        delivery_id: id,
        number: 1,
        worker: 'w',
        outcome: 'posted',
        detail: 'fine',
        sent_at: new Date(posted.sentAtMs ?? 0),
        answered_at: new Date(posted.answeredAtMs),
      },
    ]);
  });

  it('writes a whole batch of every outcome at once', async () => {
    const shard = await sending(5);
    const [posted = '', refused = '', waiting = '', armed = '', doubtful = ''] = shard.ids;
    const later = new Date(Date.now() + 60_000);
    await settled(shard, [
      settlement(posted, { post: POST }),
      settlement(refused, { state: 'refused', outcome: 'refused', reason: 'account_locked' }),
      settlement(waiting, { state: 'waiting', outcome: 'wait', dueAt: later, sentAtMs: null }),
      settlement(armed, { state: 'armed', outcome: 'not_sent', dueAt: later, sentAtMs: null }),
      settlement(doubtful, { state: 'unconfirmed', outcome: 'unknown', dueAt: null }),
    ]);
    expect(await rowOf(refused)).toMatchObject({ state: 'refused', reason: 'account_locked' });
    // What goes on lies in no shard, until it is gathered into a new one; what is over stays where it was.
    expect(await rowOf(waiting)).toMatchObject({ state: 'waiting', shard_id: null, due_at: later });
    expect(await rowOf(armed)).toMatchObject({ state: 'armed', shard_id: null, due_at: later });
    expect(await rowOf(doubtful)).toMatchObject({ state: 'unconfirmed', shard_id: null });
    expect((await rowOf(doubtful)).due_at).toBeNull();
    expect((await rowOf(posted)).shard_id).toBe(shard.leased.id);
    const outcomes = (await attemptsOf(db, shard.campaignId)).map((row) => row.outcome);
    expect(outcomes.sort()).toEqual(['not_sent', 'posted', 'refused', 'unknown', 'wait']);
    for (const id of [waiting, armed, doubtful]) expect((await rowOf(id)).settled_at).toBeNull();
  });

  it('notes an attempt once, however often it is tried to write it', async () => {
    const shard = await sending(2);
    const [kept = '', lost = ''] = shard.ids;
    const now = Date.now() + 0.123;
    const first = settlement(kept, { post: POST, answeredAtMs: now });
    await settled(shard, [first]);
    // The answer to that was lost, and meanwhile there is more to write.
    await settled(shard, [first, settlement(lost, { post: OTHER, answeredAtMs: now })], true);
    expect(await attemptsOf(db, shard.campaignId)).toHaveLength(2);
    const posts = await postsOf({ db, vault: rowsVault }, shard.campaignId);
    expect([posts.get(kept), posts.get(lost)]).toEqual([POST, OTHER]);
  });

  it('counts nothing as sent that was not, and no post as sent before the moment', async () => {
    const shard = await sending(5);
    const [posted = '', refused = '', waiting = '', armed = '', found = ''] = shard.ids;
    // Marks are made ahead of the moment.
    const moment = new Date(Date.now() + 200);
    await sql`update campaign set moment = ${moment} where id = ${shard.campaignId}`.execute(db);
    const unsent = { outcome: 'wait', sentAtMs: null } as const;
    await settled(shard, [
      settlement(posted, { sentAtMs: moment.getTime() + 3 }),
      settlement(refused, { ...unsent, state: 'refused', reason: 'account_locked' }),
      settlement(waiting, { ...unsent, state: 'waiting' }),
      settlement(armed, { ...unsent, state: 'armed' }),
    ]);
    for (const id of [refused, waiting, armed]) expect((await rowOf(id)).sent_at).toBeNull();
    // Its worker ended before it could say when; a look at the network found the post.
    await armShard(db, await leaseAgain(db, shard.leased), 'new', AT_ONCE);
    await looked(shard, [settlement(found, { sentAtMs: null })]);
    expect((await rowOf(found)).sent_at).toEqual(moment);
    expect(await readLateness(db, shard.campaignId)).toEqual([0, 3]);
  });

  it('notes every attempt under the campaign and the number that it names', async () => {
    const [one, other] = [await sending(2), await sending(1)];
    const numbered = (shard: Armed, first: number): Settlement[] =>
      shard.ids.map((id, n) => of(shard)(settlement(id, { attempt: first + n })));
    await settle(db, rowsVault, 'w', 'sending', [...numbered(one, 3), ...numbered(other, 7)]);
    const notedOf = async ({ campaignId }: Armed) =>
      (await attemptsOf(db, campaignId)).map((row) => [row.delivery_id, row.number]).sort();
    expect(await notedOf(one)).toEqual(
      [
        [one.ids[0], 3],
        [one.ids[1], 4],
      ].sort(),
    );
    expect(await notedOf(other)).toEqual([[other.ids[0], 7]]);
  });

  it('notes an attempt of somebody who has lost the delivery, and changes nothing else', async () => {
    const shard = await sending(2);
    const [id = ''] = shard.ids;
    const next = await leaseAgain(db, shard.leased);
    await armShard(db, next, 'new', AT_ONCE);
    const refused = settlement(id, { state: 'refused', outcome: 'refused', reason: 'duplicate' });
    await settled(shard, [refused]);
    expect(await statesOf(db, shard.campaignId)).toEqual({ unconfirmed: 2 });
    const outcomes = (await attemptsOf(db, shard.campaignId)).map((row) => row.outcome);
    expect(outcomes).toEqual(['unknown', 'unknown', 'refused']);
  });

  it('of several shards at once heeds the lease of each', async () => {
    const ours = await sending(2);
    const lost = await sending(2);
    const next = await leaseAgain(db, lost.leased);
    await armShard(db, next, 'new', AT_ONCE);
    const batch = [ours, lost].flatMap((shard) =>
      shard.ids.map((id) => {
        const under = { shardId: shard.leased.id, lease: shard.leased.lease };
        return of(shard)(settlement(id, { ...under, state: 'refused', outcome: 'refused' }));
      }),
    );
    await settle(db, rowsVault, 'w', 'sending', batch);
    expect(await statesOf(db, ours.campaignId)).toEqual({ refused: 2 });
    expect(await statesOf(db, lost.campaignId)).toEqual({ unconfirmed: 2 });
    expect(await attemptsOf(db, lost.campaignId)).toHaveLength(4);
  });

  it('under the number of a lease of another shard changes nothing', async () => {
    const [one, other] = [await sending(1), await sending(1)];
    const mixed = one.ids.map((id) =>
      of(one)(settlement(id, { shardId: other.leased.id, lease: other.leased.lease })),
    );
    await settle(db, rowsVault, 'w', 'sending', mixed);
    expect(await statesOf(db, one.campaignId)).toEqual({ sending: 1 });
  });

  it('takes late news of a post for what it is, once the delivery is in doubt', async () => {
    const shard = await sending(1);
    const [id = ''] = shard.ids;
    await armShard(db, await leaseAgain(db, shard.leased), 'new', AT_ONCE);
    await settled(shard, [settlement(id, { post: POST })]);
    expect((await rowOf(id)).state).toBe('posted');
    expect(await postsOf({ db, vault: rowsVault }, shard.campaignId)).toEqual(
      new Map([[id, POST]]),
    );
  });

  it('does not let late news touch the next attempt of somebody else', async () => {
    const shard = await sending(1);
    const [id = ''] = shard.ids;
    await armShard(db, await leaseAgain(db, shard.leased), 'new', AT_ONCE);
    const absent = settlement(id, {
      state: 'armed',
      outcome: 'not_sent',
      sentAtMs: null,
      dueAt: new Date(Date.now() - 1_000),
    });
    await looked(shard, [absent]);
    await gatherDue(db, { campaignId: shard.campaignId, size: 9 });
    const { shard_id } = await rowOf(id);
    const again = await leaseShard(db, shard_id ?? '', 'again', 60_000);
    if (!again) throw new Error('The shard was not leased');
    await armShard(db, again, 'again', AT_ONCE);
    expect([...(await markSending(db, entriesOf(again, [id]))).keys()]).toEqual([id]);
    for (const state of ['refused', 'waiting', 'armed', 'unconfirmed'] as const) {
      await settled(shard, [settlement(id, { state, outcome: 'unknown' })]);
      expect((await rowOf(id)).state, state).toBe('sending');
    }
  });

  it('by reconciling moves only what is in doubt, and keeps when it was sent', async () => {
    const shard = await sending(2);
    const [id = '', other = ''] = shard.ids;
    const unknown = settlement(id, { state: 'unconfirmed', outcome: 'unknown' });
    await settled(shard, [unknown]);
    const found = { post: POST, sentAtMs: null };
    await looked(shard, [settlement(id, found), settlement(other, found)]);
    expect(await rowOf(other)).toMatchObject({ state: 'sending', sealed: null });
    const row = await rowOf(id);
    expect(row.state).toBe('posted');
    expect(await postsOf({ db, vault: rowsVault }, shard.campaignId)).toEqual(
      new Map([[id, POST]]),
    );
    expect(row.sent_at?.getTime()).toBe(unknown.sentAtMs);
  });

  it('by reconciling heeds what was looked for: an earlier attempt says nothing of a later one', async () => {
    const shard = await sending(2);
    const [id = '', other = ''] = shard.ids;
    await settled(
      shard,
      shard.ids.map((one) => settlement(one, { state: 'unconfirmed', outcome: 'unknown' })),
    );
    await sql`update delivery set attempts = 2 where campaign_id = ${shard.campaignId}`.execute(db);
    const absent = { state: 'armed', outcome: 'not_sent', sentAtMs: null } as const;
    await looked(shard, [settlement(id, absent), settlement(other)]);
    expect((await rowOf(id)).state).toBe('unconfirmed');
    expect((await rowOf(other)).state).toBe('posted');
    await looked(shard, [settlement(id, { ...absent, attempt: 2 })]);
    expect((await rowOf(id)).state).toBe('armed');
  });

  it('that an attempt may have arrived, or asked for a fresh token, is seen when it is armed again', async () => {
    for (const outcome of ['unknown', 'reconnect', 'wait'] as const) {
      const shard = await sending(1);
      const [id = ''] = shard.ids;
      const due = new Date(Date.now() - 1_000);
      const waits = settlement(id, { state: 'waiting', outcome, dueAt: due, sentAtMs: null });
      await settled(shard, [waits]);
      await gatherDue(db, { campaignId: shard.campaignId, size: 9 });
      const { shard_id } = await rowOf(id);
      const held = await leaseShard(db, shard_id ?? '', 'again', 60_000);
      if (!held) throw new Error('The shard was not leased');
      const [armed] = await armShard(db, held, 'again', AT_ONCE);
      expect(armed).toMatchObject({
        id,
        attempts: 1,
        doubted: outcome !== 'reconnect',
        refreshed: outcome === 'reconnect',
      });
    }
  });

  it('of nothing is nothing', async () => {
    const shard = await sending(1);
    await settled(shard, []);
    expect(await attemptsOf(db, shard.campaignId)).toEqual([]);
    expect(await statesOf(db, shard.campaignId)).toEqual({ sending: 1 });
  });
});
