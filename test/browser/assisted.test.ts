import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { arrive, openBrowser } from './visitor.ts';

/** Wrong by a day: the page must go by the server's clock. */
const WRONG_CLOCK = `{ const now = Date.now; Date.now = () => now() + 86400000; }`;

needs('postgres', 'chromium')('the page for people who post by themselves', () => {
  let stage: TestStage;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    stage = await startStage();
    browser = await openBrowser();
  });

  /** Nothing that keeps people out. */
  async function isAccessible(page: Page): Promise<void> {
    await page.evaluate(axe.source);
    const found = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`);
    expect(found).toEqual([]);
    const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(width).toBeLessThanOrEqual(0);
  }

  it('turns into buttons at the moment, by the server’s clock, asking nobody', async () => {
    const campaign = await stage.open({ inMs: 9_000, document: { reminders: true } });
    const visitor = await arrive(browser, { viewport: { width: 375, height: 740 } });
    const { page } = visitor;
    await page.addInitScript(WRONG_CLOCK);
    await page.goto(`${campaign.url}/assisted`);
    const button = page.locator('[data-way="x"]');
    expect(Date.now()).toBeLessThan(campaign.moment.getTime());
    expect(await button.isVisible()).toBe(false);
    expect(await page.locator('#address').isVisible()).toBe(true);
    await isAccessible(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await button.waitFor({ state: 'visible', timeout: 30_000 });
    expect(Date.now()).toBeGreaterThanOrEqual(campaign.moment.getTime());
    expect(asked).toEqual([]);
    expect(await page.title()).toBe('It is time');
    expect(await page.locator('#address').isVisible()).toBe(false);
    expect(await page.locator('#confirm-url').isVisible()).toBe(true);
    await isAccessible(page);
    expect(visitor.complaints).toEqual([]);
    expect([...visitor.origins]).toEqual([stage.url]);
  });

  it('copies the text byte for byte', async () => {
    const campaign = await stage.open();
    const { page } = await arrive(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(`${campaign.url}/assisted`);
    await page.locator('[data-copy]').first().click();
    await page.getByText('Copied').waitFor();
    const text = await page.evaluate('navigator.clipboard.readText()');
    expect(text).toBe(await page.locator('.exact').first().textContent());
  });

  it('works without scripts: a reload brings the buttons', async () => {
    const campaign = await stage.open({ inMs: 6_000 });
    const { page } = await arrive(browser, { javaScriptEnabled: false });
    await page.goto(`${campaign.url}/assisted`);
    expect(await page.locator('[data-way="x"]').isVisible()).toBe(false);
    await page.locator('main[data-state="before"]').waitFor();
    await expect
      .poll(
        async () => {
          await page.goto(`${campaign.url}/assisted`);
          return page.locator('[data-way="x"]').isVisible();
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(true);
  });
});
