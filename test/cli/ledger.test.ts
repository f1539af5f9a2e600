import { execFile } from 'node:child_process';
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  canonicalEntry,
  chain,
  entryLine,
  headerLine,
  startHash,
} from '../../src/domain/ledger.ts';
import { connect, type Db, migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { has, needs, serviceAt, testDatabase } from '../support/database.ts';
import { insertCampaignRow } from '../support/rows.ts';
import { tempFolder } from '../support/temp.ts';
import { type Command, commandIn, inTurn, processIn } from './command.ts';

/** The program of docs/ledger.md, which shares no code with ours. */
async function otherProgram(): Promise<string> {
  const page = await readFile('docs/ledger.md', 'utf8');
  const program = /```python\n([\s\S]*?)```/.exec(page)?.[1];
  if (!program) throw new Error('docs/ledger.md has no program');
  const path = join(await tempFolder('program'), 'check.py');
  await writeFile(path, program);
  return path;
}

needs('postgres')('the ledger on the command line', () => {
  let db: Db;
  let environment: Record<string, string>;
  let command: Command;
  let folder: string;
  beforeAll(async () => {
    const { url } = await testDatabase(migrateAt);
    const database = await connect(url, () => undefined);
    atEnd(() => database.dispose());
    db = database.db;
    folder = await tempFolder('exports');
    environment = { DATABASE_URL: url, DATA_DIR: await tempFolder('data') };
    command = commandIn(environment);
  });

  /** A campaign in the past with this many tries, and one stop. */
  async function campaignWith(attempts: number): Promise<{ id: string; slug: string }> {
    const id = await insertCampaignRow(db, { state: 'firing', momentMs: -60_000 });
    await sql`
      insert into attempt (delivery_id, campaign_id, number, worker, answered_at, outcome, detail)
      select gen_random_uuid(), ${id}, 1, 'host-1', clock_timestamp(), 'refused',
        E'quote " backslash \\\\ tab \\t separator \\u2028 bell \\U0001F514'
      from generate_series(1, ${attempts}::int) n`.execute(db);
    const what = { actor: 'Vera', action: 'aborted', scope: 'campaign', detail: 'enough' } as const;
    await db
      .insertInto('campaign_event')
      .values({ campaign_id: id, ...what })
      .execute();
    return { id, slug: `rows-${id}` };
  }

  it('is exported to a file, sealed and whole, and sums itself up', async () => {
    const { id, slug } = await campaignWith(1_200);
    const out = join(folder, 'whole.jsonl');
    const json = await command('ledger', 'export', slug, '--out', out, '--json');
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const summary = JSON.parse(json.stdout);
    const head = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(summary).toEqual({ slug, campaign: id, entries: 1_201, head, file: out, whole: true });
    const lines = (await readFile(out, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1_202);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      format: 'tocsin-ledger-1',
      campaign: id,
      slug,
      entries: 1_201,
      head: { position: 1_201, hash: summary.head },
    });
    expect(JSON.parse(lines.at(-1) ?? '').hash).toBe(summary.head);
    expect(lines.join()).toMatch(/"kind":"event".*"actor":"Vera","action":"aborted"/);
    expect(lines.join()).not.toMatch(/post-\d/);
    const again = await command('ledger', 'export', slug, '--out', out);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain(`head ${summary.head}`);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('comes out of the standard output as it would stand in the file', async () => {
    const { slug } = await campaignWith(3);
    const said = await processIn(environment)('ledger', 'export', slug);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const file = join(folder, 'stdout.jsonl');
    await writeFile(file, said.stdout);
    const verified = await command('ledger', 'verify', file);
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(verified.stdout).toMatch(/^Whole: 4 entries of rows-/);
  });

  it('says so when a row has gone, and still hands out what there is', async () => {
    const { id, slug } = await campaignWith(3);
    const out = join(folder, 'gone.jsonl');
    await command('ledger', 'export', slug, '--out', out);
    await sql`delete from attempt where campaign_id = ${id} and position = 2`.execute(db);
    const said = await command('ledger', 'export', slug, '--out', out, '--json');
    expect(said.code).toBe(1);
    expect(JSON.parse(said.stdout)).toMatchObject({ entries: 4, whole: false });
    expect(JSON.parse(said.stderr).error).toBe('line 3: entry 2 should stand here and is missing');
    expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(4);
  });

  it('refuses what it cannot do', async () => {
    const { slug } = await campaignWith(1);
    const bursting = await insertCampaignRow(db, { state: 'firing', momentMs: -500 });
    const calls: [args: string[], code: number, says: RegExp][] = [
      [
        ['export', 'nothing'],
        1,
        /^There is no campaign "nothing"; check how its slug is written\n$/,
      ],
      [['export', `rows-${bursting}`, '--out', join(folder, 'x')], 1, /^The burst is under way/],
      [['export', slug, '--json'], 2, /--json: without --out/],
      [['export', slug, '--out', join(folder, 'none', 'x')], 2, /x: cannot be written/],
    ];
    const all = await inTurn(calls, ([args]) => command('ledger', ...args));
    expect(all.map(({ code, stdout }) => [code, stdout])).toEqual(calls.map(([, c]) => [c, '']));
    for (const [index, [, , says]] of calls.entries()) expect(all[index]?.stderr).toMatch(says);
  });

  it.skipIf(!has('python'))('is verified by another program as by ours', async () => {
    const { slug } = await campaignWith(50);
    const out = join(folder, 'other.jsonl');
    expect(await command('ledger', 'export', slug, '--out', out)).toMatchObject({ code: 0 });
    const program = await otherProgram();
    const run = (file: string) => promisify(execFile)(serviceAt('python'), [program, file]);
    const { stdout } = await run(out);
    expect(stdout).toMatch(/^whole: 51 entries, head [0-9a-f]{64}\n$/);
    const broken = join(folder, 'other-broken.jsonl');
    await writeFile(broken, (await readFile(out, 'utf8')).replace('aborted', 'resumed'));
    await expect(run(broken)).rejects.toMatchObject({ code: 1 });
  });
});

describe('verifying an export', () => {
  const campaign = '6f1c0f6e-7c55-4e0b-9a5e-0d6f2a9b1c33';
  let data: string;
  let command: Command;
  let file: string;
  let hashes: string[];
  beforeAll(async () => {
    const folder = await tempFolder('offline');
    data = join(folder, 'data');
    // Whatever read this configuration would end with 78.
    command = commandIn({ DATABASE_URL: 'nowhere', LOG_LEVEL: 'loud', DATA_DIR: data });
    const entries = Array.from({ length: 2_000 }, (_, index) => ({
      kind: 'event' as const,
      at: '2017-07-10T08:00:00.000000Z',
      actor: 'Vera',
      action: 'paused',
      scope: 'campaign',
      detail: `${index}`,
    }));
    const heads = chain(campaign, { position: 0, hash: startHash(campaign) }, entries);
    const head = heads.at(-1) ?? { position: 0, hash: '' };
    const times = {
      moment: '2017-07-10T08:00:00.000000Z',
      exportedAt: '2017-07-10T09:00:00.000000Z',
    };
    const lines = entries.map((entry, index) =>
      entryLine(canonicalEntry(campaign, index + 1, entry), heads[index]?.hash ?? ''),
    );
    hashes = heads.map(({ hash }) => hash);
    file = join(folder, 'ledger.jsonl');
    const header = headerLine({ campaign, slug: 'the-bell', ...times, head });
    await writeFile(file, [header, ...lines, ''].join('\n'));
  });

  it('needs no configuration, no database and no folder', async () => {
    const plain = await command('ledger', 'verify', file);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toBe(
      `Whole: 2000 entries of the-bell (${campaign})\nhead ${hashes.at(-1)}\n`,
    );
    const json = await command('ledger', 'verify', file, '--json', '--head', hashes[6] ?? '');
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      whole: true,
      entries: 2_000,
      head: hashes.at(-1),
      headAt: 7,
    });
    await expect(access(data)).rejects.toThrow(/ENOENT/);
  });

  it('ends with 1 and the first broken line', async () => {
    const broken = `${file}.broken`;
    await writeFile(
      broken,
      (await readFile(file, 'utf8')).replace('"detail":"41"', '"detail":"4"'),
    );
    const [plain, json, head] = await inTurn(
      [[broken], [broken, '--json'], [file, '--head', '0'.repeat(64)]],
      (args) => command('ledger', 'verify', ...args),
    );
    const message = 'line 43: this is not the entry that was sealed';
    expect(plain).toEqual({ code: 1, stdout: '', stderr: `${message}\n` });
    expect(json?.code).toBe(1);
    expect(JSON.parse(json?.stdout ?? '')).toEqual({
      whole: false,
      line: 43,
      fault: 'changed',
      message,
    });
    expect(JSON.parse(json?.stderr ?? '')).toEqual({ error: message, errors: [] });
    expect(head).toMatchObject({ code: 1, stdout: '' });
    expect(head?.stderr).toMatch(/the head given is in none of its entries/);
  });

  it('ends with 2 when it was not called as it wants to be', async () => {
    const calls: [args: string[], says: RegExp][] = [
      [[], /FILE/],
      [[file, '--head', 'abc'], /^--head: give the whole hash/],
      [['/nowhere/ledger.jsonl'], /\/nowhere\/ledger.jsonl: cannot be read/],
      [['.'], /cannot be read/],
    ];
    const all = await inTurn(calls, ([args]) => command('ledger', 'verify', ...args));
    expect(all.map(({ code, stdout }) => [code, stdout])).toEqual(calls.map(() => [2, '']));
    for (const [index, [, says]] of calls.entries()) expect(all[index]?.stderr).toMatch(says);
  });
});
