import { existsSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../at-end.ts';
import { needs } from '../database.ts';
import { startPostgres } from './postgres.ts';
import { openRedis, startRedis } from './redis.ts';

/** A connection that is refused, or a password that is wrong, shows as its error's code. */
async function connectCode(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  return client.connect().then(
    () => client.end().then(() => undefined),
    (error: { code?: string }) => error.code,
  );
}

needs('postgres')('a PostgreSQL of our own', () => {
  it('starts, keeps rows, lets nobody in without its password, and is gone after stop', async () => {
    const server = await startPostgres();
    atEnd(() => server.stop());
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('create table pledge (id int)');
    await client.query('insert into pledge values (1)');
    expect((await client.query('select id from pledge')).rows).toEqual([{ id: 1 }]);
    const folder = (await client.query<{ data_directory: string }>('show data_directory')).rows[0];
    await client.end();

    expect(await connectCode(server.url.replace(/:\w+@/, ':wrong@'))).toBe('28P01');
    await server.stop();
    expect(await connectCode(server.url)).toBe('ECONNREFUSED');
    expect(existsSync(folder?.data_directory ?? '/')).toBe(false);
    await server.stop();
  });
});

needs('redis')('a Redis of our own', () => {
  it('starts, keeps keys, evicts nothing, and is gone after stop', async () => {
    const server = await startRedis();
    atEnd(() => server.stop());
    const client = await openRedis(server.url);
    atEnd(() => client.disconnect());
    await client.set('campaign', 'open');
    expect(await client.get('campaign')).toBe('open');
    expect(await client.config('GET', 'maxmemory-policy')).toEqual([
      'maxmemory-policy',
      'noeviction',
    ]);
    await server.stop();
    await expect(openRedis(server.url)).rejects.toThrow();
  });
});

describe('a server that cannot start', () => {
  it('says why', async () => {
    const { startDaemon } = await import('./daemon.ts');
    const starting = startDaemon({
      program: process.execPath,
      args: ['-e', 'console.error("no such luck"); process.exit(3)'],
      cwd: '/',
      env: {},
      stopSignal: 'SIGTERM',
      answers: () => Promise.reject(new Error('not yet')),
    });
    await expect(starting).rejects.toThrow(/no such luck/);
  });
});
