import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { connect, type Db, migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { tempFolder } from '../support/temp.ts';
import { type Command, commandIn, type Said } from './command.ts';

needs('postgres')('platforms on the command line', () => {
  let command: Command;
  let simulated: Command;
  let db: Db;
  beforeAll(async () => {
    const { url } = await testDatabase(migrateAt);
    const database = await connect(url, (error) => {
      throw error;
    });
    atEnd(() => database.dispose());
    db = database.db;
    const env = {
      DATABASE_URL: url,
      DATA_DIR: await tempFolder('data'),
      BASE_URL: 'https://tocsin.example',
      X_CLIENT_ID: 'app',
      X_CLIENT_SECRET: 'secret',
    };
    command = commandIn(env);
    simulated = commandIn({ ...env, X_API_URL: 'http://127.0.0.1:9' });
  });

  function answer(said: Said): Record<string, unknown> {
    expect(said).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(said.stdout);
  }

  async function audited(): Promise<string[]> {
    const { rows } = await sql<{ said: string }>`
      select concat_ws(' ', actor, action, subject) as said from audit_entry
      where action like 'platform.%' order by id`.execute(db);
    return rows.map(({ said }) => said);
  }

  it('shows what the rules say, and takes them as accepted only with the name once more', async () => {
    const unread = await command('platform', 'accept', 'x');
    expect(unread.code).toBe(2);
    expect(unread.stdout).toMatch(/^x: connected; its rules have not been accepted/);
    expect(unread.stdout).toMatch(/^- Identical or substantially similar posts/m);
    expect(unread.stderr).toBe('--yes: read what the rules say, and add --yes x to accept them\n');
    expect((await command('platform', 'accept', 'x', '--yes', 'y')).code).toBe(2);
    const old = await command('platform', 'accept', 'x', '--as-of', '2020-01-01');
    expect(old).toMatchObject({ code: 1, stdout: '' });
    expect(old.stderr).toMatch(/read it once more/);
    expect(await audited()).toEqual([]);
    const done = await command('platform', 'accept', 'x', '--yes', 'x', '--as', 'Vera', '--json');
    const accepted = { by: 'Vera', lapsed: false };
    expect(answer(done)).toMatchObject({ changed: true, name: 'x', offered: true, accepted });
    expect((await command('platform', 'accept', 'x', '--yes', 'x')).stdout).toMatch(
      /^x: was accepted already\n/,
    );
    expect(await audited()).toEqual(['Vera platform.accept x']);
  }, 60_000);

  it('lists and shows them', async () => {
    const { platforms } = answer(await command('platform', 'list', '--json'));
    expect((platforms as object[])[0]).toMatchObject({ name: 'x', connected: true });
    expect((await command('platform', 'list')).stdout).toMatch(/^x: connected; accepted by Vera/);
    const shown = answer(await command('platform', 'show', 'x', '--json'));
    expect(shown).toMatchObject({
      name: 'x',
      rules: { source: expect.stringMatching(/^https:/), as_of: expect.stringMatching(/^20/) },
    });
    expect((await command('platform', 'show', 'nowhere')).stderr).toMatch(
      /^There is no platform "nowhere"/,
    );
  }, 60_000);

  it('withdraws, and says that what was promised is still posted', async () => {
    const done = await command('platform', 'withdraw', 'x', '--as', 'Omar');
    expect(done.stdout).toMatch(/^x: withdrawn; what has been promised is still posted/);
    expect((await command('platform', 'withdraw', 'x')).stdout).toBe('x: was not accepted\n');
    expect((await audited()).at(-1)).toBe('Omar platform.withdraw x');
  }, 60_000);

  it('has nothing to accept where a platform is simulated', async () => {
    expect((await simulated('platform', 'show', 'x')).stdout).toMatch(/^x: simulated/);
    const said = await simulated('platform', 'accept', 'x', '--yes', 'x');
    expect(said).toMatchObject({ code: 1, stdout: '' });
    expect(said.stderr).toMatch(/there are no rules to accept/);
  }, 60_000);
});
