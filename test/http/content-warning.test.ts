import { beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { LOCALES } from '../../src/web/index.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { referenceCampaign, startStage, type TestStage } from '../support/stage.ts';
import { type Caller, keyHolder } from './api.ts';

const CAMPAIGNS = '/api/v1/campaigns';
const WARNING = {
  en: 'Torture, killings',
  fr: 'Torture, assassinats',
  it: 'Torture, uccisioni',
  ru: 'Пытки, убийства',
};

interface Shown {
  platform: string;
  locale: string;
  length: number;
  content_warning: string | null;
}

needs('postgres')('B16 a content warning over HTTP', () => {
  let stage: TestStage;
  let author: Caller;
  beforeAll(async () => {
    stage = await startStage({ platforms: ['mastodon', 'x'] });
    author = await keyHolder(stage.instance.ctx, stage.url, 'author');
  });

  async function reference(slug: string, change: object) {
    const moment = { at: '2031-07-10T11:00', zone: 'Europe/Moscow' };
    return { ...(await referenceCampaign()), slug, moment, ...change };
  }

  it('B16 of a campaign’s YAML file is answered with, and read back as it was written', async () => {
    const yaml = { 'content-type': 'application/yaml' };
    const plain = await author.post(CAMPAIGNS, stringify(await reference('plain', {})), yaml);
    const file = stringify(await reference('warned', { content_warning: WARNING }));
    const made = await author.post(CAMPAIGNS, file, yaml);
    expect([plain.status, made.status]).toEqual([201, 201]);
    expect([plain.body?.content_warning, made.body?.content_warning]).toEqual([null, WARNING]);

    const before = plain.body?.previews as Shown[];
    const previews = made.body?.previews as Shown[];
    expect(previews).toEqual(
      before.map((preview) => {
        if (preview.platform !== 'mastodon') return { ...preview, content_warning: null };
        const warning = WARNING[preview.locale as keyof typeof WARNING];
        const length = preview.length + warning.length;
        return { ...preview, content_warning: warning, length };
      }),
    );
    expect(previews.filter(({ platform }) => platform === 'mastodon').length).toBeGreaterThan(3);
    const { texts } = (made.body?.understood ?? {}) as Record<'texts', { platforms: Shown[] }[]>;
    const told = texts.flatMap(({ platforms }) =>
      platforms.map(({ platform, content_warning }) => [platform, content_warning]),
    );
    expect(told).toContainEqual(['mastodon', WARNING.ru]);
    expect(told.filter(([platform]) => platform === 'x')).toEqual(texts.map(() => ['x', null]));

    const read = await author.get(`${CAMPAIGNS}/warned`);
    expect(read.body?.content_warning).toEqual(WARNING);
    const again = await author.get(`${CAMPAIGNS}/warned/previews`);
    expect(again.body?.previews).toEqual(previews);
    const listed = await author.get(CAMPAIGNS);
    expect(listed.body?.campaigns).toContainEqual(
      expect.objectContaining({ slug: 'warned', content_warning: WARNING }),
    );
  });

  it('B16 that is not one is refused by its field, and nothing is stored', async () => {
    const { ru: _, ...some } = WARNING;
    const content_warning = { ...some, en: 'See https://example.org', uk: 'x' };
    const refused = await author.post(CAMPAIGNS, await reference('refused', { content_warning }));
    expect(refused.status).toBe(422);
    const errors = refused.body?.errors as { field: string }[];
    expect(errors.map(({ field }) => field).toSorted()).toEqual([
      'content_warning.en',
      'content_warning.ru',
      'content_warning.uk',
    ]);
    expect((await author.get(`${CAMPAIGNS}/refused`)).status).toBe(404);
  });

  it('B16 is in the document of the API, in what is sent and what is answered', async () => {
    const document = (await (await fetch(`${stage.url}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, object>>;
    };
    const { get, post } = document.paths[CAMPAIGNS] ?? {};
    const { requestBody, responses } = (post ?? {}) as Record<string, object>;
    const parts = [requestBody, responses, get];
    expect(parts.map((part) => JSON.stringify(part).includes('content_warning'))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('B16 is shown to those who post by themselves, with how to write it in, in every language', async () => {
    const opened = await stage.open({ document: { content_warning: WARNING } });
    const hints = new Set<string>();
    for (const locale of LOCALES) {
      const { html } = await plainBrowser(locale).get(`${opened.url}/assisted?lang=${locale}`);
      const found =
        /<p class="content-warning"><b>[^<]*Mastodon[^<]*<\/b> <span lang="(\w+)" dir="ltr">([^<]*)<\/span><\/p><p class="content-warning-hint">([^<]*CW[^<]*)</.exec(
          html,
        );
      const [, lang = '', warning, hint = ''] = found ?? [];
      expect([locale, warning]).toEqual([locale, WARNING[lang as keyof typeof WARNING]]);
      hints.add(hint);
    }
    expect(hints.size).toBe(LOCALES.length);
  });
});
