import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ConfigurationError } from '../../domain/errors.ts';
import type { EmbeddedPaths } from './paths.ts';

const ASK_AGAIN_MS = 20;
/** A server that does not answer within this time is not asked any longer. */
const ANSWER_MS = 5_000;
/** From the signal to a server that was left behind to its end. */
const LEAVE_MS = 60_000;

/** Whether the server at the socket takes statements. */
export async function isReady(paths: EmbeddedPaths): Promise<boolean> {
  if (!existsSync(paths.socket)) return false;
  try {
    await queryServer(paths, 'select 1');
    return true;
  } catch {
    // It recovers, or has just ended.
    return false;
  }
}

/**
 * Ends a server that an instance left behind when it was killed, and removes what a dead one left. To be called while the folder's lock
 * is ours.
 */
export async function stopLeftover(paths: EmbeddedPaths): Promise<void> {
  const until = Date.now() + LEAVE_MS;
  let isTold = false;
  while (await accepts(paths.socket)) {
    if (Date.now() > until) {
      throw new ConfigurationError(
        `DATA_DIR: a PostgreSQL of an instance that was killed still runs in ${paths.cluster} and does not end; end that process first`,
      );
    }
    if (!isTold) isTold = await tellToStop(paths);
    await sleep(ASK_AGAIN_MS);
  }
  removeStalePid(paths.cluster);
}

/** Asks the server itself for its number. False where it does not tell, since it starts or ends. */
async function tellToStop(paths: EmbeddedPaths): Promise<boolean> {
  try {
    const rows = await queryServer(paths, `select pg_read_file('postmaster.pid') as written`);
    const pid = Number(rows[0]?.written?.split('\n')[0]);
    process.kill(pid, 'SIGINT');
    return true;
  } catch {
    return false;
  }
}

/**
 * After a restart of the machine another process may have the number that a dead server wrote, and PostgreSQL would take it for
 * that server. The server of a cluster has it as its working directory; the file stays wherever that cannot be seen.
 */
function removeStalePid(cluster: string): void {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return;
  const [pid = ''] = readFileSync(path, 'utf8').split('\n');
  const folder = workingDirectoryOf(pid);
  if (folder !== 'unknown' && folder !== realpathSync(cluster)) rmSync(path, { force: true });
}

/** Of a process; null when it has ended, 'unknown' where the system does not show it to us. */
function workingDirectoryOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    const isGone =
      (error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync('/proc/self/cwd');
    return isGone ? null : 'unknown';
  }
}

/** Whether anything listens. */
function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}

async function queryServer(
  paths: EmbeddedPaths,
  statement: string,
): Promise<Record<string, string>[]> {
  const client = new pg.Client({
    host: paths.host,
    ...{ user: 'postgres', database: 'postgres' },
    ...{ connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
