import { expect, it } from 'vitest';
import { needs, serviceAt } from '../support/database.ts';
import { startRedisLink } from '../support/redis-link.ts';
import { startStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres', 'redis')('A3 an instance that starts while Redis is a replica', () => {
  it('A3 starts, is red with the reason, and is well once Redis takes jobs', async () => {
    const link = await startRedisLink(serviceAt('redis'), {
      error: "READONLY You can't write against a read only replica.",
    });
    const { url, instance } = await startStage({ environment: { REDIS_URL: link.url } });
    expect(instance.goesRound).toBe(false);
    const ask = async () => {
      const answer = await fetch(`${url}/readyz`);
      return { status: answer.status, text: await answer.text() };
    };
    const red = await ask();
    expect(red.status).toBe(503);
    expect(red.text).toContain('the queue takes no jobs, since Redis is a replica');
    expect(red.text).not.toContain(new URL(link.url).port);
    await link.turn('open');
    await waitFor(async () => (await ask()).status === 200, { timeoutMs: 60_000, what: 'ready' });
  }, 90_000);
});
