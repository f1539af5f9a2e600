import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  accountPage,
  assetsDir,
  beforePage,
  campaignPage,
  deliveryPage,
  homePage,
  noticePage,
  operatorHomePage,
  operatorPlatformsPage,
  receiptPage,
  signInPage,
  wordsPage,
} from '../../src/web/index.ts';
import { needs } from '../support/database.ts';
import {
  accountView,
  beforeView,
  campaignView,
  deliveryView,
  HOLDS,
  homeView,
  noticeView,
  operatorHomeView,
  operatorPlatformsView,
  receiptView,
  settledCampaign,
  signInView,
  wordsView,
} from '../web/samples.ts';
import { arrive, openBrowser } from './visitor.ts';

const WIDTHS = [320, 375, 1280];
const SITE = 'http://tocsin.test';

const pages: Record<string, () => string> = {
  home: () => homePage(homeView()),
  campaign: () => campaignPage(campaignView()),
  'campaign in Russian': () => campaignPage(campaignView('ru')),
  before: () => beforePage(beforeView()),
  words: () => wordsPage(wordsView()),
  'account with every platform': () => accountPage(accountView()),
  'account with a wrong server': () => accountPage(accountView('ru', 'not_one')),
  'campaign that is over': () => campaignPage(settledCampaign('fr')),
  receipt: () => receiptPage(receiptView()),
  'receipt of a refusal': () => receiptPage(receiptView('refused', 'ru')),
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

const types: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

needs('chromium')('a page', () => {
  let page: Page;
  let shown = '';
  /** What the product renders, with its own files, and no server behind it. */
  beforeAll(async () => {
    ({ page } = await arrive(await openBrowser()));
    await page.route(`${SITE}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: shown });
      if (!pathname.startsWith('/assets/')) return route.abort();
      const body = await readFile(join(assetsDir, pathname.slice('/assets/'.length)));
      return route.fulfill({ contentType: types[extname(pathname)] ?? '', body });
    });
  });

  async function show(html: string): Promise<void> {
    shown = html;
    await page.goto(SITE);
    await page.evaluate(() => document.fonts.ready.then(() => null));
  }

  it.each(Object.entries(pages))('%s: fits every width, and axe finds nothing', async (_, html) => {
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
