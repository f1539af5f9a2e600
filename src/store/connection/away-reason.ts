import type { AwayReason } from '../../domain/errors.ts';

/** PostgreSQL's codes for what is no silence: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BY_CODE: readonly [RegExp, AwayReason][] = [
  [/^25006$/, 'read-only'],
  [/^53100$/, 'disk-full'],
  [/^53200$/, 'out-of-memory'],
  [/^53300$/, 'no-connections'],
  [/^28/, 'refused'],
];

/** What poolers say, with a code of their own. */
const NO_CONNECTIONS = /too many (clients|connections)|no more connections allowed/;

/** Why the database does not do what it was asked, by its own word. */
export function awayReason({ code = '', message = '' }: AwayCause): AwayReason {
  const [, reason] = BY_CODE.find(([pattern]) => pattern.test(code)) ?? [];
  if (reason !== undefined) return reason;
  return NO_CONNECTIONS.test(message) ? 'no-connections' : 'silent';
}

interface AwayCause {
  code?: string;
  message?: string;
}

/** Follows `the database`. */
export const AWAY_WORDS: Readonly<Record<AwayReason, string>> = {
  silent: 'does not answer',
  'read-only': 'is read-only',
  'disk-full': 'has no room left on its disk',
  'out-of-memory': 'has run out of memory',
  'no-connections': 'has no connection left for us',
  refused: 'does not let us in',
};

/** What is found out by writing alone, since reading goes on meanwhile. */
const OF_WRITES: readonly AwayReason[] = ['disk-full', 'out-of-memory'];
/** Whatever a process does in the records, it writes more often than that. */
const LATELY_MS = 90_000;

/** What the database refused of late. */
export interface LateTrouble {
  note(reason: AwayReason): void;
  /** Null where nothing was refused in the last minute and a half, or nothing that reading would not meet as well. */
  reason(): AwayReason | null;
}

export function createLateTrouble(now: () => number = () => performance.now()): LateTrouble {
  let last: { reason: AwayReason; at: number } | null = null;
  return {
    note: (reason) => {
      if (OF_WRITES.includes(reason)) last = { reason, at: now() };
    },
    reason: () => (last !== null && now() - last.at < LATELY_MS ? last.reason : null),
  };
}
