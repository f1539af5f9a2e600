import { ConfigurationError } from '../domain/errors.ts';
import { explainTls } from '../domain/tls-problem.ts';
import { awayReason } from './connection/away-reason.ts';

/** What a start needs to know to say why it cannot be. */
export interface Need {
  /** Connections of this process at most, and how many it would be with REDIS_URL; null where that is set. */
  connections: number;
  withRedis: number | null;
}

/** Why PostgreSQL cannot be used, in one line with the mend. What is no matter of the configuration is given back as it is. */
export function explainStart(error: unknown, need: Need): Error {
  if (error instanceof ConfigurationError) return error;
  const cause = (error as Error & { cause?: unknown }).cause;
  // What the driver of the records has wrapped.
  const { code = '', message = '' } = (cause ?? error) as { code?: string; message?: string };
  const why = explainTls(cause ?? error) ?? explainServer(code, message, need);
  if (why === null) return error as Error;
  return new ConfigurationError(`DATABASE_URL: ${why}`);
}

/** How to come to enough connections. */
export function roomier({ withRedis }: Need): string {
  return withRedis === null ? '' : `, or set REDIS_URL, with which ${withRedis} are enough`;
}

function explainServer(code: string, message: string, need: Need): string | null {
  if (/unsupported startup parameter/.test(message)) {
    return `a connection pooler such as PgBouncer refuses it (${message}); take that parameter out of the address, or name it in the pooler's ignore_startup_parameters`;
  }
  if (/statement pooling mode/.test(message)) {
    return 'leads through a connection pooler in statement mode, which allows no transactions; connect to PostgreSQL itself, or set pool_mode = session';
  }
  const reason = awayReason({ code, message });
  if (reason === 'disk-full') {
    return `PostgreSQL has no room left on its disk (${message}); make room there, and start again`;
  }
  if (reason === 'out-of-memory') {
    return `PostgreSQL has run out of memory (${message}); give its machine more, or lower its max_connections or work_mem`;
  }
  if (reason === 'no-connections') {
    return `PostgreSQL has no connection left for us (${message}), and this process needs ${need.connections}; raise the limit, or end what uses them${roomier(need)}`;
  }
  if (/server does not support SSL/.test(message)) {
    return 'the server does not speak TLS; leave out sslmode, or write sslmode=disable if it is in a network of your own';
  }
  if (/requires a valid client certificate/.test(message)) {
    return 'the server wants a certificate from us; add sslcert=/path/to/client.crt&sslkey=/path/to/client.key to the address, a certificate that the server accepts and its key';
  }
  if (/pg_hba\.conf/.test(message) && /no encryption|SSL off/.test(message)) {
    return `the server refuses this connection without TLS (${message}); add sslmode=verify-full to the address`;
  }
  switch (code) {
    case '28P01':
    case '28000':
      return `the server does not let this user in (${message}); check user and password`;
    case '3D000':
      return `there is no such database (${message}); create it with createdb`;
    case '25006':
      return `the database takes no writes (${message}); name the primary, or switch default_transaction_read_only off`;
    case '3F000':
      return `the user has no schema to make tables in (${message}); say alter role NAME set search_path = public`;
    case '42501':
      return `the user may not do what is needed (${message}); make it the owner of the database`;
    case 'ENOENT':
    case 'EACCES':
      if (/open/.test(message)) return `a file that the address names cannot be read (${message})`;
      break;
  }
  const away =
    /^(08|57P0|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENET|EPIPE|ENOENT)/.test(code) ||
    /timeout|terminated|not queryable|not currently accepting/i.test(message);
  if (!away) return null;
  return `the database cannot be reached (${message || code}); check that it runs and that the address is right`;
}
