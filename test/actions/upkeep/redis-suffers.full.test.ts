import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Kind, PLAYS } from '../../bench/redis/kinds.ts';
import { createFrailRedis } from '../../bench/redis/server.ts';
import { atEnd } from '../../support/at-end.ts';
import { seedPledges } from '../../support/crowd.ts';
import { needs } from '../../support/database.ts';
import { withRedisServer } from '../../support/redis-servers.ts';
import { startStage } from '../../support/stage.ts';
import { tempFolder } from '../../support/temp.ts';
import { waitFor } from '../../support/wait-for.ts';

const PEOPLE = 200;
/** A second more than the lead of the lock. */
const SOON_MS = 5_000;

/** Those that come back: the others are A3's. */
const KINDS: readonly Kind[] = [
  ...(['killed', 'flushed', 'asleep', 'emptied by a master', 'full of wrong types'] as const),
];

needs('postgres')('R5 a Redis', () => {
  withRedisServer('R5 from before the lock until the last answer, again and again', () => {
    it.each(KINDS)(
      'R5 that is %s loses and doubles nothing',
      async (kind) => {
        const [redis, spare] = [
          await createFrailRedis(tempFolder),
          await createFrailRedis(tempFolder),
        ];
        for (const one of [redis, spare]) {
          await one.start();
          atEnd(() => one.kill());
        }
        const stage = await startStage({
          environment: { REDIS_URL: redis.url, LOCK_LEAD_SECONDS: '4', ARM_LEAD_SECONDS: '3' },
        });
        // Doubles would show, and the burst lasts.
        const latency = { kind: 'lognormal', medianMs: 1_000, sigma: 0.5 } as const;
        await stage.control.behaviour({ refuseDuplicates: false, latency });
        const people = await stage.control.createGrants({ clientId: 'test-app', count: PEOPLE });
        const opened = await stage.open();
        await seedPledges(stage.instance.ctx, opened.id, people);
        const { id, moment } = await stage.bringForward(opened, SOON_MS);
        let plays = 0;
        const playing = (async () => {
          for (const after = moment.getTime() + 1_000; Date.now() < after; await sleep(50)) {
            await PLAYS[kind].play(redis, spare);
            plays++;
          }
        })();
        const { db } = stage.instance.ctx;
        await waitFor(
          async () => {
            const found = await db
              .selectFrom('campaign')
              .select('state')
              .where('id', '=', id)
              .execute();
            return found[0]?.state === 'settled';
          },
          { timeoutMs: 90_000, what: 'the campaign to settle' },
        );
        await playing;
        expect(plays).toBeGreaterThan(0);
        const posts = await stage.control.posts();
        expect(posts).toHaveLength(PEOPLE);
        expect(new Set(posts.map(({ account }) => account)).size).toBe(PEOPLE);
        const first = Math.min(...posts.map(({ at_us }) => at_us / 1_000));
        expect(first).toBeGreaterThanOrEqual(moment.getTime());
      },
      240_000,
    );
  });
});
