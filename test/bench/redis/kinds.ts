import { setTimeout as sleep } from 'node:timers/promises';
import type { FrailRedis } from './server.ts';

export const KINDS = [
  'well',
  'killed',
  'flushed',
  'asleep',
  'emptied by a master',
  'full of wrong types',
  'gone in the burst',
  'gone before the lock',
] as const;
export type Kind = (typeof KINDS)[number];

/** What a kind does to a Redis, and how it comes back. */
export interface Play {
  /** So often in one burst, at most; once where it lasts longer than a burst. */
  times: number;
  /** Resolves when the Redis is whole again, or is meant to stay as it is. */
  play(redis: FrailRedis, spare: FrailRedis): Promise<void>;
  /** Never comes back. */
  isGone?: true;
}

/** How long a Redis stays a replica, or has wrong types in it. */
const WRONG_MS = 200;

export const PLAYS: Record<Kind, Play> = {
  // Nothing happens, so that the time of a job tells what the others' are to be compared with.
  well: { times: 5, play: () => sleep(0) },
  killed: {
    times: 20,
    play: async (redis) => {
      await redis.kill();
      await redis.start();
    },
  },
  flushed: { times: 20, play: async (redis) => void (await redis.call('FLUSHALL')) },
  asleep: { times: 1, play: async (redis) => void (await redis.call('DEBUG', 'SLEEP', '30')) },
  'emptied by a master': {
    times: 5,
    play: async (redis, spare) => {
      const { hostname, port } = new URL(spare.url);
      await redis.call('REPLICAOF', hostname, port);
      await untilEmptied(redis);
      await sleep(WRONG_MS);
      await redis.call('REPLICAOF', 'NO', 'ONE');
    },
  },
  'full of wrong types': {
    times: 5,
    play: async (redis) => {
      await redis.call('EVAL', WRONG_TYPES, '0');
      await sleep(WRONG_MS);
      await redis.call('FLUSHALL');
    },
  },
  'gone in the burst': { times: 1, isGone: true, play: (redis) => redis.kill() },
  'gone before the lock': { times: 0, isGone: true, play: (redis) => redis.kill() },
};

/** Every key gets another type, and no other value of use. */
const WRONG_TYPES = `
  for _, key in ipairs(redis.call('KEYS', '*')) do
    local kind = redis.call('TYPE', key).ok
    redis.call('DEL', key)
    if kind == 'string' then redis.call('RPUSH', key, 'wrong') else redis.call('SET', key, 'wrong') end
  end`;

async function untilEmptied(redis: FrailRedis): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(10)) {
    if (String(await redis.call('INFO', 'replication')).includes('master_link_status:up')) return;
  }
  throw new Error('The Redis did not become a replica');
}
