import type pg from 'pg';
import { ConfigurationError } from '../domain/errors.ts';

/** What a setting of the server, the database or the user does to us. */
interface Setting {
  name: string;
  /** What our sessions have. */
  ours: string;
  /** Values for which that matters; null: every other. */
  only: string | null;
  /** Why it cannot be as it is; null where it only gets in the way. */
  why: string | null;
}

/** By its defaults PostgreSQL has these values; hosts and operators change some of them for the other programs that use a server. */
const SETTINGS: readonly Setting[] = [
  {
    ...{ name: 'synchronous_commit', ours: 'on', only: 'off' },
    why: 'a crash of PostgreSQL would forget which posts have gone out, and they would go out twice',
  },
  {
    ...{ name: 'session_replication_role', ours: 'origin', only: null },
    why: 'the ledger could be changed afterwards',
  },
  {
    ...{ name: 'default_transaction_isolation', ours: 'read committed', only: null },
    why: 'steps that meet each other would fail',
  },
  { name: 'DateStyle', ours: 'ISO, MDY', only: null, why: 'times could not be read' },
  { name: 'IntervalStyle', ours: 'postgres', only: null, why: 'times could not be read' },
  { name: 'extra_float_digits', ours: '1', only: null, why: 'times would not be exact' },
  // To lock a large campaign, or to migrate, takes as long as it takes.
  ...['statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_session_timeout'].map(
    (name) => ({ name, ours: '0', only: null, why: null }),
  ),
];

/** Whether a value, as SQL, is one that we change. */
const isOther = (value: string): string =>
  `${value} is not null and ${value} is distinct from n.ours and (n.bad is null or ${value} = n.bad)`;
const ROWS = SETTINGS.map(
  ({ name, ours, only }) => `('${name}', '${ours}', ${only ? `'${only}'` : 'null'})`,
);
const OURS = `(values ${ROWS.join(', ')}) as n(name, ours, bad)`;

/**
 * The first statements of each session: what our promises stand on is as we need it, whatever others have set. Where the user's search_path
 * leads nowhere, our tables are where they are by default.
 */
export const SESSION = `
  select set_config(n.name, n.ours, false) from ${OURS} where ${isOther('current_setting(n.name, true)')};
  select set_config('search_path', 'public', false) where current_schema() is null`;

/**
 * Behind a pooler that lends a connection for one transaction at a time our settings are lost, and those of the user hold.
 * @throws ConfigurationError where one of them breaks a promise.
 */
export async function requireSettings(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; value: string }>(`
    select n.name, s.reset_val as value from ${OURS} join pg_settings s on s.name = n.name where ${isOther('s.reset_val')}`);
  for (const { name, value } of rows) {
    const setting = SETTINGS.find((one) => one.name === name);
    if (!setting?.why) continue;
    throw new ConfigurationError(
      `DATABASE_URL: ${name} is ${value} for this user, with which ${setting.why}, and behind a pooler in transaction mode it is not ours to change; say alter role NAME set ${name} = '${setting.ours}', or name a pool in session mode`,
    );
  }
}

/** @throws ConfigurationError where the database has no letters for most languages: it fails when the first of them comes. */
export async function requireUnicode(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('show server_encoding');
  const encoding = rows[0]?.server_encoding ?? '';
  // The latter takes bytes as they come, which are UTF-8.
  if (['UTF8', 'SQL_ASCII'].includes(encoding)) return;
  throw new ConfigurationError(
    `DATABASE_URL: the database is in ${encoding}, which has letters for some languages only; make one in UTF-8: createdb --template=template0 --encoding=UTF8 NAME`,
  );
}
