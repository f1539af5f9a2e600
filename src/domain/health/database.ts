import type { AwayReason } from '../errors.ts';
import type { Finding } from './health.ts';

/** What /readyz says where the database does nothing for us. */
export function judgeAway(
  reason: AwayReason,
  { isEmbedded, now }: { isEmbedded: boolean; now: Date },
): Finding {
  const [what, mend] = (isEmbedded ? OF_EMBEDDED[reason] : undefined) ?? WORDS[reason];
  return { check: 'database', level: 'red', what, since: now, mend, about: [] };
}

type Words = readonly [what: string, mend: string];

const NO_RESTART = 'no restart is needed.';
const FULL = 'the database has no room left on its disk, so nothing can be written down or sent';
const NO_MEMORY = 'the database has run out of memory, and refuses what it is asked';

const WORDS: Readonly<Record<AwayReason, Words>> = {
  silent: [
    'the database does not answer',
    'See whether PostgreSQL runs, takes connections and has room on its disk, and whether DATABASE_URL is right.',
  ],
  'read-only': [
    'the database is read-only, so nothing can be written down or sent',
    `Let DATABASE_URL name the primary, or switch default_transaction_read_only off; ${NO_RESTART}`,
  ],
  'disk-full': [FULL, `Make room on the disk of the PostgreSQL server; ${NO_RESTART}`],
  'out-of-memory': [
    NO_MEMORY,
    `Give the machine of the PostgreSQL server more memory, or lower max_connections or work_mem there; ${NO_RESTART}`,
  ],
  'no-connections': [
    'the database has no connection left for us',
    `End what uses them, or raise max_connections of PostgreSQL, the limit of the user or database, or that of the pooler; ${NO_RESTART}`,
  ],
  refused: [
    'the database does not let us in',
    'See whether user and password in DATABASE_URL are still right, and what pg_hba.conf says; start again after a change of DATABASE_URL.',
  ],
};

/** Where other words are true of the embedded database. */
const OF_EMBEDDED: Readonly<Partial<Record<AwayReason, Words>>> = {
  silent: [
    'the database does not answer',
    'The embedded PostgreSQL is started again by itself, and the log says what becomes of it; see whether the disk of DATA_DIR has room.',
  ],
  'disk-full': [FULL, `Make room on the disk of DATA_DIR; ${NO_RESTART}`],
  'out-of-memory': [NO_MEMORY, `Give this machine more memory, or end what uses it; ${NO_RESTART}`],
};
