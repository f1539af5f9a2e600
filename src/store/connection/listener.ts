import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { listenerName } from '../room.ts';
import { SESSION } from '../session.ts';

/**
 * Called with the payload of a notification; with null where notifications cannot be heard, twice a second, since there may have
 * been one.
 */
export type NotificationHandler = (payload: string | null) => void;

/** What a process hears of the others. */
export interface Listener {
  /** Calls `heard` for each notification on `channel`, from this process or another; returns how to stop. */
  listen(channel: string, heard: NotificationHandler): () => void;
  /** Begins to listen. @throws Error of the connection. */
  start(): Promise<void>;
  /** False: a pooler keeps them from us, and we ask. Known once started. */
  hears(): boolean;
  /** The connection, now or as soon as it is back. */
  client(): Promise<pg.Client>;
  /** Calls this each time that the connection is lost. */
  onLost(act: () => void): void;
  stop(): Promise<void>;
}

/** The one channel of the database that all notifications travel on. */
export const CHANNEL = 'tocsin';
const LISTEN_AGAIN_MS = 500;
/** A notification to ourselves that is not heard by then will not be. */
const HEAR_MS = 2_000;
/** From one time to the next that listeners are told to look, where nothing is heard. */
const POLL_MS = 500;

export interface ListenerOptions {
  pool: pg.Pool;
  url: string;
  /** Of this process, for the name of the connection. */
  connections: number;
  onError: (error: Error) => void;
}

/**
 * One LISTEN connection per process, fanned out. All notifications travel on one database channel, prefixed with the name
 * the caller listens on.
 */
export function createListener(options: ListenerOptions): Listener {
  const { pool, url, onError } = options;
  const listeners = new Map<string, Set<NotificationHandler>>();
  const lost: (() => void)[] = [];
  const hear = (message: pg.Notification): void => {
    // The queue listens on the same connection.
    if (message.channel !== CHANNEL) return;
    const [channel = '', payload = ''] = splitMessage(message.payload ?? '');
    for (const heard of listeners.get(channel) ?? []) heard(payload);
  };
  let client: pg.Client | null = null;
  let opening: Promise<pg.Client> | null = null;
  let polling: NodeJS.Timeout | null = null;
  const stopping = new AbortController();

  const open = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({ connectionString: url, keepAlive: true });
    // BullMQ adds one for each of its queues.
    fresh.setMaxListeners(0);
    fresh.on('notification', hear);
    fresh.on('error', (error) => {
      onError(error);
      // A connection may fail more than once; only the one in use is replaced.
      if (client !== fresh) return;
      client = null;
      openAgain();
      for (const act of lost) act();
    });
    try {
      await fresh.connect();
      const name = listenerName(options.connections);
      await fresh.query(`${SESSION}; set application_name = '${name}'`);
      await fresh.query(`listen ${CHANNEL}`);
      stopping.signal.throwIfAborted();
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
    return fresh;
  };
  /** The database went away; listens again once it is back, however long that takes. */
  const openAgain = (): void => {
    if (stopping.signal.aborted || opening) return;
    opening = untilOpen().finally(() => {
      opening = null;
    });
    opening.catch(() => undefined);
  };
  const untilOpen = async (): Promise<pg.Client> => {
    for (;;) {
      await sleep(LISTEN_AGAIN_MS, undefined, { signal: stopping.signal, ref: false });
      try {
        return await open();
      } catch (error) {
        onError(error as Error);
      }
    }
  };
  const poll = (): void => {
    polling = setInterval(() => {
      for (const set of listeners.values()) for (const heard of set) heard(null);
    }, POLL_MS);
    polling.unref();
  };
  return {
    listen: (channel, heard) => {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(heard));
      return () => set.delete(heard);
    },
    start: async () => {
      const fresh = await open();
      if (await hearsItself(pool, fresh)) return;
      client = null;
      await fresh.end().catch(onError);
      poll();
    },
    hears: () => polling === null,
    client: async () => {
      if (client) return client;
      if (opening) return opening;
      throw new Error('this process does not listen to the database');
    },
    onLost: (act) => void lost.push(act),
    stop: async () => {
      stopping.abort();
      if (polling) clearInterval(polling);
      await client?.end().catch(onError);
    },
  };
}

/**
 * Whether what another connection says is heard. Through a pooler that lends its connections from one transaction to the next it is
 * not: https://www.pgbouncer.org/features.html
 */
async function hearsItself(pool: pg.Pool, client: pg.Client): Promise<boolean> {
  const word = `self:${randomUUID()}`;
  const enough = new AbortController();
  const heard = (message: pg.Notification): void => {
    if (message.payload === word) enough.abort();
  };
  client.on('notification', heard);
  try {
    await pool.query('select pg_notify($1, $2)', [CHANNEL, word]);
    await sleep(HEAR_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    return enough.signal.aborted;
  } finally {
    client.off('notification', heard);
  }
}

function splitMessage(message: string): [string, string] {
  const at = message.indexOf(':');
  return at < 0 ? [message, ''] : [message.slice(0, at), message.slice(at + 1)];
}
