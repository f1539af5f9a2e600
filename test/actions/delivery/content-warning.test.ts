import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { showDelivery } from '../../../src/actions/delivery/show-delivery.ts';
import { openPledgeContent } from '../../../src/actions/pledge/receipt-access.ts';
import { campaignCode } from '../../../src/http/campaign-code.ts';
import { knownServer } from '../../../src/simulator/client.ts';
import { listPledges } from '../../../src/store/pledge.ts';
import { type PledgeContent, sealPledge } from '../../../src/store/vault/sealed-pledge.ts';
import { exactIn, joinFrom, linkTo, proposeOwn } from '../../http/on-page.ts';
import { type Page, plainBrowser, unescapeHtml } from '../../support/browser.ts';
import { needs } from '../../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { waitFor } from '../../support/wait-for.ts';

const EN = 'Torture & <killings>, “100 days”';
const AR = 'تعذيب وقتل';
const DOCUMENT = {
  locales: ['en', 'ar'],
  title: { en: 'Warned', ar: 'تحذير' },
  story: { en: 'A story.', ar: 'قصة.' },
  messages: { en: 'Hear us. {{ hashtags }} {{ link }}', ar: 'اسمعونا. {{ hashtags }} {{ link }}' },
  variants: { en: ['Listen. {{ hashtags }}'], ar: ['أنصتوا. {{ hashtags }}'] },
  addressee: { en: 'To all', ar: 'إلى الجميع' },
  letter: { en: 'A letter.', ar: 'رسالة.' },
  own_words: true,
  content_warning: { en: EN, ar: AR },
};

/** The content warnings on a page, each with its label, language and direction. */
function warningsIn({ html }: Page): string[][] {
  const shown =
    /<p class="content-warning"><b>([^<]*)<\/b> <span lang="([^"]*)" dir="([^"]*)">([^<]*)<\/span>/g;
  return [...html.matchAll(shown)].map(([, ...parts]) => parts.map(unescapeHtml));
}

const ON_MASTODON = ['Content warning on Mastodon:', 'en', 'ltr', EN];
const MINE = ['Content warning:', 'en', 'ltr', EN];

needs('postgres', 'redis')('B16 a content warning', () => {
  let stage: TestStage;
  let opened: OpenedCampaign;
  const receipts = new Map<string, Page>();
  beforeAll(async () => {
    const environment = { MASTODON_TIMEOUT_MS: '1500' };
    stage = await startStage({ queue: 'redis', platforms: ['mastodon', 'x'], environment });
    opened = await stage.open({ document: DOCUMENT });
  });

  const ctx = () => stage.instance.ctx;
  const network = (name: 'mastodon' | 'x') => {
    const found = stage.networks.get(name);
    if (!found) throw new Error(`There is no ${name}`);
    return found;
  };
  const on = (name: 'mastodon' | 'x'): Record<string, string> => {
    const where = knownServer('mastodon', network('mastodon').url, 'anybody');
    return name === 'x' ? { platform: 'x' } : { platform: 'mastodon', where_mastodon: where };
  };

  /** The whole way; keeps the receipt by the handle. */
  async function join(
    handle: string,
    name: 'mastodon' | 'x',
    words: Record<string, string> = {},
    language = 'en',
  ): Promise<Page> {
    const browser = plainBrowser(language);
    const account = await browser.chooseWords(opened.url, words);
    const receipt = await joinFrom(browser, account, handle, on(name));
    receipts.set(handle, receipt);
    return receipt;
  }

  async function pledgeOf(handle: string) {
    const token = new URL(receipts.get(handle)?.url ?? '').pathname.split('/')[2] ?? '';
    const id = ctx().vault.readReceiptToken(token) ?? '';
    const [pledge] = await listPledges(ctx().db, id);
    if (!pledge) throw new Error(`${handle} has not joined`);
    return pledge;
  }

  /** As somebody could who holds the keys: what is sealed in a pledge is changed, and its fingerprint is not. */
  async function tamper(handle: string, change: (content: PledgeContent) => PledgeContent) {
    const pledge = await pledgeOf(handle);
    const { id, campaign_id: campaignId, platform, consented_at: consentedAt } = pledge;
    const content = change(await openPledgeContent(ctx(), pledge));
    const key = { id, campaignId, platform, consentedAt };
    const sealed = await sealPledge(ctx().vault, ctx().db, key, content);
    await sql`update pledge set sealed = ${sealed} where id = ${id}`.execute(ctx().db);
  }

  it('B16 is on the campaign’s page above the text for Mastodon, and above no other', async () => {
    const page = await plainBrowser().get(opened.url);
    expect(warningsIn(page)).toEqual([MINE]);
    const sheets = page.html.split('<figure class="sheet">').slice(1);
    const places = sheets.map((sheet) => [
      /class="sheet-on">([^<]*)</.exec(sheet)?.[1],
      sheet.includes('content-warning'),
    ]);
    expect(places).toEqual([
      ['On X', false],
      ['On Mastodon', true],
    ]);
    const arabic = await plainBrowser('ar').get(opened.url);
    expect(warningsIn(arabic)).toEqual([['تحذير بشأن المحتوى:', 'ar', 'rtl', AR]]);
  });

  it('B16 is seen at each step with the text, and goes with it to the receipt', async () => {
    const browser = plainBrowser();
    const words = await browser.get(`${stage.url}/join/${campaignCode(opened.id)}/words`);
    // Above each of the two texts, and above the field for one's own.
    expect(warningsIn(words)).toEqual([ON_MASTODON, ON_MASTODON, ON_MASTODON]);
    const account = await browser.chooseWords(opened.url);
    expect(warningsIn(account)).toEqual([ON_MASTODON]);
    expect(account.text).toContain('On Mastodon readers see this line first');
    const receipt = await join('plain', 'mastodon');
    expect(warningsIn(receipt)).toEqual([MINE]);
    expect(warningsIn(await join('arabic', 'mastodon', {}, 'ar'))).toEqual([
      ['تحذير بشأن المحتوى:', 'ar', 'rtl', AR],
    ]);
    // A network without content warnings is posted to without one.
    expect(warningsIn(await join('elsewhere', 'x'))).toEqual([]);
  });

  it('B16 is sealed with the consent, and in its fingerprint', async () => {
    const { text, textHash, contentWarning } = await openPledgeContent(
      ctx(),
      await pledgeOf('plain'),
    );
    expect(contentWarning).toBe(EN);
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update(`${EN}\0${text}`).digest('hex');
    expect(textHash).toBe(hash);
    const elsewhere = await openPledgeContent(ctx(), await pledgeOf('elsewhere'));
    expect(elsewhere).not.toHaveProperty('contentWarning');
    expect(elsewhere.textHash).toBe(createHash('sha256').update(elsewhere.text).digest('hex'));
    const receipt = receipts.get('plain');
    const data = await fetch(linkTo(receipt as Page, 'data.json'));
    expect(await data.json()).toMatchObject({
      posts: [
        {
          'what you agreed to': {
            'content warning before the text': EN,
            'fingerprint of the text (SHA-256)': hash,
          },
        },
      ],
    });
  });

  it('B16 that is not the one that was shown is asked for once more', async () => {
    const browser = plainBrowser();
    const account = await browser.chooseWords(opened.url);
    const change = async (warning: string) =>
      sql`update campaign set content = jsonb_set(content, '{contentWarning,en}', to_jsonb(${warning}::text))
        where id = ${opened.id}`.execute(ctx().db);
    await change('Something else');
    const asked = await browser.submit(account, '/join', on('mastodon'));
    expect(asked.status).toBe(409);
    expect(asked.text).toContain('The text has changed since you opened this page');
    expect(warningsIn(asked)[0]?.[3]).toBe('Something else');
    await change(EN);
  });

  it('B16 stays with words of one’s own, counts with them, and outlives changing and reconnecting', async () => {
    const own = await join('own', 'mastodon', { wording: 'own', own: 'In my own words.' });
    expect(warningsIn(own)).toEqual([MINE]);
    const counted = await fetch(`${stage.url}/join/${campaignCode(opened.id)}/count?lang=en`, {
      method: 'POST',
      body: new URLSearchParams({ own: 'x'.repeat(10), text_locale: 'ar' }),
    });
    const { lengths } = (await counted.json()) as {
      lengths: { platform: string; words: string }[];
    };
    const told = Object.fromEntries(lengths.map(({ platform, words }) => [platform, words]));
    expect(told).toMatchObject({
      mastodon: `Mastodon: ${10 + AR.length} of 500 characters`,
      x: 'X: 10 of 280 characters',
    });

    const browser = plainBrowser();
    const changed = await join('changed', 'mastodon');
    const change = await proposeOwn(browser, changed, 'Other words.');
    expect(warningsIn(change)).toEqual([MINE]);
    const after = await browser.submit(change, '/agree');
    expect([exactIn(after), warningsIn(after)]).toEqual(['Other words.', [MINE]]);

    const again = await browser.submit(after, '/add');
    expect(warningsIn(again)).toEqual([ON_MASTODON]);
    const renewed = await joinFrom(browser, again, 'changed', on('mastodon'));
    expect([exactIn(renewed), warningsIn(renewed)]).toEqual(['Other words.', [MINE]]);
  });

  it('B16 leaves no room for own words that would fit without it', async () => {
    const browser = plainBrowser();
    const own = 'x'.repeat(501 - EN.length);
    const account = await browser.chooseWords(opened.url, { wording: 'own', own });
    expect(account.text).toContain('Mastodon: 501 of 500 characters');
    expect(account.text).toContain('Mastodon takes no text as long as this one: it is 1 character');
    expect(account.html).not.toContain('name="where_mastodon"');
    const fitting = { wording: 'own', own: own.slice(1) };
    expect(warningsIn(await join('full', 'mastodon', fitting))).toEqual([MINE]);
  });

  it('B16 is posted as it was consented to, or nothing is', async () => {
    const { control } = network('mastodon');
    for (const handle of ['swapped', 'stripped', 'doubted']) await join(handle, 'mastodon');
    await join('added', 'x');
    await tamper('swapped', (content) => ({ ...content, contentWarning: 'Kittens' }));
    await tamper('stripped', ({ contentWarning: _, ...content }) => content);
    await tamper('added', (content) => ({ ...content, contentWarning: 'Kittens' }));
    await control.fault('doubted', 'posts', 'hangAfterAccept');
    const campaign = await stage.bringForward(opened);
    await waitFor(async () => (await showDelivery(ctx(), campaign)).campaign.state === 'settled', {
      timeoutMs: 60_000,
      everyMs: 200,
      what: 'the campaign to settle',
    });

    const posted = (await control.posts()).map(({ handle, spoiler_text, text }) => [
      handle,
      spoiler_text,
      text.split(' ')[0],
    ]);
    expect(posted.toSorted()).toEqual([
      ['arabic', AR, 'اسمعونا.'],
      ['changed', EN, 'Other'],
      ['doubted', EN, 'Hear'],
      ['full', EN, 'x'.repeat(500 - EN.length)],
      ['own', EN, 'In'],
      ['plain', EN, 'Hear'],
    ]);
    const onX = (await network('x').control.posts()).map((post) => [post.handle, post.text]);
    expect(onX).toEqual([['elsewhere', expect.stringMatching(/^Hear us\. #/)]]);
    const { totals, reasons } = await showDelivery(ctx(), campaign);
    expect(totals).toMatchObject({ posted: 7, refused: 3, unconfirmed: 0 });
    expect(reasons).toEqual([{ reason: 'consent_mismatch', count: 3 }]);
    const receipt = await plainBrowser().get(receipts.get('doubted')?.url ?? '');
    expect(receipt.html).toContain('data-state="posted"');
  }, 90_000);
});
