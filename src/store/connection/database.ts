import { Kysely, sql } from 'kysely';
import pg from 'pg';
import { ConfigurationError } from '../../domain/errors.ts';
import { plainAddress } from '../address.ts';
import { startEmbedded, untilServed } from '../embedded/embedded.ts';
import { embeddedUrl } from '../embedded/paths.ts';
import { migrate, type Recognise } from '../migrate.ts';
import { explainStart, type Need, roomier } from '../refusal.ts';
import { POOL_NAME, requirePooled, requireRoom } from '../room.ts';
import type { Schema } from '../schema.ts';
import { requireSettings, requireUnicode, SESSION } from '../session.ts';
import { asAway, RecordsDialect } from './away.ts';
import { createLateTrouble, type LateTrouble } from './away-reason.ts';
import { CHANNEL, createListener, type Listener } from './listener.ts';
import { requireWritable } from './read-only.ts';
import { trackConnections } from './track-connections.ts';

export type Db = Kysely<Schema>;

/** The open records. It is the same whether PostgreSQL is embedded or a server. */
export interface Database {
  db: Db;
  /** Where the database is; the queue uses it when there is no Redis. */
  url: string;
  /** The first statement of each session to it, in this process and in the queue. */
  session: string;
  /** Calls `heard` for each notification on `channel`, from this process or another; returns how to stop. */
  listen: Listener['listen'];
  /** The one connection of this process that hears notifications. A command has none. */
  ear: Pick<Listener, 'client' | 'onLost' | 'hears'>;
  /** Why the database refused to write down what this process gave it of late; null: it did not. */
  trouble: LateTrouble['reason'];
  dispose(): Promise<void>;
}

/** How a process uses the records. */
export interface ConnectionUse {
  /** A command comes and goes: it needs few connections and hears nothing. */
  kind: 'process' | 'command';
  /** How many connections of its own the queue of this process opens to the same database; 0 with Redis. */
  queueConnections: number;
}

/** Connections of one process to the records; one more hears notifications. */
const POOL_SIZE = { process: 12, command: 2 };

/** A connection that is not there by then fails, also one of the pool that others hold. Milliseconds. */
const CONNECT_MS = 30_000;
/** At rest some are used every few seconds, and a new one costs the server more than a minute of an idle one. Milliseconds. */
const IDLE_MS = 60_000;

/**
 * Opens PostgreSQL at `databaseUrl`, or the embedded one in `dataDir`, and brings its schema up to date. `besideInstance`:
 * while an instance runs on that folder, its embedded database is used through it, as commands do.
 * @throws ConfigurationError, one line, when it cannot be reached, was written by a newer version or is refused by `recognise`.
 */
export async function openDatabase(input: {
  databaseUrl: string | null;
  dataDir: string;
  besideInstance: boolean;
  queueConnections?: number;
  /** Asked before anything is changed in it. */
  recognise?: Recognise;
  /** Gets each line of the embedded PostgreSQL's log. */
  onLine?: (line: string) => void;
  /** Is called when a program of the embedded PostgreSQL has been started. */
  onStart?: () => void;
  onError: (error: Error) => void;
}): Promise<Database> {
  const { besideInstance, queueConnections = 0, onError } = input;
  const { onLine = () => undefined, onStart = () => undefined } = input;
  const use: ConnectionUse = { kind: besideInstance ? 'command' : 'process', queueConnections };
  const { recognise } = input;
  if (input.databaseUrl !== null) return connect(input.databaseUrl, onError, use, recognise);
  if (besideInstance && (await untilServed(input.dataDir))) {
    return connectEmbedded(embeddedUrl(input.dataDir), onError, use, recognise);
  }
  const embedded = await startEmbedded(input.dataDir, { onLine, onStart, onError });
  try {
    const database = await connectEmbedded(embedded.url, onError, use, recognise);
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

/** What is wrong with the embedded database is not said of an address that was never set. */
async function connectEmbedded(...args: Parameters<typeof connect>): Promise<Database> {
  try {
    return await connect(...args);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const message = error.message.replace(/^DATABASE_URL: /, 'DATA_DIR: the embedded database: ');
    throw new ConfigurationError(message);
  }
}

/** Connects to records that are served already, and migrates them. */
export async function connect(
  address: string,
  onError: (error: Error) => void,
  use: ConnectionUse = { kind: 'process', queueConnections: 0 },
  recognise?: Recognise,
): Promise<Database> {
  const url = plainAddress(address);
  const onTrouble = (error: Error): void => onError(asAway(error) as Error);
  const max = POOL_SIZE[use.kind];
  const need = connectionNeed(use);
  let pool: pg.Pool;
  try {
    // Reads the files that the address names.
    pool = new pg.Pool({
      connectionString: url,
      max,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: IDLE_MS,
      onConnect: async (client) => {
        // While a transaction holds a connection the pool does not listen on it, and its end between two statements would be ours.
        client.on('error', onTrouble);
        await client.query(`${SESSION}; ${RECORDS_SESSION}`);
      },
    });
  } catch (error) {
    throw explainStart(error, need);
  }
  pool.on('error', onTrouble);
  const untilClosed = trackConnections(pool);
  const { connections } = need;
  const listener = createListener({ pool, url, connections, onError: onTrouble });
  const trouble = createLateTrouble();
  const db: Db = new Kysely<Schema>({ dialect: new RecordsDialect({ pool }, trouble) });
  const dispose = async (): Promise<void> => {
    await listener.stop();
    await db.destroy();
    await untilClosed();
  };
  try {
    const pooled = await lookAround(pool, use, need);
    if (use.kind === 'process') await listener.start();
    if (pooled) await checkPooler(url, listener, use, need);
    if (pooled && !listener.hears()) await requireSettings(pool);
    await migrate(db, recognise);
  } catch (error) {
    await dispose();
    throw explainStart(error, need);
  }
  const { listen } = listener;
  return { db, url, session: SESSION, listen, ear: listener, trouble: trouble.reason, dispose };
}

/**
 * A page of ours is in memory or on an SSD. By its default the planner would read all deliveries for a hundred of them.
 * The name is what other processes count us by.
 */
const RECORDS_SESSION = `
  select set_config('random_page_cost', '1.1', false), set_config('application_name', '${POOL_NAME}', false)`;

function connectionNeed({ kind, queueConnections }: ConnectionUse): Need {
  const own = POOL_SIZE[kind] + (kind === 'process' ? 1 : 0);
  return { connections: own + queueConnections, withRedis: queueConnections > 0 ? own : null };
}

/**
 * Looks whether the database answers and has room for us. True when a pooler stands in between: it gives us another number for our
 * session than PostgreSQL has for it.
 */
async function lookAround(pool: pg.Pool, use: ConnectionUse, need: Need): Promise<boolean> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    // A command may only want to look.
    if (use.kind === 'process') {
      await requireWritable(client);
      await requireUnicode(client);
      await requireRoom(client, need);
    }
    const pooled = rows[0]?.pid !== (client as unknown as { processID: number | null }).processID;
    if (pooled) {
      // A pooler may allow no transactions, and says so here.
      await client.query('begin');
      await client.query('rollback');
    }
    return pooled;
  } finally {
    client.release();
  }
}

/** @throws ConfigurationError when this process cannot do its work through the pooler. */
async function checkPooler(
  url: string,
  listener: Listener,
  use: ConnectionUse,
  need: Need,
): Promise<void> {
  if (use.kind === 'command') return;
  if (listener.hears()) return requirePooled(url, need);
  if (use.queueConnections === 0) return;
  throw new ConfigurationError(
    `DATABASE_URL: leads through a connection pooler that lends a connection for one transaction at a time (PgBouncer: pool_mode = transaction), and the queue, which is in PostgreSQL without REDIS_URL, needs one for longer; name PostgreSQL itself or a pool in session mode${roomier(need)}`,
  );
}

/** Tells every process that listens on `channel`, when the transaction commits. */
export async function notify(db: Db, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${`${channel}:${payload}`})`.execute(db);
}

/** Opens, migrates and closes; for whoever needs a schema and nothing more. */
export async function migrateAt(url: string): Promise<void> {
  const database = await connect(url, (error) => {
    throw error;
  });
  await database.dispose();
}
