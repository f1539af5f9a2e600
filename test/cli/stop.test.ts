import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { connect, type Db, migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { insertCampaignRow, insertDeliveries, insertPledges, statesOf } from '../support/rows.ts';
import { tempFolder } from '../support/temp.ts';
import { type Command, commandIn, type Said } from './command.ts';

needs('postgres')('stopping on the command line', () => {
  let command: Command;
  let db: Db;
  beforeAll(async () => {
    const { url } = await testDatabase(migrateAt);
    const database = await connect(url, (error) => {
      throw error;
    });
    atEnd(() => database.dispose());
    db = database.db;
    command = commandIn({
      DATABASE_URL: url,
      DATA_DIR: await tempFolder('data'),
      BASE_URL: 'https://tocsin.example',
      X_CLIENT_ID: 'app',
      X_CLIENT_SECRET: 'secret',
    });
  });

  async function burst(): Promise<{ id: string; slug: string }> {
    const id = await insertCampaignRow(db, { state: 'firing' });
    await insertDeliveries(db, id, await insertPledges(db, id, 3), { state: 'pending' });
    return { id, slug: `rows-${id}` };
  }

  async function noted(id: string): Promise<string[]> {
    const { rows } = await sql<{ said: string }>`
      select concat_ws(' ', action, scope, actor, detail) as said from campaign_event
      where campaign_id = ${id} order by id`.execute(db);
    return rows.map((row) => row.said);
  }

  function answer(said: Said): Record<string, unknown> {
    expect(said).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(said.stdout);
  }

  it.each([
    ['--as', 'key:press', /^as: give a name of 1 to 60 letters/],
    ['--as', 'Vera\nheld: nobody', /^as: give a name/],
    ['--as', '', /^as: give a name/],
    ['--reason', 'why\nheld: nobody', /^reason: must be a single line/],
    ['--reason', '  ', /^reason: is blank/],
  ])('takes no %s that another order could be read into: %j', async (option, value, said) => {
    const { id, slug } = await burst();
    const refused = await command('campaign', 'pause', slug, `${option}=${value}`);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
    expect(await noted(id)).toEqual([]);
  });

  it('pauses, shows and resumes a campaign', async () => {
    const { id, slug } = await burst();
    const paused = await command(
      ...['campaign', 'pause', slug, '--as', 'Vera', '--reason', 'wrong link', '--json'],
    );
    const hold = { scope: 'campaign', subject: slug, kind: 'paused', who: 'Vera', until: null };
    const said = { scope: 'campaign', subject: slug, changed: true };
    expect(answer(paused)).toMatchObject({ ...said, holds: [{ ...hold, reason: 'wrong link' }] });
    const again = await command('campaign', 'pause', slug);
    expect(again.stdout).toMatch(/: was paused already\nheld: campaign .* is paused by Vera since/);
    const shown = await command('instance', 'show', '--json');
    expect(answer(shown)).toMatchObject({ holds: [hold] });
    expect((await command('campaign', 'show', slug)).stdout).toMatch(/^held: campaign .*: wrong/m);
    expect((await command('campaign', 'resume', slug, '--as', 'Omar')).stdout).toBe(
      `${slug}: resumed\n`,
    );
    expect((await command('campaign', 'resume', slug)).stdout).toBe(`${slug}: was not paused\n`);
    expect((await command('instance', 'show')).stdout).toBe('nothing is held\n');
    expect(await noted(id)).toEqual(['paused campaign Vera wrong link', 'resumed campaign Omar ']);
  }, 60_000);

  it('aborts only with the name once more', async () => {
    const { id, slug } = await burst();
    for (const yes of [[], ['--yes', 'instance']]) {
      const refused = await command('campaign', 'abort', slug, ...yes);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toBe(
        `--yes: an abort cannot be taken back; add --yes ${slug} to go on\n`,
      );
    }
    expect(await statesOf(db, id)).toEqual({ pending: 3 });
    const done = await command('campaign', 'abort', slug, '--yes', slug, '--as', 'Vera', '--json');
    expect(answer(done)).toEqual({
      scope: 'campaign',
      subject: slug,
      changed: true,
      campaigns: [slug],
      dropped: 3,
      holds: [],
    });
    expect(await statesOf(db, id)).toEqual({ dropped: 3 });
    const again = await command('campaign', 'abort', slug, '--yes', slug);
    expect(again).toMatchObject({ code: 0, stdout: `${slug}: there was nothing left to abort\n` });
    const pause = await command('campaign', 'pause', slug);
    expect(pause).toMatchObject({ code: 1, stdout: '' });
    expect(pause.stderr).toMatch(/is aborted, so there is nothing to pause/);
    expect(await noted(id)).toEqual(['aborted campaign Vera ']);
  }, 60_000);

  it('stops a platform and everything', async () => {
    await sql`update campaign set state = 'settled' where state = 'firing'`.execute(db);
    const first = await burst();
    const platform = await command(
      'platform',
      'abort',
      'x',
      '--yes',
      'x',
      '--as',
      'Vera',
      '--json',
    );
    expect(answer(platform)).toMatchObject({
      campaigns: [first.slug],
      dropped: 3,
      holds: [{ scope: 'platform', subject: 'x', who: 'Vera' }],
    });
    expect((await command('platform', 'resume', 'x')).stdout).toBe('x: resumed\n');
    const second = await burst();
    expect((await command('instance', 'pause')).stdout).toMatch(
      /^instance: paused\nheld: the inst/,
    );
    expect((await command('instance', 'resume')).stdout).toBe('instance: resumed\n');
    const all = await command('instance', 'abort', '--yes', 'instance', '--json');
    const { campaigns } = answer(all) as { campaigns: string[] };
    expect(campaigns.toSorted()).toEqual([first.slug, second.slug].toSorted());
    const wrong = await command('platform', 'pause', 'y');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^There is no platform "y"; (did you mean `x`|there are x)/);
    expect((await command('campaign', 'pause', 'nowhere')).code).toBe(1);
  }, 60_000);
});
