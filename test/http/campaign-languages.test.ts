import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Page, plainBrowser, unescapeHtml } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { headOf, marksOf, menuOf } from './marks.ts';
import { exactIn, joinFrom, linkTo } from './on-page.ts';
import { signedIn } from './operator.ts';

/** A title in each language; its words are on no page of our own. */
const TITLES: Readonly<Record<string, string>> = {
  en: 'Quiet Vjosa',
  de: 'Stille Vjosa',
  fr: 'Vjosa calme',
  'zh-Hans': '维约萨河无声',
  'zh-Hant': '維約薩河無聲',
  fa: 'ویوسای آرام',
  he: 'ויוסה שקטה',
  ar: 'فيوسا الهادئة',
  kk: 'Тыныш Вйоса өзені',
  ru: 'Тихая Вьоса',
};

/** What replaces all that the reference campaign says, in these languages. */
function writtenIn(...locales: string[]): Record<string, unknown> {
  const each = <T>(make: (title: string) => T) =>
    Object.fromEntries(locales.map((tag) => [tag, make(TITLES[tag] ?? tag)]));
  return {
    locales,
    title: each((title) => title),
    story: each((title) => `${title} story.`),
    addressee: each((title) => `${title} addressee`),
    letter: each((title) => `${title} letter.`),
    messages: each((title) => `${title}! {{ hashtags }} {{ link }}`),
    variants: each((title) => [`${title}? {{ link }}`]),
    reminders: true,
  };
}

needs('postgres')("C3 a campaign's own languages", () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  const open = (...locales: string[]) => stage.open({ document: writtenIn(...locales) });
  const titleOn = ({ html }: Page): string =>
    unescapeHtml(/<h1[^>]*>([^<]*)</.exec(html)?.[1] ?? '');
  const marked = ({ html }: Page, tag: string): Set<string> =>
    new Set(marksOf(html, TITLES[tag] ?? ''));
  const pageIn = ({ html }: Page): string => /<html (lang="\S+" dir="\w+")/.exec(html)?.[1] ?? '';

  async function embeddingOf(page: Page): Promise<Record<string, string>> {
    const address = headOf(page.html).oembed ?? '';
    return (await (await fetch(address)).json()) as Record<string, string>;
  }

  describe('en, zh-Hans and zh-Hant, for a browser in Taiwan', () => {
    const TAIWAN = 'zh-TW,zh;q=0.9,en;q=0.8';
    let campaign: OpenedCampaign;
    beforeAll(async () => {
      campaign = await open('en', 'zh-Hans', 'zh-Hant');
    });

    it('are in the menu by their own names, before those of the interface alone', async () => {
      const page = await plainBrowser(TAIWAN).get(campaign.url);
      expect(pageIn(page)).toBe('lang="en" dir="ltr"');
      expect(page.html).toContain(`<title lang="zh-Hant" dir="ltr">${TITLES['zh-Hant']}`);
      expect(titleOn(page)).toBe(TITLES['zh-Hant']);
      expect(marked(page, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      expect(menuOf(page.html)).toEqual({
        own: ['en', 'zh-Hans', 'zh-Hant'],
        around: ['fr', 'it', 'ru', 'es', 'de', 'ar', 'uk'],
        current: 'zh-Hant',
      });
      expect(page.html).toContain(
        `<a href="/c/${campaign.slug}?lang=zh-Hans" dir="ltr" lang="zh-Hans" hreflang="zh-Hans"`,
      );
      for (const name of ['繁體中文', '简体中文']) expect(page.text).toContain(name);
      const chosen = await plainBrowser('en').get(linkTo(page, '\\?lang=zh-Hans'));
      expect([titleOn(chosen), menuOf(chosen.html).current]).toEqual([
        TITLES['zh-Hans'],
        'zh-Hans',
      ]);
      expect(chosen.text).toContain('Simplified Chinese');
    });

    it('are told to search engines and networks, each with its own address', async () => {
      const page = await plainBrowser(TAIWAN).get(campaign.url);
      const head = headOf(page.html);
      const at = (tag: string) => `${campaign.url}?lang=${tag}`;
      expect(head.alternates).toEqual([
        ...['en', 'zh-Hans', 'zh-Hant'].map((tag) => [tag, at(tag)]),
        ['x-default', campaign.url],
      ]);
      expect(head.canonical).toBe(at('zh-Hant'));
      expect(head.meta('og:url')).toEqual([at('zh-Hant')]);
      expect(head.meta('og:locale')).toEqual(['zh_TW']);
      expect(head.meta('og:locale:alternate')).toEqual(['en_GB', 'zh_CN']);
      expect(head.meta('og:title')[0]).toContain(TITLES['zh-Hant']);
      // Each alternate says the same of itself, to a program that asks for no language.
      for (const [tag, address] of head.alternates.slice(0, -1)) {
        const other = await plainBrowser('').get(address);
        expect(titleOn(other)).toBe(TITLES[tag]);
        expect(headOf(other.html).canonical).toBe(address);
        expect(headOf(other.html).alternates).toEqual(head.alternates);
      }
    });

    it('have a card each, in a language whose letters the card has', async () => {
      const cardOf = async (tag: string) => fetch(`${campaign.url}/card-${tag}.png`);
      const [english, chinese] = [await cardOf('en'), await cardOf('zh-Hant')];
      expect([english.status, chinese.status]).toEqual([200, 200]);
      // There are no Chinese letters to draw with.
      expect(chinese.headers.get('etag')).toBe(english.headers.get('etag'));
      const page = await plainBrowser(TAIWAN).get(campaign.url);
      const head = headOf(page.html);
      expect(head.meta('og:image')).toEqual([`${campaign.url}/card-zh-Hant.png`]);
      expect(head.meta('og:image:alt')[0]).toContain(TITLES.en);
      for (const tag of ['ja', 'zh', 'zh-hant', 'zh-Hant-TW', 'x', 'a'.repeat(40)]) {
        expect((await cardOf(tag)).status, tag).toBe(404);
      }
    });

    it('go along with what is passed on: short links, texts, oEmbed and the widget', async () => {
      const page = await plainBrowser(TAIWAN).get(campaign.url);
      const sharing = await plainBrowser(TAIWAN).get(linkTo(page, '/share'));
      expect(sharing.url).toContain('?lang=zh-Hant');
      expect(marked(sharing, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      const telegram = new URL(linkTo(sharing, 't.me')).searchParams;
      expect(telegram.get('text')).toContain(TITLES['zh-Hant']);
      const short = telegram.get('url') ?? '';
      expect(short).toMatch(/\/s\/[a-z]{6}\?lang=zh-Hant$/);
      expect(unescapeHtml(sharing.html)).toContain(encodeURIComponent(`${short}`));
      // Whoever gets it reads the same text, whatever their browser asks for.
      const got = await plainBrowser('fr').get(short);
      expect([titleOn(got), pageIn(got)]).toEqual([TITLES['zh-Hant'], 'lang="fr" dir="ltr"']);
      for (const address of [page.url, short]) {
        const embedded = await embeddingOf(await plainBrowser(TAIWAN).get(address));
        expect(embedded.title).toBe(TITLES['zh-Hant']);
        const widget = await plainBrowser('').get(
          unescapeHtml(/src="([^"]+)"/.exec(embedded.html ?? '')?.[1] ?? ''),
        );
        expect(widget.url).toContain('/widget?lang=zh-Hant');
        expect(marked(widget, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
        expect(linkTo(widget, '/c/')).toContain('?lang=zh-Hant');
      }
    });

    it.each([
      ['by the browser alone', TAIWAN],
      ['by a choice in the menu', 'en'],
    ])('are kept all the way to a receipt and back, %s', async (_how, language) => {
      const browser = plainBrowser(language);
      const first = await browser.get(campaign.url);
      const page = await browser.get(linkTo(first, '\\?lang=zh-Hant'));
      const before = await browser.get(linkTo(page, '/join/'));
      expect(before.url).toContain('lang=zh-Hant');
      expect(menuOf(before.html).current).toBe('zh-Hant');
      const words = await browser.get(linkTo(before, '/words'));
      expect(marked(words, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      const account = await browser.submit(words, '/words');
      expect(account.url).toContain('lang=zh-Hant');
      expect(exactIn(account)).toContain(TITLES['zh-Hant']);
      const receipt = await joinFrom(browser, account, 'zoe');
      expect(receipt.url).toContain('lang=zh-Hant');
      expect(marked(receipt, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      expect(linkTo(receipt, 't.me')).toContain(encodeURIComponent('?lang=zh-Hant'));
      // The link to copy, the code beside it, and the receipt's own address for who writes it down.
      expect(receipt.html).toMatch(/data-copy-share="[^"]+\/s\/[a-z]{6}\?lang=zh-Hant"/);
      expect(receipt.html).toMatch(/aria-label="[^"]*\/s\/[a-z]{6}\?lang=zh-Hant"/);
      expect(unescapeHtml(receipt.html)).toMatch(
        /class="receipt-address">[^<]*\/r\/[\w-]+\?lang=zh-Hant/,
      );
      const edit = await browser.get(linkTo(receipt, '/edit/'));
      // The menu there changes the text, where it is written in what is chosen, and else leaves it.
      const simplified = await browser.get(linkTo(edit, 'text=zh-Hans&amp;lang=zh-Hans'));
      expect(marked(simplified, 'zh-Hans')).toEqual(new Set(['zh-Hans ltr']));
      const german = await browser.get(linkTo(edit, 'text=zh-Hant&amp;lang=de'));
      expect(pageIn(german)).toBe('lang="de" dir="ltr"');
      expect(marked(german, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      const change = await browser.submit(edit, '/edit/', { wording: '1' });
      expect(marked(change, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      const changed = await browser.submit(change, '/agree');
      expect(exactIn(changed)).toContain(`${TITLES['zh-Hant']}?`);
      const withdrawn = await browser.submit(changed, '/withdraw');
      // From here on nothing is left that says in which language they joined, but the links.
      const again = await browser.submit(withdrawn, '/add');
      expect(exactIn(again)).toContain(TITLES['zh-Hant']);
      expect(titleOn(await browser.get(linkTo(withdrawn, `/c/${campaign.slug}\\?`)))).toBe(
        TITLES['zh-Hant'],
      );
    });

    it('are in calendar files and mails, and come back with their links', async () => {
      const browser = plainBrowser('en');
      const page = await browser.get(`${campaign.url}?lang=zh-Hant`);
      const assisted = await browser.get(linkTo(page, '/at/'));
      expect(marked(assisted, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      const calendar = (await browser.get(linkTo(assisted, 'moment.ics'))).html.replace(
        /\r\n[ \t]/g,
        '',
      );
      const address = /URL:(\S+)/.exec(calendar)?.[1] ?? '';
      expect(address).toBe(linkTo(assisted, '/at/').split('?')[0]?.concat('?lang=zh-Hant'));
      expect(marked(await browser.get(address), 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      const asked = await browser.submit(assisted, '/reminder', { address: 'zoe@example.org' });
      expect(asked.url).toContain('lang=zh-Hant');
      const { rows } = await sql`
        select locale, lang from reminder where campaign_id = ${campaign.id}`.execute(
        stage.instance.ctx.db,
      );
      expect(rows).toEqual([{ locale: 'en', lang: 'zh-Hant' }]);
    });

    it('are left for another page by the menu, and the front page leads back in the same', async () => {
      const browser = plainBrowser('en');
      const page = await browser.get(`${campaign.url}?lang=zh-Hant`);
      const home = await browser.get(linkTo(page, '/\\?lang='));
      expect(new URL(home.url).pathname).toBe('/');
      expect(pageIn(home)).toBe('lang="en" dir="ltr"');
      expect(menuOf(home.html)).toMatchObject({ around: [], current: 'en' });
      expect(marked(home, 'zh-Hant')).toEqual(new Set(['zh-Hant ltr']));
      expect(titleOn(await browser.get(linkTo(home, `/c/${campaign.slug}`)))).toBe(
        TITLES['zh-Hant'],
      );
    });
  });

  it('are offered where a text is in one and the page in another: en and de', async () => {
    const campaign = await open('en', 'de');
    const seen = async (language: string, query = '') => {
      const page = await plainBrowser(language).get(campaign.url + query);
      const head = headOf(page.html);
      return {
        page: /<html lang="([^"]+)/.exec(page.html)?.[1],
        title: titleOn(page),
        links: new URL(linkTo(page, '/join/')).searchParams.get('lang'),
        current: menuOf(page.html).current,
        canonical: new URL(head.canonical ?? '').searchParams.get('lang'),
        passedOn: new URL(head.meta('og:url')[0] ?? '').searchParams.get('lang'),
      };
    };
    const { en, de } = TITLES;
    expect(await seen('de-AT,en;q=0.5')).toEqual({
      ...{ page: 'de', title: de, links: 'de', current: 'de', canonical: 'de', passedOn: 'de' },
    });
    // Nothing of the campaign is in French, so the page is, and the text is the campaign's first.
    expect(await seen('fr')).toEqual({
      ...{ page: 'fr', title: en, links: 'fr', current: 'fr', canonical: 'en', passedOn: 'fr' },
    });
    // French first, German next: links keep both here, and pass the text's language on.
    expect(await seen('fr,de;q=0.5')).toEqual({
      ...{ page: 'fr', title: de, links: 'fr', current: 'fr', canonical: 'de', passedOn: 'de' },
    });
    expect(await seen('de', '?lang=it')).toEqual({
      ...{ page: 'it', title: de, links: 'it', current: 'it', canonical: 'de', passedOn: 'de' },
    });
    // Neither is known: everything in the campaign's first.
    expect(await seen('ja', '?lang=xx')).toEqual({
      ...{ page: 'en', title: en, links: 'en', current: 'en', canonical: 'en', passedOn: 'en' },
    });
    // Where that is one of the interface's, the words around it are in it, too: Italian, and no English.
    const first = await plainBrowser('ja').get((await open('it', 'en')).url);
    expect([pageIn(first), titleOn(first)]).toEqual(['lang="it" dir="ltr"', 'it']);
    expect(linkTo(first, '/join/')).toContain('lang=it');
    const page = await plainBrowser('fr').get(campaign.url);
    expect(menuOf(page.html)).toMatchObject({ own: ['en', 'de'] });
    expect(menuOf(page.html).around).not.toContain('de');
    expect(headOf(page.html).meta('og:locale')).toEqual(['en_GB']);
    expect(headOf(page.html).meta('og:locale:alternate')).toEqual(['de_DE']);
  });

  it.each([
    { tag: 'fa', language: 'fa-IR,en;q=0.5', name: 'فارسی', social: 'fa_IR' },
    { tag: 'he', language: 'iw', name: 'עברית', social: 'he_IL' },
  ])(
    'are written from right to left within a page from left to right: $tag alone',
    async ({ tag, language, name, social }) => {
      const campaign = await open(tag);
      const browser = plainBrowser(language);
      const page = await browser.get(campaign.url);
      expect(pageIn(page)).toBe('lang="en" dir="ltr"');
      expect(menuOf(page.html)).toMatchObject({ own: [tag], current: tag });
      expect(page.html).toContain(`<span lang="${tag}" dir="rtl">${name}</span>`);
      expect(headOf(page.html).meta('og:locale')).toEqual([social]);
      expect(headOf(page.html).alternates.map(([one]) => one)).toEqual([tag, 'x-default']);
      // No letters to draw with, and no other language: the card names the organiser, and so do its words.
      expect((await fetch(headOf(page.html).meta('og:image')[0] ?? '')).status).toBe(200);
      expect(headOf(page.html).meta('og:image:alt')[0]).toMatch(
        /^Coalition for the Hundred Days\. /,
      );
      const receipt = await browser.join(campaign.url, 'zoe');
      const pages = [
        page,
        await browser.get(linkTo(page, '/share')),
        await browser.get(linkTo(page, '/at/')),
        await browser.get(linkTo(page, '/join/').replace('?', '/words?')),
        await browser.get(`${campaign.url}/widget?lang=${tag}`),
        // A list may be half a second old.
        await waitFor(async () => {
          const home = await browser.get(`${stage.url}/?lang=${tag}`);
          return home.html.includes(campaign.slug) && home;
        }),
        receipt,
      ];
      for (const one of pages) {
        expect(marked(one, tag), one.url).toEqual(new Set([`${tag} rtl`]));
        expect(pageIn(one), one.url).toBe('lang="en" dir="ltr"');
      }
    },
  );

  it('are written from left to right within a page from right to left: en alone, for a reader of Arabic', async () => {
    const campaign = await open('en');
    const browser = plainBrowser('ar-EG');
    const page = await browser.get(campaign.url);
    const receipt = await browser.join(campaign.url, 'zoe');
    const share = await browser.get(linkTo(page, '/share'));
    for (const one of [page, receipt, share]) {
      expect(pageIn(one), one.url).toBe('lang="ar" dir="rtl"');
      expect(marked(one, 'en'), one.url).toEqual(new Set(['en ltr']));
    }
    expect(receipt.url).toContain('lang=ar');
    expect(headOf(page.html).canonical).toBe(`${campaign.url}?lang=en`);
    expect(headOf(page.html).meta('og:locale')).toEqual(['en_GB']);
    expect(headOf(page.html).meta('og:locale:alternate')).toEqual([]);
    // The words around the title are Arabic for those to whom it is passed on.
    expect(headOf(page.html).meta('og:image')).toEqual([`${campaign.url}/card-ar.png`]);
    expect(linkTo(share, 't.me')).toContain(encodeURIComponent('?lang=ar'));
  });

  it('stay with the language of the interface that the browser has for them: kk, for a reader of Russian', async () => {
    const campaign = await open('ru', 'kk');
    const browser = plainBrowser('kk,ru;q=0.8');
    const page = await browser.get(campaign.url);
    expect([pageIn(page), titleOn(page)]).toEqual(['lang="ru" dir="ltr"', TITLES.kk]);
    const receipt = await browser.join(campaign.url, 'zoe');
    expect([pageIn(receipt), receipt.url]).toEqual([
      'lang="ru" dir="ltr"',
      expect.stringContaining('lang=kk'),
    ]);
    await browser.submit(receipt, '/reminder', { address: 'zoe@example.org' });
    const { rows } = await sql`
      select locale, lang from reminder where campaign_id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    expect(rows).toEqual([{ locale: 'ru', lang: 'kk' }]);
    // Of Kazakh the card has most letters, which is not enough for a title.
    expect(headOf(page.html).meta('og:image:alt')[0]).toContain(TITLES.ru);
  });

  it('are marked on the pages of operators, too', async () => {
    const campaign = await open('fa');
    const operator = await signedIn(stage);
    for (const path of ['/ops', `/ops/campaigns/${campaign.slug}`]) {
      const page = await operator.get(stage.url + path);
      expect(marksOf(page.html, TITLES.fa ?? ''), path).toContain('fa rtl');
      expect(marksOf(page.html, TITLES.fa ?? ''), path).not.toContain('en ltr');
    }
  });

  it('are kept by pages that only say something', async () => {
    const campaign = await open('en', 'he');
    const browser = plainBrowser('en');
    const account = await browser.chooseWords(`${campaign.url}?lang=he`);
    const closed = await stage.bringForward(campaign);
    await sql`update campaign set state = 'locked' where id = ${closed.id}`.execute(
      stage.instance.ctx.db,
    );
    const notice = await browser.get(account.url);
    expect(notice.status).toBe(409);
    expect(marked(notice, 'he')).toEqual(new Set(['he rtl']));
    expect(linkTo(notice, '/c/')).toContain('?lang=he');
    const nowhere = await browser.get(`${stage.url}/c/nowhere?lang=he`);
    expect([nowhere.status, linkTo(nowhere, '/\\?lang=')]).toEqual([404, `${stage.url}/?lang=he`]);
  });
});
