import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connect, type Database, migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { badCampaigns } from '../support/bad-campaigns.ts';
import { needs, testDatabase } from '../support/database.ts';
import { tempFolder } from '../support/temp.ts';
import { type Command, campaignFile, commandIn, inTurn } from './command.ts';

needs('postgres')('a bad campaign given to the command line', () => {
  let command: Command;
  let database: Database;
  beforeAll(async () => {
    const { url } = await testDatabase(migrateAt);
    command = commandIn({ DATABASE_URL: url, DATA_DIR: await tempFolder('data') });
    database = await connect(url, () => undefined);
    atEnd(() => database.dispose());
  });

  async function stored(): Promise<number> {
    const rows = await database.db.selectFrom('campaign').select('id').execute();
    return rows.length;
  }
  let before: number;
  beforeEach(async () => {
    before = await stored();
  });
  afterEach(async () => {
    expect(await stored()).toBe(before);
  });

  it('is refused with the field in the message and exit 1, whatever is wrong', async () => {
    const all = await inTurn(badCampaigns, async (bad) => {
      const file = await campaignFile(bad.document);
      return { ...bad, ...(await command('campaign', 'create', file)) };
    });
    for (const { name, code, stdout, stderr, field, says } of all) {
      expect({ name, code, stdout }).toEqual({ name, code: 1, stdout: '' });
      const line = stderr.split('\n').find((one) => one.startsWith(`${field}: `));
      expect(line, `${name}: ${stderr}`).toMatch(says);
      // A sentence, not a bug's stack.
      expect(stderr).not.toMatch(/^ +at /m);
    }
    expect(all).toHaveLength(badCampaigns.length);
  });

  it('is refused with one JSON object on stderr under --json', async () => {
    const some = badCampaigns.filter(({ field }) => ['moment.at', 'goals', 'link'].includes(field));
    expect(some.length).toBeGreaterThan(2);
    const all = await inTurn(some, async (bad) => {
      const file = await campaignFile(bad.document);
      return { ...bad, ...(await command('campaign', 'create', file, '--json')) };
    });
    for (const { name, code, stdout, stderr, field, says } of all) {
      expect({ name, code, stdout }).toEqual({ name, code: 1, stdout: '' });
      expect(stderr.trim().split('\n')).toHaveLength(1);
      const { error, errors } = JSON.parse(stderr);
      expect(error).toContain(field);
      expect(errors).toContainEqual({ field, message: expect.stringMatching(says) });
    }
  });

  it('is refused when the file is no YAML, too large, or no mapping', async () => {
    const files: [content: string | Uint8Array, says: RegExp][] = [
      [
        'title: [unclosed\nstory: "',
        /^file: cannot be read: the quote that opens here is never closed \(line 2/,
      ],
      ['- a\n- list', /^file: must be a mapping/],
      ['title: a\ntitle: b', /^file: .*`title` is here twice.*line 2/],
      [`story: ${'a'.repeat(300 * 1024)}`, /^file: has \d+ bytes; 262144 are the most/],
      ['moment: tomorrow', /^moment: must be a mapping/m],
      ['goal: 10.000', /^goal: must be a whole number in plain digits, and "10.000" is not/m],
      ['messages:\n  en: Stand #X', /^file: .*messages\.en loses "#X": .*line 2, column 13/],
      [
        Buffer.from('fr: Tch\xe9tch\xe9nie', 'latin1'),
        /^file: is not UTF-8: byte 8, 0xE9, in line 1/,
      ],
      [Buffer.from('\uFEFFtitle: a', 'utf16le'), /^file: is text in UTF-16/],
      ['title:\n  en: Tch\uFFFDtch\uFFFDnie', /^title\.en: has lost letters: U\+FFFD/],
    ];
    const all = await inTurn(files, async ([content, says]) => ({
      says,
      ...(await command('campaign', 'create', await campaignFile(content))),
    }));
    for (const { code, stdout, stderr, says } of all) {
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
  });

  it('is refused when what is wrong with it is said on the command line', async () => {
    const reference = 'config/campaigns/reference.yaml';
    const numbered = await campaignFile('moment: {zone: 5}');
    const calls: [args: string[], code: number, says: RegExp][] = [
      [[reference], 1, /^moment.at: is in the past.*2017-07-10T08:00:00Z/],
      [[reference, '--at', '2031-13-01T10:00'], 1, /^moment.at: .*not on any calendar/],
      [[reference, '--in', '5m', '--zone', 'Mars/Olympus'], 1, /^moment.zone: "Mars\/Olympus"/],
      [[reference, '--in', '5m', '--slug', 'No Slug'], 1, /^slug: /],
      // The file's own mistake, whatever is said over it.
      [[numbered, '--in', '5m'], 1, /^moment.zone: /m],
    ];
    const all = await inTurn(calls, async ([args, wanted, says]) => ({
      wanted,
      says,
      ...(await command('campaign', 'create', ...args)),
    }));
    for (const { code, wanted, stdout, stderr, says } of all) {
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: wanted, stdout: '' });
      expect(stderr).not.toMatch(/^ +at /m);
    }
  });
});
