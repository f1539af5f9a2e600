import { beforeAll, expect, it } from 'vitest';
import type { PlainBrowser } from '../support/browser.ts';
import { giveBack, needs, takeAway, testRedis } from '../support/database.ts';
import { type RedisLink, type RedisState, startRedisLink } from '../support/redis-link.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { firstOf } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';
import { caller } from './api.ts';
import { signedIn } from './operator.ts';

const TOKEN = 'a-token-for-the-test-alone';

interface Body {
  status: string | number;
  reasons: { check: string; level: string; what: string; since: string; mend: string }[];
}

needs('postgres', 'redis')('E1 /readyz', () => {
  let stage: TestStage;
  let link: RedisLink;
  let operator: PlainBrowser;
  beforeAll(async () => {
    link = await startRedisLink((await testRedis()).url);
    stage = await startStage({ environment: { REDIS_URL: link.url, METRICS_TOKEN: TOKEN } });
    operator = await signedIn(stage);
    // So near that the queues are looked at every few seconds.
    await stage.open({ inMs: 1_800_000 });
  });

  async function ask(): Promise<{ status: number; type: string; body: Body }> {
    const answer = await fetch(`${stage.url}/readyz`);
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, type, body: (await answer.json()) as Body };
  }
  const until = (status: number) =>
    waitFor(async () => (await ask()).status === status, {
      timeoutMs: 60_000,
      everyMs: 200,
      what: `/readyz to say ${status}`,
    });

  it('says ready once a job has gone round each queue', async () => {
    expect(stage.instance.goesRound).toBe(true);
    await until(200);
    expect(await ask()).toMatchObject({ status: 200, body: { reasons: [] } });
    const page = await operator.get(`${stage.url}/ops`);
    expect(page.html).not.toContain('data-finding');
  });

  const troubles: [string, RedisState][] = [
    ['is gone', 'gone'],
    ['takes nothing', { error: 'MOVED 1234 127.0.0.1:1' }],
  ];
  it.each(firstOf(troubles, 1))(
    'is red, with reason and mend, while Redis %s, and so is the desk',
    async (_name, state) => {
      await link.turn(state);
      try {
        await until(503);
        const { type, body } = await ask();
        expect(type).toContain('application/problem+json');
        expect(body).toMatchObject({ status: 503, code: 'not_ready' });
        const [reason] = body.reasons;
        expect(reason).toMatchObject({ check: 'queue', level: 'red' });
        expect(reason?.mend).toContain('REDIS_URL');
        expect(Date.now() - Date.parse(reason?.since ?? '')).toBeLessThan(60_000);
        // Everybody may read it, so it names no process and no address.
        const said = JSON.stringify(body);
        for (const secret of [stage.instance.ctx.workerName, new URL(link.url).port]) {
          expect(said).not.toContain(secret);
        }
        const desk = await operator.get(`${stage.url}/ops`);
        expect(desk.html).toContain('data-finding="queue" data-level="red"');
        expect(desk.html).toContain('fire-x');
        const { text } = await caller(stage.url, `Bearer ${TOKEN}`).get('/metrics');
        expect(text).toContain('tocsin_ready 0');
        expect(text).toContain('tocsin_findings{check="queue",level="red"} 1');
        expect((await fetch(`${stage.url}/livez`)).status).toBe(200);
      } finally {
        await link.turn('open');
      }
      await until(200);
    },
  );

  it('is red while the database is away', async () => {
    const url = stage.instance.ctx.config.databaseUrl?.reveal() ?? '';
    await takeAway(url);
    try {
      await until(503);
      expect((await ask()).body.reasons).toMatchObject([{ check: 'database', level: 'red' }]);
      expect((await fetch(`${stage.url}/livez`)).status).toBe(200);
    } finally {
      await giveBack(url);
    }
    await until(200);
  });
});
