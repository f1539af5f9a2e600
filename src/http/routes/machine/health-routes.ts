import type { RouteOptions } from 'fastify';
import { checkReadiness } from '../../../actions/health/check-readiness.ts';
import type { Context } from '../../../context.ts';
import type { Finding } from '../../../domain/health/health.ts';
import { VERSION } from '../../../version.ts';
import { sendProblem } from '../../problem.ts';

/** For process supervisors, load balancers and monitoring. */
export function healthRoutes(ctx: Context): RouteOptions[] {
  return [
    { method: 'GET', url: '/livez', handler: async () => ({ status: 'alive' }) },
    {
      method: 'GET',
      url: '/readyz',
      handler: async (_request, reply) => {
        const { isReady, findings } = await checkReadiness(ctx);
        const reasons = findings.map(reasonOf);
        reply.header('cache-control', 'no-store');
        if (isReady) return { status: reasons.length > 0 ? 'warning' : 'ready', reasons };
        const detail = `${findings[0]?.what}. ${findings[0]?.mend}`;
        return sendProblem(reply, { status: 503, detail, code: 'not_ready', reasons });
      },
    },
    {
      method: 'GET',
      url: '/version',
      handler: async () => ({ name: 'tocsin', version: VERSION }),
    },
  ];
}

/** What everybody may know of a finding; the names of processes and queues are for operators. */
function reasonOf({ check, level, what, since, mend }: Finding) {
  return { check, level, what, since: since.toISOString(), mend };
}
