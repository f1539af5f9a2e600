import { parseRedisUrl } from '../../../config/redis-url.ts';
import type { Context } from '../../context.ts';
import { ConfigurationError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/health/health.ts';
import { probeRedis } from '../../queue/redis-probe.ts';

/** Looks at Redis from this process, for a few seconds at most: what keeps it from taking jobs, with its address; null where nothing does. */
export async function diagnoseRedis(ctx: Context): Promise<Finding | null> {
  const { redisUrl } = ctx.config;
  if (redisUrl === null) return null;
  const since = new Date(ctx.clock.now());
  const found = { check: 'queue', level: 'red', since, about: [] } as const;
  try {
    const probed = await probeRedis(parseRedisUrl(redisUrl.reveal()));
    if (probed.state === 'there') return null;
    const what = `the queue takes no jobs, since ${probed.now.why}; every step is done without it`;
    return { ...found, what, mend: probed.reason.message };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { ...found, what: 'with this REDIS_URL nothing can be started', mend: error.message };
  }
}
