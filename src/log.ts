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

/** An error that comes again is counted, and the count is told once in so long. Milliseconds. */
const TELL_MS = 60_000;
/** So many different errors are counted apart; beyond that the oldest is forgotten. */
const MAX_ERRORS = 100;

/**
 * Logs an error when it comes for the first time, and then once a minute how often it has come since, for as long as it does. A
 * server that is away would otherwise fill the log with one sentence. `message`: what stands beside it.
 */
export function warnOnce(log: Logger, message: string): (error: Error) => void {
  const known = new Map<string, { again: number; toldAt: number }>();
  return (error) => {
    const { code } = error as NodeJS.ErrnoException;
    // One whose name leads to several addresses has no message of its own.
    const text = error.message || String(code ?? error.name);
    // Ports, slots and times make no other error of it.
    const key = text.replace(/\d+/g, '0');
    const now = performance.now();
    const seen = known.get(key);
    if (seen && now - seen.toldAt < TELL_MS) {
      seen.again += 1;
      return;
    }
    known.delete(key);
    known.set(key, { again: 0, toldAt: now });
    const [oldest] = known.keys();
    if (known.size > MAX_ERRORS && oldest !== undefined) known.delete(oldest);
    log.warn({ error: text, ...(seen && seen.again > 0 && { again: seen.again }) }, message);
  };
}
