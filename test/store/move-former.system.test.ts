import { cp, readdir, rename } from 'node:fs/promises';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { CAMPAIGN_STATES } from '../../src/domain/campaign.ts';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { type Database, openDatabase } from '../../src/store/connection/database.ts';
import { embeddedPaths } from '../../src/store/embedded/paths.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { makeFormer, type RowText, rowsAt } from '../support/former-folder.ts';
import { migrateTo } from '../support/migrate-to.ts';
import { insertCampaignRow, insertPledges, openRecords, rowsVault } from '../support/rows.ts';
import { makeTemp } from '../support/services/temp.ts';
import { onlyInFull } from '../support/tier.ts';

const PLEDGES = 1_200;

async function emptyFolder(): Promise<string> {
  const folder = await makeTemp('former', { inMemory: true });
  atEnd(() => folder.remove());
  return folder.path;
}

/** Opens the records in the folder as an instance does. */
function open(dataDir: string): Promise<Database> {
  const onError = (error: Error): void => expect.unreachable(error.message);
  return openDatabase({ databaseUrl: null, dataDir, besideInstance: false, onError });
}

/** All rows of the records in the folder, opened once. */
async function movedRows(dataDir: string): Promise<Record<string, RowText[]>> {
  const database = await open(dataDir);
  const rows = await rowsAt(database.url);
  await database.dispose();
  return rows;
}

needs('postgres')('a data folder of before the embedded database was a server', () => {
  let template: string;
  let before: Record<string, RowText[]>;

  beforeAll(async () => {
    const { db, url } = await openRecords();
    const records = { db, vault: rowsVault };
    for (const state of CAMPAIGN_STATES) {
      const id = await insertCampaignRow(records);
      await insertPledges(records, id, state === 'firing' ? PLEDGES : 3);
      await sql`update campaign set state = ${state} where id = ${id}`.execute(db);
    }
    await sql`insert into attempt (delivery_id, campaign_id, number, worker, answered_at, outcome, detail)
      select gen_random_uuid(), id, 1, 'w', '2017-07-10T08:00:00.123456Z', 'posted', '„Ж“ \\ 🔔 é'
      from campaign`.execute(db);
    before = await rowsAt(url);
    template = await emptyFolder();
    await makeFormer(template, url);
  });

  async function former(): Promise<string> {
    const dataDir = await emptyFolder();
    await cp(template, dataDir, { recursive: true });
    return dataDir;
  }

  it('comes over whole, and what it was is gone', async () => {
    const dataDir = await former();
    const after = await movedRows(dataDir);
    expect(Object.keys(before).length).toBeGreaterThan(6);
    expect(before.pledge?.length).toBeGreaterThan(PLEDGES);
    expect({ ...after, kysely_migration: [] }).toEqual({ ...before, kysely_migration: [] });
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres')).sort()).toEqual([
      'postgres-18',
      'postgres-libraries',
    ]);
    expect(await movedRows(dataDir)).toEqual(after);
  });

  onlyInFull(() => {
    it('goes on counting where it had come to', async () => {
      const dataDir = await former();
      const database = await open(dataDir);
      atEnd(() => database.dispose());
      const added = await sql<{ id: string }>`
        insert into attempt (delivery_id, campaign_id, number, worker, answered_at, outcome, detail)
        select gen_random_uuid(), id, 2, 'w', now(), 'posted', '' from campaign limit 1 returning id`.execute(
        database.db,
      );
      const { rows } = await sql<{ last: string }>`select max(id) as last from attempt`.execute(
        database.db,
      );
      expect(added.rows[0]?.id).toBe(rows[0]?.last);
    });

    it('is moved anew where a move was interrupted', async () => {
      const dataDir = await former();
      const { former: old, moved, unfinished } = embeddedPaths(dataDir);
      await rename(old, moved);
      await cp(moved, unfinished, { recursive: true });
      expect((await movedRows(dataDir)).pledge).toEqual(before.pledge);
    });

    it('of an earlier version is brought up to date on its way', async () => {
      const { url } = await testDatabase(async () => undefined);
      await migrateTo(url, '0011_host_events');
      const dataDir = await emptyFolder();
      await makeFormer(dataDir, url);
      const after = await movedRows(dataDir);
      expect(after.kysely_migration?.length).toBe(before.kysely_migration?.length);
    });
  });

  onlyInFull(() => {
    it('of a later version is refused in one line, and stays as it is', async () => {
      const dataDir = await former();
      const { PGlite } = await import('@electric-sql/pglite');
      const paths = embeddedPaths(dataDir);
      const old = await PGlite.create({ dataDir: paths.former });
      await old.exec(`insert into kysely_migration values ('9999_later', 'now')`);
      await old.close();
      const refusal = await movedRows(dataDir).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigurationError);
      expect((refusal as Error).message).toContain('written by a newer version of Tocsin');
      expect(await readdir(dataDir)).toContain('postgres');
      expect(await readdir(dataDir)).not.toContain('postgres-18');
    });
  });
});
