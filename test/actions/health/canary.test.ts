import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../../config/config.ts';
import {
  createCanaryRounds,
  describeNoRound,
  endCanaryRound,
} from '../../../src/actions/health/canary.ts';
import { checkReadiness } from '../../../src/actions/health/check-readiness.ts';
import { sendHeartbeat } from '../../../src/actions/upkeep/heartbeat.ts';
import { type Context, createContext } from '../../../src/context.ts';
import { createLogger } from '../../../src/log.ts';
import { migrateAt } from '../../../src/store/connection/database.ts';
import { atEnd } from '../../support/at-end.ts';
import { needs, testDatabase, testRedis } from '../../support/database.ts';
import { startRedisServer, withRedisServer } from '../../support/redis-servers.ts';
import { openRedis } from '../../support/services/redis.ts';
import { tempFolder } from '../../support/temp.ts';
import { waitFor } from '../../support/wait-for.ts';

async function createCanaryContext(redisUrl: string): Promise<Context> {
  const config = loadConfig({
    DATABASE_URL: (await testDatabase(migrateAt)).url,
    DATA_DIR: await tempFolder('canary'),
    REDIS_URL: redisUrl,
    LOG_LEVEL: 'silent',
  });
  const ctx = await createContext(config, createLogger(config), new AbortController().signal);
  atEnd(() => ctx.dispose());
  return ctx;
}

/** What has been asked for was asked for so many seconds earlier. */
const ageCanaries = ({ db }: Context, seconds: number) =>
  sql`update canary set asked_at = asked_at - make_interval(secs => ${seconds}),
    done_at = done_at - make_interval(secs => ${seconds})`.execute(db);

needs('postgres', 'redis')('a canary of a process at rest', () => {
  let ctx: Context;
  let redisUrl: string;
  beforeAll(async () => {
    redisUrl = (await testRedis()).url;
    ctx = await createCanaryContext(redisUrl);
  });

  const waiting = async (): Promise<number> => {
    const counts = [...(await ctx.queues.count()).values()];
    return counts.reduce((sum, count) => sum + (count.waiting ?? 0), 0);
  };

  async function empty(): Promise<void> {
    const redis = await openRedis(redisUrl);
    await redis.flushdb();
    redis.disconnect();
  }

  const age = (seconds: number) => ageCanaries(ctx, seconds);

  it('A3 is sent again at the next call once an emptied Redis has lost it, and else is not', async () => {
    await sendHeartbeat(ctx);
    const round = createCanaryRounds(ctx);
    const queues = ctx.queues.names();
    await round();
    expect(await waiting()).toBe(queues.length);

    await empty();
    await round();
    expect(await waiting()).toBe(0);
    await age(6);
    await round();
    expect(await waiting()).toBe(queues.length);

    await empty();
    for (const queue of queues) await endCanaryRound(ctx, { queue, asker: ctx.workerName });
    await age(6);
    await round();
    expect(await waiting()).toBe(0);
  });

  it('says in which of the places the queue is in which no job goes round', () => {
    const { queues, config } = ctx;
    const place = (change: Partial<Config>): string =>
      describeNoRound({ queues, config: { ...config, ...change } }).split(/, since Redis|: /)[0] ??
      '';
    const start = 'No job goes round the queue in';
    expect(place({})).toBe(`${start} Redis (REDIS_URL)`);
    expect(place({ redisUrl: null })).toBe(
      `${start} PostgreSQL (DATABASE_URL, since REDIS_URL is not set)`,
    );
    expect(place({ redisUrl: null, databaseUrl: null })).toBe(
      `${start} the embedded database (in DATA_DIR, since REDIS_URL and DATABASE_URL are not set)`,
    );
  });
});

needs('postgres')('A3 a Redis whose maxmemory-policy is changed while the process runs', () => {
  withRedisServer('A3 seen by a round of canaries', () => {
    it('A3 is red in readiness with the mend, until it is changed back', async () => {
      const server = await startRedisServer();
      const ctx = await createCanaryContext(server.url);
      await sendHeartbeat(ctx);
      const findQueue = async () =>
        (await checkReadiness(ctx)).findings.find(({ check }) => check === 'queue') ?? null;
      const round = createCanaryRounds(ctx);
      expect(await round()).toBe(true);
      expect(await findQueue()).toBeNull();

      await server.call('CONFIG', 'SET', 'maxmemory', '50mb', 'maxmemory-policy', 'allkeys-lru');
      await ageCanaries(ctx, 6);
      expect(await round()).toBe(false);
      await waitFor(findQueue, { what: 'the finding' });
      expect(await findQueue()).toMatchObject({
        level: 'red',
        what: 'the queue takes no jobs, since Redis drops jobs when its memory is full; every step is done without it',
        mend: 'Set its maxmemory-policy to noeviction; no restart is needed for that.',
      });

      await server.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      await waitFor(round, { what: 'the queues to take their canaries' });
      for (const queue of ctx.queues.names()) {
        await endCanaryRound(ctx, { queue, asker: ctx.workerName });
      }
      await waitFor(async () => (await findQueue()) === null, { what: 'readiness' });
    });
  });
});
