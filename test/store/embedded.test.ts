import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../../src/store/embedded/embedded.ts';

describe('the embedded database', () => {
  let folder: string;
  let embedded: EmbeddedDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-embedded-'));
    embedded = await startEmbedded(folder);
    pool = new pg.Pool({ connectionString: embedded.url, max: 12 });
  });
  afterAll(async () => {
    await pool.end();
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives every connection its own answers, however many ask at once', async () => {
    const asked = Array.from({ length: 3_000 }, (_, i) => i);
    const wrong: string[] = [];
    await Promise.all(
      asked.map(async (i) => {
        const text = `v${i}`;
        const shapes = [
          () => pool.query('select $1::text as text, $2::int as number', [text, i]),
          () => pool.query('select $2::text as text, $1::int as number, true as more', [i, text]),
          () => pool.query(`select '${text}' as text, ${i} as number`),
        ];
        const { rows } = (await (shapes[i % 3] ?? shapes[0])?.()) ?? { rows: [] };
        if (rows[0]?.text !== text || rows[0]?.number !== i) wrong.push(text);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps transactions apart', async () => {
    await pool.query('create table counter (id int primary key, value int)');
    await pool.query('insert into counter values (1, 0)');
    const add = async (): Promise<void> => {
      const client = await pool.connect();
      await client.query('begin');
      const { rows } = await client.query(
        'select value from counter where id = $1 for update',
        [1],
      );
      await client.query('update counter set value = $1 where id = 1', [rows[0].value + 1]);
      await client.query('commit');
      client.release();
    };
    await Promise.all(Array.from({ length: 100 }, add));
    const { rows } = await pool.query('select value from counter');
    expect(rows).toEqual([{ value: 100 }]);
  });

  it('goes on after errors, inside a transaction and outside', async () => {
    const attempts = Array.from({ length: 60 }, async (_, i) => {
      if (i % 3 === 0) return pool.query('select $1::int / 0', [i]).catch((e) => e.code);
      if (i % 3 === 1) return pool.query('select nothing from nowhere').catch((e) => e.code);
      const client = await pool.connect();
      await client.query('begin');
      const code = await client.query('select $1::int / 0', [i]).catch((e) => e.code);
      const inside = await client.query('select 1').catch((e) => e.code);
      await client.query('rollback');
      client.release();
      return `${code} ${inside}`;
    });
    const codes = new Set(await Promise.all(attempts));
    expect(codes).toEqual(new Set(['22012', '42P01', '22012 25P02']));
  });

  it('rolls back the transaction of a connection that goes away', async () => {
    await pool.query('create table kept (id int)');
    const client = new pg.Client({ connectionString: embedded.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('begin');
    await client.query('insert into kept values (1)');
    (
      client as unknown as { connection: { stream: { destroy(): void } } }
    ).connection.stream.destroy();
    const { rows } = await pool.query('select count(*)::int as count from kept');
    expect(rows).toEqual([{ count: 0 }]);
  });

  it('is held by one process at a time', async () => {
    await expect(startEmbedded(folder)).rejects.toThrow(/in use by another Tocsin/);
  });
});
