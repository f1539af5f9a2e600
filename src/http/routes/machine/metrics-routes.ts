import { createHash, timingSafeEqual } from 'node:crypto';
import type { RouteOptions } from 'fastify';
import { readMetrics } from '../../../actions/health/read-metrics.ts';
import type { Context } from '../../../context.ts';
import { sendTooMany } from '../../guards.ts';
import { getGate } from '../../limits/gate.ts';
import { sendProblem } from '../../problem.ts';

/**
 * For Prometheus and what reads its format. Exact sums say when people join, so only who has METRICS_TOKEN may read them, and
 * without one there is nothing at this address.
 */
export function metricsRoutes(ctx: Context): RouteOptions[] {
  const token = ctx.config.http.metricsToken;
  if (token === null) return [];
  // Loaded only where someone collects metrics.
  const loading = import('../../metrics.ts').then(({ createExposition }) => createExposition());
  return [
    {
      method: 'GET',
      url: '/metrics',
      schema: { hide: true },
      handler: async (request, reply) => {
        if (!isSame(request.headers.authorization ?? '', `Bearer ${token.reveal()}`)) {
          const rest = request.headers.authorization ? getGate(ctx).countMiss(request) : null;
          if (rest !== null) return sendTooMany(reply, rest);
          const detail = 'Send METRICS_TOKEN as "Authorization: Bearer TOKEN"';
          reply.header('www-authenticate', 'Bearer');
          return sendProblem(reply, { status: 401, detail });
        }
        const exposition = await loading;
        const text = await exposition.expose(await readMetrics(ctx));
        return reply.type(exposition.contentType).header('cache-control', 'no-store').send(text);
      },
    },
  ];
}

/** Takes as long for any two texts. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
