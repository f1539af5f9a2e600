import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { appendEvent } from '../../../src/store/campaign-event.ts';
import type { Db } from '../../../src/store/connection/database.ts';
import {
  abortCampaigns,
  abortPlatform,
  closeAborted,
  dropAborted,
  dropAbortedPlatforms,
  holdForAbort,
  listAborted,
  retireAllCredentials,
} from '../../../src/store/stop/abort.ts';
import { isOnHold, liftHolds, listStandingHolds, placeHold } from '../../../src/store/stop/hold.ts';
import { needs } from '../../support/database.ts';
import {
  insertCampaignRow,
  insertDeliveries,
  insertPledges,
  openRecords,
  statesOf,
} from '../../support/rows.ts';

const BY = { actor: 'Vera', reason: 'wrong link' };
const PAUSED = { kind: 'paused', ...BY, until: null } as const;

needs('postgres')('stopping', () => {
  let db: Db;
  beforeAll(async () => {
    db = (await openRecords()).db;
  });

  async function eventsOf(campaignId: string) {
    return db
      .selectFrom('campaign_event')
      .select(['action', 'scope', 'platform', 'actor', 'detail'])
      .where('campaign_id', '=', campaignId)
      .orderBy('id')
      .execute();
  }

  async function held(campaignId: string): Promise<boolean> {
    const { rows } = await sql<{ held: boolean }>`
      select ${isOnHold('d')} as held
      from delivery d where d.campaign_id = ${campaignId} limit 1`.execute(db);
    return rows[0]?.held ?? false;
  }

  /** A campaign with a delivery in each of these states. */
  async function campaignWith(
    states: Parameters<typeof insertDeliveries>[3]['state'][],
    change: Parameters<typeof insertCampaignRow>[1] = { state: 'firing' },
    platform = 'x',
  ): Promise<string> {
    const id = await insertCampaignRow(db, change);
    for (const state of states) {
      const pledges = await insertPledges(db, id, 1, { platform });
      await insertDeliveries(db, id, pledges, { state });
    }
    await sql`update delivery set platform = ${platform} where campaign_id = ${id}`.execute(db);
    return id;
  }

  describe('a hold', () => {
    it('holds its campaign, its platform or everything, once however often it is placed', async () => {
      const one = await campaignWith(['armed']);
      const other = await campaignWith(['armed'], { state: 'firing' }, 'y');
      const cases = [
        [{ scope: 'campaign', campaignId: one }, true, false],
        [{ scope: 'platform', platform: 'y' }, false, true],
        [{ scope: 'instance' }, true, true],
      ] as const;
      for (const [target, first, second] of cases) {
        expect(await placeHold(db, { ...target, ...PAUSED })).toBe(true);
        expect(await placeHold(db, { ...target, ...PAUSED, actor: 'Omar' })).toBe(false);
        expect([await held(one), await held(other)]).toEqual([first, second]);
        expect(await liftHolds(db, target, ['paused'])).toBe(1);
        expect(await liftHolds(db, target, ['paused'])).toBe(0);
        expect([await held(one), await held(other)]).toEqual([false, false]);
      }
    });

    it('ends by itself when it has an end, and resuming lifts no other kind', async () => {
      const id = await campaignWith(['armed']);
      const target = { scope: 'platform', platform: 'x' } as const;
      const wait = { ...target, kind: 'throttled', actor: 'tocsin', reason: '' } as const;
      await placeHold(db, { ...wait, until: new Date(Date.now() - 1_000) });
      expect(await held(id)).toBe(false);
      expect(await listStandingHolds(db, target)).toEqual([]);
      await placeHold(db, { ...wait, until: new Date(Date.now() + 60_000) });
      await placeHold(db, { ...target, ...PAUSED, kind: 'broken' });
      expect(await liftHolds(db, { scope: 'platform', platform: 'x' }, ['paused', 'broken'])).toBe(
        1,
      );
      expect(await held(id)).toBe(true);
      await liftHolds(db, { scope: 'platform', platform: 'x' }, ['throttled']);
    });

    it('is told of whatever it bears on, by the names that people use', async () => {
      const id = await campaignWith(['armed']);
      const over = await campaignWith(['posted'], { state: 'settled' });
      await placeHold(db, { scope: 'campaign', campaignId: id, ...PAUSED });
      await placeHold(db, { scope: 'campaign', campaignId: over, ...PAUSED });
      await placeHold(db, { scope: 'platform', platform: 'x', ...PAUSED });
      await placeHold(db, { scope: 'platform', platform: 'y', ...PAUSED });
      await placeHold(db, { scope: 'instance', ...PAUSED });
      const told = async (target?: Parameters<typeof listStandingHolds>[1]) =>
        (await listStandingHolds(db, target)).map(({ scope, subject }) => `${scope} ${subject}`);
      const own = `campaign rows-${id}`;
      expect(await told()).toEqual([own, 'platform x', 'platform y', 'instance instance']);
      expect(await told({ scope: 'campaign', campaignId: id })).toEqual([
        own,
        'platform x',
        'instance instance',
      ]);
      expect(await told({ scope: 'platform', platform: 'y' })).toEqual([
        'platform y',
        'instance instance',
      ]);
      expect(await told({ scope: 'instance' })).toEqual(['instance instance']);
      const [first] = await listStandingHolds(db);
      expect(first).toMatchObject({ kind: 'paused', ...BY, until: null, at: expect.any(Date) });
      await sql`delete from hold`.execute(db);
    });
  });

  it('is noted in one campaign, or in all whose posts are still to come', async () => {
    const states = ['open', 'locked', 'firing', 'settled', 'aborted'] as const;
    const ids = [];
    for (const state of states) ids.push(await insertCampaignRow(db, { state }));
    const [open = ''] = ids;
    const by = { actor: 'Vera', platform: null, detail: 'why' };
    const event = { action: 'paused', scope: 'campaign', ...by } as const;
    expect(await appendEvent(db, { campaignId: open }, event)).toBe(1);
    expect(await eventsOf(open)).toEqual([event]);
    await appendEvent(db, 'all under way', { ...event, scope: 'instance' });
    const counts = await Promise.all(ids.map(async (id) => (await eventsOf(id)).length));
    expect(counts).toEqual([2, 1, 1, 0, 0]);
    await sql`update campaign set settled_at = now() where state = 'aborted'`.execute(db);
  });

  describe('an abort', () => {
    const ALL = ['pending', 'armed', 'waiting', 'sending', 'unconfirmed', 'posted'] as const;

    it('of a campaign drops what is not marked, and leaves the rest to its outcome', async () => {
      const id = await campaignWith([...ALL]);
      const other = await campaignWith([...ALL]);
      expect(await holdForAbort(db, { campaignId: id }, BY)).toBe(1);
      expect([await held(id), await held(other)]).toEqual([true, false]);
      const done = await abortCampaigns(db, { campaignId: id });
      expect(done).toEqual({ campaigns: [{ id, slug: `rows-${id}` }], dropped: 3 });
      expect(await statesOf(db, id)).toEqual({ dropped: 3, sending: 1, unconfirmed: 1, posted: 1 });
      expect(await statesOf(db, other)).toEqual(Object.fromEntries(ALL.map((state) => [state, 1])));
      const { rows } = await sql`select distinct reason, due_at from delivery
        where campaign_id = ${id} and state = 'dropped'`.execute(db);
      expect(rows).toEqual([{ reason: 'stopped', due_at: null }]);
      const again = await abortCampaigns(db, { campaignId: id });
      expect(again).toEqual({ campaigns: [], dropped: 0 });
      await sql`delete from hold`.execute(db);
    });

    it('of everything ends what is locked or firing and nothing else', async () => {
      const ended = [
        await campaignWith(['pending'], { state: 'locked' }),
        await campaignWith(['armed'], { state: 'firing' }),
      ];
      const left = [
        await campaignWith([], { state: 'open' }),
        await campaignWith(['posted'], { state: 'settled' }),
      ];
      await holdForAbort(db, 'all', BY);
      const { campaigns } = await abortCampaigns(db, 'all');
      const ids = campaigns.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(ended));
      for (const id of left) expect(ids).not.toContain(id);
      await sql`delete from hold`.execute(db);
    });

    it('is wound up once: the late are dropped, the grants given back, the hold lifted', async () => {
      const id = await campaignWith(['armed', 'sending']);
      await holdForAbort(db, { campaignId: id }, BY);
      await abortCampaigns(db, { campaignId: id });
      expect((await listAborted(db)).map((campaign) => campaign.id)).toContain(id);
      // What was being sent turns out not to have been.
      await sql`update delivery set state = 'waiting' where campaign_id = ${id}
        and state = 'sending'`.execute(db);
      expect(await dropAborted(db, id)).toBe(1);
      expect(await statesOf(db, id)).toEqual({ dropped: 2 });
      expect(await retireAllCredentials(db, id)).toBe(2);
      expect(await closeAborted(db, id)).toBe(true);
      expect(await closeAborted(db, id)).toBe(false);
      expect((await listAborted(db)).map((campaign) => campaign.id)).not.toContain(id);
      const { rows } = await sql`select 1 from hold where campaign_id = ${id}`.execute(db);
      expect(rows).toEqual([]);
    });

    it('of a platform drops what is owed there, in what is locked or firing, for good', async () => {
      const there = await campaignWith(['armed', 'sending', 'posted'], { state: 'firing' }, 'y');
      const elsewhere = await campaignWith(['armed']);
      const open = await campaignWith([], { state: 'open' });
      const done = await abortPlatform(db, 'y', BY);
      expect(done.campaigns).toEqual([{ id: there, slug: `rows-${there}` }]);
      expect(done.dropped).toBe(1);
      expect(await statesOf(db, there)).toEqual({ dropped: 1, sending: 1, posted: 1 });
      expect(await statesOf(db, elsewhere)).toEqual({ armed: 1 });
      const event = { action: 'aborted', scope: 'platform', platform: 'y', actor: 'Vera' };
      expect(await eventsOf(there)).toEqual([{ ...event, detail: 'wrong link' }]);
      expect(await eventsOf(open)).toEqual([]);
      expect(await abortPlatform(db, 'y', BY)).toEqual({ campaigns: [], dropped: 0 });
      await sql`update delivery set state = 'waiting' where campaign_id = ${there}
        and state = 'sending'`.execute(db);
      expect(await dropAbortedPlatforms(db)).toBe(1);
      expect(await statesOf(db, there)).toEqual({ dropped: 2, posted: 1 });
    });
  });
});
