import { expect, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { atEnd } from '../support/at-end.ts';
import { needs } from '../support/database.ts';
import { startFleet } from '../support/fleet.ts';
import { firstOf } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres', 'redis')('E1 /readyz of a process without workers', () => {
  it.each(firstOf(['redis', 'postgres'] as const, 1))(
    'goes by what worker processes do, with the queue on %s',
    async (queue) => {
      const fleet = await startFleet(queue);
      const app = await createApp(fleet.ctx);
      atEnd(() => app.close());
      const ask = async () => {
        const answer = await app.inject({ url: '/readyz' });
        const { reasons } = answer.json<{ reasons: { check: string; level: string }[] }>();
        return { status: answer.statusCode, reasons };
      };
      const until = (status: number) =>
        waitFor(async () => (await ask()).status === status, {
          timeoutMs: 60_000,
          everyMs: 250,
          what: `/readyz to say ${status}`,
        });
      expect(await ask()).toMatchObject({
        status: 503,
        reasons: [{ check: 'workers', level: 'red' }],
      });
      const worker = await fleet.worker();
      await until(200);
      await worker.stop('SIGKILL');
      await until(503);
      expect((await ask()).reasons[0]).toMatchObject({ check: 'workers', level: 'red' });
      const next = await fleet.worker();
      // The one that was killed is told of for a minute, and nothing is red any more.
      await until(200);
      expect(await next.stop()).toEqual({ code: 0, signal: null });
    },
    150_000,
  );
});
