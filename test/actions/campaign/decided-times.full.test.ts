import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { approveCampaign } from '../../../src/actions/campaign/approve-campaign.ts';
import { decideMoment } from '../../../src/actions/campaign/decide-moment.ts';
import { fireShard } from '../../../src/actions/delivery/fire-shard.ts';
import { lockCampaign } from '../../../src/actions/delivery/lock-campaign.ts';
import { showDelivery } from '../../../src/actions/delivery/show-delivery.ts';
import { momentAt } from '../../../src/domain/moment.ts';
import { type CampaignRecord, findCampaign } from '../../../src/store/campaign.ts';
import { listHolds } from '../../../src/store/stop/hold.ts';
import { readEpoch } from '../../../src/store/stop/restored.ts';
import { commandIn } from '../../cli/command.ts';
import { signedIn } from '../../http/operator.ts';
import { sealAsDecided } from '../../support/bring-forward.ts';
import { plainBrowser } from '../../support/browser.ts';
import { needs } from '../../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Room to change something after a campaign was brought forward, before it locks. */
const SOON_MS = 8_000;

needs('postgres')('TRUST A1 when a campaign takes place', () => {
  let stage: TestStage;
  const ctx = () => stage.instance.ctx;
  const db = () => ctx().db;
  beforeAll(async () => {
    stage = await startStage();
  });

  async function joined(handle: string): Promise<OpenedCampaign> {
    const campaign = await stage.open();
    await plainBrowser().join(campaign.url, handle);
    return campaign;
  }

  const holdsOf = async ({ id }: { id: string }) =>
    (await listHolds(db())).filter((hold) => hold.scope === 'campaign' && hold.campaignId === id);
  const untilHeld = (campaign: OpenedCampaign, what: string) =>
    waitFor(async () => (await holdsOf(campaign)).some(({ kind }) => kind === 'moment'), {
      timeoutMs: 60_000,
      what: `the hold: ${what}`,
    });
  const postsBy = async (handle: string) =>
    (await stage.control.posts()).filter((post) => post.handle === handle);

  async function stored({ id }: { id: string }): Promise<CampaignRecord> {
    const campaign = await findCampaign(db(), { id });
    if (!campaign) throw new Error('There is no such campaign');
    return campaign;
  }

  /** Everything that says when a campaign takes place, moved together so that it is `inMs` off: nothing in it contradicts another. */
  async function moveAll({ id }: { id: string }, inMs: number): Promise<void> {
    const { wall, zone, instant } = momentAt(new Date(Date.now() + inMs), 'Europe/Moscow');
    const by = sql`(${instant}::timestamptz - moment)`;
    await sql`
      with moved as (
        update campaign set moment = ${instant}, moment_wall = ${wall}, moment_zone = ${zone},
          preflight_at = preflight_at + ${by}, lock_at = lock_at + ${by}, arm_at = arm_at + ${by},
          too_late_at = too_late_at + ${by}
        where id = ${id} returning id),
      shards as (update shard set due_at = ${instant} where campaign_id in (select id from moved))
      update reminder set due_at = ${instant} where campaign_id in (select id from moved)`.execute(
      db(),
    );
  }

  /** As if it had been decided that joining closes early: the batches are there, and the moment is still to come. */
  async function lockNow(campaign: OpenedCampaign): Promise<void> {
    await db()
      .transaction()
      .execute(async (tx) => {
        await sql`update campaign set lock_at = clock_timestamp() where id = ${campaign.id}`.execute(
          tx,
        );
        await sealAsDecided({ db: tx, vault: ctx().vault }, campaign.id);
      });
    await waitFor(async () => (await stored(campaign)).state === 'locked', { timeoutMs: 30_000 });
  }

  /** What somebody does who can write to the database and has no key. */
  const CHANGES: Record<string, (campaign: OpenedCampaign) => Promise<unknown>> = {
    'all of it, sooner': (campaign) => moveAll(campaign, 3_000),
    'all of it, and the seal taken away': async (campaign) => {
      await sql`update campaign set decided_times = null where id = ${campaign.id}`.execute(db());
      await moveAll(campaign, 3_000);
    },
    'all of it, copied from another campaign with its seal and its keys': async (campaign) => {
      const other = await stage.bringForward(await stage.open(), SOON_MS);
      await sql`update campaign c set moment = o.moment, moment_wall = o.moment_wall, moment_zone = o.moment_zone,
          moment_tzdata = o.moment_tzdata, moment_kept_against = o.moment_kept_against,
          preflight_at = o.preflight_at, lock_at = o.lock_at, arm_at = o.arm_at, too_late_at = o.too_late_at,
          decided_times = o.decided_times
        from campaign o where c.id = ${campaign.id} and o.id = ${other.id}`.execute(db());
      await sql`update campaign_key k set wrapped = o.wrapped from campaign_key o
        where k.campaign_id = ${campaign.id} and o.campaign_id = ${other.id} and k.purpose = o.purpose`.execute(
        db(),
      );
    },
    'all of it, put back to an earlier decision': async (campaign) => {
      // It was to be soon; then a person moved it away, and the row of before comes back.
      await stage.bringForward(campaign, SOON_MS);
      const { rows } = await sql<{ row: string }>`
        select to_jsonb(c)::text as row from campaign c where id = ${campaign.id}`.execute(db());
      await db().insertInto('campaign_event').values(MOVED(campaign.id)).execute();
      await sql`update campaign c set moment = o.moment, lock_at = o.lock_at, arm_at = o.arm_at,
          too_late_at = o.too_late_at, decided_times = o.decided_times
        from jsonb_populate_record(null::campaign, ${rows[0]?.row}::jsonb) o where c.id = ${campaign.id}`.execute(
        db(),
      );
    },
    'how long after the moment it may still go out': async (campaign) => {
      await stage.bringForward(campaign, SOON_MS);
      await sql`update campaign set too_late_at = too_late_at + interval '1 week'
        where id = ${campaign.id}`.execute(db());
    },
    'the zone and the wall time that people are shown': async (campaign) => {
      await stage.bringForward(campaign, SOON_MS);
      await sql`update campaign set moment_zone = 'Asia/Tokyo', moment_wall = '2031-01-01T00:00:00'
        where id = ${campaign.id}`.execute(db());
    },
  };
  const MOVED = (campaign_id: string) => ({
    ...({ campaign_id, actor: 'Vera', action: 'moved', scope: 'campaign' } as const),
    ...{ platform: null, detail: 'an hour later' },
  });

  it('TRUST A1 is what was decided: 0 posts by times that something else wrote to the database', async () => {
    const changed = await Promise.all(
      Object.entries(CHANGES).map(async ([what, change], index) => {
        const handle = `when_${index}`;
        const campaign = await joined(handle);
        return { what, handle, campaign, change };
      }),
    );
    const fair = await joined('when_fair');
    for (const { campaign, change } of changed) await change(campaign);
    await stage.bringForward(fair);
    for (const { campaign, what } of changed) await untilHeld(campaign, what);
    // The same instance sends what nobody touched.
    await waitFor(async () => (await postsBy('when_fair')).length === 1, { timeoutMs: 60_000 });
    const over = sql<{ over: boolean }>`
      select bool_and(moment + interval '4 seconds' < clock_timestamp()) as over from campaign
      where id = any(${changed.map(({ campaign }) => campaign.id)}::uuid[])`;
    await waitFor(async () => (await over.execute(db())).rows[0]?.over === true, {
      timeoutMs: 60_000,
      what: 'the times that were written',
    });
    for (const { what, handle, campaign } of changed) {
      expect([what, await postsBy(handle)]).toEqual([what, []]);
      const [hold] = await holdsOf(campaign);
      expect([what, hold?.reason]).toEqual([what, expect.stringMatching(/other than Tocsin/)]);
    }
  });

  it('TRUST A1 is not another time once it is locked, whoever fires: the queue or the sweep', async () => {
    const campaign = await joined('when_locked');
    const { moment } = await stage.bringForward(campaign, 60_000);
    await lockNow(campaign);
    await moveAll(campaign, 0);
    const { id: shardId } = await db()
      .selectFrom('shard')
      .select('id')
      .where('campaign_id', '=', campaign.id)
      .executeTakeFirstOrThrow();
    await fireShard(ctx(), { shardId });
    await untilHeld(campaign, 'locked');
    expect((await holdsOf(campaign))[0]?.reason).toContain(
      `what was decided is ${moment.toISOString().replace('.000Z', 'Z')}`,
    );
    expect(await postsBy('when_locked')).toEqual([]);
    expect((await stored(campaign)).state).toBe('locked');
    // A person puts it back; what is owed goes with it.
    await decideMoment(ctx(), { slug: campaign.slug, operator: 'Vera', decision: 'move' });
    const { due_at } = await db()
      .selectFrom('shard')
      .select('due_at')
      .where('id', '=', shardId)
      .executeTakeFirstOrThrow();
    expect([due_at, (await stored(campaign)).moment.instant]).toEqual([moment, moment]);
    expect(await holdsOf(campaign)).toEqual([]);
  });

  it('TRUST A1 is not put off for a batch alone', async () => {
    const campaign = await joined('when_batch');
    await stage.bringForward(campaign, 20_000);
    await lockNow(campaign);
    const { rows } = await sql<{ id: string }>`
      update shard set due_at = due_at + interval '20 minutes'
      where campaign_id = ${campaign.id} returning id`.execute(db());
    await fireShard(ctx(), { shardId: rows[0]?.id ?? '' });
    expect((await holdsOf(campaign))[0]?.reason).toMatch(/puts off posts of this campaign/);
    // Kept, it is due at its moment again.
    await decideMoment(ctx(), { slug: campaign.slug, operator: 'Vera', decision: 'keep' });
    await waitFor(async () => (await postsBy('when_batch')).length === 1, { timeoutMs: 90_000 });
    const { moment } = await stored(campaign);
    const [post] = await postsBy('when_batch');
    const late = (post?.at_us ?? 0) / 1_000 - moment.instant.getTime();
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(20 * 60_000);
  });

  it('TRUST A1 is decided about by a person: the desk and the command line show what was decided, and go back to it', async () => {
    const campaign = await joined('when_desk');
    const decided = await stored(campaign);
    await moveAll(campaign, 20 * 60_000);
    await lockCampaign(ctx(), { campaignId: campaign.id });
    await untilHeld(campaign, 'the desk');
    const at = decided.moment.instant.toISOString();
    const { changed } = await showDelivery(ctx(), campaign);
    expect(changed?.what).toContain(`what was decided is ${at.replace('.000Z', 'Z')}`);
    const { config } = ctx();
    const command = commandIn({
      ...{ DATABASE_URL: config.databaseUrl?.reveal() ?? '', DATA_DIR: config.dataDir },
    });
    expect((await command('campaign', 'moment', campaign.slug)).stdout).toMatch(
      /in doubt: the database says .*something other than Tocsin has changed them/,
    );
    const browser = await signedIn(stage);
    const page = await browser.get(`${stage.url}/ops/campaigns/${campaign.slug}`);
    expect(page.text).toMatch(/Move it to [\d: -]+ UTC, by what was decided/);
    expect(page.text).toMatch(/People agreed to the moment that they\s+were told/);
    const { epoch } = await readEpoch(db());
    await browser.submit(page, `/ops/campaigns/${campaign.slug}/moment`);
    expect(await stored(campaign)).toEqual(decided);
    expect(await holdsOf(campaign)).toEqual([]);
    // An older copy of the database, with the moment of before, is one that was restored.
    expect((await readEpoch(db())).epoch).toBeGreaterThan(epoch);
    expect((await showDelivery(ctx(), campaign)).changed).toBeNull();
  });

  it('TRUST A1 is approved only as its author decided, and sent as a person kept it', async () => {
    const campaign = await joined('when_kept');
    await sql`update campaign set state = 'in_review' where id = ${campaign.id}`.execute(db());
    const { moment, tooLateAt } = await stored(campaign);
    await moveAll(campaign, 10_000);
    await sql`update campaign set too_late_at = too_late_at + interval '1 week'
      where id = ${campaign.id}`.execute(db());
    const approve = () => approveCampaign(ctx(), { slug: campaign.slug, operator: 'Vera' });
    await expect(approve()).rejects.toMatchObject({
      code: 'moment_in_doubt',
      message: expect.stringMatching(/what was decided is/),
    });
    await decideMoment(ctx(), { slug: campaign.slug, operator: 'Vera', decision: 'keep' });
    const kept = await stored(campaign);
    // The steps around it are as far from it as they were decided to be.
    expect(kept.tooLateAt.getTime() - kept.moment.instant.getTime()).toBe(
      tooLateAt.getTime() - moment.instant.getTime(),
    );
    await approve();
    await waitFor(async () => (await postsBy('when_kept')).length === 1, { timeoutMs: 60_000 });
    const [post] = await postsBy('when_kept');
    expect((post?.at_us ?? 0) / 1_000).toBeGreaterThanOrEqual(kept.moment.instant.getTime());
  });
});
