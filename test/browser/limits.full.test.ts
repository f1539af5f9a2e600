import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { chooseWords, platformButton, TAKE_TEXT, takeJourney, toWords } from './journey.ts';
import { arrive, openBrowser } from './visitor.ts';

const MESSAGE = { words: 'message', own: '' } as const;

needs('postgres', 'chromium')('A7 a visitor of a network with much that is unfinished', () => {
  let stage: TestStage;
  let browser: Browser;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([
      startStage({
        platforms: ['x', 'mastodon'],
        environment: { TRUST_PROXY: 'loopback' },
      }),
      openBrowser(),
    ]);
    campaign = await stage.open();
  }, 120_000);

  let networks = 0;
  /** Somebody in a network of their own, in which so much is open that work is asked for. */
  async function crowded(options: BrowserContextOptions = {}) {
    networks += 1;
    const address = { 'x-forwarded-for': `198.18.${networks}.7` };
    const url = `${stage.url}/join/${campaignCode(campaign.id)}/words`;
    const body = 'wording=0&text_locale=en';
    const headers = { ...address, 'content-type': 'application/x-www-form-urlencoded' };
    for (let status = 303; status === 303; ) {
      const answer = await fetch(url, { method: 'POST', redirect: 'manual', headers, body });
      status = answer.status;
    }
    return arrive(browser, { extraHTTPHeaders: address, ...options });
  }

  const at = (page: Page, state: string) => page.locator(`main[data-state="${state}"]`).waitFor();

  it('A7 is let through by the work of their browser, and notices little', async () => {
    const { page, complaints, asked } = await crowded();
    const sent: (string | undefined)[][] = [];
    page.on('request', async (request) => {
      if (request.method() !== 'POST' || !request.url().startsWith(stage.url)) return;
      const headers = await request.allHeaders();
      sent.push([headers.origin, headers['sec-fetch-site']]);
    });
    const waits: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 429) waits.push(response.url());
    });
    await takeJourney(page, {
      ...{ ...MESSAGE, campaignUrl: campaign.url, platform: 'x', handle: 'a7_worked' },
      networkUrl: stage.networkUrl,
    });
    expect(waits).toHaveLength(1);
    // What our no-referrer pages send over an address that browsers trust, as https is.
    expect(sent.length).toBeGreaterThan(1);
    for (const one of sent) expect(one).toEqual(['null', 'same-origin']);
    expect(complaints.filter((text) => !/status of 429/.test(text))).toEqual([]);
    expect([...asked]).toEqual([stage.url]);
  });

  it('A7 is led on to the network from there, too', async () => {
    const { page, complaints } = await crowded();
    await toWords(page, campaign.url);
    await chooseWords(page, MESSAGE);
    await at(page, 'account');
    await platformButton(page, 'x').click();
    await page.waitForURL(/\/i\/oauth2\/authorize/);
    await page.goBack();
    await at(page, 'account');
    // A second way with the same words is more that is unfinished.
    const wait = page.waitForResponse((response) => response.status() === 429);
    await platformButton(page, 'x').click();
    await wait;
    await page.waitForURL(/\/i\/oauth2\/authorize/);
    expect(complaints.filter((text) => !/status of 429/.test(text))).toEqual([]);
  });

  it('A7 waits for a turn without scripts, and loses nothing that was typed', async () => {
    const { page } = await crowded({ javaScriptEnabled: false });
    await toWords(page, campaign.url);
    await page.locator(TAKE_TEXT).click();
    await at(page, 'wait');
    expect(await page.locator('main').innerText()).toContain('Without scripts: wait');
    await page.locator('main form button').click();
    // Too early: the same page, the same turn.
    await at(page, 'wait');
    await expect
      .poll(
        async () => {
          await page.locator('main form button').click();
          return page.locator('main').getAttribute('data-state');
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toBe('account');
  });

  it('A7 is led on by itself to a page that is only read', async () => {
    const { page } = await crowded({ javaScriptEnabled: false });
    const wrong = `${stage.url}/r/${'A'.repeat(43)}`;
    await expect
      .poll(
        async () => {
          await page.goto(wrong);
          return page.locator('main').getAttribute('data-state');
        },
        { timeout: 60_000, interval: 0 },
      )
      .toBe('wait');
    await at(page, 'receipt_gone');
    expect(page.url()).toContain('turn=');
  });
});
