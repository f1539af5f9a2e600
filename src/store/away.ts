import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type QueryResult,
} from 'kysely';
import { DatabaseAwayError } from '../domain/errors.ts';

/**
 * Of PostgreSQL's codes: no connection (08), no room (53), shut down or not up yet (57P0x), a database that takes no connections
 * (55000 with those words), sign-in refused (28), read-only, as a standby is (25006).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SERVER_CODE = /^(08|53|57P0|28|25006)/;
const SOCKET_CODE =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;
/** What pg says where there is no code. */
const WORDS =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|Client was closed|not currently accepting connections/;

/** The error as the rest of the product is to see it: one of its own when the database is away, else the same. */
export function asAway(error: unknown): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (!SERVER_CODE.test(code) && !SOCKET_CODE.test(code) && !WORDS.test(message)) return error;
  const what = code === '25006' ? 'is read-only' : 'does not answer';
  return new DatabaseAwayError(`the database ${what} (${message || code})`, { cause: error });
}

/** PostgreSQL, of which every error that means "away" comes as a {@link DatabaseAwayError}. */
export class RecordsDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver(): Driver {
    return new RecordsDriver(this.#config);
  }
}

class RecordsDriver extends PostgresDriver {
  readonly #watched = new WeakSet<DatabaseConnection>();
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection().catch((error: unknown) => {
      throw asAway(error);
    });
    if (this.#watched.has(connection)) return connection;
    this.#watched.add(connection);
    const execute = connection.executeQuery.bind(connection);
    const watched = <R>(query: CompiledQuery): Promise<QueryResult<R>> =>
      execute<R>(query).catch((error: unknown) => {
        throw asAway(error);
      });
    return Object.assign(connection, { executeQuery: watched });
  }
}
