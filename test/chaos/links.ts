import { fork } from 'node:child_process';
import { repository } from '../support/child.ts';
import { programPath } from '../support/program.ts';
import type { LinkState } from './link.ts';

/** The wires between the workers and their servers, which can be cut. */
export interface Links {
  databaseUrl: string;
  redisUrl: string;
  turn(link: 'database' | 'redis', state: LinkState): void;
  stop(): void;
}

/** Puts a wire of ours before each server. */
export async function startLinks(servers: {
  databaseUrl: string;
  redisUrl: string;
}): Promise<Links> {
  const database = new URL(servers.databaseUrl);
  const redis = new URL(servers.redisUrl);
  const child = fork(
    await programPath('test/chaos/link.ts'),
    [
      `database=${database.hostname}:${database.port || 5432}`,
      `redis=${redis.hostname}:${redis.port || 6379}`,
    ],
    { cwd: repository },
  );
  const ports = await new Promise<{ database: number; redis: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { database: number; redis: number }));
    child.once('exit', (code) => reject(new Error(`The links ended with ${code}`)));
  });
  const through = (url: URL, port: number): string => {
    url.hostname = '127.0.0.1';
    url.port = String(port);
    return url.href;
  };
  return {
    databaseUrl: through(database, ports.database),
    redisUrl: through(redis, ports.redis),
    turn: (link, state) => void child.send({ link, state }),
    stop: () => child.disconnect(),
  };
}
