import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { beforeAll, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.ts';
import { needs } from '../support/database.ts';
import { countPosts, FAULTLESS, type Fleet, startFleet, TAKES_ALL } from '../support/fleet.ts';
import { type RedisLink, startRedisLink } from '../support/redis-link.ts';
import { openRedis, startRedis } from '../support/services/redis.ts';
import { waitFor } from '../support/wait-for.ts';

const PEOPLE = 600;

/** A burst that is long enough to be met in its middle. */
const SLOW = { ...TAKES_ALL, latency: { kind: 'fixed', medianMs: 150 } } as const;

/** What happens to Redis while posts go out, and how it is undone. */
interface Parts {
  redis: Redis;
  link: RedisLink;
  emptyPort: number;
}
type Fault = (parts: Parts) => Promise<(() => Promise<unknown>) | undefined>;

const FAULTS: Record<string, Fault> = {
  'is killed twenty times, and starts empty each time': async ({ redis, link }) => {
    for (let i = 0; i < 20; i++) {
      await link.turn('gone');
      await redis.flushall();
      await sleep(25);
      await link.turn('open');
      await sleep(25);
    }
    return undefined;
  },
  'is emptied twenty times': async ({ redis }) => {
    for (let i = 0; i < 20; i++) {
      await redis.flushall();
      await sleep(50);
    }
    return undefined;
  },
  'sleeps for ten seconds': async ({ redis }) => {
    await redis.call('CLIENT', 'PAUSE', '10000', 'ALL');
    return undefined;
  },
  'becomes the replica of an empty one': async ({ redis, emptyPort }) => {
    await redis.replicaof('127.0.0.1', emptyPort);
    return () => redis.call('REPLICAOF', 'NO', 'ONE');
  },
  'holds values of wrong types': async ({ redis }) => {
    for (let i = 0; i < 20; i++) {
      for (const key of await redis.keys('{tc}:*')) await redis.set(key, 'wrong');
      await sleep(50);
    }
    return () => redis.flushall();
  },
  'is gone for good': async ({ link }) => {
    await link.turn('gone');
    return () => link.turn('open');
  },
};

needs('postgres', 'redis')('R5 a burst whose Redis', () => {
  let fleet: Fleet;
  let parts: Parts;
  beforeAll(async () => {
    const [server, empty] = [await startRedis(), await startRedis()];
    atEnd(() => Promise.all([server.stop(), empty.stop()]));
    const redis = await openRedis(server.url);
    atEnd(() => redis.disconnect());
    const emptyUrl = new URL(empty.url);
    // A replica signs in at its master.
    await redis.config('SET', 'masterauth', emptyUrl.password);
    const link = await startRedisLink(server.url);
    parts = { redis, link, emptyPort: Number(emptyUrl.port) };
    fleet = await startFleet('postgres');
    await fleet.control.behaviour(SLOW);
    for (let i = 0; i < 2; i++) await fleet.worker({ REDIS_URL: link.url });
  });

  it.each(Object.keys(FAULTS))(
    '%s is finished: nothing lost, doubled or early',
    async (name) => {
      const campaign = await fleet.open(PEOPLE);
      const seen = async () => (await fleet.posts(campaign)).length > 0;
      await waitFor(seen, { timeoutMs: 60_000, everyMs: 5, what: 'the first post' });
      const undo = await FAULTS[name]?.(parts);
      await fleet.untilSettled(campaign, 120_000);
      await undo?.();
      expect(countPosts(campaign, await fleet.posts(campaign))).toEqual(FAULTLESS);
      expect(await fleet.states(campaign)).toEqual({ posted: PEOPLE });
    },
    240_000,
  );

  it('is back has jobs going round again', async () => {
    const canaries = async () =>
      fleet.ctx.db.selectFrom('canary').select(['done_at', 'refused_at']).execute();
    const since = Date.now();
    await fleet.open(1);
    const isBack = async () =>
      (await canaries()).every(
        ({ done_at, refused_at }) => refused_at === null && (done_at?.getTime() ?? 0) > since,
      );
    await waitFor(isBack, { timeoutMs: 90_000, what: 'a job to go round each queue' });
    expect((await canaries()).length).toBeGreaterThan(0);
  }, 120_000);
});
