import { expect, test } from 'vitest';
import { migrateAt } from '../../src/store/connection/database.ts';
import { needs, testDatabase, testRedis } from '../support/database.ts';
import { FULL, onlyInFull } from '../support/tier.ts';
import { type ChaosResult, runChaos } from './chaos.ts';
import type { Servers } from './home.ts';
import { ALL_FAULTS, type ChaosOptions, type FaultName } from './options.ts';

/** These need a server of one's own, or longer than a test may take. */
const LEFT_OUT: readonly FaultName[] = ['database', 'database-off', 'redis-off', 'pause'];
const FAULTS = new Set(ALL_FAULTS.filter((name) => !LEFT_OUT.includes(name)));

/** A short run, with a death in it, where there is no time for more. */
const POSTS = FULL ? 300 : 160;
const KILLS = FULL ? 4 : 2;

const NOTHING_BROKEN = {
  ...{ lost: 0, doubled: 0, early: 0, false_failed: 0, false_posted: 0, withdrawn_posted: 0 },
  ...{ unsettled: 0, left_by_sigterm: 0, problems: [] },
};

/** One run, and what it said, for a failure. */
async function run(
  options: Partial<ChaosOptions>,
  servers: Servers | null,
): Promise<[ChaosResult, string]> {
  const said: string[] = [];
  const result = await runChaos(
    {
      ...{ posts: POSTS, kills: KILLS, seed: 20170711, workers: 3, faults: FAULTS, times: null },
      embedded: false,
      ...{ platforms: ['x', 'facebook', 'mastodon', 'bluesky'], withdraw: 10, plainPosts: 0 },
      ...options,
    },
    servers,
    (line) => said.push(line),
    new AbortController().signal,
  );
  return [result, said.join('\n')];
}

async function sharedServers(): Promise<Servers> {
  const database = await testDatabase(migrateAt);
  return { databaseUrl: database.url, redisUrl: (await testRedis()).url, restartDatabase: null };
}

needs('postgres', 'redis')('chaos', () => {
  test(`${POSTS} posts, ${KILLS} kills and a platform in trouble: nothing lost, doubled, early or recorded falsely`, async () => {
    const [result, said] = await run({}, await sharedServers());
    expect(result, said).toMatchObject({
      ...NOTHING_BROKEN,
      ...{ posts: POSTS, kills: KILLS },
      events: { flush: 1, term: 1 },
    });
    expect(result.withdrawals_asked).toBeGreaterThan(0);
    const told = result.posted + result.unconfirmed + result.withdrawn;
    expect(told).toBeGreaterThanOrEqual(POSTS);
  }, 240_000);

  onlyInFull(() => {
    test('R5 with Redis dead throughout, 2 kills and a platform that resets: nothing lost, doubled, early or recorded falsely', async () => {
      const faults = new Set<FaultName>(['redis-dead', 'kill', 'term', 'reset']);
      const options = { posts: 150, kills: 2, workers: 2, faults, withdraw: 0 };
      const [result, said] = await run(
        { ...options, platforms: ['x', 'bluesky'] },
        await sharedServers(),
      );
      expect(result, said).toMatchObject({ ...NOTHING_BROKEN, ...{ posts: 150, kills: 2 } });
      expect(result.posted + result.unconfirmed).toBeGreaterThanOrEqual(150);
    }, 240_000);

    test('E9 one instance on its embedded database, both killed: nothing lost, doubled, early or recorded falsely', async () => {
      const faults = new Set<FaultName>(['kill', 'database', 'term', 'pause', 'reset', '5xx']);
      const options = { posts: 150, kills: 3, workers: 1, embedded: true, faults };
      const [result, said] = await run({ ...options, platforms: ['x', 'mastodon'] }, null);
      expect(result, said).toMatchObject({ ...NOTHING_BROKEN, ...{ posts: 150, kills: 3 } });
      expect(result.events).toMatchObject({ database: 1, term: 1, pause: 1 });
      expect(result.posted + result.unconfirmed + result.withdrawn).toBeGreaterThanOrEqual(150);
    }, 240_000);
  });
});
