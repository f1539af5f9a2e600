import { Queue } from 'bullmq';
import { expect, it } from 'vitest';
import { CAMPAIGN_QUEUE } from '../../src/queue/jobs.ts';
import { clientIdAt, seedPledges } from '../support/crowd.ts';
import { needs } from '../support/database.ts';
import { type RedisServer, startRedisServer, withRedisServer } from '../support/redis-servers.ts';
import { startStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const PEOPLE = 3;
/** What docs/operators.md asks for, without the commands that reach beyond keys that are named. */
const USER =
  'user tocsin on >word ~{tc}* &* +@all -flushall -flushdb -swapdb -keys -scan -randomkey -dbsize';

/** Every key that is not ours, with what it holds. */
async function others(server: RedisServer): Promise<Record<string, unknown>> {
  const keys = (await server.call('KEYS', '*')) as string[];
  const theirs = keys.filter((key) => !key.startsWith('{tc}:')).sort();
  const held = theirs.map(async (key) => [key, await contentOf(server, key)] as const);
  return Object.fromEntries(await Promise.all(held));
}

/** Of whatever type it is. */
async function contentOf(server: RedisServer, key: string): Promise<unknown> {
  switch (await server.call('TYPE', key)) {
    case 'hash':
      return server.call('HGETALL', key);
    case 'list':
      return server.call('LRANGE', key, '0', '-1');
    case 'zset':
      return server.call('ZRANGE', key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return server.call('XRANGE', key, '-', '+');
    default:
      return server.call('GET', key);
  }
}

needs('postgres')('a Redis that other programs use, too', () => {
  withRedisServer('of one database', () => {
    it('R5 is used under keys of ours alone, and theirs stay as they are', async () => {
      const server = await startRedisServer({ settings: [USER] });
      const { port } = server;
      const theirs = new Queue(CAMPAIGN_QUEUE, { connection: { host: '127.0.0.1', port } });
      await theirs.add('lock', { campaignId: 'theirs' });
      await theirs.add('lock', { campaignId: 'theirs' }, { delay: 1_000 });
      await theirs.close();
      await server.call('SET', 'tc:campaign:meta', 'theirs');
      const before = await others(server);
      expect(Object.keys(before).length).toBeGreaterThan(3);

      const REDIS_URL = `redis://tocsin:word@127.0.0.1:${port}`;
      const stage = await startStage({ environment: { REDIS_URL } });
      const ready = async () => (await fetch(`${stage.url}/readyz`)).status === 200;
      await waitFor(ready, { what: 'a job to go round each queue' });
      const granted = await stage.control.createGrants({
        clientId: clientIdAt('x'),
        count: PEOPLE,
      });
      const campaign = await stage.open();
      await seedPledges(stage.instance.ctx, campaign.id, granted, 'x');
      await stage.bringForward(campaign);
      await waitFor(async () => (await stage.control.posts()).length === PEOPLE, {
        timeoutMs: 60_000,
        what: 'the posts',
      });
      await stage.stop();
      expect(await server.call('ACL', 'LOG')).toEqual([]);
      expect(await others(server)).toEqual(before);
      expect(await server.call('EXISTS', `{tc}:${CAMPAIGN_QUEUE}:meta`)).toBe(1);
    });
  });
});
