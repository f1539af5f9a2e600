import { expect, it } from 'vitest';
import { needs, serviceAt } from '../support/database.ts';
import { countPosts, FAULTLESS, startFleet } from '../support/fleet.ts';
import { type RedisState, startRedisLink } from '../support/redis-link.ts';
import { firstOf, onlyInFull } from '../support/tier.ts';

needs('postgres', 'redis')('A3 a worker process', () => {
  const states: [string, RedisState][] = [
    ['dead', 'gone'],
    ['silent', 'silent'],
    ['a replica', { error: "READONLY You can't write against a read only replica." }],
    ['asking for another password', { error: 'WRONGPASS invalid username-password pair' }],
    ['running no scripts', { error: 'NOPERM this user has no permissions to run that' }],
    ['loading its data', { error: 'LOADING Redis is loading the dataset in memory' }],
  ];
  it.each(firstOf(states, 2))(
    'that starts while Redis is %s posts on time, and stops when asked',
    async (_name, state) => {
      const fleet = await startFleet('postgres');
      const link = await startRedisLink(serviceAt('redis'), state);
      const worker = await fleet.worker({ REDIS_URL: link.url });
      const campaign = await fleet.open(200);
      await fleet.untilSettled(campaign);
      const posts = await fleet.posts(campaign);
      expect(countPosts(campaign, posts)).toEqual(FAULTLESS);
      expect(await fleet.states(campaign)).toEqual({ posted: 200 });
      const last = Math.max(...posts.map(({ at_us }) => at_us / 1_000));
      expect(last - campaign.moment.getTime()).toBeLessThan(5_000);
      const asked = performance.now();
      expect(await worker.stop('SIGTERM', { timeoutMs: 20_000 })).toEqual({
        code: 0,
        signal: null,
      });
      expect(performance.now() - asked).toBeLessThan(10_000);
    },
    90_000,
  );

  onlyInFull(() => {
    it('whose Redis dies, or falls silent, stops when asked', async () => {
      for (const state of ['gone', 'silent'] as const) {
        const fleet = await startFleet('postgres');
        const link = await startRedisLink(serviceAt('redis'));
        const worker = await fleet.worker({ REDIS_URL: link.url });
        await link.turn(state);
        const asked = performance.now();
        expect(await worker.stop('SIGTERM', { timeoutMs: 20_000 })).toEqual({
          code: 0,
          signal: null,
        });
        expect(performance.now() - asked).toBeLessThan(10_000);
      }
    }, 90_000);
  });

  it('takes jobs of a Redis that comes back', async () => {
    const fleet = await startFleet('postgres');
    const link = await startRedisLink(serviceAt('redis'), 'gone');
    const worker = await fleet.worker({ REDIS_URL: link.url });
    await link.turn('open');
    const campaign = await fleet.open(50);
    await fleet.untilSettled(campaign);
    expect(countPosts(campaign, await fleet.posts(campaign))).toEqual(FAULTLESS);
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
  }, 90_000);
});
