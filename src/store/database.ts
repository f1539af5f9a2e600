import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { ConfigurationError } from '../domain/errors.ts';
import { embeddedUrl, startEmbedded } from './embedded/embedded.ts';
import { isHeld } from './embedded/lock.ts';
import { migrate } from './migrate.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;

/** The open records. Nothing that holds this knows whether they are embedded. */
export interface Database {
  db: Db;
  /** Where the database is; the queue uses it when there is no Redis. */
  url: string;
  /** True when connections share one session, which hears every notification but runs one statement at a time. */
  singleSession: boolean;
  /** Calls `heard` with the payload of each notification on `channel`, from this process or another; returns how to stop. */
  listen(channel: string, heard: (payload: string) => void): () => void;
  dispose(): Promise<void>;
}

/** Connections of one process to the records. PostgreSQL allows 100 in all by default. */
const POOL_SIZE = 12;

/**
 * Opens PostgreSQL at `databaseUrl`, or the embedded one in `dataDir`, and brings its schema up to date. `besideInstance`:
 * while an instance runs on that folder, its embedded database is used through it, as commands do.
 * @throws ConfigurationError, one line, when it cannot be reached or was written by a newer version.
 */
export async function openDatabase(input: {
  databaseUrl: string | null;
  dataDir: string;
  besideInstance: boolean;
  onError: (error: Error) => void;
}): Promise<Database> {
  if (input.databaseUrl !== null) return connect(input.databaseUrl, false, input.onError);
  if (input.besideInstance && (await isHeld(input.dataDir))) {
    return connect(embeddedUrl(input.dataDir), true, input.onError);
  }
  const embedded = await startEmbedded(input.dataDir);
  try {
    const database = await connect(embedded.url, true, input.onError);
    return {
      ...database,
      dispose: async () => {
        await database.dispose();
        await embedded.stop();
      },
    };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/** Connects to records that somebody already serves, and migrates them. `singleSession` for the embedded database. */
export async function connect(
  url: string,
  singleSession: boolean,
  onError: (error: Error) => void,
): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE, keepAlive: true });
  pool.on('error', onError);
  // A page of ours is in memory or on an SSD. By its default the planner would read all deliveries for a hundred of them.
  pool.on('connect', (client) => {
    // While a transaction holds a connection the pool does not listen on it, and its end between two statements would be ours.
    client.on('error', onError);
    client.query('set random_page_cost = 1.1').catch(onError);
  });
  const untilClosed = trackConnections(pool);
  const hub = createHub(pool, url, singleSession, onError);
  const db: Db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await reach(db);
    await migrate(db);
    await hub.start();
  } catch (error) {
    await hub.stop();
    await db.destroy();
    await untilClosed();
    throw error;
  }
  return {
    db,
    url,
    singleSession,
    listen: hub.listen,
    dispose: async () => {
      await hub.stop();
      await db.destroy();
      await untilClosed();
    },
  };
}

/** A server that does not answer must not keep a process that is to stop. */
const CLOSE_MS = 2_000;

/**
 * Follows the connections of a pool. What it returns resolves when all of them are closed, or after {@link CLOSE_MS}; `end` of the
 * pool resolves when it has asked for that, and an error on one of them after it would still be reported.
 */
function trackConnections(pool: pg.Pool): () => Promise<void> {
  const open = new Map<pg.PoolClient, Promise<void>>();
  pool.on('connect', (client) => {
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    open.set(
      client,
      ended.then(() => void open.delete(client)),
    );
  });
  return async () => {
    const late = new AbortController();
    await Promise.race([
      Promise.all(open.values()),
      sleep(CLOSE_MS, null, { signal: late.signal }).catch(() => null),
    ]);
    late.abort();
  };
}

async function reach(db: Db): Promise<void> {
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    const cause = error as Error & { code?: string };
    throw new ConfigurationError(
      `DATABASE_URL: the database cannot be reached (${cause.message || cause.code}); check that it runs and that the address is right`,
    );
  }
}

interface Hub {
  listen: Database['listen'];
  start(): Promise<void>;
  stop(): Promise<void>;
}

const CHANNEL = 'tocsin';
const LISTEN_AGAIN_MS = 500;

/**
 * One LISTEN connection per process, fanned out. All notifications travel on one database channel, prefixed with the name
 * the caller listens on. In a single session a notification comes out of whichever connection ran the statement, so there
 * every connection is listened to.
 */
function createHub(
  pool: pg.Pool,
  url: string,
  singleSession: boolean,
  onError: (error: Error) => void,
): Hub {
  const listeners = new Map<string, Set<(payload: string) => void>>();
  const hear = (message: pg.Notification): void => {
    const [channel = '', payload = ''] = split(message.payload ?? '');
    for (const heard of listeners.get(channel) ?? []) heard(payload);
  };
  if (singleSession) pool.on('connect', (client) => client.on('notification', hear));
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | null = null;
  let stopping = false;
  const open = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, keepAlive: true });
    client = fresh;
    fresh.on('notification', hear);
    fresh.on('error', (error) => {
      onError(error);
      // A connection may fail more than once; only the one in use is replaced.
      if (client === fresh) openAgain();
    });
    await fresh.connect();
    await fresh.query(`listen ${CHANNEL}`);
  };
  /** The database went away; listens again once it is back, however long that takes. */
  const openAgain = (): void => {
    client = null;
    if (stopping || retry) return;
    retry = setTimeout(async () => {
      retry = null;
      try {
        await open();
      } catch (error) {
        onError(error as Error);
        openAgain();
      }
    }, LISTEN_AGAIN_MS);
    retry.unref();
  };
  return {
    listen: (channel, heard) => {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(heard));
      return () => set.delete(heard);
    },
    start: open,
    stop: async () => {
      stopping = true;
      if (retry) clearTimeout(retry);
      await client?.end().catch(onError);
    },
  };
}

function split(message: string): [string, string] {
  const at = message.indexOf(':');
  return at < 0 ? [message, ''] : [message.slice(0, at), message.slice(at + 1)];
}

/** Tells every process that listens on `channel`, when the transaction commits. */
export async function notify(db: Db, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${`${channel}:${payload}`})`.execute(db);
}

/** Opens, migrates and closes; for whoever needs a schema and nothing more. */
export async function migrateAt(url: string): Promise<void> {
  const database = await connect(url, false, (error) => {
    throw error;
  });
  await database.dispose();
}
