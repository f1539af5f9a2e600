import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showDelivery } from '../../../src/actions/delivery/show-delivery.ts';
import { openPledgeContent } from '../../../src/actions/pledge/receipt-access.ts';
import { findPledgeByAccount } from '../../../src/store/pledge.ts';
import { sealPledge } from '../../../src/store/vault/sealed-pledge.ts';
import { plainBrowser } from '../../support/browser.ts';
import { seedPledges } from '../../support/crowd.ts';
import { needs } from '../../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { waitFor } from '../../support/wait-for.ts';

/** People who join by the web. */
async function joinAll(
  campaign: OpenedCampaign,
  handles: readonly string[],
): Promise<Map<string, string>> {
  const receipts = new Map<string, string>();
  for (const handle of handles) {
    receipts.set(handle, (await plainBrowser().join(campaign.url, handle)).url);
  }
  return receipts;
}

/** So many more whose pledges are in the records as joining leaves them. Returns their handles. */
async function seed(
  { control, instance: { ctx } }: TestStage,
  campaign: OpenedCampaign,
  count: number,
): Promise<string[]> {
  const { clientId } = ctx.config.platforms.x;
  const people = await control.createGrants({ clientId, count });
  await seedPledges(ctx, campaign.id, people);
  return people.map(({ handle }) => handle);
}

async function settled(stage: TestStage, campaign: OpenedCampaign): Promise<void> {
  await waitFor(
    async () => (await showDelivery(stage.instance.ctx, campaign)).campaign.state === 'settled',
    { timeoutMs: 60_000, everyMs: 200, what: 'the campaign to settle' },
  );
}

/** The network's own record: how many posts each person has, and none of them early. */
async function postsOf(stage: TestStage, campaign: OpenedCampaign, handles: readonly string[]) {
  const wanted = new Set(handles);
  const posts = (await stage.control.posts()).filter((post) => wanted.has(post.handle));
  const momentUs = campaign.moment.getTime() * 1000;
  expect(posts.filter((post) => post.at_us < momentUs)).toEqual([]);
  const counts = Object.fromEntries(handles.map((handle) => [handle, 0]));
  for (const post of posts) counts[post.handle] = (counts[post.handle] ?? 0) + 1;
  return counts;
}

async function receiptOf(receipts: Map<string, string>, handle: string) {
  return plainBrowser().get(receipts.get(handle) ?? '');
}

for (const queue of ['redis', 'postgres'] as const) {
  needs('postgres', 'redis')(`a campaign, with its jobs on ${queue}`, () => {
    let stage: TestStage;
    beforeAll(async () => {
      stage = await startStage({ queue, environment: { SHARD_SIZE: '50' } });
    });
    // The stages of this file share one Redis: one that lived on would take the jobs of the next.
    afterAll(() => stage.stop());

    it('posts for everybody once, after the moment, in several shards', async () => {
      const opened = await stage.open();
      const joined = ['all0', 'all1', 'all2', 'all3'];
      const receipts = await joinAll(opened, joined);
      const handles = [...joined, ...(await seed(stage, opened, 66))];
      const campaign = await stage.bringForward(opened);
      await settled(stage, campaign);
      const counts = await postsOf(stage, campaign, handles);
      expect(counts).toEqual(Object.fromEntries(handles.map((handle) => [handle, 1])));
      const report = await showDelivery(stage.instance.ctx, campaign);
      expect(report.totals).toMatchObject({ posted: 70, unconfirmed: 0, refused: 0 });
      expect(report.lateness?.first).toBeGreaterThanOrEqual(0);
      const receipt = await receiptOf(receipts, 'all3');
      expect(receipt.html).toContain('data-state="posted"');
      expect(receipt.html).toContain(`${stage.networkUrl}/i/web/status/`);
      // The page may be given as it was for a moment while it is made anew.
      const tells = async () => /\b70\b/.test((await plainBrowser().get(campaign.url)).text);
      await waitFor(tells, { everyMs: 500, what: 'the campaign’s page to tell of all 70' });
    }, 90_000);
  });
}

needs('postgres', 'redis')('a network that answers in every way', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let receipts: Map<string, string>;
  const handles = [
    'fine',
    'suspended',
    'locked',
    'repeated',
    'overloaded',
    'waiting',
    'stale',
    'revoked',
    'hangs',
    'never',
    'broken',
    'leaves',
    'grantless',
  ];
  let counts: Record<string, number>;

  beforeAll(async () => {
    // One supporter withdraws between lock and moment.
    const leads = { LOCK_LEAD_SECONDS: '6', ARM_LEAD_SECONDS: '3' };
    const environment = { X_TIMEOUT_MS: '1500', ...leads };
    stage = await startStage({ queue: 'redis', environment });
    const { control } = stage;
    const opened = await stage.open();
    receipts = await joinAll(opened, handles);
    await control.behaviour({ forcedResetSeconds: 3 });
    await control.fault('suspended', 'posts', 'status403Suspended', 99);
    await control.fault('locked', 'posts', 'status403Locked', 99);
    await control.fault('overloaded', 'posts', 'status503');
    await control.fault('waiting', 'posts', 'status429User');
    await control.fault('hangs', 'posts', 'hangAfterAccept');
    await control.fault('never', 'posts', 'hangBefore');
    await control.fault('broken', 'posts', 'truncated201');
    await control.changeAccount('stale', { expireAccessTokens: true });
    await control.changeAccount('revoked', { revokeGrants: true });
    const { db } = stage.instance.ctx;
    await sql`update credential set state = 'dead' where pledge_id in (
      select id from pledge where campaign_id = ${opened.id} and account_hash = ${await hashOf('grantless')})`.execute(
      db,
    );
    const leaving = await plainBrowser().get(receipts.get('leaves') ?? '');
    campaign = await stage.bringForward(opened, 6_500);
    await waitFor(
      async () => (await showDelivery(stage.instance.ctx, campaign)).campaign.state === 'locked',
      { timeoutMs: 30_000, what: 'the lock' },
    );
    await plainBrowser().submit(leaving, '/withdraw');
    await settled(stage, campaign);
    counts = await postsOf(stage, campaign, handles);
  }, 120_000);

  afterAll(() => stage.stop());

  async function hashOf(handle: string): Promise<Buffer> {
    const account = (await stage.control.accounts()).find((entry) => entry.handle === handle);
    return stage.instance.ctx.vault.accountHash('x', account?.id ?? '');
  }

  it('is left with one post of each who could post, and none of the others', () => {
    expect(counts).toEqual({
      fine: 1,
      suspended: 0,
      locked: 0,
      repeated: 1,
      overloaded: 1,
      waiting: 1,
      stale: 1,
      revoked: 0,
      hangs: 1,
      never: 1,
      broken: 1,
      leaves: 0,
      grantless: 0,
    });
  });

  it.each([
    ['fine', 'posted'],
    ['suspended', 'refused'],
    ['locked', 'refused'],
    ['overloaded', 'posted'],
    ['waiting', 'posted'],
    ['stale', 'posted'],
    ['revoked', 'refused'],
    ['hangs', 'posted'],
    ['never', 'posted'],
    ['broken', 'posted'],
    ['leaves', 'withdrawn'],
    ['grantless', 'refused'],
  ])('tells %s the truth: %s', async (handle, state) => {
    expect((await receiptOf(receipts, handle)).html).toContain(`data-state="${state}"`);
  });

  it('keeps a ledger of every attempt, and the totals add up', async () => {
    const { ctx } = stage.instance;
    const { totals } = await showDelivery(ctx, campaign);
    expect(totals).toMatchObject({ posted: 8, refused: 4, withdrawn: 1 });
    const attempts = await sql<{ outcome: string; count: number }>`
      select outcome, count(*)::int as count from attempt where campaign_id = ${campaign.id}
      group by outcome order by outcome`.execute(ctx.db);
    const found = Object.fromEntries(attempts.rows.map((row) => [row.outcome, row.count]));
    // Four posts in doubt; two were found when looked for, two were not there and were sent again.
    expect(found).toMatchObject({ unknown: 4, not_sent: 2, reconnect: 2, wait: 1, refused: 2 });
  });

  it('gives every grant back once the campaign is settled', async () => {
    await waitFor(
      async () => {
        const left = await sql`select 1 from credential where campaign_id = ${campaign.id}`.execute(
          stage.instance.ctx.db,
        );
        return left.rows.length === 0;
      },
      { timeoutMs: 30_000, what: 'every credential to be destroyed' },
    );
    const revoked = await stage.control.record(0, 'revoke');
    const people = new Set(revoked.filter((e) => e.status === 200).map((e) => e.handle));
    expect(people.has('fine')).toBe(true);
    expect(people.has('leaves')).toBe(true);
  });
});

needs('postgres', 'redis')('a network that has had enough of the whole app', () => {
  it('is left alone until it says, and then everybody is posted for, once', async () => {
    const stage = await startStage({ queue: 'redis', environment: { SHARD_SIZE: '50' } });
    const opened = await stage.open();
    const handles = await seed(stage, opened, 90);
    await stage.control.behaviour({
      forcedResetSeconds: 4,
      latency: { kind: 'fixed', medianMs: 40 },
    });
    for (const handle of handles.slice(0, 10)) {
      await stage.control.fault(handle, 'posts', 'status429App');
    }
    const campaign = await stage.bringForward(opened);
    await settled(stage, campaign);
    const counts = await postsOf(stage, campaign, handles);
    expect(counts).toEqual(Object.fromEntries(handles.map((handle) => [handle, 1])));
    const { totals } = await showDelivery(stage.instance.ctx, campaign);
    expect(totals).toMatchObject({ posted: 90, sending: 0, armed: 0, waiting: 0 });
  }, 120_000);
});

describe('the text that is sent', () => {
  needs('postgres', 'redis')('at the last hop', () => {
    it('is the one consented to, or nothing is sent', async () => {
      const stage = await startStage({ queue: 'redis' });
      const opened = await stage.open();
      const receipts = await joinAll(opened, ['honest', 'tampered']);
      const { ctx } = stage.instance;
      const account = (await stage.control.accounts()).find((a) => a.handle === 'tampered');
      const hash = ctx.vault.accountHash('x', account?.id ?? '');
      const pledge = await findPledgeByAccount(ctx.db, opened.id, 'x', hash);
      if (!pledge) throw new Error('Nobody has joined');
      const { id, campaign_id: campaignId, platform, consented_at: consentedAt } = pledge;
      const content = { ...(await openPledgeContent(ctx, pledge)), text: 'Something else' };
      const key = { id, campaignId, platform, consentedAt };
      const sealed = await sealPledge(ctx.vault, ctx.db, key, content);
      await sql`update pledge set sealed = ${sealed} where id = ${id}`.execute(ctx.db);
      const campaign = await stage.bringForward(opened);
      await settled(stage, campaign);
      expect(await postsOf(stage, campaign, ['honest', 'tampered'])).toEqual({
        honest: 1,
        tampered: 0,
      });
      expect((await receiptOf(receipts, 'tampered')).html).toContain('data-state="refused"');
    }, 60_000);
  });
});
