import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { connect, migrateAt } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { needs, testDatabase } from '../support/database.ts';
import { insertCampaignRow, openRecords } from '../support/rows.ts';

const nobody = async (): Promise<void> => undefined;

needs('postgres')('migrating', () => {
  it('twice is the same as once', async () => {
    const { db } = await openRecords();
    const applied = () =>
      sql`select name, timestamp from kysely_migration order by name`.execute(db);
    const before = await applied();
    const id = await insertCampaignRow(db);
    await migrate(db);
    expect((await applied()).rows).toEqual(before.rows);
    expect(before.rows.length).toBeGreaterThan(0);
    expect(await db.selectFrom('campaign').select('id').execute()).toEqual([{ id }]);
  });

  it('is done once when several processes start on an empty database', async () => {
    const { url } = await testDatabase(nobody);
    await Promise.all(Array.from({ length: 4 }, () => migrateAt(url)));
    const database = await connect(url, () => undefined);
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from kysely_migration where name = '0001_first'`.execute(
      database.db,
    );
    await database.dispose();
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('refuses a database of a newer version, in one line, and leaves it as it is', async () => {
    const { db, url } = await openRecords();
    await sql`insert into kysely_migration values ('9999_later', 'now')`.execute(db);
    const refusal = await connect(url, () => undefined).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as Error).message).toBe(
      'The database was written by a newer version of Tocsin (it has migration 9999_later); start that version, or restore a backup made before it',
    );
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from kysely_migration where name = '9999_later'`.execute(db);
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('says so in one line when there is no database', async () => {
    const nowhere = 'postgres://nobody:secret@127.0.0.1:1/none';
    const refusal = await connect(nowhere, () => undefined).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as Error).message).toMatch(/^DATABASE_URL: the database cannot be reached/);
    expect((refusal as Error).message).not.toMatch(/secret|\n/);
  });
});
