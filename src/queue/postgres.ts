import {
  type PgPool,
  type PgPoolClient,
  PostgresConnection,
  PostgresQueueBackend,
  runMigrations,
} from 'bullmq';
import pg from 'pg';

/** The one connection of a process that hears notifications, which it has anyway. */
export interface ListenConnection {
  /** The connection as it is now, or as soon as it is back. */
  client(): Promise<pg.Client>;
  /** Calls this each time that the connection is lost. */
  onLost(act: () => void): void;
}

/** BullMQ's own name for its schema. */
const SCHEMA = 'bullmq';
/** What other processes count these connections by; the records' connections have the same name. */
const NAME = 'tocsin';

/** A connection that is not made by then fails. Milliseconds. */
const CONNECT_MS = 10_000;
/** Longer than from one canary to the next: a new connection costs the server more than a minute of an idle one. Milliseconds. */
const IDLE_MS = 90_000;

/** All queues of a process on PostgreSQL: one pool, and the process's own ear. */
export interface PostgresQueues {
  /** What BullMQ makes a queue's or a worker's backend with. */
  factory(): (name: string, options: object) => PostgresQueueBackend;
  close(): Promise<void>;
}

/**
 * Opens a pool of `max` connections and brings BullMQ's schema up to date.
 * @throws Error of PostgreSQL.
 */
export async function openPostgresQueues(
  home: { url: string; session: string; max: number; ear: ListenConnection },
  onError: (error: Error) => void,
): Promise<PostgresQueues> {
  const pool = new pg.Pool({
    connectionString: home.url,
    max: home.max,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    // BullMQ would send the schema as a start-up parameter, which poolers such as PgBouncer refuse.
    onConnect: async (client) => {
      client.on('error', onError);
      await client.query(`${home.session}; set application_name = '${NAME}'`);
      await client.query(`set search_path = ${SCHEMA}`);
    },
  });
  pool.on('error', onError);
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const connections = new Set<SharedConnection>();
  home.ear.onLost(() => {
    for (const connection of connections) connection.emit('listenerinvalidated');
  });
  return {
    factory: () => (name, options) => {
      const connection = new SharedConnection(pool, home.ear, connections);
      return new PostgresQueueBackend(connection, name, options as never);
    },
    close: () => pool.end(),
  };
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

/** BullMQ's connection over a pool that is not its own, which listens where the process listens, instead of on one more connection each. */
class SharedConnection extends PostgresConnection {
  readonly #ear: ListenConnection;
  readonly #all: Set<SharedConnection>;
  constructor(pool: pg.Pool, ear: ListenConnection, all: Set<SharedConnection>) {
    super(withoutEvents(pool));
    this.#ear = ear;
    this.#all = all.add(this);
  }
  override async getListenClient(): Promise<ListenClient> {
    const client = await this.#ear.client();
    const shared = {
      query: (text: string) => queryOnce(client, text),
      on: (event: 'notification', act: Hear) => client.on(event, act),
      removeListener: (event: 'notification', act: Hear) => client.removeListener(event, act),
    };
    return shared as unknown as ListenClient;
  }
  /** The name would tell workers apart in pg_stat_activity; several share one connection here. */
  override async setListenClientName(): Promise<void> {}
  override async close(): Promise<void> {
    this.#all.delete(this);
    await super.close();
  }
}

type Hear = (message: pg.Notification) => void;
type ListenClient = Awaited<ReturnType<PostgresConnection['getListenClient']>>;

const listening = new WeakMap<pg.Client, Map<string, Promise<unknown>>>();

/** LISTEN, for one queue after the other; the second of them finds that it has been said. */
function queryOnce(client: pg.Client, text: string): Promise<unknown> {
  const said = listening.get(client) ?? new Map<string, Promise<unknown>>();
  listening.set(client, said);
  const known = said.get(text) ?? client.query(text);
  said.set(text, known);
  return known;
}

/** The pool's errors are heard once, by its owner, and not once for each queue. */
function withoutEvents(pool: pg.Pool): PgPool {
  const silent: PgPool = {
    query: (text, params) => pool.query(text, params ? [...params] : []) as never,
    connect: async () => (await pool.connect()) as unknown as PgPoolClient,
    end: async () => undefined,
    on: () => silent,
    removeAllListeners: () => silent,
  };
  // BullMQ asks whether a silent loss of the connection would be noticed.
  return Object.assign(silent, { options: { keepAlive: true } });
}
