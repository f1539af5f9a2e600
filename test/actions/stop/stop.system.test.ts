import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { showDelivery } from '../../../src/actions/delivery/show-delivery.ts';
import { abortSending } from '../../../src/actions/stop/abort-sending.ts';
import { pauseSending } from '../../../src/actions/stop/pause-sending.ts';
import { resumeSending } from '../../../src/actions/stop/resume-sending.ts';
import { plainBrowser } from '../../support/browser.ts';
import { seedCrowd } from '../../support/crowd.ts';
import { needs } from '../../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { onlyInFull } from '../../support/tier.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A burst begins 32 wide and goes out in waves as long as an answer takes: this many need several. */
const CROWD = 500;
const LATENCY_MS = 1_500;
const WITHIN_MS = 1_000;

/** A burst in its middle: some have been posted, most have not. */
async function midBurst(stage: TestStage): Promise<OpenedCampaign> {
  const latency = { kind: 'fixed', medianMs: LATENCY_MS } as const;
  await stage.control.behaviour({ latency });
  const opened = await stage.open();
  await seedCrowd(stage.instance.ctx, stage.control, opened.id, CROWD);
  const campaign = await stage.bringForward(opened);
  await waitFor(async () => (await stage.control.record(0, 'posts')).length > 0, {
    timeoutMs: 30_000,
    everyMs: 10,
    what: 'the first post',
  });
  return campaign;
}

/** Waits until the workers have had three seconds more, by their own signs of life, and nothing is on its way. */
async function quiet(stage: TestStage, campaign: OpenedCampaign, sinceMs: number): Promise<void> {
  const { db } = stage.instance.ctx;
  const until = new Date(sinceMs + 3_000);
  await waitFor(
    async () => {
      const seen = await sql`select 1 from worker where seen_at > ${until}`.execute(db);
      const { totals } = await showDelivery(stage.instance.ctx, campaign);
      return seen.rows.length > 0 && totals.sending === 0;
    },
    { timeoutMs: 30_000, everyMs: 100, what: 'the workers to be quiet' },
  );
  await stage.control.behaviour({});
}

async function lateArrivals(stage: TestStage, stoppedMs: number): Promise<number> {
  const posts = await stage.control.posts();
  return posts.filter((post) => post.at_us / 1000 > stoppedMs + WITHIN_MS).length;
}

async function events(stage: TestStage, campaign: OpenedCampaign) {
  const { rows } = await sql`select action, scope, actor, platform, detail from campaign_event
    where campaign_id = ${campaign.id} order by id`.execute(stage.instance.ctx.db);
  return rows;
}

async function receiptTexts(stage: TestStage, campaign: OpenedCampaign, state: string) {
  const { ctx } = stage.instance;
  const { rows } = await sql<{ id: string }>`select p.receipt_id as id from pledge p
    join delivery d on d.pledge_id = p.id
    where p.campaign_id = ${campaign.id} and d.state = ${state} limit 2`.execute(ctx.db);
  const pages = rows.map(({ id }) =>
    plainBrowser().get(`${stage.url}/r/${ctx.vault.receiptToken(id)}`),
  );
  return (await Promise.all(pages)).map((page) => page.text);
}

needs('postgres', 'redis')('in the middle of a burst', () => {
  let stage: TestStage;
  // The stages of this file share one Redis: one that lived on would take the jobs of the next.
  afterEach(() => stage.stop());

  it('a pause holds within a second, and resuming posts for everybody, once', async () => {
    stage = await startStage({ queue: 'redis', environment: { SHARD_SIZE: '50' } });
    const { ctx } = stage.instance;
    const campaign = await midBurst(stage);
    const order = { scope: 'campaign', subject: campaign.slug, actor: 'Vera' } as const;
    const paused = await pauseSending(ctx, { ...order, reason: 'wrong link' });
    const stoppedMs = Date.now();
    expect(paused.changed).toBe(true);
    expect(paused.holds).toMatchObject([{ kind: 'paused', subject: campaign.slug, actor: 'Vera' }]);
    await quiet(stage, campaign, stoppedMs);
    const before = (await stage.control.posts()).length;
    expect(await lateArrivals(stage, stoppedMs)).toBe(0);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(CROWD);
    const { totals, holds } = await showDelivery(ctx, campaign);
    expect(totals).toMatchObject({ posted: before, unconfirmed: 0, dropped: 0, refused: 0 });
    expect(holds).toHaveLength(1);
    expect((await pauseSending(ctx, order)).changed).toBe(false);

    expect(await resumeSending(ctx, order)).toEqual({ changed: true, holds: [] });
    await waitFor(async () => (await showDelivery(ctx, campaign)).campaign.state === 'settled', {
      timeoutMs: 40_000,
      everyMs: 200,
      what: 'the campaign to settle',
    });
    const posts = await stage.control.posts();
    expect(posts).toHaveLength(CROWD);
    expect(new Set(posts.map((post) => post.account)).size).toBe(CROWD);
    expect((await resumeSending(ctx, order)).changed).toBe(false);
    const event = { scope: 'campaign', actor: 'Vera' };
    expect(await events(stage, campaign)).toEqual([
      { ...event, platform: null, action: 'paused', detail: 'wrong link' },
      { ...event, platform: null, action: 'resumed', detail: '' },
    ]);
  }, 90_000);

  it('an abort ends it within a second, tells everybody the truth and gives the grants back', async () => {
    stage = await startStage({ queue: 'redis', environment: { SHARD_SIZE: '50' } });
    const { ctx } = stage.instance;
    const campaign = await midBurst(stage);
    const order = { scope: 'campaign', subject: campaign.slug, actor: 'Vera' } as const;
    const aborted = await abortSending(ctx, { ...order, confirm: campaign.slug });
    const stoppedMs = Date.now();
    expect(aborted).toMatchObject({ changed: true, campaigns: [campaign.slug] });
    await quiet(stage, campaign, stoppedMs);
    expect(await lateArrivals(stage, stoppedMs)).toBe(0);
    const posts = await stage.control.posts();
    expect(posts.length).toBeGreaterThan(0);
    expect(posts.length).toBeLessThan(CROWD);
    const report = await showDelivery(ctx, campaign);
    expect(report.campaign.state).toBe('aborted');
    expect(report.totals).toMatchObject({
      posted: posts.length,
      dropped: CROWD - posts.length,
      sending: 0,
      pending: 0,
      armed: 0,
      waiting: 0,
    });
    expect(report.reasons).toEqual([{ reason: 'stopped', count: CROWD - posts.length }]);
    for (const text of await receiptTexts(stage, campaign, 'dropped')) {
      expect(text).toContain('The organisers stopped the campaign. Nothing was posted');
    }
    for (const text of await receiptTexts(stage, campaign, 'posted')) {
      expect(text).not.toContain('The organisers stopped');
    }
    await waitFor(
      async () => {
        const left = await sql`select 1 from credential where campaign_id = ${campaign.id} limit 1`;
        return (await left.execute(ctx.db)).rows.length === 0;
      },
      { timeoutMs: 40_000, everyMs: 200, what: 'every credential to be destroyed' },
    );
    const again = await abortSending(ctx, { ...order, confirm: campaign.slug });
    expect(again).toEqual({ changed: false, campaigns: [], dropped: 0, holds: [] });
    expect(await events(stage, campaign)).toEqual([
      { action: 'aborted', scope: 'campaign', platform: null, actor: 'Vera', detail: '' },
    ]);
  }, 90_000);

  onlyInFull(() => {
    it('a pause of everything holds, and aborting the platform leaves nothing to resume', async () => {
      stage = await startStage({ queue: 'redis', environment: { SHARD_SIZE: '50' } });
      const { ctx } = stage.instance;
      const campaign = await midBurst(stage);
      const everything = { scope: 'instance', subject: '', actor: 'Vera' } as const;
      await pauseSending(ctx, everything);
      const stoppedMs = Date.now();
      await quiet(stage, campaign, stoppedMs);
      expect(await lateArrivals(stage, stoppedMs)).toBe(0);
      const posted = (await stage.control.posts()).length;
      expect(posted).toBeLessThan(CROWD);
      const platform = { scope: 'platform', subject: 'x', actor: 'Omar' } as const;
      const aborted = await abortSending(ctx, { ...platform, confirm: 'x' });
      expect(aborted).toMatchObject({ campaigns: [campaign.slug], dropped: CROWD - posted });
      expect(aborted.holds.map((hold) => hold.scope)).toEqual(['instance', 'platform']);
      await resumeSending(ctx, everything);
      await resumeSending(ctx, platform);
      await waitFor(async () => (await showDelivery(ctx, campaign)).campaign.state === 'settled', {
        timeoutMs: 40_000,
        everyMs: 200,
        what: 'the campaign to settle',
      });
      expect((await stage.control.posts()).length).toBe(posted);
      const noted = [
        { action: 'paused', scope: 'instance', actor: 'Vera' },
        { action: 'paused', scope: 'platform', actor: 'Omar', platform: 'x' },
        { action: 'aborted', scope: 'platform', actor: 'Omar', platform: 'x' },
        { action: 'resumed', scope: 'instance' },
        { action: 'resumed', scope: 'platform', platform: 'x' },
      ];
      const found = await events(stage, campaign);
      // The campaign has nothing left to send: once it is settled, which may be before either resumption, no more is noted in it.
      expect(found.length).toBeGreaterThanOrEqual(3);
      expect(found).toMatchObject(noted.slice(0, found.length));
    }, 90_000);
  });
});
