import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { needs } from '../support/database.ts';
import { fullCampaign } from '../support/full-campaign.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import {
  agree,
  chooseWords,
  type Journey,
  platformButton,
  TAKE_TEXT,
  takeJourney,
  toWords,
} from './journey.ts';
import { arrive, openBrowser } from './visitor.ts';

const HOUR_MS = 3_600_000;
const MESSAGE = { words: 'message', own: '' } as const;

needs('postgres', 'chromium')('a browser that does what it should not', () => {
  let stage: TestStage;
  let browser: Browser;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    const platforms = ['x', 'mastodon'] as const;
    [stage, browser] = await Promise.all([startStage({ platforms }), openBrowser()]);
    campaign = await stage.open({ inMs: 50 * HOUR_MS, document: await fullCampaign() });
  }, 120_000);

  async function pledges(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pledge where campaign_id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    return rows[0]?.count ?? -1;
  }

  /** To the page that asks for an account, with the campaign's words. */
  async function toAccount(page: Page): Promise<void> {
    await toWords(page, campaign.url);
    await chooseWords(page, MESSAGE);
  }

  const receipt = (page: Page) => page.locator('main[data-state="pledged"]').waitFor();

  /** A page of ours that says in words what happened, and has a way on. */
  async function saysWhy(page: Page): Promise<string | null> {
    const main = page.locator('main.notice[data-state]');
    await main.waitFor();
    expect((await main.innerText()).length).toBeGreaterThan(60);
    expect(await main.locator('a.button, button.button').count()).toBeGreaterThan(0);
    return main.getAttribute('data-state');
  }

  it('presses the button twice, and joins once', async () => {
    const before = await pledges();
    const { page } = await arrive(browser);
    await toWords(page, campaign.url);
    await page.locator(TAKE_TEXT).dblclick();
    await page.locator('main[data-state="account"]').waitFor();
    await platformButton(page, 'x').dblclick();
    await page.waitForURL(/\/i\/oauth2\/authorize/);
    await page.locator('#account').fill('twice');
    await page.locator('button[value="allow"]').dblclick();
    await receipt(page);
    expect(await pledges()).toBe(before + 1);
  });

  it('goes back in mid-flow, changes the words, and gets those', async () => {
    const before = await pledges();
    const { page } = await arrive(browser);
    await toAccount(page);
    const first = await page.locator('.exact').first().innerText();
    await platformButton(page, 'x').click();
    await page.waitForURL(/\/i\/oauth2\/authorize/);
    await page.goBack();
    await page.locator('main[data-state="account"]').waitFor();
    await page.goBack();
    await page.locator('main[data-state="words"]').waitFor();
    await chooseWords(page, { words: 'variant', own: '' });
    const second = await page.locator('.exact').first().innerText();
    expect(second).not.toBe(first);
    await platformButton(page, 'x').click();
    await agree(page, 'backwards');
    await receipt(page);
    expect(await page.locator('.exact').first().innerText()).toBe(second);
    expect(await pledges()).toBe(before + 1);
  });

  it('goes back from the receipt and joins again, and has joined once', async () => {
    const before = await pledges();
    const { page } = await arrive(browser);
    const journey: Journey = {
      ...{ campaignUrl: campaign.url, platform: 'x', networkUrl: '', handle: 'again' },
      ...MESSAGE,
    };
    await takeJourney(page, journey);
    const { pathname } = new URL(page.url());
    // Over the consent page, whose address has been used up, to ours.
    await page.goto(campaign.url);
    await takeJourney(page, journey);
    expect(new URL(page.url()).pathname.slice(0, 3)).toBe(pathname.slice(0, 3));
    expect(await pledges()).toBe(before + 1);
    await page.goBack();
    await page.goForward();
    await receipt(page);
  });

  it('has two tabs that join at once, and both hold a receipt', async () => {
    const before = await pledges();
    const { page } = await arrive(browser);
    const other = await page.context().newPage();
    await toAccount(page);
    await toAccount(other);
    await platformButton(page, 'x').click();
    await platformButton(other, 'x').click();
    await other.waitForURL(/\/i\/oauth2\/authorize/);
    await agree(page, 'two_tabs');
    await receipt(page);
    await agree(other, 'two_tabs');
    await receipt(other);
    expect(await pledges()).toBe(before + 1);
  });

  it('keeps no cookies: a sentence that helps, and no pledge', async () => {
    const before = await pledges();
    const { page } = await arrive(browser);
    await toAccount(page);
    await platformButton(page, 'x').click();
    await page.waitForURL(/\/i\/oauth2\/authorize/);
    await page.context().clearCookies();
    await agree(page, 'no_cookies');
    expect(await saysWhy(page)).toBe('stranger');
    expect(await pledges()).toBe(before);
    // The way on begins anew with the campaign's own words: whoever has no cookie may not be who chose them.
    await page.locator('main form button.button').click();
    await page.locator('main.account').waitFor();
    await platformButton(page, 'x').click();
    await agree(page, 'no_cookies');
    await receipt(page);
    expect(await pledges()).toBe(before + 1);
  });

  it('comes with an old link: a sentence that helps', async () => {
    const { page } = await arrive(browser);
    await page.goto(`${stage.url}/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`);
    expect(await saysWhy(page)).toBe('words_gone');
    await page.goto(`${stage.url}/r/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`);
    expect(await saysWhy(page)).toBe('receipt_gone');
    await page.goto(`${stage.url}/callback/x?state=old&code=old`);
    expect(await saysWhy(page)).not.toBeNull();
  });

  it.each([
    ['an hour ahead', HOUR_MS],
    ['an hour behind', -HOUR_MS],
  ])(
    'has a clock that is %s: where the page knows the time, it goes by that',
    async (_, wrongBy) => {
      const { page } = await arrive(browser);
      await page.addInitScript(`{ const now = Date.now; Date.now = () => now() + ${wrongBy}; }`);
      for (const path of [`/c/${campaign.slug}`, `/at/${campaignCode(campaign.id)}`]) {
        await page.goto(stage.url + path);
        const countdown = page.locator('[data-countdown][data-state="running"]').first();
        await countdown.waitFor();
        const left = await secondsShown(page);
        const should = (campaign.moment.getTime() - Date.now()) / 1_000;
        const known = (await countdown.getAttribute('data-now')) !== null;
        const expected = known ? should : should - wrongBy / 1_000;
        expect(Math.abs(left - expected), `${path}, ${known ? 'our' : 'its'} clock`).toBeLessThan(
          30,
        );
        // The moment itself is told in words that hang on no clock.
        expect(await page.locator('.timetable').first().innerText()).toContain('UTC');
      }
    },
  );

  it('leaves at once, and does not come back by the way back', async () => {
    const { page } = await arrive(browser);
    // Nobody is asked: where people are sent is somewhere else.
    await page.route('**/*', (route) =>
      route.request().url().startsWith(stage.url)
        ? route.continue()
        : route.fulfill({ contentType: 'text/html', body: '<title>Elsewhere</title>' }),
    );
    await toWords(page, campaign.url);
    await page.locator('[data-exit]').first().click();
    await page.waitForURL((url) => url.origin !== stage.url);
    expect(await page.title()).toBe('Elsewhere');
    await page.goBack();
    expect(page.url()).not.toContain('/words');
  });
});

/** What the countdown says is left. */
async function secondsShown(page: Page): Promise<number> {
  return page.evaluate(() => {
    const worth = { days: 86_400, hours: 3_600, minutes: 60, seconds: 1 };
    const digits = (unit: string): number =>
      Number(
        document.querySelector(`[data-countdown] [data-unit="${unit}"] .countdown-digits`)
          ?.textContent,
      );
    return Object.entries(worth).reduce((sum, [unit, each]) => sum + digits(unit) * each, 0);
  });
}
