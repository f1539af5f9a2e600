import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type QueryResult,
} from 'kysely';
import { DatabaseAwayError } from '../../domain/errors.ts';
import { AWAY_WORDS, awayReason, type LateTrouble } from './away-reason.ts';

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
  const reason = awayReason({ code, message });
  const what = `the database ${AWAY_WORDS[reason]} (${message || code})`;
  return new DatabaseAwayError(what, { cause: error, reason });
}

/** PostgreSQL, of which every error that means "away" comes as a {@link DatabaseAwayError} and is told to `trouble`. */
export class RecordsDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  readonly #trouble: LateTrouble;
  constructor(config: PostgresDialectConfig, trouble: LateTrouble) {
    super(config);
    this.#config = config;
    this.#trouble = trouble;
  }
  override createDriver(): Driver {
    return new RecordsDriver(this.#config, this.#trouble);
  }
}

class RecordsDriver extends PostgresDriver {
  readonly #watched = new WeakSet<DatabaseConnection>();
  readonly #trouble: LateTrouble;
  constructor(config: PostgresDialectConfig, trouble: LateTrouble) {
    super(config);
    this.#trouble = trouble;
  }
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection().catch((error: unknown) => {
      throw asAway(error);
    });
    if (this.#watched.has(connection)) return connection;
    this.#watched.add(connection);
    const execute = connection.executeQuery.bind(connection);
    const watched = <R>(query: CompiledQuery): Promise<QueryResult<R>> =>
      execute<R>(query).catch((error: unknown) => {
        const seen = asAway(error);
        if (seen instanceof DatabaseAwayError) this.#trouble.note(seen.reason);
        throw seen;
      });
    return Object.assign(connection, { executeQuery: watched });
  }
}
