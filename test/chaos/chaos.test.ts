import { expect, test } from 'vitest';
import { migrateAt } from '../../src/store/database.ts';
import { needs, testDatabase, testRedis } from '../support/database.ts';
import { runChaos } from './chaos.ts';
import { FAULT_NAMES, type FaultName } from './options.ts';

/** These need a server of one's own, or longer than a test may take. */
const LEFT_OUT: readonly FaultName[] = ['database', 'database-off', 'redis-off', 'pause'];
const FAULTS = new Set(FAULT_NAMES.filter((name) => !LEFT_OUT.includes(name)));

needs('postgres', 'redis')('chaos', () => {
  test('300 posts, 4 kills and a platform in trouble: nothing lost, doubled, early or recorded falsely', async () => {
    const database = await testDatabase(migrateAt);
    const said: string[] = [];
    const result = await runChaos(
      {
        posts: 300,
        kills: 4,
        seed: 20170711,
        workers: 3,
        faults: FAULTS,
        platforms: ['x', 'facebook', 'mastodon', 'bluesky'],
        times: null,
        withdraw: 10,
        plainPosts: 0,
      },
      { databaseUrl: database.url, redisUrl: (await testRedis()).url, restartDatabase: null },
      (line) => said.push(line),
      new AbortController().signal,
    );
    const broken = {
      lost: 0,
      doubled: 0,
      early: 0,
      false_failed: 0,
      false_posted: 0,
      withdrawn_posted: 0,
    };
    expect(result, said.join('\n')).toMatchObject({
      ...broken,
      ...{ posts: 300, kills: 4, unsettled: 0, left_by_sigterm: 0, problems: [] },
      events: { flush: 1, term: 1 },
    });
    expect(result.withdrawals_asked).toBeGreaterThan(0);
    const told = result.posted + result.unconfirmed + result.withdrawn;
    expect(told).toBeGreaterThanOrEqual(300);
  }, 240_000);
});
