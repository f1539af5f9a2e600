import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** A server that does not answer must not keep a process that is to stop. */
const CLOSE_MS = 2_000;

/**
 * Follows the connections of a pool. What it returns resolves when all of them are closed, or after {@link CLOSE_MS}; `end` of the
 * pool resolves when it has asked for that, and an error on one of them after it would still be reported.
 */
export function trackConnections(pool: pg.Pool): () => Promise<void> {
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
