import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { momentAt } from '../../src/domain/moment.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { needs } from '../support/database.ts';
import { referenceCampaign, startStage, type TestStage } from '../support/stage.ts';
import { type Caller, caller, keyHolder, type ProblemBody, storedRows } from './api.ts';

const CAMPAIGNS = '/api/v1/campaigns';

needs('postgres')('the HTTP API', () => {
  let stage: TestStage;
  let author: Caller;
  let second: Caller;
  beforeAll(async () => {
    stage = await startStage({ environment: { SOLE_OPERATOR: 'false' } });
    const { ctx } = stage.instance;
    author = await keyHolder(ctx, stage.url, 'author');
    second = await keyHolder(ctx, stage.url, 'second');
  });

  async function reference(slug: string): Promise<Record<string, unknown>> {
    const moment = { at: '2031-07-10T11:00', zone: 'Europe/Moscow' };
    return { ...(await referenceCampaign()), slug, moment };
  }

  it('C3 warns of a title that the picture beside a link cannot show', async () => {
    const document = await reference('unshown');
    const title = { ...(document.title as Record<string, string>), ru: 'Сто дней 百日' };
    const made = await author.post(CAMPAIGNS, { ...document, title });
    const { warnings } = made.body as { warnings: { field: string; message: string }[] };
    expect(warnings.map(({ field }) => field)).toEqual(['title.ru']);
    expect(warnings[0]?.message).toContain('it shows the title in en instead');
  });

  it('creates a campaign, and shows what each language comes to on each platform', async () => {
    const made = await author.post(CAMPAIGNS, await reference('made'));
    expect(made.status).toBe(201);
    expect(made.type).toMatch(/^application\/json/);
    const { previews, warnings, understood, ...campaign } = made.body as {
      previews: Record<string, unknown>[];
      warnings: unknown[];
      understood: Record<string, unknown>;
    };
    expect(warnings).toEqual([]);
    expect(understood).toMatchObject({
      goal: '1,000',
      languages: [
        { name: 'English' },
        { name: 'French' },
        { name: 'Italian' },
        { name: 'Russian' },
      ],
      moment: {
        instant: '2031-07-10T08:00:00.000Z',
        zones: [
          { zone: 'Europe/Moscow', at: '2031-07-10T11:00:00', offset: '+03:00' },
          { zone: 'America/New_York', at: '2031-07-10T04:00:00', offset: '-04:00' },
          { zone: 'Europe/Paris', at: '2031-07-10T10:00:00', offset: '+02:00' },
        ],
      },
      texts: expect.arrayContaining([
        expect.objectContaining({ wordings: [{ locale: 'ru', variant: 0 }] }),
      ]),
      mended: expect.arrayContaining([
        { field: 'reminders', message: expect.stringMatching(/^was left out, so it is false/) },
      ]),
    });
    expect(campaign).toEqual({
      slug: 'made',
      state: 'in_review',
      title: expect.objectContaining({ en: '100 days of injustice in Chechnya' }),
      locales: ['en', 'fr', 'it', 'ru'],
      content_warning: null,
      goal: 1000,
      url: `${stage.url}/c/made`,
      moment: {
        at: '2031-07-10T11:00:00',
        zone: 'Europe/Moscow',
        instant: '2031-07-10T08:00:00.000Z',
        tzdata: expect.stringMatching(/^20\d\d[a-z]$/),
        rules: {
          version: expect.stringMatching(/^20\d\d[a-z]$/),
          published: expect.any(String),
          age_days: expect.any(Number),
          doubts: [],
        },
      },
      closes: '2031-07-10T07:59:58.000Z',
    });
    const platforms = [...stage.instance.ctx.platforms.keys()];
    // The message, and two variants of it.
    expect(previews.map(({ locale, variant, platform }) => [locale, variant, platform])).toEqual(
      ['en', 'fr', 'it', 'ru'].flatMap((locale) =>
        [0, 1, 2].flatMap((variant) => platforms.map((platform) => [locale, variant, platform])),
      ),
    );
    for (const preview of previews) {
      expect(preview.text).toMatch(
        /#100DaysOfInjustice #Chechen100 https:\/\/example.org\/100days$/,
      );
      expect(preview.length).toBeGreaterThan(0);
      expect(preview.length).toBeLessThanOrEqual(Number(preview.limit));
    }
    const audit = await sql<{ actor: string }>`
      select actor from audit_entry where action = 'campaign.create' and subject = 'made'`.execute(
      stage.instance.ctx.db,
    );
    expect(audit.rows).toEqual([{ actor: 'key:author' }]);
  });

  it('takes the YAML file itself, and says where one is not YAML', async () => {
    const send = (body: string) =>
      author.post(CAMPAIGNS, body, { 'content-type': 'application/yaml' });
    const made = await send(stringify(await reference('from-a-file')));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ slug: 'from-a-file' });
    const before = await storedRows(stage.instance.ctx);
    const refused = await send('title: [unclosed');
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ field: 'file' }] });
    expect(await storedRows(stage.instance.ctx)).toEqual(before);
  });

  it('refuses the reference document as it is: its moment was in 2017', async () => {
    const before = await storedRows(stage.instance.ctx);
    const refused = await author.post(CAMPAIGNS, await referenceCampaign());
    expect(refused.status).toBe(422);
    const { errors } = refused.body as unknown as ProblemBody;
    expect(errors?.map(({ field }) => field)).toEqual(['moment.at']);
    expect(errors?.[0]?.message).toContain('2017-07-10T08:00:00Z');
    expect(await storedRows(stage.instance.ctx)).toBe(before);
  });

  it('reads a campaign that is there, and says so of one that is not', async () => {
    await author.post(CAMPAIGNS, await reference('read'));
    const read = await second.get(`${CAMPAIGNS}/read`);
    expect(read.status).toBe(200);
    expect(read.body).toMatchObject({ slug: 'read', state: 'in_review' });
    for (const path of ['nowhere', 'nowhere/delivery', 'no%20where', '%00']) {
      const missing = await second.get(`${CAMPAIGNS}/${path}`);
      expect(missing.status).toBe(404);
      expect(missing.type).toMatch(/^application\/problem\+json/);
      expect(missing.body).toMatchObject({ status: 404, title: 'Not Found' });
    }
    expect((await second.post(`${CAMPAIGNS}/nowhere/approve`)).status).toBe(404);
  });

  it('takes a second person to open it, once', async () => {
    await author.post(CAMPAIGNS, await reference('two'));
    const own = await author.post(`${CAMPAIGNS}/two/approve`);
    expect(own.status).toBe(409);
    expect(own.body).toMatchObject({ status: 409, code: 'second_person' });
    expect((await fetch(`${stage.url}/c/two`)).status).toBe(404);

    const opened = await second.post(`${CAMPAIGNS}/two/approve`);
    expect(opened.status).toBe(200);
    expect(opened.body).toMatchObject({ slug: 'two', state: 'open' });
    expect((await fetch(`${stage.url}/c/two`)).status).toBe(200);
    const row = await sql`select state, created_by, approved_by from campaign where slug = 'two'`;
    expect((await row.execute(stage.instance.ctx.db)).rows).toEqual([
      { state: 'open', created_by: 'key:author', approved_by: 'key:second' },
    ]);

    const again = await second.post(`${CAMPAIGNS}/two/approve`);
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'not_in_review' });
  });

  it('opens once even when two ask at the same time', async () => {
    await author.post(CAMPAIGNS, await reference('race'));
    const both = [1, 2, 3, 4].map(() => second.post(`${CAMPAIGNS}/race/approve`));
    const statuses = (await Promise.all(both)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409, 409]);
  });

  it('gives a slug to one campaign only', async () => {
    await author.post(CAMPAIGNS, await reference('taken'));
    const before = await storedRows(stage.instance.ctx);
    const refused = await second.post(CAMPAIGNS, await reference('taken'));
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'slug_taken', status: 409 });
    expect((refused.body as unknown as ProblemBody).detail).toMatch(/^slug: "taken"/);
    expect(await storedRows(stage.instance.ctx)).toBe(before);
  });

  it('does not open a campaign whose joining would be over at once', async () => {
    // The stage locks two seconds before the moment.
    const { wall, zone } = momentAt(new Date(Date.now() + 1_000), 'Europe/Paris');
    const near = goodCampaign({ slug: 'near', moment: { at: wall, zone } });
    expect((await author.post(CAMPAIGNS, near)).status).toBe(201);
    const refused = await second.post(`${CAMPAIGNS}/near/approve`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'moment_past' });
  });

  it('tells how the delivery stands, before anybody joined too', async () => {
    await author.post(CAMPAIGNS, await reference('figures'));
    const delivery = await author.get(`${CAMPAIGNS}/figures/delivery`);
    expect(delivery.status).toBe(200);
    const states =
      'pending armed sending waiting posted refused unconfirmed dropped withdrawn'.split(' ');
    expect(delivery.body).toEqual({
      state: 'in_review',
      pledges: 0,
      totals: Object.fromEntries(states.map((state) => [state, 0])),
      lateness_ms: null,
      reasons: [],
      holds: [],
      readiness: null,
      result: null,
      assisted: {
        posts: 0,
        posts_seen: 0,
        reminders: { asked: 0, confirmed: 0, sent: 0, unconfirmed: 0, failed: 0, dropped: 0 },
        lateness_ms: null,
      },
    });
  });

  it.each([
    ['no key', () => null],
    ['a wrong key', () => `Bearer tocsin_${'A'.repeat(43)}`],
    ['a key without its prefix', () => `Bearer ${'A'.repeat(43)}`],
    ['another scheme', () => `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['a scheme without a key', () => 'Bearer'],
    ['a malformed header', () => 'Bearer  tocsin_ a b'],
  ])('asks for a key: %s', async (_name, authorization) => {
    const stranger = caller(stage.url, authorization());
    const before = await storedRows(stage.instance.ctx);
    const answers = [
      await stranger.get(`${CAMPAIGNS}/made`),
      await stranger.get(`${CAMPAIGNS}/made/delivery`),
      await stranger.post(CAMPAIGNS, await reference('stranger')),
      await stranger.post(CAMPAIGNS, '{ not JSON'),
      await stranger.post(`${CAMPAIGNS}/made/approve`),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.type).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.body).toMatchObject({
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
      });
    }
    expect(await storedRows(stage.instance.ctx)).toBe(before);
  });

  it('does not take a key that has been revoked', async () => {
    const { ctx } = stage.instance;
    const former = await keyHolder(ctx, stage.url, 'former');
    await author.post(CAMPAIGNS, await reference('kept'));
    expect((await former.get(`${CAMPAIGNS}/kept`)).status).toBe(200);
    await sql`update api_key set revoked_at = now() where name = 'former'`.execute(ctx.db);
    expect((await former.get(`${CAMPAIGNS}/kept`)).status).toBe(401);
  });
});
