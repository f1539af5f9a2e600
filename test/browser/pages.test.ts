import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  accountPage,
  assetsDir,
  assistedPage,
  beforePage,
  campaignPage,
  deliveryPage,
  homePage,
  LOCALES,
  noticePage,
  operatorHomePage,
  operatorPlatformsPage,
  receiptPage,
  sharePage,
  signInPage,
  waitPage,
  widgetPage,
  wordsPage,
} from '../../src/web/index.ts';
import { needs } from '../support/database.ts';
import { FULL, firstOf } from '../support/tier.ts';
import {
  assistedView,
  campaignView,
  fullCampaign,
  homeView,
  settledCampaign,
} from '../web/campaign-samples.ts';
import {
  accountView,
  askingMoreView,
  beforeView,
  waitView,
  warnedAccountView,
  wordsView,
} from '../web/join-samples.ts';
import {
  deliveryView,
  HOLDS,
  operatorHomeView,
  operatorPlatformsView,
  signInView,
} from '../web/operator-samples.ts';
import { noticeView, receiptView } from '../web/receipt-samples.ts';
import { sharePageView, widgetView } from '../web/share-samples.ts';
import { arrive, openBrowser } from './visitor.ts';

const WIDTHS = [320, 375, 768, 1280];
const SITE = 'http://tocsin.test';

const pages: Record<string, () => string> = {
  home: () => homePage(homeView()),
  campaign: () => campaignPage(campaignView()),
  'campaign in Russian': () => campaignPage(campaignView('ru')),
  'campaign with everything': () => campaignPage(fullCampaign()),
  'campaign with everything in Arabic': () => campaignPage(fullCampaign('ar')),
  'campaign with long German words': () => campaignPage(campaignView('de')),
  'campaign in Ukrainian': () => campaignPage(campaignView('uk')),
  'by oneself, before the moment': () => assistedPage(assistedView()),
  'by oneself, at the moment, in Arabic': () => assistedPage(assistedView('ar', 'now')),
  before: () => beforePage(beforeView()),
  words: () => wordsPage(wordsView()),
  'account with every platform': () => accountPage(accountView()),
  'account with a wrong server': () => accountPage(accountView('ru', 'not_one')),
  'B16 account with a content warning, in Arabic': () => accountPage(warnedAccountView('ar')),
  'account at a server that asks for more': () => accountPage(askingMoreView()),
  'account at a server that asks for more, in Arabic': () => accountPage(askingMoreView('ar')),
  'waiting for a turn': () => waitPage(waitView()),
  'waiting for a turn in Arabic': () => waitPage(waitView('ar')),
  'no turn to be had': () => waitPage(waitView('de', null)),
  'receipt that is over': () => noticePage(noticeView('receipt_over', 'ar')),
  'another server came back': () => noticePage(noticeView('other_server')),
  'campaign that is over': () => campaignPage(settledCampaign('fr')),
  receipt: () => receiptPage(receiptView()),
  'receipt of a refusal': () => receiptPage(receiptView('refused', 'ru')),
  share: () => sharePage(sharePageView()),
  'share with a wrong server in Arabic': () =>
    sharePage(sharePageView('ar', { server: { label: 'Mastodon', value: 'x y', wrong: true } })),
  widget: () => widgetPage(widgetView()),
  notice: () => noticePage(noticeView('platform_failed', 'ru')),
  'sign-in': () => signInPage(signInView()),
  'sign-in that is needed': () => signInPage(signInView('needed')),
  'operators’ home': () => operatorHomePage(operatorHomeView()),
  'operators’ platforms': () => operatorPlatformsPage(operatorPlatformsView()),
  delivery: () => deliveryPage(deliveryView()),
  'delivery that is held': () => deliveryPage(deliveryView({ holds: HOLDS })),
  'delivery before the moment': () =>
    deliveryPage(deliveryView({ state: 'open', lateness: null, curve: [], workers: [] })),
};

/** In English and Arabic, what a supporter and an operator see on their way; all of it in `npm run test:full`. */
const TRIED = [
  'campaign',
  'campaign with everything in Arabic',
  'by oneself, at the moment, in Arabic',
  'words',
  'account with every platform',
  'B16 account with a content warning, in Arabic',
  'account at a server that asks for more, in Arabic',
  'receipt',
  'share with a wrong server in Arabic',
  'delivery that is held',
];
const isTried = ([name]: [string, unknown]): boolean => FULL || TRIED.includes(name);
const TRIED_LOCALES = FULL ? LOCALES : (['en', 'ar'] as const);

/** A twentieth of what counts as good: some letters are a hair wider than those that stood in for them. */
const STILL = 0.005;
/** What a page of ours weighs, compressed, without pictures. */
const HEAVIEST = 60_000;
/** Long enough for a page to be painted without its fonts. */
const LATE_FONTS_MS = 400;
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="853"><rect width="1280" height="853"/></svg>';

const types: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

needs('chromium')('a page', () => {
  let browser: Browser;
  let page: Page;
  let show: (html: string) => Promise<void>;
  beforeAll(async () => {
    browser = await openBrowser();
    ({ page, show } = await openPage());
  });

  /** What the product renders, with its own files, and no server behind it. `weight`: of what was loaded, in bytes. */
  async function openPage(options: BrowserContextOptions = {}, fontsAfterMs = 0) {
    const { page } = await arrive(browser, options);
    const opened = { page, weight: 0, show: async (_: string): Promise<void> => undefined };
    let shown = '';
    await page.route(`${SITE}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: shown });
      if (pathname.includes('/picture-')) {
        return route.fulfill({ contentType: 'image/svg+xml', body: PICTURE });
      }
      if (!pathname.startsWith('/assets/')) return route.abort();
      const body = await readFile(join(assetsDir, pathname.slice('/assets/'.length)));
      const font = extname(pathname) === '.woff2';
      opened.weight += font ? body.length : gzipSync(body).length;
      if (font) await new Promise((resolve) => setTimeout(resolve, fontsAfterMs));
      return route.fulfill({ contentType: types[extname(pathname)] ?? '', body });
    });
    opened.show = async (html) => {
      shown = html;
      opened.weight = gzipSync(html).length;
      await page.goto(SITE);
      await page.evaluate(() => document.fonts.ready.then(() => null));
    };
    return opened;
  }

  it.each(Object.entries(pages).filter(isTried))(
    '%s: fits every width, and axe finds nothing',
    async (_, html) => {
      await show(html());
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 740 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `scrolls sideways at ${width}`).toBeLessThanOrEqual(width);
      }
      await page.evaluate(axe.source);
      // Only colours change in the dark.
      const runs = [['light'], ['dark', 'color-contrast']] as const;
      for (const [colorScheme, rule] of runs) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const options = { resultTypes: ['violations'], ...(rule ? { runOnly: [rule] } : {}) };
        const { violations } = await page.evaluate((wanted) => window.axe.run(wanted), options);
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`,
        );
        expect(found, colorScheme).toEqual([]);
      }
    },
  );

  it.each(TRIED_LOCALES)(
    'in %s: is light, and nothing on it moves when its fonts come',
    async (locale) => {
      for (const width of [375, 1280]) {
        const viewport = { width, height: 740 };
        const opened = await openPage({ viewport, timezoneId: 'Asia/Tokyo' }, LATE_FONTS_MS);
        await opened.page.addInitScript(`globalThis.moved = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (moved += entry.value)))
          .observe({ type: 'layout-shift', buffered: true });`);
        await opened.show(campaignPage(fullCampaign(locale)));
        // The observer is told with the frame after the change.
        await opened.page.evaluate(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
        );
        expect(await opened.page.evaluate('moved'), `at ${width}`).toBeLessThan(STILL);
        expect(opened.weight, 'bytes').toBeLessThan(HEAVIEST);
        await opened.page.context().close();
      }
    },
  );

  it.each(TRIED_LOCALES)('in %s: a receipt is printed on one page', async (locale) => {
    const states = ['pledged', 'posted', 'refused'] as const;
    for (const state of states) {
      await show(receiptPage(receiptView(state, locale)));
      for (const format of ['A4', 'Letter']) {
        const pdf = await page.pdf({ format });
        const sheets = pdf.toString('latin1').match(/\/Type ?\/Page\b/g);
        expect(sheets, `${state} on ${format}`).toHaveLength(1);
      }
    }
  });

  const TIMES: readonly (readonly [zone: string, words: string])[] = [
    ['Pacific/Honolulu', 'Friday 22:00 for you, Saturday 11:00 in Moscow'],
    ['Europe/Lisbon', 'Saturday 09:00 for you, 11:00 in Moscow'],
    ['Europe/Moscow', 'Saturday 11:00 in Moscow, and for you too'],
  ];
  it.each(firstOf(TIMES, 1))(
    'says the moment as somebody in %s would',
    async (timezoneId, words) => {
      const opened = await openPage({ timezoneId });
      await opened.show(campaignPage(campaignView()));
      expect(await opened.page.locator('.moment .moment-sentence').innerText()).toBe(words);
      const arabic = await openPage({ timezoneId, locale: 'ar-EG' });
      await arabic.show(campaignPage(campaignView('ar')));
      // The digits are the server's, whatever this browser would write.
      expect(await arabic.page.locator('.moment .moment-sentence').innerText()).toMatch(
        /\d\d:\d\d/,
      );
      expect(await arabic.page.locator('[data-unit="minutes"]').innerText()).toMatch(/^\d\d/);
    },
  );

  it('keeps its languages behind one line, which opens without a script', async () => {
    const opened = await openPage({
      javaScriptEnabled: false,
      viewport: { width: 320, height: 600 },
    });
    await opened.show(campaignPage(campaignView('de')));
    const arabic = opened.page.locator('.languages a[hreflang="ar"]');
    expect(await arabic.isVisible()).toBe(false);
    await opened.page.locator('.languages summary').click();
    expect(await arabic.isVisible()).toBe(true);
    const box = await opened.page.locator('.languages ul').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(320);
  });

  it('keeps the countdown going past the moment for operators', async () => {
    const view = deliveryView();
    const instant = new Date(Date.now() - 83_000).toISOString();
    await show(deliveryPage({ ...view, moment: { ...view.moment, instant } }));
    const timer = page.locator('.countdown[data-state="since"]');
    await timer.waitFor();
    expect(await timer.getAttribute('aria-label')).toBe('Time since the moment');
    expect(await timer.locator('[data-unit="minutes"]').innerText()).toContain('01');
  });

  it('draws a post that came before the moment, and says so', async () => {
    const curve = [
      { fromMs: -10, widthMs: 10, posts: 1 },
      { fromMs: 0, widthMs: 10, posts: 9 },
    ];
    const lateness = { first: -3.2, p50: 4, p99: 8, max: 9 };
    await show(deliveryPage(deliveryView({ curve, lateness })));
    const bar = await page.locator('.chart-early').boundingBox();
    const chart = await page.locator('.chart svg').boundingBox();
    expect(bar?.x).toBeGreaterThanOrEqual(Math.floor(chart?.x ?? Number.NaN));
    expect(bar?.width).toBeGreaterThan(1);
    expect(await page.locator('.lateness').innerText()).toContain('before the moment');
  });
});

declare global {
  interface Window {
    axe: {
      run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
  }
}
