import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { needs, serviceAt, testDatabase, testRedis } from './database.ts';
import { openRedis } from './services/redis.ts';

let migrated = 0;

async function migrate(url: string): Promise<void> {
  migrated += 1;
  await query(url, 'create table if not exists support_probe (id int)');
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const result = await client.query(sql).finally(() => client.end());
  return result.rows;
}

describe('needs', () => {
  it('says what is lacking, and how it is had', () => {
    vi.stubEnv('TEST_DATABASE_URL', '');
    vi.stubEnv('TEST_REDIS_URL', 'redis://127.0.0.1:1');
    const said = vi.spyOn(console, 'warn').mockReturnValue();
    needs('postgres', 'redis');
    const [line] = said.mock.calls.flat();
    expect(said).toHaveBeenCalledTimes(1);
    expect(line).toMatch(/no postgres: set TEST_DATABASE_URL, or .*npm test/);
  });
});

needs('postgres')('testDatabase', () => {
  it('gives every caller a migrated database of its own, and migrates once', async () => {
    const [one, two] = await Promise.all([testDatabase(migrate), testDatabase(migrate)]);
    await query(one.url, 'insert into support_probe values (1)');
    expect(await query(one.url, 'select id from support_probe')).toEqual([{ id: 1 }]);
    expect(await query(two.url, 'select id from support_probe')).toEqual([]);
    expect(migrated).toBeLessThanOrEqual(1);
    await one.drop();
    await expect(query(one.url, 'select 1')).rejects.toThrow(/does not exist/);
  });

  it('does not take half a template for a whole one', async () => {
    let tries = 0;
    const fragile = async (url: string) => {
      tries += 1;
      await query(url, 'create table support_half (id int)');
      if (tries === 1) throw new Error('cut off');
    };
    await expect(testDatabase(fragile)).rejects.toThrow('cut off');
    const database = await testDatabase(fragile);
    expect(await query(database.url, 'select * from support_half')).toEqual([]);
    expect(tries).toBe(2);
  });
});

needs('redis')('testRedis', () => {
  it('gives an empty database and leaves number 0 alone', async () => {
    const { url, db, flush } = await testRedis();
    expect(db).toBeGreaterThan(0);
    const client = await openRedis(url);
    await client.set('left', 'over');
    await flush();
    expect(await client.dbsize()).toBe(0);
    client.disconnect();
  });
});

describe('serviceAt', () => {
  it('names what the run lacks', () => {
    const before = process.env.CHROMIUM_PATH;
    delete process.env.CHROMIUM_PATH;
    expect(() => serviceAt('chromium')).toThrow(/no chromium/);
    if (before !== undefined) process.env.CHROMIUM_PATH = before;
  });
});
