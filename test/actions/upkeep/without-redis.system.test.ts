import { beforeAll, expect, it } from 'vitest';
import { seedPledges } from '../../support/crowd.ts';
import { needs, testRedis } from '../../support/database.ts';
import { type RedisLink, type RedisState, startRedisLink } from '../../support/redis-link.ts';
import { openRedis } from '../../support/services/redis.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { firstOf } from '../../support/tier.ts';
import { waitFor } from '../../support/wait-for.ts';

const PEOPLE = 60;
/**
 * Each of the steps to the moment may be lost with its job, and is then done by the sweep some seconds later: a lead that is shorter than that
 * for all of them, as no instance has it, would make posts late on a busy machine.
 */
const LEADS = { LOCK_LEAD_SECONDS: '12', ARM_LEAD_SECONDS: '11' };
/** A second more than the lead of the lock. */
const SOON_MS = 13_000;

/** What a Redis may be from before the lock until after the end. */
const STATES: [string, RedisState][] = [
  ['dead', 'gone'],
  ['read-only', { error: "READONLY You can't write against a read only replica." }],
  ['silent', 'silent'],
  ['none at all', 'garbage'],
  ['a node of a cluster', { error: 'MOVED 1234 127.0.0.1:1' }],
  ['loading', { error: 'LOADING Redis is loading the dataset in memory' }],
  ['out of memory', { error: "OOM command not allowed when used memory > 'maxmemory'." }],
  ['closed to us', { error: 'NOAUTH Authentication required.' }],
];

needs('postgres', 'redis')('A3 an instance whose Redis', () => {
  let stage: TestStage;
  let link: RedisLink;
  beforeAll(async () => {
    link = await startRedisLink((await testRedis()).url);
    stage = await startStage({
      environment: {
        REDIS_URL: link.url,
        ...LEADS,
      },
    });
    await stage.control.behaviour({ refuseDuplicates: false });
  });

  async function open(): Promise<{ campaign: OpenedCampaign; accounts: Set<string> }> {
    const { ctx } = stage.instance;
    const people = await stage.control.createGrants({ clientId: 'test-app', count: PEOPLE });
    const campaign = await stage.open();
    await seedPledges(ctx, campaign.id, people);
    return { campaign, accounts: new Set(people.map(({ id }) => id)) };
  }

  async function stateOf({ id }: OpenedCampaign): Promise<string | undefined> {
    const { db } = stage.instance.ctx;
    const found = await db.selectFrom('campaign').select('state').where('id', '=', id).execute();
    return found[0]?.state;
  }

  /** Brings the moment near and sees the campaign to its end: one post each, on time. */
  async function expectOnTime(opened: Awaited<ReturnType<typeof open>>): Promise<void> {
    const campaign = await stage.bringForward(opened.campaign, SOON_MS);
    await waitFor(async () => (await stateOf(campaign)) === 'settled', {
      timeoutMs: 60_000,
      what: 'the campaign to settle',
    });
    const posts = (await stage.control.posts()).filter(({ account }) =>
      opened.accounts.has(account),
    );
    expect(posts).toHaveLength(PEOPLE);
    expect(new Set(posts.map(({ account }) => account)).size).toBe(PEOPLE);
    const late = posts.map((post) => post.at_us / 1_000 - campaign.moment.getTime());
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    // Far more than a busy machine needs, and far less than it takes until a queue that hangs is given up.
    expect(Math.max(...late)).toBeLessThan(5_000);
  }

  it.each(firstOf(STATES, 2))('is %s sends everything on time', async (_name, state) => {
    const opened = await open();
    await link.turn(state);
    try {
      await expectOnTime(opened);
    } finally {
      await link.turn('open');
    }
  });

  it('forgets everything again and again sends everything on time', async () => {
    const redis = await openRedis(link.url);
    const forgetting = setInterval(() => void redis.flushdb().catch(() => undefined), 50);
    try {
      await expectOnTime(await open());
    } finally {
      clearInterval(forgetting);
      redis.disconnect();
    }
  });
});
