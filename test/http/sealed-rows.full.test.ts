import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { showSeizure } from '../../src/actions/operator/show-seizure.ts';
import { readMasterKey } from '../../src/store/vault/master-key.ts';
import { needs } from '../support/database.ts';
import { type Planted, type PlantedInstance, startPlanted, TOKEN } from '../support/planted.ts';
import { waitFor } from '../support/wait-for.ts';

/** On each of seven networks; each person leaves six things or more. */
const EACH = 25;

needs('postgres', 'redis')('S5 a thousand planted items', () => {
  let instance: PlantedInstance;
  const found: Record<string, Planted[]> = { during: [] };

  beforeAll(async () => {
    instance = await startPlanted(EACH);
    found.before = await instance.hits(await instance.dump());
    await instance.burst(async () => {
      if ((await instance.dump()).includes(TOKEN))
        found.during?.push({ what: 'token', value: TOKEN });
    });
    found.after = await instance.hits(await instance.dump());
  }, 900_000);

  it('S5 are in no row, no command to Redis, no line of the log and no file', async () => {
    const planted = await instance.planted();
    expect(planted.length).toBeGreaterThan(1_000);
    expect(found).toEqual({ before: [], during: [], after: [] });
    expect(await instance.hits(instance.commands.join('\n'))).toEqual([]);
    expect(await instance.hits(instance.log())).toEqual([]);
    expect(await instance.hits(await instance.files())).toEqual([]);
    expect(await instance.hits(await instance.export())).toEqual([]);
  }, 300_000);

  it('S5 are not in what PostgreSQL writes ahead, nor on a page of any table', async () => {
    const { db } = instance.ctx;
    await sql`select pg_switch_wal()`.execute(db);
    const { rows: wal } = await sql<{ name: string; size: number }>`
      select name, size::int as size from pg_ls_waldir() order by name`.execute(db);
    expect(wal.length).toBeGreaterThan(0);
    let read = 0;
    for (const { name, size } of wal) {
      // Null: the server, which other tests use too, has removed the file since.
      const { rows } = await sql<{ at: number | null }>`
        select position(convert_to(${TOKEN}, 'UTF8')
          in pg_read_binary_file('pg_wal/' || ${name}, 0, ${size}, true))::int as at`.execute(db);
      const [found] = rows;
      if (found?.at === null) continue;
      read++;
      expect([name, found]).toEqual([name, { at: 0 }]);
    }
    expect(read).toBeGreaterThan(0);
    await sql`checkpoint`.execute(db);
    const { rows: files } = await sql<{ name: string; path: string }>`
      select relname as name, pg_relation_filepath(oid) as path from pg_class
      where relkind in ('r', 'i', 't') and pg_relation_filepath(oid) is not null and oid >= 16384`.execute(
      db,
    );
    for (const { name, path } of files) {
      const { rows } = await sql<{ at: number }>`
        select position(convert_to(${TOKEN}, 'UTF8') in pg_read_binary_file(${path}))::int as at`.execute(
        db,
      );
      expect([name, rows]).toEqual([name, [{ at: 0 }]]);
    }
  }, 300_000);

  it('A4 are nowhere once the keys are destroyed, and nothing is left that a key would open', async () => {
    const { ctx } = instance;
    const older = await instance.dump();
    await sql`update campaign set settled_at = settled_at - interval '9 days' where state = 'settled'`.execute(
      ctx.db,
    );
    await waitFor(
      async () => {
        const row = await ctx.db.selectFrom('campaign').select('reduced_at').executeTakeFirst();
        return row?.reduced_at && (await readMasterKey(ctx.db))?.owed_since === null;
      },
      { timeoutMs: 120_000, everyMs: 500, what: 'the keys to be destroyed and rotated' },
    );
    const dump = await instance.dump();
    expect(await instance.hits(dump)).toEqual([]);
    expect(await instance.hits(await instance.files())).toEqual([]);
    expect(await instance.hits(instance.log())).toEqual([]);
    expect(await instance.hits(await instance.export())).toEqual([]);
    for (const seized of await showSeizure(ctx)) {
      expect(seized).toMatchObject({ opened: 0, shut: 0, guessable: 0 });
    }
    // No hash of an account that an older dump holds can be made with what is left.
    await ctx.vault.follow(ctx.db);
    const accounts = (await instance.planted()).filter(({ what }) =>
      /account|handle|id/i.test(what),
    );
    expect(accounts.length).toBeGreaterThan(0);
    for (const { value } of accounts) {
      for (const platform of ctx.platforms.keys()) {
        expect(older).not.toContain(ctx.vault.accountHash(platform, value).toString('hex'));
      }
    }
  }, 300_000);
});
