import type { RouteOptions } from 'fastify';
import { isReady } from '../../actions/check-readiness.ts';
import type { Context } from '../../context.ts';
import { VERSION } from '../../version.ts';
import { sendProblem } from '../problem.ts';

/** For whoever watches over the process. */
export function healthRoutes(ctx: Context): RouteOptions[] {
  return [
    { method: 'GET', url: '/livez', handler: async () => ({ status: 'alive' }) },
    {
      method: 'GET',
      url: '/readyz',
      handler: async (_request, reply) => {
        if (await isReady(ctx)) return { status: 'ready' };
        return sendProblem(reply, { status: 503, detail: 'The database does not answer' });
      },
    },
    {
      method: 'GET',
      url: '/version',
      handler: async () => ({ name: 'tocsin', version: VERSION }),
    },
  ];
}
