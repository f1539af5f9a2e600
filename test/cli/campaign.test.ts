import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { migrateAt } from '../../src/store/connection/database.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { needs, testDatabase } from '../support/database.ts';
import { pictureFile } from '../support/pictures.ts';
import { tempFolder } from '../support/temp.ts';
import { type Command, campaignFile, commandIn, inTurn, type Said } from './command.ts';

const FILE = 'config/campaigns/reference.yaml';

/** The one line of JSON that a command under --json answers with. */
function answer(said: Said): Record<string, unknown> {
  expect(said.stderr).toBe('');
  expect(said.code).toBe(0);
  const lines = said.stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

function instantOf(campaign: Record<string, unknown>): number {
  return Date.parse((campaign.moment as { instant: string }).instant);
}

needs('postgres')('campaigns on the command line', () => {
  let command: Command;
  beforeAll(async () => {
    const { url } = await testDatabase(migrateAt);
    const environment = {
      DATABASE_URL: url,
      DATA_DIR: await tempFolder('data'),
      BASE_URL: 'https://tocsin.example',
    };
    command = commandIn(environment);
  });

  it('are created from the reference file, approved by somebody else, and shown', async () => {
    const at = ['--at', '2031-07-10T11:00'];
    const created = answer(await command('campaign', 'create', FILE, ...at, '--json'));
    const { previews, ...campaign } = created;
    expect(campaign).toMatchObject({
      slug: '100-days',
      state: 'in_review',
      moment: { instant: '2031-07-10T08:00:00.000Z', zone: 'Europe/Moscow' },
      url: 'https://tocsin.example/c/100-days',
    });
    const locales = (previews as { locale: string }[]).map(({ locale }) => locale);
    expect([...new Set(locales)]).toEqual(['en', 'fr', 'it', 'ru']);

    const [twice, own, missing] = await inTurn(
      [
        ['create', FILE, ...at, '--json'],
        ['approve', '100-days'],
        ['show', 'nowhere', '--json'],
      ],
      (args) => command('campaign', ...args),
    );
    expect(twice).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(twice?.stderr ?? '').error).toMatch(/^slug: "100-days" belongs to another/);
    expect(own).toMatchObject({ code: 1, stdout: '' });
    expect(own?.stderr).toMatch(/SOLE_OPERATOR/);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(missing?.stderr ?? '').error).toMatch(/"nowhere"/);

    const as = ['--as', 'Vera'];
    const approved = answer(await command('campaign', 'approve', '100-days', ...as, '--json'));
    expect(approved).toMatchObject({ slug: '100-days', state: 'open' });
    const [again, shown, read] = await inTurn(
      [
        ['approve', '100-days', ...as],
        ['show', '100-days', '--json'],
        ['show', '100-days'],
      ],
      (args) => command('campaign', ...args),
    );
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again?.stderr).toMatch(/is open, so there is nothing to approve/);
    expect(answer(shown as Said)).toMatchObject({
      slug: '100-days',
      state: 'open',
      delivery: { pledges: 0, totals: { pending: 0, posted: 0 } },
    });
    expect(read?.stdout).toMatch(
      /^100-days: open\nmoment .*2031-07-10T08:00:00.000Z\npledges 0\n/m,
    );
    // C5: every answer says what was understood.
    expect(read?.stdout).toMatch(/^languages en \(English\), fr \(French\), .*\ngoal 1,000$/m);
    const [listed] = (await command('campaign', 'list')).stdout.split('\n');
    expect(listed).toMatch(/100-days: open, pledges 0, goal 1,000$/);
  });

  it('take their moment and slug from the command line', async () => {
    const began = Date.now();
    const [elsewhere, soon, plain] = await inTurn(
      [
        ['--at', '2031-07-10T11:00', '--zone', 'America/New_York', '--slug', 'elsewhere', '--json'],
        ['--in', '2h', '--slug', 'soon', '--json'],
        ['--in', '3d', '--zone', 'Asia/Kolkata', '--slug', 'plain'],
      ],
      (args) => command('campaign', 'create', FILE, ...args),
    );
    expect(answer(elsewhere as Said)).toMatchObject({
      slug: 'elsewhere',
      moment: { instant: '2031-07-10T15:00:00.000Z', zone: 'America/New_York' },
    });
    const created = answer(soon as Said);
    expect(created).toMatchObject({ slug: 'soon', moment: { zone: 'Europe/Moscow' } });
    const inMs = instantOf(created) - began;
    expect(inMs).toBeGreaterThanOrEqual(2 * 3_600_000);
    expect(instantOf(created)).toBeLessThan(Date.now() + 2 * 3_600_000 + 1_000);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain?.stdout).toMatch(/^plain: in review\nmoment \S+ Asia\/Kolkata, which is /);
    expect(plain?.stdout).toMatch(
      /^languages en \(English\), .* ru \(Russian\)\ngoal 1,000\n12 texts:\nen \(English\):\n {2}\S/m,
    );
    // UTC, the campaign's zone, and two others.
    expect(plain?.stdout).toMatch(
      /^ {2}\S+ \S+ {2}UTC\n {2}\S+ \S+ {2}Asia\/Kolkata, UTC\+05:30\n {2}.*America\/New_York.*\n {2}.*Europe\/Paris/m,
    );
    const { texts: told } = created.understood as { texts: { text: string }[] };
    expect(told).toHaveLength(12);
    for (const { text } of told) {
      const [first = ''] = text.split('\n');
      expect(plain?.stdout.split(first)).toHaveLength(2);
    }
    expect(plain?.stdout.match(/^ {4}X +\d+ of 280 characters$/gm)).toHaveLength(12);
    expect(plain?.stdout.match(/^ {4}Threads +\d+ of 500 bytes$/gm)).toHaveLength(12);
    expect(plain?.stdout).toMatch(/^mended: reminders: was left out, so it is false/m);
    expect(plain?.stdout).toMatch(/campaign texts plain\n.*campaign approve plain$/m);
    const texts = await command('campaign', 'texts', 'plain');
    expect(texts.stdout).toMatch(/^ru on X, \d+ of 280 characters:$/m);
    const again = answer(await command('campaign', 'texts', 'plain', '--json'));
    expect(again.previews).toEqual(created.previews);
    expect(await command('campaign', 'texts', 'nowhere')).toMatchObject({ code: 1 });
  });

  it('B16 are told with their content warning when they are created and shown', async () => {
    const warned = { en: 'Torture', 'pt-BR': 'Tortura' };
    const document = {
      ...goodCampaign({ slug: 'warned' }),
      ...{ locales: ['en', 'pt-BR'], content_warning: warned },
      ...Object.fromEntries(
        ['title', 'story', 'messages'].map((field) => [field, { en: 'Hear.', 'pt-BR': 'Ouça.' }]),
      ),
    };
    const file = await campaignFile(document);
    const made = await command('campaign', 'create', file);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(
      /^en \(English\):\n {2}on Mastodon behind a content warning: Torture\n {2}Hear\.$/m,
    );
    expect(made.stdout).toMatch(/^ {4}Mastodon +12 of 500 characters$/m);
    expect(made.stdout).toMatch(/^ {4}X +5 of 280 characters$/m);
    const shown = await command('campaign', 'show', 'warned');
    expect(shown.stdout).toMatch(
      /^content warning en \(English\): Torture\ncontent warning pt-BR \(Brazilian Portuguese\): Tortura$/m,
    );
    const json = answer(await command('campaign', 'show', 'warned', '--json'));
    expect(json).toMatchObject({ content_warning: warned });
    const texts = await command('campaign', 'texts', 'warned');
    expect(texts.stdout).toMatch(
      /^pt-BR on Mastodon, 12 of 500 characters:\n {2}on Mastodon behind a content warning: Tortura\n {2}Ouça\.$/m,
    );
    const refused = await command(
      ...['campaign', 'create', await campaignFile({ ...document, content_warning: { en: 'x' } })],
    );
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('content_warning.pt-BR: is missing');
  });

  it('get a picture before they are approved, and updates afterwards', async () => {
    const document = goodCampaign({
      slug: 'with-picture',
      picture: { alt: { en: 'A river at dawn' } },
    });
    const folder = await tempFolder('content');
    const file = join(folder, 'river.jpg');
    await writeFile(file, await pictureFile('jpeg', 800, 600));
    const news = join(folder, 'news.yaml');
    await writeFile(news, 'text:\n  en: |\n    They **answered**. It is over.So we go.\n');
    const created = await command('campaign', 'create', await campaignFile(document));
    expect(created.stdout).toMatch(/still to come: .* campaign picture with-picture FILE$/m);

    const missing = await command('campaign', 'picture', 'with-picture', join(folder, 'no.jpg'));
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toMatch(/no\.jpg: cannot be read/);
    const wrong = await command('campaign', 'picture', 'with-picture', news);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^picture: is not a picture/);
    const set = answer(await command('campaign', 'picture', 'with-picture', file, '--json'));
    const sizes = set.picture as { width: number; height: number; url: string }[];
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [640, 480],
      [800, 600],
    ]);
    expect(sizes[0]?.url).toMatch(
      /^https:\/\/tocsin\.example\/c\/with-picture\/picture-\w{16}-640\.webp$/,
    );

    const early = await command('campaign', 'update', 'with-picture', news);
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toMatch(/is in review, so nobody would read an update/);
    answer(await command('campaign', 'approve', 'with-picture', '--as', 'Vera', '--json'));
    const late = await command('campaign', 'picture', 'with-picture', file);
    expect(late).toMatchObject({ code: 1, stdout: '' });
    expect(late.stderr).toMatch(/is open: what a second person has approved does not change/);

    const posted = answer(
      await command('campaign', 'update', 'with-picture', news, '--as', 'Anna', '--json'),
    );
    expect(posted).toMatchObject({
      by: 'Anna',
      text: { en: 'They **answered**. It is over.So we go.' },
    });
    expect(posted.warnings).toEqual([
      { field: 'text.en', message: expect.stringMatching(/^"over\.So" \(line 3 of the file\)/) },
    ]);
    const listed = await command('campaign', 'updates', 'with-picture');
    expect(listed.stdout).toContain(`${posted.id}, ${posted.at}, by Anna\nen:\n  They **answ`);
    const gone = ['with-picture', String(posted.id)];
    const withdrawn = await command('campaign', 'withdraw-update', ...gone);
    expect(withdrawn).toMatchObject({ code: 0, stdout: `${posted.id}: withdrawn\n` });
    expect(await command('campaign', 'withdraw-update', ...gone)).toMatchObject({ code: 1 });
    const none = await command('campaign', 'updates', 'with-picture', '--json');
    expect(answer(none)).toEqual({ updates: [] });
  });

  it('mean one of two, when their moment falls into the hour that is there twice', async () => {
    const year = new Date().getUTCFullYear() + 1;
    // In Paris the clocks go back at 01:00 UTC on the last Sunday of October.
    const october = new Date(Date.UTC(year, 9, 31));
    const back = october.getTime() - october.getUTCDay() * 86_400_000 + 3_600_000;
    for (const [slug, instant] of Object.entries({
      'fold-a': back - 1_800_000,
      'fold-b': back + 1_800_000,
    })) {
      const minutes = Math.round((instant - Date.now()) / 60_000);
      const created = answer(
        await command(
          'campaign',
          'create',
          FILE,
          '--in',
          `${minutes}m`,
          '--zone',
          'Europe/Paris',
          '--slug',
          slug,
          '--json',
        ),
      );
      expect(Math.abs(instantOf(created) - instant)).toBeLessThan(900_000);
    }
  });

  it('C9 take which of two is meant, where clocks are put back, from the command line', async () => {
    const twice = { at: '2031-10-26T02:30', zone: 'Europe/Paris' };
    const file = await campaignFile(
      goodCampaign({ slug: 'twice', moment: { ...twice, occurrence: 'later' } }),
    );
    const create = (slug: string, ...args: string[]) =>
      command('campaign', 'create', file, '--slug', slug, ...args, '--json');
    const instants = await inTurn(
      [[], ['--occurrence', 'earlier'], ['--at', '2031-10-26T02:45', '--occurrence', 'later']],
      async (args) => instantOf(answer(await create(`twice-${args.length}`, ...args))),
    );
    expect(instants.map((ms) => new Date(ms).toISOString())).toEqual([
      '2031-10-26T01:30:00.000Z',
      '2031-10-26T00:30:00.000Z',
      '2031-10-26T01:45:00.000Z',
    ]);
    // What the file says belongs to the time in the file.
    const [asked, never] = await inTurn(
      [
        ['--at', '2031-10-26T02:45'],
        ['--at', '2031-03-30T02:30', '--occurrence', 'later'],
      ],
      (args) => create('twice-more', ...args),
    );
    expect(asked).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(asked?.stderr ?? '').errors).toEqual([
      {
        field: 'moment.occurrence',
        message: expect.stringMatching(
          /exists twice in Europe\/Paris, as 2031-10-26T00:45:00Z and as 2031-10-26T01:45:00Z\. .*--occurrence earlier or later$/,
        ),
      },
    ]);
    expect(JSON.parse(never?.stderr ?? '').error).toMatch(
      /^moment\.at: 2031-03-30T02:30:00 does not exist .* Use a time before 2031-03-30T02:00:00, or 2031-03-30T03:00:00 or later$/,
    );
  });
});
