import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { HoldTarget } from '../../src/domain/hold.ts';
import type { Db } from '../../src/store/connection/database.ts';
import { armShard, markSending, refuseArmed } from '../../src/store/delivery.ts';
import {
  createDeliveries,
  findFreeShards,
  gatherDue,
  leaseShard,
  releaseShard,
  renewLease,
} from '../../src/store/shard.ts';
import { liftHolds, placeHold } from '../../src/store/stop/hold.ts';
import { AT_ONCE, armedShard, entriesOf, leaseAgain } from '../support/armed.ts';
import { needs } from '../support/database.ts';
import { insertCampaignRow, insertPledges, openRecords, statesOf } from '../support/rows.ts';

const HOSTS = new Map([
  ['x', 'api.x.example'],
  ['mastodon', 'mastodon.example'],
]);
const HOLD_MS = 60_000;
const PAUSE = { kind: 'paused', actor: 'op', reason: '', until: null } as const;

needs('postgres')('shards', () => {
  let db: Db;
  beforeAll(async () => {
    db = (await openRecords()).db;
  });

  const cut = (campaignId: string, size: number) => ({ campaignId, size });

  interface Cut {
    id: string;
    platform: string;
    host: string;
    size: number;
    mixed: boolean;
  }

  async function shardsOf(campaignId: string): Promise<Cut[]> {
    const { rows } = await sql<Cut>`
      select s.id, s.platform, s.host, count(d.id)::int as size,
        coalesce(bool_or(d.platform <> s.platform), false) as mixed
      from shard s left join delivery d on d.shard_id = s.id
      where s.campaign_id = ${campaignId} group by s.id order by s.platform, s.number`.execute(db);
    return rows;
  }

  async function oneShard(size = 3): Promise<{ campaignId: string; id: string }> {
    const campaignId = await insertCampaignRow(db);
    await insertPledges(db, campaignId, size);
    await createDeliveries(db, cut(campaignId, size), new Date());
    const [shard] = await shardsOf(campaignId);
    return { campaignId, id: shard?.id ?? '' };
  }

  it('B5 refuses from the start, for the reason that a grant died of', async () => {
    const campaignId = await insertCampaignRow(db);
    const told = await insertPledges(db, campaignId, 3, { credential: 'dead' });
    await sql`update credential set dead_reason = 'account_moved' where pledge_id = ${told[0]}`.execute(
      db,
    );
    await sql`update credential set dead_reason = 'page_gone' where pledge_id = ${told[1]}`.execute(
      db,
    );
    const none = await insertPledges(db, campaignId, 1, { credential: null });
    const live = await insertPledges(db, campaignId, 1);
    await createDeliveries(db, cut(campaignId, 10), new Date());
    const { rows } = await sql<{ pledge_id: string; state: string; reason: string | null }>`
      select pledge_id, state, reason from delivery where campaign_id = ${campaignId}`.execute(db);
    const found = new Map(rows.map(({ pledge_id, state, reason }) => [pledge_id, [state, reason]]));
    expect([...told, ...none, ...live].map((id) => found.get(id))).toEqual([
      ['refused', 'account_moved'],
      ['refused', 'page_gone'],
      ['refused', 'reauthorize'],
      ['refused', 'reauthorize'],
      ['pending', null],
    ]);
  });

  it('B5 refuses when it is prepared what has died since, for the reason that it died of', async () => {
    const { campaignId, leased: held, ids, pledges } = await armedShard(db, 2);
    const [moved, bare] = pledges;
    await sql`update credential set state = 'dead',
      dead_reason = case when pledge_id = ${moved} then 'account_moved' end
      where campaign_id = ${campaignId}`.execute(db);
    await refuseArmed(db, held, ids, 'dead');
    const { rows } = await sql<{ pledge_id: string; reason: string | null }>`
      select pledge_id, reason from delivery
      where campaign_id = ${campaignId} and state = 'refused'`.execute(db);
    expect(new Map(rows.map((row) => [row.pledge_id, row.reason]))).toEqual(
      new Map([
        [moved, 'account_moved'],
        [bare, 'reauthorize'],
      ]),
    );
  });

  it('hold one delivery for each active pledge, and no more than their size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.nat(20),
        fc.nat(5),
        fc.integer({ min: 1, max: 15 }),
        async (onX, onMastodon, withdrawn, size) => {
          const campaignId = await insertCampaignRow(db);
          const pledges: string[] = [];
          if (onX > 0)
            pledges.push(...(await insertPledges(db, campaignId, onX, { host: 'api.x.example' })));
          if (onMastodon > 0) {
            const there = { platform: 'mastodon', host: 'mastodon.example' };
            pledges.push(...(await insertPledges(db, campaignId, onMastodon, there)));
          }
          if (withdrawn > 0) {
            await insertPledges(db, campaignId, withdrawn, { state: 'withdrawn' });
          }
          expect(await createDeliveries(db, cut(campaignId, size), new Date())).toBe(
            pledges.length,
          );
          const owed = await db
            .selectFrom('delivery')
            .select('pledge_id')
            .where('campaign_id', '=', campaignId)
            .execute();
          expect(owed.map((row) => row.pledge_id).sort()).toEqual(pledges.sort());
          const shards = await shardsOf(campaignId);
          expect(shards).toHaveLength(Math.ceil(onX / size) + Math.ceil(onMastodon / size));
          for (const shard of shards) {
            expect(shard.size).toBeGreaterThan(0);
            expect(shard.size).toBeLessThanOrEqual(size);
            expect(shard.mixed).toBe(false);
            expect(shard.host).toBe(HOSTS.get(shard.platform));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are not made twice for one campaign', async () => {
    const { campaignId } = await oneShard();
    await expect(createDeliveries(db, cut(campaignId, 3), new Date())).rejects.toThrow(/unique/);
    expect(await shardsOf(campaignId)).toHaveLength(1);
  });

  it('refuse from the start a pledge whose grant has died or is gone', async () => {
    const campaignId = await insertCampaignRow(db);
    const able = await insertPledges(db, campaignId, 2);
    await insertPledges(db, campaignId, 1, { credential: 'dead' });
    await insertPledges(db, campaignId, 1, { credential: 'revoking' });
    await insertPledges(db, campaignId, 1, { credential: null });
    expect(await createDeliveries(db, cut(campaignId, 10), new Date())).toBe(5);
    const rows = await db
      .selectFrom('delivery')
      .select(['pledge_id', 'state', 'reason'])
      .where('campaign_id', '=', campaignId)
      .execute();
    for (const row of rows) {
      expect([row.state, row.reason]).toEqual(
        able.includes(row.pledge_id) ? ['pending', null] : ['refused', 'reauthorize'],
      );
    }
  });

  it('leave out nobody whose platform is not connected now: their deliveries wait for it', async () => {
    const campaignId = await insertCampaignRow(db);
    await insertPledges(db, campaignId, 2);
    const there = { platform: 'gone', host: 'gone.example' };
    const [stranded] = await insertPledges(db, campaignId, 1, there);
    expect(await createDeliveries(db, cut(campaignId, 10), new Date())).toBe(3);
    const row = await db
      .selectFrom('delivery')
      .innerJoin('shard', 'shard.id', 'delivery.shard_id')
      .select(['delivery.state', 'shard.platform', 'shard.host'])
      .where('pledge_id', '=', stranded ?? '')
      .executeTakeFirst();
    expect(row).toEqual({ state: 'pending', platform: 'gone', host: 'gone.example' });
  });

  it('are leased to one of fifty who ask at once', async () => {
    const { id } = await oneShard();
    const asked = Array.from({ length: 50 }, (_, i) => leaseShard(db, id, `w${i}`, HOLD_MS));
    const got = (await Promise.all(asked)).filter((lease) => lease !== null);
    expect(got).toHaveLength(1);
    expect(got[0]).toMatchObject({ id, platform: 'x', lease: 1 });
  });

  it('pass on when their holder has not renewed, under a higher number', async () => {
    const { campaignId, id } = await oneShard();
    const first = await leaseShard(db, id, 'first', -1);
    const second = await leaseShard(db, id, 'second', HOLD_MS);
    expect([first?.lease, second?.lease]).toEqual([1, 2]);
    expect(await leaseShard(db, id, 'third', HOLD_MS)).toBeNull();
    if (!first || !second) throw new Error('The shard was not leased');
    expect(await renewLease(db, first, HOLD_MS)).toBe(false);
    await releaseShard(db, first);
    expect(await leaseShard(db, id, 'fourth', HOLD_MS)).toBeNull();
    expect(await renewLease(db, second, HOLD_MS)).toBe(true);
    await releaseShard(db, second);
    const free = await findFreeShards(db, new Date(Date.now() + 1_000), campaignId);
    expect(free).toEqual([{ id, platform: 'x', lease: 2 }]);
  });

  it('are done when nothing in them is left to send, and not before', async () => {
    // Those gathered wait until they are armed, and a holder may fail before that.
    const left = ['pending', 'armed', 'waiting', 'sending'];
    const over = ['posted', 'refused', 'dropped', 'withdrawn', 'unconfirmed'];
    for (const state of [...left, ...over]) {
      const { campaignId, leased: held, ids } = await armedShard(db, 2);
      await sql`update delivery set state = case when id = ${ids[0]} then ${state} else 'posted' end
        where campaign_id = ${campaignId}`.execute(db);
      await releaseShard(db, held);
      const free = await findFreeShards(db, new Date(Date.now() + 1_000), campaignId);
      const again = await leaseShard(db, held.id, 'next', HOLD_MS);
      expect([free.length, again?.lease], state).toEqual(
        left.includes(state) ? [1, 2] : [0, undefined],
      );
    }
  });

  it('are not offered while they are held', async () => {
    for (const scope of ['campaign', 'platform', 'instance'] as const) {
      const { campaignId, id } = await oneShard();
      const target = {
        campaign: { scope: 'campaign', campaignId },
        platform: { scope: 'platform', platform: 'x' },
        instance: { scope: 'instance' },
      }[scope] as HoldTarget;
      const offered = async () =>
        (await findFreeShards(db, new Date(Date.now() + 1_000), campaignId)).map((row) => row.id);
      await placeHold(db, { ...target, ...PAUSE });
      expect(await offered(), scope).toEqual([]);
      await liftHolds(db, target, ['paused']);
      expect(await offered(), scope).toEqual([id]);
    }
  });

  it('are offered, stopped or not, when their holder died while it was sending', async () => {
    for (const state of ['firing', 'aborted'] as const) {
      const { campaignId, leased: held, entries } = await armedShard(db, 2, { state: 'firing' });
      const offered = async () =>
        (await findFreeShards(db, new Date(Date.now() + 1_000), campaignId)).length;
      await markSending(db, entries.slice(0, 1));
      await placeHold(db, { scope: 'campaign', campaignId: campaignId, ...PAUSE });
      await sql`update campaign set state = ${state} where id = ${campaignId}`.execute(db);
      expect(await offered(), state).toBe(0);
      const next = await leaseAgain(db, held);
      await releaseShard(db, next);
      expect(await offered(), state).toBe(1);
      await armShard(db, await leaseAgain(db, held), 'new', AT_ONCE);
      await sql`update shard set leased_until = null where id = ${held.id}`.execute(db);
      expect(await offered(), state).toBe(0);
    }
  });

  it('gather nothing that is held, and what its platform is not held from', async () => {
    const { campaignId } = await oneShard(4);
    await sql`update delivery set state = 'waiting', shard_id = null, due_at = now()
      where campaign_id = ${campaignId}`.execute(db);
    await sql`update delivery set platform = 'mastodon' where id in (
      select id from delivery where campaign_id = ${campaignId} limit 1)`.execute(db);
    await placeHold(db, { scope: 'campaign', campaignId: campaignId, ...PAUSE });
    expect(await gatherDue(db, cut(campaignId, 9))).toBe(0);
    await liftHolds(db, { scope: 'campaign', campaignId: campaignId }, ['paused']);
    await placeHold(db, { scope: 'platform', platform: 'x', ...PAUSE });
    expect(await gatherDue(db, cut(campaignId, 9))).toBe(1);
    await liftHolds(db, { scope: 'platform', platform: 'x' }, ['paused']);
    expect(await gatherDue(db, cut(campaignId, 9))).toBe(3);
  });

  it('are let go of only by whoever holds them', async () => {
    const { leased: held, entries } = await armedShard(db, 1);
    await markSending(db, entries);
    await sql`update shard set leased_until = now() - interval '1 second' where id = ${held.id}`.execute(
      db,
    );
    const next = await leaseShard(db, held.id, 'next', HOLD_MS);
    if (!next) throw new Error('The shard was not leased');
    expect(
      await markSending(
        db,
        entriesOf(
          held,
          entries.map((e) => e.deliveryId),
        ),
      ),
    ).toEqual(new Map());
    await releaseShard(db, held);
    expect(await renewLease(db, next, HOLD_MS)).toBe(true);
    expect(await leaseShard(db, held.id, 'third', HOLD_MS)).toBeNull();
  });

  it('are offered only while free, due, and of a campaign that is under way', async () => {
    const offered = async (state: 'open' | 'locked' | 'firing' | 'settled' | 'aborted') => {
      const campaignId = await insertCampaignRow(db, { state });
      await insertPledges(db, campaignId, 1);
      await createDeliveries(db, cut(campaignId, 1), new Date(Date.now() + 60_000));
      const soon = await findFreeShards(db, new Date(), campaignId);
      const later = await findFreeShards(db, new Date(Date.now() + 61_000), campaignId);
      return [soon.length, later.length];
    };
    expect(await offered('locked')).toEqual([0, 1]);
    expect(await offered('firing')).toEqual([0, 1]);
    expect(await offered('aborted')).toEqual([0, 0]);
    expect(await offered('settled')).toEqual([0, 0]);
    expect(await offered('open')).toEqual([0, 0]);
  });

  it('gather what had to wait, when its time has come, and it can be armed again', async () => {
    const { campaignId, id } = await oneShard(5);
    // A shard that changed hands: the deliveries carry a fence higher than any that a new shard starts with.
    await leaseShard(db, id, 'first', -1);
    const held = await leaseShard(db, id, 'second', HOLD_MS);
    if (!held) throw new Error('The shard was not leased');
    await armShard(db, held, 'second', AT_ONCE);
    await sql`update delivery set state = 'waiting', shard_id = null, due_at = now()
      where campaign_id = ${campaignId}`.execute(db);
    await sql`update delivery set due_at = now() + interval '1 hour' where id in (
      select id from delivery where campaign_id = ${campaignId} limit 2)`.execute(db);
    expect(await gatherDue(db, cut(campaignId, 2))).toBe(3);
    expect(await gatherDue(db, cut(campaignId, 2))).toBe(0);
    const fresh = (await shardsOf(campaignId)).filter((shard) => shard.id !== id);
    expect(fresh.map((shard) => shard.size).sort()).toEqual([1, 2]);
    for (const shard of fresh) {
      const again = await leaseShard(db, shard.id, 'third', HOLD_MS);
      if (!again) throw new Error('The shard was not leased');
      expect(await armShard(db, again, 'third', AT_ONCE)).toHaveLength(shard.size);
    }
    expect(await statesOf(db, campaignId)).toEqual({ armed: 3, waiting: 2 });
  });

  it('gather each delivery once, however many gather at once', async () => {
    const { campaignId } = await oneShard(20);
    await sql`update delivery set state = 'waiting', shard_id = null, due_at = now()
      where campaign_id = ${campaignId}`.execute(db);
    const gathered = await Promise.all(
      Array.from({ length: 8 }, () => gatherDue(db, cut(campaignId, 3))),
    );
    expect(gathered.reduce((sum, count) => sum + count)).toBe(20);
    const sizes = (await shardsOf(campaignId)).map((shard) => shard.size);
    expect(sizes.reduce((sum, count) => sum + count)).toBe(20);
  });

  it('that nobody made cannot be leased', async () => {
    expect(await leaseShard(db, randomUUID(), 'w', HOLD_MS)).toBeNull();
  });
});
