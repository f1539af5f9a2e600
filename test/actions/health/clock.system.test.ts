import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';
import { showDelivery } from '../../../src/actions/delivery/show-delivery.ts';
import { checkClock, recheckClock, takeOffset } from '../../../src/actions/health/check-clock.ts';
import { createApiKey } from '../../../src/actions/operator/operator-access.ts';
import { sendHeartbeat } from '../../../src/actions/upkeep/heartbeat.ts';
import { createClock, createContext } from '../../../src/context.ts';
import { createLogger } from '../../../src/log.ts';
import type { Post } from '../../../src/simulator/accounts.ts';
import { environmentFor, type PlatformName } from '../../../src/simulator/client.ts';
import { migrateAt } from '../../../src/store/connection/database.ts';
import { holdEarly } from '../../../src/store/stop/early.ts';
import { listHolds } from '../../../src/store/stop/hold.ts';
import { recordHeartbeat, type SignOfLife } from '../../../src/store/worker.ts';
import { caller } from '../../http/api.ts';
import { signedIn } from '../../http/operator.ts';
import { atEnd } from '../../support/at-end.ts';
import { clientIdAt, seedPledges } from '../../support/crowd.ts';
import { needs, testDatabase } from '../../support/database.ts';
import { startNetwork } from '../../support/network.ts';
import { insertCampaignRow } from '../../support/rows.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { tempFolder } from '../../support/temp.ts';
import { onlyInFull } from '../../support/tier.ts';
import { waitFor } from '../../support/wait-for.ts';

const PEOPLE = 3;
/** So long that a hold for it ends in no test by itself. */
const HOURLONG_S = 3_600;

/** The last sign of life of a process that found our clock ahead. */
const KILLED: Omit<SignOfLife, 'name'> = {
  ...{ role: 'worker', clockOffsetMs: 0, masterKeys: [], zoneRules: '2026f' },
  ...{ sweptAgeMs: null, heardAgeMs: null, namedOffsetMs: null },
  ...{ networkOffsetMs: -90_000, networkOff: true },
};

/** A campaign with a few people, whose grants have been looked at, and so the network's clock with them. */
async function open(
  stage: TestStage,
  platform: PlatformName,
): Promise<OpenedCampaign & { accounts: Set<string> }> {
  const { ctx } = stage.instance;
  const control = stage.networks.get(platform)?.control ?? stage.control;
  const granted = await control.createGrants({ clientId: clientIdAt(platform), count: PEOPLE });
  const campaign = await stage.open();
  await seedPledges(ctx, campaign.id, granted, platform);
  await uncheck(stage, campaign.id);
  const checked = async () =>
    (
      await sql<{ count: number }>`
        select count(*)::int as count from credential where campaign_id = ${campaign.id} and checked_at is not null`.execute(
        ctx.db,
      )
    ).rows[0]?.count === PEOPLE;
  await waitFor(checked, { timeoutMs: 30_000, what: 'preflight' });
  await sendHeartbeat(ctx);
  return { ...campaign, accounts: new Set(granted.map(({ id }) => id)) };
}

/** As after a join long ago: preflight looks at every grant. */
async function uncheck({ instance }: TestStage, campaignId: string): Promise<void> {
  await sql`update credential set checked_at = null where campaign_id = ${campaignId}`.execute(
    instance.ctx.db,
  );
}

const postsOf = async (
  stage: TestStage,
  { accounts }: { accounts: Set<string> },
  platform: PlatformName,
): Promise<Post[]> => {
  const control = stage.networks.get(platform)?.control ?? stage.control;
  return (await control.posts()).filter(({ account }) => accounts.has(account));
};

const clockHolds = async ({ instance }: TestStage, id: string) =>
  (await listHolds(instance.ctx.db)).filter(
    (hold) => hold.kind === 'clock' && hold.scope === 'campaign' && hold.campaignId === id,
  );

needs('postgres')('A2 a clock that is wrong as a whole', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  it('A2 posts nothing before the network’s own clock shows the moment, when ours is fast', async () => {
    await stage.control.behaviour({ dateSkewSeconds: -5, refuseDuplicates: false });
    const opened = await open(stage, 'x');
    const campaign = { ...opened, ...(await stage.bringForward(opened)) };
    const posts = await waitFor(
      async () => {
        const found = await postsOf(stage, campaign, 'x');
        return found.length === PEOPLE && found;
      },
      { timeoutMs: 60_000, what: 'the posts' },
    );
    const first = Math.min(...posts.map(({ at_us }) => at_us / 1_000));
    expect(first).toBeGreaterThanOrEqual(campaign.moment.getTime() + 5_000);
    const { rows } = await sql<{ action: string; detail: string }>`
      select action, detail from campaign_event where campaign_id = ${campaign.id} order by id`.execute(
      stage.instance.ctx.db,
    );
    expect(rows[0]).toMatchObject({ action: 'held' });
    expect(rows[0]?.detail).toMatch(/^our clock is \d\.\d s ahead of that of 127\.0\.0\.1:\d+$/);
    // The network's time stands beside ours, and in the ledger.
    const attempts = await waitFor(
      async () => {
        const found = await stage.instance.ctx.db
          .selectFrom('attempt')
          .select(['answered_at', 'network_at'])
          .where('campaign_id', '=', campaign.id)
          .where('outcome', '=', 'posted')
          .execute();
        return found.length === PEOPLE && found;
      },
      { what: 'the ledger' },
    );
    for (const { answered_at, network_at } of attempts) {
      const behind = answered_at.getTime() - (network_at?.getTime() ?? 0);
      expect(behind).toBeGreaterThan(4_000);
      expect(behind).toBeLessThan(8_000);
    }
  });

  it('A2 holds a campaign when the clock is 90 s fast, says so everywhere, and lets it go once it is right', async () => {
    await stage.control.behaviour({ dateSkewSeconds: -90, refuseDuplicates: false });
    const opened = await open(stage, 'x');
    await stage.bringForward(opened, 6_000);
    await sendHeartbeat(stage.instance.ctx);
    const [hold] = await clockHolds(stage, opened.id);
    expect(hold?.reason).toMatch(/^our clock is (89|90)\.\d s ahead/);
    const browser = await signedIn(stage);
    const page = await browser.get(`${stage.url}/ops/campaigns/${opened.slug}`);
    expect(page.text).toMatch(/(−89|−90)(\.\d)? s, ours is ahead/);
    const report = await showDelivery(stage.instance.ctx, { slug: opened.slug });
    expect(report.workers[0]).toMatchObject({ networkOff: true });
    const ready = await waitFor(
      async () => {
        const response = await fetch(`${stage.url}/readyz`);
        return response.status === 503 && ((await response.json()) as { reasons: object[] });
      },
      { what: 'readiness to be red' },
    );
    expect(ready.reasons).toContainEqual(
      expect.objectContaining({
        check: 'clock',
        level: 'red',
        what: expect.stringMatching(/^our clock is (89|90)\.\d s ahead of the networks’ own$/),
      }),
    );

    await stage.control.behaviour({ refuseDuplicates: false });
    const { ctx } = stage.instance;
    await ctx.platforms.get('x')?.openConnections(new URL(stage.networkUrl).host, 1);
    await sendHeartbeat(ctx);
    expect(await clockHolds(stage, opened.id)).toEqual([]);
    await waitFor(async () => (await postsOf(stage, opened, 'x')).length === PEOPLE, {
      timeoutMs: 60_000,
      what: 'the posts',
    });
  });

  it('A2 asks the network for its time while it holds, and sends once both agree', async () => {
    await stage.control.behaviour({ dateSkewSeconds: -HOURLONG_S, refuseDuplicates: false });
    const opened = await open(stage, 'x');
    const campaign = { ...opened, ...(await stage.bringForward(opened)) };
    await sendHeartbeat(stage.instance.ctx);
    const [hold] = await clockHolds(stage, opened.id);
    expect(hold?.until?.getTime()).toBeGreaterThan(campaign.moment.getTime() + 3_000_000);
    await waitFor(() => Date.now() > campaign.moment.getTime() + 1_000, { what: 'the moment' });
    expect(await postsOf(stage, campaign, 'x')).toEqual([]);

    // Nothing but the instance itself asks the network for anything from here on.
    await stage.control.behaviour({ refuseDuplicates: false });
    await waitFor(async () => (await postsOf(stage, campaign, 'x')).length === PEOPLE, {
      timeoutMs: 60_000,
      what: 'the posts',
    });
    expect(await clockHolds(stage, opened.id)).toEqual([]);
  });

  it('A2 holds what would be early before it goes by a clock that has run ahead', async () => {
    await stage.control.behaviour({ refuseDuplicates: false });
    const opened = await open(stage, 'x');
    await stage.bringForward(opened, 60_000);
    const { ctx } = stage.instance;
    const { offset } = ctx.clock;
    const seen: string[] = [];
    const error = (_: object, message: string) => seen.push(message);
    const clock = Object.defineProperty(createClock(offset), 'offset', {
      get: () => offset,
      set: () => seen.push('aimed by it'),
    });
    const jumped = { ...offset, offsetMs: offset.offsetMs + 90_000 };
    const log = { ...ctx.log, error } as unknown as typeof ctx.log;
    expect(await takeOffset({ ...ctx, clock, log }, jumped)).toBe(true);
    expect(seen.slice(-2)).toEqual(['held: it would go out early', 'aimed by it']);
  });

  onlyInFull(() => {
    it('A2 lets a person say that our clock is right, and asks no more', async () => {
      await stage.control.behaviour({ dateSkewSeconds: -90, refuseDuplicates: false });
      const opened = await open(stage, 'x');
      await stage.bringForward(opened, 60_000);
      await sendHeartbeat(stage.instance.ctx);
      expect(await clockHolds(stage, opened.id)).toHaveLength(1);
      const key = await createApiKey(stage.instance.ctx, { name: 'Vera' });
      const api = caller(stage.url, `Bearer ${key}`);
      const resumed = await api.post(`/api/v1/campaigns/${opened.slug}/resume`, {});
      expect(resumed.body).toMatchObject({ changed: true, holds: [] });
      await sendHeartbeat(stage.instance.ctx);
      expect(await clockHolds(stage, opened.id)).toEqual([]);
    });
  });
});

needs('postgres')('A2 a campaign that a process which is gone has held for the clock', () => {
  it('A2 is let go by the next one, which asks once for each look, and never where nothing is held', async () => {
    const network = await startNetwork('x');
    const config = loadConfig({
      DATA_DIR: await tempFolder('clock'),
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      LOG_LEVEL: 'silent',
      ...environmentFor(new Map([['x', network.url]])),
      // No other host of the configuration is to be asked by a test.
      BLUESKY_DIRECTORY_URL: network.url,
    });
    const log = createLogger(config);
    const ctx = await createContext(config, log, new AbortController().signal, {
      besideInstance: true,
    });
    atEnd(() => ctx.dispose());
    await recheckClock(ctx);
    expect(await network.control.record()).toEqual([]);

    await insertCampaignRow(ctx, { momentMs: 60_000 });
    await ctx.db.transaction().execute((db) => holdEarly(db, 90_000, 'our clock is ahead'));
    await recordHeartbeat(ctx.db, { ...KILLED, name: 'killed' });
    // It gave its last sign by the clock that was fast.
    await sql`update worker set seen_at = seen_at + interval '80 seconds'`.execute(ctx.db);
    await network.control.behaviour({ dateSkewSeconds: -90 });
    await recheckClock(ctx);
    expect(await listHolds(ctx.db)).toHaveLength(1);

    await network.control.behaviour({});
    await recheckClock(ctx);
    expect(await listHolds(ctx.db)).toEqual([]);
    const asked = await network.control.record();
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /', 'GET /']);
  });
});

needs('postgres')('A2 a host of the configuration whose clock is behind', () => {
  it.each([
    ['alone', [], 1],
    ['and another is right', [0], 0],
    ['and so is another', [-90], 1],
  ])(
    'A2 %s, heard before any other: others are asked, and hold or overrule it',
    async (_what, skews, holds) => {
      const network = await startNetwork('x');
      const others = await Promise.all(skews.map(() => startNetwork('x')));
      for (const [i, other] of others.entries()) {
        await other.control.behaviour({ dateSkewSeconds: skews[i] });
      }
      const config = loadConfig({
        DATA_DIR: await tempFolder('clock'),
        DATABASE_URL: (await testDatabase(migrateAt)).url,
        LOG_LEVEL: 'silent',
        ...environmentFor(new Map([['x', network.url]])),
        BLUESKY_DIRECTORY_URL: network.url,
        TIME_URLS: others.map(({ url }) => url).join(','),
      });
      const ctx = await createContext(config, createLogger(config), new AbortController().signal, {
        besideInstance: true,
      });
      atEnd(() => ctx.dispose());
      await insertCampaignRow(ctx, { momentMs: 60_000 });
      const date = new Date(Date.now() - 90_000).toUTCString();
      const { origin } = new URL(network.url);
      ctx.networkClock.observe(origin, { date }, performance.now(), performance.now());
      await checkClock(ctx);
      expect(await listHolds(ctx.db)).toHaveLength(holds);
      for (const other of others) expect(await other.control.record()).toHaveLength(1);
    },
  );
});

needs('postgres')('A2 a server that supporters name', () => {
  onlyInFull(() => {
    it('A2 can warn and not hold, since it may lie', async () => {
      const stage = await startStage({ platforms: ['mastodon'] });
      await stage.control.behaviour({ dateSkewSeconds: -90 });
      const opened = await open(stage, 'mastodon');
      const campaign = { ...opened, ...(await stage.bringForward(opened)) };
      await waitFor(async () => (await postsOf(stage, campaign, 'mastodon')).length === PEOPLE, {
        timeoutMs: 60_000,
        what: 'the posts',
      });
      expect(await clockHolds(stage, campaign.id)).toEqual([]);
      await sendHeartbeat(stage.instance.ctx);
      const browser = await signedIn(stage);
      const page = await browser.get(`${stage.url}/ops/campaigns/${campaign.slug}`);
      expect(page.text).toMatch(/(−89|−90)(\.\d)? s, say servers that supporters named/);
    });
  });

  it('A2 takes a proof that Bluesky refuses for a wrong clock, and never for a dead permission', async () => {
    const stage = await startStage({ platforms: ['bluesky'] });
    await stage.control.behaviour({ dateSkewSeconds: -3_600 });
    const control = stage.networks.get('bluesky')?.control ?? stage.control;
    const granted = await control.createGrants({ clientId: clientIdAt('bluesky'), count: PEOPLE });
    const campaign = await stage.open();
    await seedPledges(stage.instance.ctx, campaign.id, granted, 'bluesky');
    await uncheck(stage, campaign.id);
    const { db } = stage.instance.ctx;
    const app = await waitFor(
      async () => {
        const check = await db
          .selectFrom('platform_check')
          .selectAll()
          .where('platform', '=', 'bluesky')
          .executeTakeFirst();
        return check?.ok === false && check;
      },
      { timeoutMs: 30_000, what: 'preflight' },
    );
    expect(app.detail).toMatch(/invalid_dpop_proof/);
    const dead = await db
      .selectFrom('credential')
      .select('state')
      .where('campaign_id', '=', campaign.id)
      .execute();
    expect(dead.map(({ state }) => state)).toEqual(['live', 'live', 'live']);
  });
});
