import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { showCampaign } from '../../src/actions/campaign/show-campaign.ts';
import { toFrame } from '../../src/http/pages.ts';
import { campaignView } from '../../src/http/views/campaign-views.ts';
import { pickLanguages } from '../../src/web/index.ts';
import type { CampaignView } from '../../src/web/views/campaign.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { needs } from '../support/database.ts';
import { CAMERA, LATITUDE_BYTES, pictureFile, pngOf, withExif } from '../support/pictures.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { type Answer, type Caller, caller, keyHolder } from './api.ts';
import { cookieHeader, signedIn } from './operator.ts';

const CAMPAIGNS = '/api/v1/campaigns';

/** Where a picture that was just set is, the narrowest first. */
function addressesOf({ body }: Answer): string[] {
  const { picture } = body as { picture: { url: string }[] };
  return picture.map(({ url }) => url);
}

needs('postgres')('what a campaign shows beside its words', () => {
  let stage: TestStage;
  let author: Caller;
  let second: Caller;
  let jpeg: Buffer;
  beforeAll(async () => {
    stage = await startStage({ environment: { SOLE_OPERATOR: 'false' } });
    const { ctx } = stage.instance;
    author = await keyHolder(ctx, stage.url, 'author');
    second = await keyHolder(ctx, stage.url, 'second');
    jpeg = withExif(await pictureFile('jpeg', 1500, 1000), 1);
  });

  /** In two languages, with everything there is. */
  async function create(slug: string, changes: Record<string, unknown> = {}): Promise<void> {
    const document = goodCampaign({
      slug,
      locales: ['en', 'fr'],
      title: { en: 'Quiet rivers', fr: 'Rivières calmes' },
      story: { en: 'Why', fr: 'Pourquoi' },
      messages: { en: 'Listen {{ link }}', fr: 'Écoutez {{ link }}' },
      picture: {
        alt: { en: 'A river at dawn', fr: 'Une rivière à l’aube' },
        credit: 'Ana Example',
      },
      ...changes,
    });
    const made = await author.post(CAMPAIGNS, document);
    expect(made.body).toMatchObject({ slug, state: 'in_review' });
  }

  async function approve(slug: string): Promise<void> {
    expect((await second.post(`${CAMPAIGNS}/${slug}/approve`)).status).toBe(200);
  }

  /** What the page is made of, for somebody who reads this of the campaign's languages. */
  async function viewOf(slug: string, locale: string): Promise<Omit<CampaignView, 'follow'>> {
    const { ctx } = stage.instance;
    const shown = await showCampaign(ctx, { slug, textLocale: () => locale });
    const languages = pickLanguages(undefined, locale, shown.campaign.content.locales);
    return campaignView(shown, toFrame(languages, `/c/${slug}`), locale);
  }

  async function audited(action: string): Promise<unknown[]> {
    const found = await sql`
      select actor, subject from audit_entry where action = ${action} order by id`.execute(
      stage.instance.ctx.db,
    );
    return found.rows;
  }

  async function putPicture(slug: string, bytes: Uint8Array, type = 'image/jpeg') {
    return author.put(`${CAMPAIGNS}/${slug}/picture`, bytes, type);
  }

  it('takes a picture before approval, for operators to see', async () => {
    await create('seen');
    const put = await putPicture('seen', jpeg);
    expect(put.status).toBe(200);
    expect(put.body).toEqual({
      slug: 'seen',
      picture: [
        { width: 640, height: 427, url: expect.stringMatching(/-640\.webp$/) },
        { width: 1280, height: 853, url: expect.stringMatching(/-1280\.webp$/) },
        { width: 1500, height: 1000, url: expect.stringMatching(/-1500\.webp$/) },
      ],
    });
    const [url = ''] = addressesOf(put);
    expect(url.startsWith(`${stage.url}/c/seen/picture-`)).toBe(true);
    expect((await fetch(url)).status).toBe(404);
    const shown = await fetch(url, { headers: { cookie: cookieHeader(await signedIn(stage)) } });
    expect(shown.status).toBe(200);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(await audited('campaign.picture')).toContainEqual({
      actor: 'key:author',
      subject: 'seen',
    });
  });

  it('shows it to everybody afterwards, for ever and with no trace of where it was taken', async () => {
    await create('public');
    const put = await putPicture('public', jpeg);
    await approve('public');
    for (const url of addressesOf(put)) {
      const shown = await fetch(url);
      expect(shown.status).toBe(200);
      expect(shown.headers.get('content-type')).toBe('image/webp');
      expect(shown.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
      const bytes = Buffer.from(await shown.arrayBuffer());
      expect(bytes.includes(CAMERA)).toBe(false);
      expect(bytes.includes(LATITUDE_BYTES)).toBe(false);
    }
    const { picture } = await viewOf('public', 'fr');
    const at = (width: number) =>
      expect.stringMatching(`^/c/public/picture-\\w{16}-${width}\\.webp$`);
    expect(picture).toEqual({
      src: at(1280),
      srcset: expect.stringMatching(/-640\.webp 640w, \S+-1280\.webp 1280w, \S+-1500\.webp 1500w$/),
      width: 1280,
      height: 853,
      alt: 'Une rivière à l’aube',
      credit: 'Ana Example',
    });
    const stored = await sql<{ bytes: Buffer }>`select bytes from picture`.execute(
      stage.instance.ctx.db,
    );
    expect(stored.rows.length).toBeGreaterThan(2);
    for (const { bytes } of stored.rows) expect(bytes.includes(CAMERA)).toBe(false);
  });

  it('gives no picture at any other address', async () => {
    await create('elsewhere');
    const put = await putPicture('elsewhere', jpeg);
    await create('other');
    await approve('elsewhere');
    await approve('other');
    const [url = ''] = addressesOf(put);
    expect((await fetch(url)).status).toBe(200);
    const wrong = [
      url.replace('-640.', '-641.'),
      url.replace('-640.webp', '-640.png'),
      url.replace('/elsewhere/', '/other/'),
      url.replace(/picture-\w/, 'picture-'),
      url.replace(/picture-\w{16}/, `picture-${'0'.repeat(16)}`),
    ];
    for (const address of wrong) {
      expect([address, (await fetch(address)).status]).toEqual([address, 404]);
    }
  });

  it('does not change the picture once a second person has approved it', async () => {
    await create('frozen');
    await putPicture('frozen', jpeg);
    await approve('frozen');
    const refused = await putPicture('frozen', jpeg);
    expect(refused).toMatchObject({ status: 409, body: { code: 'campaign_frozen' } });
    expect(refused.body?.detail).toMatch(/is open: what a second person has approved/);
  });

  it('lets nobody approve a picture of their own', async () => {
    await create('own-picture');
    const third = await keyHolder(stage.instance.ctx, stage.url, 'third');
    await third.put(`${CAMPAIGNS}/own-picture/picture`, jpeg, 'image/jpeg');
    const own = await third.post(`${CAMPAIGNS}/own-picture/approve`);
    expect(own).toMatchObject({ status: 409, body: { code: 'second_person' } });
    await approve('own-picture');
  });

  it('says what is wrong with a picture, and keeps the one it had', async () => {
    await create('refused');
    await putPicture('refused', jpeg);
    const bad: [bytes: Buffer, type: string, status: number, says: RegExp][] = [
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/png', 422, /SVG/],
      [Buffer.from('<svg/>'), 'image/svg+xml', 415, /image\/jpeg, image\/png, image\/webp/],
      [Buffer.from('{}'), 'application/json', 415, /image\/jpeg/],
      [jpeg.subarray(0, jpeg.length - 100), 'image/jpeg', 422, /cut off/],
      [pngOf(50_000, 50_000), 'image/png', 422, /40 megapixels/],
      [Buffer.alloc(8 * 1024 * 1024 + 1), 'image/jpeg', 413, /8 MiB/],
      [Buffer.alloc(0), 'image/jpeg', 422, /is empty/],
    ];
    for (const [bytes, type, status, says] of bad) {
      const answer = await putPicture('refused', bytes, type);
      expect(answer.type).toMatch(/^application\/problem\+json/);
      expect(answer.body).toMatchObject({
        status,
        errors: [{ field: 'picture', message: expect.stringMatching(says) }],
      });
    }
    const kept = await sql<{ count: number }>`
      select count(*)::int as count from picture p join campaign c on c.id = p.campaign_id
      where c.slug = 'refused'`.execute(stage.instance.ctx.db);
    expect(kept.rows).toEqual([{ count: 3 }]);
    expect((await putPicture('nowhere', jpeg)).status).toBe(404);
    const stranger = await caller(stage.url, null).put(`${CAMPAIGNS}/refused/picture`, jpeg, 'a/b');
    expect(stranger.status).toBe(401);
  });

  it('wants words for those who cannot see it', async () => {
    await create('unnamed', { picture: undefined });
    const refused = await putPicture('unnamed', jpeg);
    expect(refused.status).toBe(422);
    expect(refused.body?.detail).toMatch(/^picture: .*does not say what it shows.*`alt`/);
  });

  it('reads pictures nowhere else', async () => {
    const answer = await author.post(CAMPAIGNS, 'GIF89a', { 'content-type': 'image/png' });
    expect(answer.status).toBe(415);
  });

  it('posts updates on the page, in the nearest language, the newest first', async () => {
    await create('news');
    const path = `${CAMPAIGNS}/news/updates`;
    const text = { en: 'They **answered**.', fr: 'Ils ont **répondu**.' };
    const early = await author.post(path, { text });
    expect(early).toMatchObject({ status: 409, body: { code: 'not_public' } });
    await approve('news');
    const first = await author.post(path, { text });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: expect.any(String),
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      by: 'key:author',
      text,
      warnings: [],
    });
    const later = await second.post(path, { text: { en: 'And *again*.' } });
    const shown = [later.body, first.body].map((posted) => {
      const { warnings, ...update } = posted ?? {};
      return update;
    });
    expect((await author.get(path)).body).toEqual({ updates: shown });
    expect(await audited('campaign.update')).toEqual([
      { actor: 'key:author', subject: `news ${first.body?.id}` },
      { actor: 'key:second', subject: `news ${later.body?.id}` },
    ]);
    expect((await viewOf('news', 'fr')).updates).toEqual([
      { at: later.body?.at, text: 'And *again*.', locale: 'en' },
      { at: first.body?.at, text: 'Ils ont **répondu**.', locale: 'fr' },
    ]);

    const gone = await author.delete(`${path}/${first.body?.id}`);
    expect(gone).toMatchObject({ status: 200, body: shown[1] });
    expect((await author.get(path)).body).toEqual({ updates: [shown[0]] });
    expect((await author.delete(`${path}/${first.body?.id}`)).status).toBe(404);
    expect((await author.delete(`${path}/nothing`)).status).toBe(404);
    const other = `${CAMPAIGNS}/seen/updates/${later.body?.id}`;
    expect((await author.delete(other)).status).toBe(404);
    expect(await audited('campaign.update.withdraw')).toEqual([
      { actor: 'key:author', subject: `news ${first.body?.id}` },
    ]);
    const left = await sql`select text from campaign_update where text->>'fr' is not null`.execute(
      stage.instance.ctx.db,
    );
    expect(left.rows).toEqual([]);
    expect((await viewOf('news', 'fr')).updates).toHaveLength(1);
  });

  it('shows the letter and the rest in the nearest language that the campaign has', async () => {
    await create('letter', {
      addressee: { en: 'To the board', fr: 'Au conseil' },
      letter: { en: 'Please.', fr: 'S’il vous plaît.' },
      sources: [{ title: 'The survey', url: 'https://example.org/survey' }],
      donation: 'https://example.org/give',
      variants: { en: ['Hear it {{ link }}'], fr: ['Entendez {{ link }}', 'Ici {{ link }}'] },
      own_words: true,
    });
    await approve('letter');
    const french = await viewOf('letter', 'fr');
    expect(french).toMatchObject({
      addressee: 'Au conseil',
      letter: 'S’il vous plaît.',
      sources: [{ title: 'The survey', url: 'https://example.org/survey' }],
      donation: 'https://example.org/give',
      wordings: 3,
      ownWords: true,
      picture: null,
      updates: [],
    });
    expect(await viewOf('letter', 'en')).toMatchObject({ addressee: 'To the board', wordings: 2 });
  });

  it('says what is wrong with an update', async () => {
    await create('wrong-news');
    await approve('wrong-news');
    const path = `${CAMPAIGNS}/wrong-news/updates`;
    const bad: [document: unknown, field: string, says: RegExp][] = [
      [{}, 'text', /is missing; give what there is to tell/],
      [[], 'update', /must be a mapping/],
      [{ text: 'Hello' }, 'text', /must be a mapping/],
      [{ text: {} }, 'text.en', /is missing: whoever reads none/],
      [{ text: { fr: 'Bonjour' } }, 'text.en', /is missing/],
      [{ text: { en: 'Hello', de: 'Hallo' } }, 'text.de', /not one of the campaign's locales/],
      [{ text: { en: ' ' } }, 'text.en', /is empty/],
      [{ text: { en: 'a'.repeat(2001) } }, 'text.en', /2000 characters; cut 1/],
      [{ text: { en: 'Look: <script>alert(1)</script>' } }, 'text.en', /HTML/],
      [{ txt: { en: 'Hello' } }, 'txt', /did you mean `text`/],
    ];
    for (const [document, field, says] of bad) {
      const answer = await author.post(path, document);
      expect([document, answer.status]).toEqual([document, 422]);
      const errors = answer.body?.errors as { field: string; message: string }[];
      const named = errors.find((error) => error.field === field);
      expect(named?.message, JSON.stringify(errors)).toMatch(says);
    }
    const yaml = { 'content-type': 'application/yaml' };
    const files: [text: string, says: RegExp][] = [
      ['text:\n  en:\n    Read: this', /^file: .* a colon and a blank, .*\(line 3, column 9/],
      ['text:\n  en: Now #Rivers', /^file: .*text\.en loses "#Rivers".*\(line 2, column 11/],
      ['text:\n  en: |\n    One\n    \uFFFD', /^text\.en: has lost letters: .*line 4 of the file/],
      ['text:\n  en: a\n  fr: "~~b~~"', /^text\.fr: strikes words out .*line 3 of the file/],
      ['goal: 10', /^goal: is not a field that exists.*line 1 of the file/],
    ];
    for (const [file, says] of files) {
      const answer = await author.post(path, file, yaml);
      expect(answer.body, file).toMatchObject({ status: 422, code: 'invalid_input' });
      expect(answer.body?.detail).toMatch(says);
    }
    expect((await author.get(path)).body).toEqual({ updates: [] });
    // What is allowed and may not be meant is told with the answer.
    const told = await author.post(path, { text: { en: 'It is over.So we go.' } });
    expect(told.status).toBe(201);
    expect(told.body?.warnings).toEqual([
      { field: 'text.en', message: expect.stringMatching(/^"over\.So" \(line 1 of this text\)/) },
    ]);
    expect((await caller(stage.url, null).post(path, { text: { en: 'Hi' } })).status).toBe(401);
    expect((await author.post(`${CAMPAIGNS}/nowhere/updates`, { text: { en: 'x' } })).status).toBe(
      404,
    );
  });
});
