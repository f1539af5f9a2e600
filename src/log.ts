import { type LoggerOptions, type Logger as Pino, pino } from 'pino';
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
      hooks: countRepeats(),
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

/** Says at the level debug how far a start is, and after how much time and work of this process, in milliseconds. */
export function logStart(log: Logger, done: string): void {
  const { user, system } = process.cpuUsage();
  const cpuMs = Math.round((user + system) / 1_000);
  log.debug({ done, atMs: Math.round(performance.now()), cpuMs }, 'start');
}

/** A warning that comes again is counted, and the count is logged once in this time. Milliseconds. */
const TELL_MS = 60_000;
/** The most different warnings that are counted apart; beyond that the oldest is forgotten. */
const MAX_WARNINGS = 200;

/**
 * Counts what is said again and again. Returns how often it has been said unheard when it is to be logged now, and null when it was
 * logged within the last minute.
 */
export function createRepeats(now: () => number): (what: string) => number | null {
  const known = new Map<string, { again: number; toldAt: number }>();
  return (what) => {
    // Ports, slots and times make no other warning of it.
    const key = what.replace(/\d+/g, '0');
    const seen = known.get(key);
    if (seen && now() - seen.toldAt < TELL_MS) {
      seen.again += 1;
      return null;
    }
    known.delete(key);
    known.set(key, { again: 0, toldAt: now() });
    const [oldest] = known.keys();
    if (known.size > MAX_WARNINGS && oldest !== undefined) known.delete(oldest);
    return seen?.again ?? 0;
  };
}

/**
 * A warning about an error (`{ error, … }, message`) is logged when it comes for the first time, and then once a minute with how often it
 * has come again, for as long as it does: a server that is away would fill the log with one sentence.
 */
function countRepeats(): NonNullable<LoggerOptions['hooks']> {
  const repeats = createRepeats(() => performance.now());
  return {
    logMethod(args, method, level) {
      const [fields, message] = args as unknown as [unknown, unknown];
      if (level !== WARN || !isAboutError(fields)) return method.apply(this, args);
      const again = repeats(`${message} ${JSON.stringify(fields)}`);
      if (again === null) return undefined;
      const told = again > 0 ? { ...fields, again } : fields;
      return method.apply(this, [told, message] as unknown as typeof args);
    },
  };
}

const WARN = 40;

function isAboutError(fields: unknown): fields is { error: string } {
  return typeof (fields as { error?: unknown } | null)?.error === 'string';
}
