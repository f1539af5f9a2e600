import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { formatNumber } from '../../src/web/format.ts';
import { translator } from '../../src/web/i18n.ts';
import { atEnd } from '../support/at-end.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { firstOf } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';
import { arrive, openBrowser, type Visitor } from './visitor.ts';

/** As long as a busy machine may need for a burst of a few posts; nothing is touched meanwhile. */
const patience = { timeout: 60_000 };

type Watched = Pick<Page, 'locator' | 'evaluate'>;

/** In a page: looks away from it, and back. */
function comeBack(): void {
  for (const hidden of [true, false]) {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }
}

needs('postgres', 'chromium')('an open page, left alone', () => {
  let stage: TestStage;
  let browser: Browser;
  beforeAll(async () => {
    stage = await startStage();
    browser = await openBrowser();
  });

  /** The widget of a campaign on somebody else's page, in a frame without an origin. */
  async function elsewhere(campaign: OpenedCampaign, locale: string): Promise<string> {
    const src = `${campaign.url}/widget?lang=${locale}`;
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>x</title><iframe src="${src}" width="560" height="400"
        sandbox="allow-scripts allow-popups"></iframe>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(() => new Promise((resolve) => server.close(resolve)));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  const opened = async (url: string, locale: string): Promise<Visitor> => {
    const visitor = await arrive(browser, { locale, viewport: { width: 375, height: 740 } });
    await visitor.page.goto(url);
    return visitor;
  };
  const topOf = (page: Page, selector: string) =>
    page.locator(selector).evaluate((element) => Math.round(element.getBoundingClientRect().top));

  it.each(firstOf(['ar', 'en'], 1))(
    'A10 shows the result in %s by itself, and nothing jumps',
    async (locale) => {
      const joinable = await stage.open();
      const receiptUrl = (await plainBrowser(locale).join(joinable.url, `follow_${locale}`)).url;
      const other = (await plainBrowser(locale).join(joinable.url, `typing_${locale}`)).url;
      const lang = `?lang=${locale}`;
      const visitors = await Promise.all([
        opened(joinable.url + lang, locale),
        opened(new URL(receiptUrl).origin + new URL(receiptUrl).pathname + lang, locale),
        opened(await elsewhere(joinable, locale), locale),
        opened(new URL(other).origin + new URL(other).pathname + lang, locale),
      ]);
      const [page, receipt, site, asking] = visitors.map((visitor) => visitor.page) as [
        Page,
        Page,
        Page,
        Page,
      ];

      // Somebody reads the reasons, with the focus on a link there.
      await page.locator('.more a').focus();
      await page.locator('#why').evaluate((element) => element.scrollIntoView({ block: 'start' }));
      const top = await topOf(page, '#why');
      // Somebody is about to withdraw.
      await asking.locator('.withdraw summary').click();

      // A receipt says by then of which version it is.
      for (const one of [receipt, asking]) {
        await one.locator('main:not([data-version=""])').waitFor(patience);
      }
      const watched = [page, receipt, asking, site.frames()[1]].flatMap((one) => one ?? []);
      const changes = (one: Watched) => one.locator('main').getAttribute('data-changes');
      const before = await Promise.all(watched.map(changes));
      await stage.bringForward(joinable);
      // It was an hour off: the pages learn of it as when somebody comes back to them. What they are told may be a second old.
      for (const [index, one] of watched.entries()) {
        const learns = async () => {
          await one.evaluate(comeBack);
          return (await changes(one)) !== before[index];
        };
        await waitFor(learns, {
          timeoutMs: patience.timeout,
          everyMs: 500,
          what: 'a moved moment',
        });
      }

      await page.locator('main[data-state="settled"]').waitFor(patience);
      const t = translator(locale);
      const total = t('result.of', { count: 2, n: formatNumber(locale, 2) });
      expect(await page.locator('.headline').innerText()).toContain(total);
      expect(await page.locator('[data-follow-news]').textContent()).toContain(total);
      expect(await topOf(page, '#why')).toBe(top);
      expect(
        await page.locator('.more a').evaluate((link) => link === document.activeElement),
      ).toBe(true);
      expect(await page.locator('.button-join').count()).toBe(0);

      await receipt.locator('article[data-state="posted"]').waitFor(patience);
      await receipt.locator('.receipt-state a.button').waitFor();
      const frame = site.frameLocator('iframe');
      await frame.locator('main[data-state="settled"]').waitFor(patience);
      expect(await frame.locator('.widget-figure').innerText()).toBe(t('state.settled'));

      // What somebody has opened stands until they close it.
      expect(await asking.locator('.withdraw button').isVisible()).toBe(true);
      await asking.locator('.withdraw summary').click();
      await asking.locator('article[data-state="posted"]').waitFor(patience);
      for (const { complaints } of visitors) expect(complaints).toEqual([]);
      const { origins } = visitors[0] as Visitor;
      expect([...origins]).toEqual([new URL(stage.url).origin]);
    },
  );

  it.each(firstOf(['en', 'ar'], 1))(
    'A9 says in %s as of when it stands while the server cannot be reached',
    async (locale) => {
      const campaign = await stage.bringForward(await stage.open(), 8_000);
      const { page } = await opened(`${campaign.url}?lang=${locale}`, locale);
      await page.context().setOffline(true);
      const said = page.locator('[data-follow-said]');
      const [before = '', after = ''] = translator(locale)('frame.as_of', { time: '|' }).split('|');
      await expect.poll(() => said.innerText(), patience).toContain(after.trim());
      const words = await said.innerText();
      expect(words.startsWith(before.trim())).toBe(true);
      expect(words).toMatch(/[\d٠-٩]{2}:[\d٠-٩]{2}:[\d٠-٩]{2}/);
      expect(await said.isVisible()).toBe(true);
      await page.context().setOffline(false);
      await page.locator('main[data-state="settled"]').waitFor(patience);
      await expect.poll(() => said.innerText(), patience).toBe('');
    },
  );

  it('A10 asks nothing while nobody looks, and seldom long before the moment', async () => {
    const campaign = await stage.open();
    const { page } = await opened(campaign.url, 'en');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/state')) asked.push(request.url());
    });
    await expect.poll(() => asked.length, { timeout: 15_000 }).toBe(1);
    await page.evaluate(comeBack);
    await expect.poll(() => asked.length, { timeout: 15_000 }).toBe(2);
    await page.waitForLoadState('networkidle');
    expect(asked.length).toBe(2);
  });
});
