import pg from 'pg';
import { ConfigurationError } from '../domain/errors.ts';
import { type Need, roomier } from './refusal.ts';

/** How the connection that hears notifications of a process is named: by how many connections that process may open. */
export function listenerName(connections: number): string {
  return `tocsin ${connections}`;
}

/** How the others are named. */
export const POOL_NAME = 'tocsin';

interface Limit {
  what: string;
  most: number;
  used: number;
  /** What other processes of Tocsin have not opened yet, and may. */
  owed: number;
}

/**
 * Counts the connections that are free for this process, against the server's limit, the user's and the database's.
 * @throws ConfigurationError when they are not enough: one line that says how many are needed, and the mend.
 */
export async function requireRoom(client: pg.ClientBase, need: Need): Promise<void> {
  for (const limit of await readLimits(client)) {
    const { what, most, used, owed } = limit;
    const free = most - used - owed;
    if (free >= need.connections) continue;
    const held = owed > 0 ? `, ${owed} kept for other processes of Tocsin` : '';
    throw new ConfigurationError(
      `DATABASE_URL: this process needs ${need.connections} connections, and ${Math.max(free, 0)} are free (${what}: ${most}, ${used} in use${held}); raise that limit${need.withRedis === null ? ' or' : ','} end what uses them${roomier(need)}`,
    );
  }
}

const LIMITS = `
  with me as (select oid, rolsuper, rolconnlimit from pg_roles where rolname = session_user),
  sessions as (
    select usesysid = (select oid from me) as mine, datname = current_database() as here,
      case when application_name ~ '^tocsin \\d+$' then substr(application_name, 8)::int else 0 end as of_process,
      application_name ~ '^tocsin( \\d+)?$' as ours
    from pg_stat_activity
    -- Whose type is not shown is another user's.
    where datid is not null
      -- The connection that asks is one of those that are needed.
      and pid <> pg_backend_pid()
      and coalesce(backend_type, 'client backend') = 'client backend'
  ),
  counted as (
    select scope,
      count(*) filter (where fits) as used,
      greatest(0, coalesce(sum(of_process) filter (where fits), 0) - count(*) filter (where fits and ours)) as owed
    from (values ('server'), ('role'), ('database')) as scopes(scope) left join (
      select of_process, ours, of, fits
      from sessions, lateral (values ('server', true), ('role', mine), ('database', here)) as by(of, fits)
    ) as seen on of = scope
    group by scope
  )
  select scope, used::int, owed::int, rolsuper as super,
    case scope
      when 'server' then current_setting('max_connections')::int - case when rolsuper then 0 else
        current_setting('superuser_reserved_connections')::int
        + coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int end
      when 'role' then rolconnlimit
      else (select datconnlimit from pg_database where datname = current_database())
    end as most
  from counted, me`;

interface Counted {
  scope: 'server' | 'role' | 'database';
  used: number;
  owed: number;
  super: boolean;
  most: number;
}

async function readLimits(client: pg.ClientBase): Promise<Limit[]> {
  const { rows } = await client.query<Counted>(LIMITS);
  return rows.flatMap(({ scope, used, owed, most, super: isSuper }) => {
    // -1: no limit. A superuser is held to none of these two.
    if (scope !== 'server' && (most < 0 || isSuper)) return [];
    const what = {
      server: 'max_connections without those reserved',
      role: 'connection limit of the user',
      database: 'connection limit of the database',
    }[scope];
    return { what, most, used, owed };
  });
}

/** A pooler hands out at least so many within this time, or it does not have them. Milliseconds. */
const POOLER_MS = 5_000;

/**
 * Opens all connections at once, through a pooler that gives each of them a connection of its own: how many it has cannot be asked.
 * @throws ConfigurationError when it gives fewer.
 */
export async function requirePooled(url: string, need: Need): Promise<void> {
  // One is the caller's.
  const clients = Array.from(
    { length: need.connections - 1 },
    () => new pg.Client({ connectionString: url, connectionTimeoutMillis: POOLER_MS }),
  );
  let given = 1;
  const late = new AbortController();
  const opening = clients.map(async (client) => {
    client.on('error', () => undefined);
    await client.connect();
    // A pooler takes everybody in, and finds a connection for them when they say something.
    await client.query('select 1');
    given += 1;
  });
  const timer = setTimeout(() => late.abort(), POOLER_MS);
  const lapsed = new Promise<void>((resolve) => {
    late.signal.addEventListener('abort', () => resolve());
  });
  try {
    await Promise.race([Promise.all(opening).catch(() => undefined), lapsed]);
  } finally {
    clearTimeout(timer);
    for (const one of opening) one.catch(() => undefined);
    for (const client of clients) void client.end().catch(() => undefined);
  }
  if (given === need.connections) return;
  throw new ConfigurationError(
    `DATABASE_URL: this process needs ${need.connections} connections, and the connection pooler gave it ${given} within ${POOLER_MS / 1000} s; raise its pool size (PgBouncer: default_pool_size)${roomier(need)}`,
  );
}
