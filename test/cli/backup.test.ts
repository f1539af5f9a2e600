import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { connect, type Db, migrateAt } from '../../src/store/connection/database.ts';
import { armedShard } from '../support/armed.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { insertCampaignRow } from '../support/rows.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';
import { commandIn } from './command.ts';

needs('postgres')('backups on the command line', () => {
  let db: Db;
  let folder: string;
  let dataDir: string;
  let commandAt: (url: string) => ReturnType<typeof commandIn>;
  let file: string;

  beforeAll(async () => {
    folder = await tempFolder('backups');
    dataDir = await tempFolder('data');
    commandAt = (url) => commandIn({ DATABASE_URL: url, DATA_DIR: dataDir });
    const { url } = await testDatabase(migrateAt);
    db = await open(url);
    await armedShard(db, 3);
    const joinable = await insertCampaignRow(db, { state: 'open', momentMs: 3_600_000 });
    await sql`insert into campaign_event (campaign_id, actor, action, scope, detail)
      values (${joinable}, 'Vera', 'paused', 'campaign', E'quote " tab \\t line \\n bell \\U0001F514')`.execute(
      db,
    );
    file = join(folder, 'first');
    expect(await commandAt(url)('backup', file)).toMatchObject({ code: 0 });
  });

  async function open(url: string): Promise<Db> {
    const database = await connect(url, () => undefined);
    atEnd(() => database.dispose());
    return database.db;
  }

  /** Every row of the tables that hold something here. */
  async function contents(of: Db): Promise<Record<string, unknown>> {
    const tables = ['campaign', 'pledge', 'credential', 'delivery', 'shard', 'attempt'] as const;
    const entries = tables.map(async (table) => {
      const { rows } = await sql`select row_to_json(t)::text as row from ${sql.table(table)} t
        order by 1`.execute(of);
      return [table, rows] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  it('A16 leaves a file that is there as it is, and says what to do', async () => {
    const { url } = await testDatabase(migrateAt);
    const before = await readFile(file);
    const again = await commandAt(url)('backup', file);
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain(
      `file: ${file} is there already and was left as it is; give another name`,
    );
    expect(await readFile(file)).toEqual(before);
    const nowhere = join(folder, 'none', 'file');
    expect((await commandAt(url)('backup', nowhere)).stderr).toContain('cannot be written');
  });

  it('A16 leaves no half of a backup when the database goes away', async () => {
    const { url } = await testDatabase(migrateAt);
    const filled = await open(url);
    await sql`insert into audit_entry (actor, action, subject)
      select 'Vera', 'campaign.create', repeat('x', 500) from generate_series(1, 60000)`.execute(
      filled,
    );
    const half = join(folder, 'half');
    const running = commandAt(url)('backup', half);
    await waitFor(async () => ((await stat(half).catch(() => null))?.size ?? 0) > 100_000, {
      what: 'the backup to be under way',
    });
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(filled);
    expect((await running).code).not.toBe(0);
    expect(await stat(half).catch(() => null)).toBeNull();
  });

  it('A16 brings back every row as it was, and holds sending', async () => {
    const { url } = await testDatabase(migrateAt);
    const command = commandAt(url);
    const result = await command('restore', file, '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toEqual({ file, rows: expect.any(Number), held: true });
    const restored = await open(url);
    expect(await contents(restored)).toEqual(await contents(db));
    const shown = await command('instance', 'show', '--json');
    expect(JSON.parse(shown.stdout).holds).toMatchObject([{ kind: 'restored', who: 'tocsin' }]);
    // Numbers go on behind those that are there.
    await sql`insert into campaign_event (campaign_id, actor, action, scope, detail)
      select id, 'Vera', 'paused', 'campaign', '' from campaign limit 1`.execute(restored);
    // Neither resuming nor a second restore gets round it.
    await command('instance', 'resume');
    const again = await command('restore', file);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/not empty/);
    expect((await command('instance', 'show')).stdout).toMatch(
      /the instance is restored by tocsin/,
    );
    const released = await command('instance', 'release', '--as', 'Vera', '--json');
    // The shard's campaign is firing, so its posts may have been sent since.
    expect(released.code).toBe(1);
    expect(released.stderr).toMatch(/3 posts have not been looked for yet/);
    await sql`update campaign set state = 'settled'`.execute(restored);
    expect(await command('instance', 'release', '--as', 'Vera')).toMatchObject({ code: 0 });
    expect((await command('instance', 'show')).stdout).toBe('nothing is held\n');
  });

  it('A16 is held where an operator says that it was put back by other means', async () => {
    const { url } = await testDatabase(migrateAt);
    const command = commandAt(url);
    expect(await command('restore', '--already')).toMatchObject({ code: 0 });
    expect((await command('instance', 'show')).stdout).toMatch(/restored/);
    expect(await command('instance', 'release')).toMatchObject({ code: 0 });
  });

  it('is readable by its owner alone, and overwrites nothing', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const before = await readFile(file, 'utf8');
    const { url } = await testDatabase(migrateAt);
    const again = await commandAt(url)('backup', file);
    expect([again.code, await readFile(file, 'utf8')]).toEqual([1, before]);
  });

  it('A16 leaves a database without a table as it is where the backup is refused, so that another version can use it', async () => {
    const whole = await readFile(file, 'utf8');
    const { url } = await testDatabase(async function makeNothing() {});
    const target = new pg.Client({ connectionString: url });
    await target.connect();
    atEnd(() => target.end());
    const path = join(folder, 'refused');
    for (const text of [
      whole.replace(/"schema":"[^"]*"/, '"schema":"0011_host_events"'),
      whole.trimEnd().split('\n').slice(0, -1).join('\n'),
      whole.replace(/\{"rows":\d+\}\s*$/, '{"rows":'),
    ]) {
      await writeFile(path, text);
      expect((await commandAt(url)('restore', path)).code).toBe(1);
      const tables = `select 1 from pg_tables where schemaname = 'public'`;
      expect((await target.query(tables)).rowCount).toBe(0);
    }
  });

  it('refuses what is not a whole backup, and leaves the database empty', async () => {
    const whole = await readFile(file, 'utf8');
    const lines = whole.trimEnd().split('\n');
    const cases: [string, string, RegExp][] = [
      ['empty', '', /not a whole backup/],
      ['another', 'PGDMP', /not a whole backup/],
      ['cut', lines.slice(0, -1).join('\n'), /not a whole backup.*ends after/],
      [
        'less',
        [...lines.slice(0, 2), ...lines.slice(3)].join('\n'),
        /not a whole backup.*ends after/,
      ],
      ['foreign', whole.replace('\ncampaign\t', '\npg_class\t'), /not a whole backup.*line/],
      [
        'older',
        whole.replace(/"schema":"[^"]*"/, '"schema":"0011_host_events"'),
        /another version/,
      ],
    ];
    const { url } = await testDatabase(migrateAt);
    const target = await open(url);
    for (const [name, text, message] of cases) {
      const path = join(folder, name);
      await writeFile(path, text);
      const result = await commandAt(url)('restore', path);
      expect([name, result.code, result.stderr]).toEqual([name, 1, expect.stringMatching(message)]);
      expect((await target.selectFrom('campaign').select('id').execute()).length, name).toBe(0);
    }
    await appendFile(join(folder, 'whole'), whole);
    expect(await commandAt(url)('restore', join(folder, 'whole'))).toMatchObject({ code: 0 });
  });

  it('A16 refuses what is sealed under another master key, and leaves the database empty, for its own', async () => {
    const { url } = await testDatabase(migrateAt);
    const stranger = commandIn({ DATABASE_URL: url, DATA_DIR: await tempFolder('other') });
    const { code, stderr } = await stranger('restore', file);
    expect([code, stderr]).toEqual([78, expect.stringMatching(/sealed under the master key/)]);
    const target = await open(url);
    expect(await target.selectFrom('campaign').select('id').execute()).toEqual([]);
    expect(await commandAt(url)('restore', file)).toMatchObject({ code: 0, stderr: '' });
    expect(await contents(target)).toEqual(await contents(db));
  });

  it('says what is missing in the command', async () => {
    const { url } = await testDatabase(migrateAt);
    const command = commandAt(url);
    for (const args of [
      ['restore'],
      ['restore', file, '--already'],
      ['restore', join(folder, 'none')],
    ]) {
      const { code, stderr } = await command(...args);
      expect([args, code, stderr]).toEqual([args, 2, expect.stringMatching(/^restore: /)]);
    }
  });
});
