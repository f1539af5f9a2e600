import { type Logger as Pino, pino } from 'pino';
import type { Config } from '../config/config.ts';

/** Lines of JSON on stderr, so that stdout is left for what people and scripts read. */
export type Logger = Pino;

/**
 * What goes into a line is chosen where it is written: ids, counts, codes. Never a token, a handle, an address, a text or
 * the path of a request, which may be a secret link. Errors are reduced to their kind and message.
 */
export function createLogger(config: Pick<Config, 'log'>): Logger {
  return pino(
    {
      level: config.log.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        req: (request: { method?: string; routeOptions?: { url?: string } }) => ({
          method: request.method,
          route: request.routeOptions?.url,
        }),
        res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
        err: (error: Error) => ({ kind: error.name, message: error.message, stack: error.stack }),
      },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
