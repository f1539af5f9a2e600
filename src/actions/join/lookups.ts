import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { type LocatorProblem, LocatorRejected } from '../../domain/account-locator.ts';

/** How much we ask of servers that visitors name. */
const LIMITS = {
  /** Under way at once, in one process. */
  atOnce: 100,
  /** For all the requests that one answer takes. */
  answerMs: 20_000,
  /** After this many failures of one kind in a row a name is not asked again for a while. */
  failures: 3,
  restMs: { passing: 60_000, other: 5 * 60_000 },
  /** The names that are remembered; the one that failed longest ago is forgotten first. */
  names: 5_000,
} as const;

/** Soon over, as a rule. */
const PASSES: ReadonlySet<LocatorProblem> = new Set(['unreachable', 'lookup_failed']);

/** Another text may be short enough; and the other name is what was looked for. */
const LEADS_ON: ReadonlySet<LocatorProblem> = new Set([
  ...(['text_too_long', 'other_name', 'reads_markup'] as const),
]);

/** As many servers are being asked as may be at once; try again in a moment. */
export class LookupsBusy extends Error {
  override readonly name = 'LookupsBusy';
}

/** Asks servers that visitors name, each of them no more than a few times while it leads nowhere. */
export interface Lookups {
  /**
   * @throws LocatorRejected of the last answer, where this name has led nowhere lately; LookupsBusy; whatever `ask` throws.
   */
  ask<T>(platform: string, name: string, ask: () => Promise<T>): Promise<T>;
}

interface Failure {
  problem: LocatorProblem;
  times: number;
  /** Milliseconds, of the process's own clock. */
  until: number;
}

const known = new WeakMap<Context, Lookups>();

/** Those of a process. Names are kept in its memory alone, and as a hash under a key that is kept nowhere. */
export function getLookups(ctx: Context): Lookups {
  const found = known.get(ctx);
  if (found) return found;
  const made = createLookups(() => performance.now());
  known.set(ctx, made);
  return made;
}

export function createLookups(now: () => number): Lookups {
  const key = randomBytes(32);
  const failures = new Map<string, Failure>();
  let underWay = 0;
  const remember = (id: string, problem: LocatorProblem): void => {
    const last = failures.get(id);
    const same = last?.problem === problem && last.until > now();
    const times = same ? last.times + 1 : 1;
    const { restMs, names } = LIMITS;
    const rest = PASSES.has(problem) ? restMs.passing : restMs.other;
    failures.delete(id);
    failures.set(id, { problem, times, until: now() + rest });
    const [oldest] = failures.size > names ? failures.keys() : [];
    if (oldest !== undefined) failures.delete(oldest);
  };
  return {
    async ask(platform, name, ask) {
      const id = createHmac('sha256', key).update(`${platform} ${name}`).digest('base64url');
      const last = failures.get(id);
      if (last && last.until > now() && last.times >= LIMITS.failures) {
        throw new LocatorRejected(last.problem, 'it has led nowhere lately');
      }
      if (underWay >= LIMITS.atOnce) throw new LookupsBusy();
      underWay += 1;
      const asked = ask();
      const over = (): void => {
        underWay -= 1;
      };
      // What takes too long is still under way.
      asked.then(over, over);
      try {
        const answer = await inTime(asked);
        failures.delete(id);
        return answer;
      } catch (error) {
        if (error instanceof LocatorRejected && !LEADS_ON.has(error.problem)) {
          remember(id, error.problem);
        }
        throw error;
      }
    },
  };
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = setTimeout(LIMITS.answerMs, undefined, { signal: timer.signal }).then(() => {
    throw new LocatorRejected('unreachable', 'it took too long');
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
