import { beforeAll, expect, it } from 'vitest';
import type { PlainBrowser } from '../support/browser.ts';
import { seedPledges } from '../support/crowd.ts';
import { needs, testRedis } from '../support/database.ts';
import { type RedisLink, startRedisLink } from '../support/redis-link.ts';
import { openRedis } from '../support/services/redis.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Caller, keyHolder } from './api.ts';
import { signedIn } from './operator.ts';

const PEOPLE = 400;

interface Delivery {
  state: string;
  pledges: number;
  totals: Record<string, number>;
}

const UNDER_WAY = ['pending', 'armed', 'sending', 'waiting'];
const isOver = ({ totals }: Delivery): boolean => UNDER_WAY.every((state) => totals[state] === 0);

const sum = (counts: Iterable<number>): number =>
  [...counts].reduce((total, one) => total + one, 0);

needs('postgres', 'redis')('R20 the figures of a delivery', () => {
  let stage: TestStage;
  let link: RedisLink;
  let api: Caller;
  let operator: PlainBrowser;
  beforeAll(async () => {
    link = await startRedisLink((await testRedis()).url);
    stage = await startStage({ environment: { REDIS_URL: link.url, SHARD_SIZE: '50' } });
    api = await keyHolder(stage.instance.ctx, stage.url, 'integrator');
    operator = await signedIn(stage);
    await stage.control.behaviour({
      refuseDuplicates: false,
      latency: { kind: 'lognormal', medianMs: 500, sigma: 0.8 },
      errorRates: { status429User: 0.05, status503: 0.05 },
      forcedResetSeconds: 2,
    });
  });

  it('add up at every look while Redis is emptied, dies and comes back, and tell what the network has', async () => {
    const { ctx } = stage.instance;
    const people = await stage.control.createGrants({ clientId: 'test-app', count: PEOPLE });
    const opened = await stage.open();
    await seedPledges(ctx, opened.id, people);
    const campaign = await stage.bringForward(opened);
    const redis = await openRedis((await testRedis()).url);
    const samples: Delivery[] = [];
    let turns = 0;
    const trouble = async (): Promise<void> => {
      turns += 1;
      if (turns % 3 === 0) await redis.flushdb();
      else await link.turn(turns % 3 === 1 ? 'gone' : 'open');
    };
    try {
      await waitFor(
        async () => {
          const answer = await api.get(`/api/v1/campaigns/${campaign.slug}/delivery`);
          const delivery = answer.body as unknown as Delivery;
          samples.push(delivery);
          // Looked at later, so it may only be as much or more.
          const made = (await stage.control.posts()).length;
          expect(delivery.totals.posted ?? 0).toBeLessThanOrEqual(made);
          if (samples.length % 2 === 0) await trouble();
          if (samples.length % 4 === 0) await expectSameOnDesk(campaign.slug);
          // The result stands before those that wait have been tried again.
          return delivery.state === 'settled' && isOver(delivery);
        },
        { timeoutMs: 90_000, everyMs: 50, what: 'the campaign to settle' },
      );
    } finally {
      redis.disconnect();
      await link.turn('open');
    }
    const owing = samples.filter(({ state }) => !['open', 'locked'].includes(state));
    expect(owing.length).toBeGreaterThan(5);
    expect(turns).toBeGreaterThan(2);
    for (const { totals, pledges } of owing) {
      expect(pledges).toBe(PEOPLE);
      expect(sum(Object.values(totals))).toBe(PEOPLE);
    }
    for (const { totals } of samples) expect([0, PEOPLE]).toContain(sum(Object.values(totals)));
    const last = owing.at(-1)?.totals;
    const posted = new Set((await stage.control.posts()).map(({ account }) => account)).size;
    expect(last?.posted).toBe(posted);
  }, 150_000);

  async function expectSameOnDesk(slug: string): Promise<void> {
    const page = await operator.get(`${stage.url}/ops/campaigns/${slug}`);
    const shown = [...page.html.matchAll(/data-total="\w+" data-value="(\d+)"/g)];
    expect([0, PEOPLE]).toContain(sum(shown.map(([, value]) => Number(value))));
  }
});
