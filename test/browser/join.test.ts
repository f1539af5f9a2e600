import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { arrive, consent, openBrowser, type Visitor } from './visitor.ts';

const HOUR_MS = 3_600_000;

needs('postgres', 'chromium')('joining in a browser', () => {
  let stage: TestStage;
  let browser: Browser;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([startStage(), openBrowser()]);
    campaign = await stage.open({ inMs: 9 * 24 * HOUR_MS });
  });

  /** Nothing was blocked, nothing broke, and nobody else was asked for anything. */
  function expectPeace({ complaints, origins }: Visitor): void {
    expect(complaints).toEqual([]);
    const ours = [new URL(stage.url).origin, new URL(stage.networkUrl).origin];
    expect([...origins].filter((origin) => !ours.includes(origin))).toEqual([]);
  }

  describe.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('%s', (_, javaScriptEnabled) => {
    const account = javaScriptEnabled ? 'anna' : 'boris';

    it('leads from the page over the network’s consent to a receipt, and out again', async () => {
      const visitor = await arrive(browser, { javaScriptEnabled });
      const { page } = visitor;
      await page.goto(campaign.url);
      const text = await page.locator('.exact').innerText();
      await page.getByRole('button', { name: 'Join with X' }).click();
      await consent(page, account);
      await page.locator('main.receipt[data-state="pledged"]').waitFor();
      expect(await page.locator('h1').innerText()).toBe('You have joined');
      expect(await page.locator('.exact').innerText()).toBe(text);
      expect(await page.locator('main').innerText()).toContain(`${account} on X`);
      await page.getByRole('button', { name: 'Withdraw my post' }).click();
      await page.locator('main.receipt[data-state="withdrawn"]').waitFor();
      expect(await page.getByRole('button', { name: 'Withdraw my post' }).count()).toBe(0);
      expectPeace(visitor);
    });

    it('says in words that nothing was stored when consent is denied', async () => {
      const visitor = await arrive(browser, { javaScriptEnabled });
      const { page } = visitor;
      await page.goto(campaign.url);
      await page.getByRole('button', { name: 'Join with X' }).click();
      await consent(page, 'dora', 'Cancel');
      await page.locator('main.notice[data-state="denied"]').waitFor();
      expect(await page.locator('main').innerText()).toContain('Nothing was stored');
      await page.getByRole('link', { name: 'Back to the campaign' }).click();
      await page.waitForURL(campaign.url);
      expectPeace(visitor);
    });
  });

  it('can be done with the keyboard alone', async () => {
    const { page } = await arrive(browser);
    await page.goto(campaign.url);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').getAttribute('class')).toBe('skip');
    const button = page.getByRole('button', { name: 'Join with X' });
    const isThere = () => button.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 40 && !(await isThere()); presses++) {
      await page.keyboard.press('Tab');
    }
    expect(await isThere()).toBe(true);
    const outline = await button.evaluate((element) => getComputedStyle(element).outlineWidth);
    expect(outline).toBe('3px');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/i\/oauth2\/authorize/);
  });

  it('shows the moment where the visitor is', async () => {
    const visitor = await arrive(browser, { timezoneId: 'America/New_York' });
    await visitor.page.goto(campaign.url);
    const shown = await visitor.page.locator('.moment .timetable-yours[data-known] dd').innerText();
    const there = { timeZone: 'America/New_York', hourCycle: 'h23' } as const;
    const clock = new Intl.DateTimeFormat('en-GB', {
      ...there,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }).format(campaign.moment);
    const day = new Intl.DateTimeFormat('en-GB', { ...there, day: 'numeric', month: 'long' });
    expect(`${shown}:00`).toContain(clock);
    expect(shown).toContain(day.format(campaign.moment));
    expect(await visitor.page.locator('.countdown[data-state="running"]').isVisible()).toBe(true);
    expectPeace(visitor);
  });

  it('is complete without JavaScript: the moment stands where the countdown would be', async () => {
    const { page } = await arrive(browser, { javaScriptEnabled: false });
    await page.goto(campaign.url);
    expect(await page.locator('.headline-clock').isVisible()).toBe(true);
    expect(await page.locator('.countdown').isVisible()).toBe(false);
    expect(await page.locator('.timetable-yours').isVisible()).toBe(false);
    const moment = await page.locator('.moment').innerText();
    expect(moment).toContain('Moscow Standard Time');
    expect(moment).toContain('UTC');
  });

  it('speaks the visitor’s language, and another when asked', async () => {
    const { page } = await arrive(browser, { locale: 'ru-RU' });
    await page.goto(campaign.url);
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    await page.getByRole('link', { name: 'Français' }).click();
    await page.waitForURL(/lang=fr/);
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
  });
});
