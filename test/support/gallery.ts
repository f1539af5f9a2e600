import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { callApi, type Stage } from '../../src/demo/stage.ts';
import { momentAt } from '../../src/domain/moment.ts';
import type { PlatformName } from '../../src/simulator/client.ts';
import {
  chooseWords,
  type Journey,
  TAKE_TEXT,
  takeJourney,
  toWords,
  withSigner,
} from '../browser/journey.ts';
import { fullCampaign } from './full-campaign.ts';

/*
 * Every page that supporters meet, photographed from a browser that goes their way. A new page is a line in OTHER_PAGES, or
 * a stop on the journey.
 */

/** Takes a picture of the page as it stands, whole, under this name. */
export type Shoot = (page: Page, name: string) => Promise<void>;

/** What of the stage the pages are about. */
export interface Sights {
  stage: Stage;
  /** The campaign's page, and the address for people who post by themselves. */
  url: string;
  /** A campaign whose moment is past, and somebody's receipt of it. */
  over: { url: string; receipt: string };
  /** Of a reminder that has been asked for; null where there is none. */
  reminder: string | null;
}

interface View {
  options: BrowserContextOptions;
  /** What its files end in. */
  suffix: string;
  /** Whether it sees the main pages only. */
  short: boolean;
}

const PHONE = { width: 375, height: 740 };
const DESK = { width: 1280, height: 900 };
const SMALL = { width: 320, height: 600 };

function view(
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark' = 'light',
  locale = 'en-GB',
): View {
  const language = locale === 'en-GB' ? '' : `-${locale}`;
  const dark = colorScheme === 'dark' ? '-dark' : '';
  return {
    options: { viewport, colorScheme, locale, timezoneId: 'Europe/Lisbon' },
    suffix: `${language}-${viewport.width}${dark}`,
    short: language !== '' || viewport === SMALL,
  };
}

const VIEWS = [
  view(PHONE),
  view(PHONE, 'dark'),
  view(DESK),
  view(DESK, 'dark'),
  view(SMALL),
  view(PHONE, 'light', 'ar'),
  view(DESK, 'light', 'ar'),
  view(PHONE, 'light', 'ru'),
  view(SMALL, 'light', 'de'),
];

/** Pages that stand on no journey. `main`: seen in every view. */
const OTHER_PAGES: readonly {
  name: string;
  main?: boolean;
  path: (sights: Sights) => string | null;
}[] = [
  { name: 'home', main: true, path: () => '/' },
  { name: 'share', main: true, path: ({ url }) => `${url}/share` },
  { name: 'widget', path: ({ url }) => `${url}/widget` },
  { name: 'assisted', main: true, path: ({ url }) => `${url}/assisted` },
  { name: 'assisted-now', main: true, path: ({ over }) => `${over.url}/assisted` },
  { name: 'campaign-result', main: true, path: ({ over }) => over.url },
  { name: 'receipt-posted', main: true, path: ({ over }) => new URL(over.receipt).pathname },
  { name: 'reminder', path: ({ reminder }) => reminder },
  { name: 'reminder-erase', path: ({ reminder }) => reminder && `${reminder}/erase` },
  { name: 'notice-nothing-here', path: () => '/nowhere' },
  { name: 'notice-receipt-gone', path: () => '/r/gone' },
  { name: 'notice-words-gone', path: () => '/i/gone' },
];

/** Goes everywhere in every view. */
export async function takeGallery(browser: Browser, sights: Sights, shoot: Shoot): Promise<void> {
  for (const [nth, one] of VIEWS.entries()) {
    const named: Shoot = (page, name) => shoot(page, name + one.suffix);
    for (const { name, main, path } of OTHER_PAGES) {
      const where = path(sights);
      if (where === null || (one.short && !main)) continue;
      await onPage(browser, one, async (page) => {
        await page.goto(new URL(where, sights.stage.url).href);
        await named(page, name);
      });
    }
    await onTheWay(browser, one, sights, named, nth);
  }
}

/** Ways to a receipt; `only`: the pages on it that the first one has not shown. */
const WAYS: readonly {
  platform: PlatformName;
  words: Journey['words'];
  only: readonly string[] | null;
}[] = [
  { platform: 'x', words: 'message', only: null },
  { platform: 'nostr', words: 'own', only: ['sign'] },
  { platform: 'facebook', words: 'variant', only: ['choose'] },
];

async function onTheWay(
  browser: Browser,
  one: View,
  sights: Sights,
  shoot: Shoot,
  nth: number,
): Promise<void> {
  for (const { platform, words, only } of one.short ? WAYS.slice(0, 1) : WAYS) {
    await onPage(browser, one, async (page) => {
      const handle = platform === 'facebook' ? `editor_g${nth}` : `gallery_${nth}`;
      const networkUrl = sights.stage.networks.find(({ name }) => name === platform)?.url ?? '';
      const own = 'I have not forgotten either. Open the cases.';
      const journey = { campaignUrl: sights.url, platform, networkUrl, handle, words, own };
      if (platform === 'nostr') await withSigner(page, handle);
      await takeJourney(page, journey, async (kind) => {
        if (only === null || only.includes(kind)) await shoot(page, kind);
      });
      if (only !== null) return;
      await page.locator('.withdraw summary').first().click();
      await shoot(page, 'receipt-withdraw');
      await page.locator('.withdraw button').first().click();
      await page.locator('main[data-state="withdrawn"]').waitFor();
      await shoot(page, 'receipt-withdrawn');
    });
  }
  await onPage(browser, one, (page) => whatIsWrong(page, sights, shoot));
}

/** The pages of the journey as they are when something is wrong. */
async function whatIsWrong(page: Page, sights: Sights, shoot: Shoot): Promise<void> {
  await toWords(page, sights.url);
  await page.locator('input[name="wording"][value="own"]').check({ force: true });
  await page.locator('textarea[name="own"]').fill('');
  await page.locator(TAKE_TEXT).click();
  await page.locator('#problem-own').waitFor();
  await shoot(page, 'words-refused');
  await chooseWords(page, { words: 'variant', own: '' });
  await page.locator('#where-mastodon').fill('no server at all');
  await page.locator('button.button-join[value="mastodon"]').click();
  await page.locator('#where-mastodon-problem').waitFor();
  await shoot(page, 'account-refused');
  await page.locator('button.button-join[value="x"]').click();
  await page.locator('button[name="decision"][value="deny"]').click();
  await page.locator('main[data-state="denied"]').waitFor();
  await shoot(page, 'notice-denied');
}

async function onPage(
  browser: Browser,
  { options }: View,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000);
  await work(await context.newPage()).finally(() => context.close());
}

/** Opens a campaign that uses everything there is, through the API. */
export async function openFullCampaign(stage: Stage, inMs: number): Promise<{ url: string }> {
  const moment = momentAt(new Date(Date.now() + inMs), 'Europe/Moscow');
  const document = {
    ...(await fullCampaign()),
    slug: `100-days-${moment.instant.getTime().toString(36)}-full`,
    moment: { at: moment.wall, zone: moment.zone },
  };
  const created = await callApi<{ slug: string; url: string }>(
    stage,
    'POST',
    'campaigns',
    document,
  );
  await callApi(stage, 'POST', `campaigns/${created.slug}/approve`, {});
  return { url: created.url };
}
