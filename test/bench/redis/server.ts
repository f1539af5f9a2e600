import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { type Daemon, startDaemon } from '../../support/services/daemon.ts';
import { findProgram } from '../../support/services/programs.ts';
import { openRedis } from '../../support/services/redis.ts';

/** A Redis to be ill-treated: it keeps nothing on the disk, and comes back on the same port. */
export interface FrailRedis {
  url: string;
  /** Starts it, empty. Resolves when it answers. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** One command on a connection of its own. */
  call(...command: [string, ...string[]]): Promise<unknown>;
}

/** @throws where this machine has no Redis program. Nothing runs yet. */
export async function createFrailRedis(makeFolder: () => Promise<string>): Promise<FrailRedis> {
  const program = await findProgram(['redis-server', 'valkey-server']);
  if (program === null) throw new Error('redis-server or valkey-server is not on this machine');
  const [port, folder] = [await freePort(), await makeFolder()];
  const url = `redis://127.0.0.1:${port}`;
  const file = join(folder, 'redis.conf');
  await writeFile(
    file,
    [
      ...[`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, 'daemonize no', 'save ""'],
      ...['appendonly no', 'maxmemory-policy noeviction', 'enable-debug-command local'],
      // A replica takes over an empty master at once.
      ...['repl-diskless-sync yes', 'repl-diskless-sync-delay 0'],
    ].join('\n'),
  );
  const call: FrailRedis['call'] = async (...[name, ...args]) => {
    const client = await openRedis(url);
    return client.call(name, ...args).finally(() => client.disconnect());
  };
  let daemon: Daemon | null = null;
  return {
    url,
    call,
    start: async () => {
      daemon = await startDaemon({
        ...{ program, args: [file], cwd: folder, stopSignal: 'SIGKILL' },
        env: { PATH: process.env.PATH, LC_ALL: 'C' },
        answers: () => call('PING'),
      });
    },
    kill: async () => {
      await daemon?.stop('SIGKILL');
      daemon = null;
    },
  };
}
