import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { needs } from '../support/database.ts';
import { fullCampaign } from '../support/full-campaign.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { onlyInFull } from '../support/tier.ts';
import { TAKE_TEXT, toWords } from './journey.ts';
import { arrive, openBrowser } from './visitor.ts';

const DAY_MS = 86_400_000;
/** More stops than any page has. */
const MAX_STOPS = 80;
/** Things on one line may differ so much in where they begin, px. */
const LINE = 24;

/** What has the focus, as a person sees it. */
interface Stop {
  /** Its text or name, for messages. */
  what: string;
  /** A ring around it can be seen. */
  ring: boolean;
  top: number;
  bottom: number;
  /** Distance from the edge at which lines begin. */
  start: number;
  matches: boolean;
}

needs('postgres', 'chromium')('without a mouse, and without seeing', () => {
  let stage: TestStage;
  let browser: Browser;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([startStage(), openBrowser()]);
    campaign = await stage.open({ inMs: 9 * DAY_MS, document: await fullCampaign() });
  }, 120_000);

  describe.each([
    ['from left to right', 'en'],
    ['from right to left', 'ar'],
  ])('%s', (_, locale) => {
    it('the whole way can be gone by keyboard alone, seeing where one is', async () => {
      const { page } = await arrive(browser, { locale, viewport: { width: 375, height: 740 } });
      await page.goto(campaign.url);
      const [skip] = await tabTo(page, '.skip');
      expect(skip?.top).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Enter');
      // Past the header: the next stop is in what the page is about.
      await page.keyboard.press('Tab');
      expect(await page.locator('main :focus').count()).toBe(1);
      await page.goto(campaign.url);
      await press(page, 'main a[href^="/join/"]');
      await press(page, 'main a[href*="/words"]');
      await choose(page, 'input[name="wording"]:checked', 'ArrowDown');
      expect(await page.locator('input[name="wording"][value="1"]').isChecked()).toBe(true);
      await press(page, TAKE_TEXT);
      await page.locator('main[data-state="account"]').waitFor();
      await press(page, 'button.button-join');
      await page.locator('#account').fill(`keys_${locale}`);
      await page.locator('#account').press('Enter');
      await page.locator('main.receipt[data-state="pledged"]').waitFor();
      await choose(page, '.withdraw summary', 'Enter');
      await press(page, '.withdraw button', 'Space');
      await page.locator('main.receipt[data-state="withdrawn"]').waitFor();
    });

    onlyInFull(() => {
      it('Shift+Tab leads back over the same stops', async () => {
        const { page } = await arrive(browser, { locale, viewport: { width: 375, height: 740 } });
        await page.goto(`${stage.url}/join/${campaignCode(campaign.id)}`);
        const there = await tabTo(page, '.before-assisted a');
        const back = [];
        for (let i = 1; i < there.length; i++) {
          await page.keyboard.press('Shift+Tab');
          back.push((await stopAt(page, 'body'))?.what);
        }
        expect(back).toEqual(
          there
            .slice(0, -1)
            .map(({ what }) => what)
            .reverse(),
        );
      });
    });
  });

  /** From where the focus is to a thing, by Tab: each stop can be seen, and follows the one before it as one reads. */
  async function tabTo(page: Page, selector: string): Promise<Stop[]> {
    const stops: Stop[] = [];
    for (let presses = 0; presses < MAX_STOPS; presses++) {
      await page.keyboard.press('Tab');
      const stop = await stopAt(page, selector);
      if (!stop) continue;
      expect(stop.ring, `the ring around "${stop.what}"`).toBe(true);
      const before = stops.at(-1);
      if (before) expect(follows(before, stop), `${before.what} -> ${stop.what}`).toBe(true);
      stops.push(stop);
      if (stop.matches) return stops;
    }
    throw new Error(`Tab never came to ${selector}: ${stops.map(({ what }) => what).join(', ')}`);
  }

  async function press(page: Page, selector: string, key = 'Enter'): Promise<void> {
    await tabTo(page, selector);
    const before = page.url();
    await page.keyboard.press(key);
    await page.waitForURL((url) => url.href !== before);
  }

  async function choose(page: Page, selector: string, key: string): Promise<void> {
    await tabTo(page, selector);
    await page.keyboard.press(key);
  }

  describe('a screen reader', () => {
    /** What it says of the page, a line for each thing. */
    const heard = async (page: Page): Promise<string> => page.locator('body').ariaSnapshot();

    it('is told what the campaign’s page is, and never interrupted by its countdown', async () => {
      const { page } = await arrive(browser);
      await page.goto(campaign.url);
      await page.locator('.countdown[data-state="running"]').waitFor();
      const said = await heard(page);
      for (const line of [
        /^- link "Skip to the content"/m,
        /^- banner:/m,
        /- link "Tocsin, all campaigns"/,
        /- navigation "Languages"/,
        /^- main:/m,
        /- heading "100 days of injustice in Chechnya" \[level=1\]/,
        /- region "The moment"/,
        /- timer "Time left until the moment"/,
        /- '?img "Joined so far, as a share of the goal: 0 %"/,
        /- link "Lend your post"/,
        /- heading "What this is about" \[level=2\]/,
        /^- contentinfo:/m,
      ]) {
        expect(said).toMatch(line);
      }
      expect(await page.locator('[role="timer"]').first().getAttribute('aria-live')).toBe('off');
    });

    it('is told every choice and field of the steps', async () => {
      const { page } = await arrive(browser);
      await toWords(page, campaign.url);
      const words = await heard(page);
      expect(words).toMatch(/- heading "[^"]+" \[level=1\]/);
      expect(words).toMatch(/- list "Your way":/);
      expect(words).toMatch(/- group "Choose your text":/);
      expect(words).toMatch(/- '?radio "A hundred days ago the world learned/);
      expect(words).toMatch(/- textbox "Your text":/);
      const own = page.locator('textarea[name="own"]');
      expect(await own.getAttribute('aria-describedby')).toBe('own-hint');
      await page.locator(TAKE_TEXT).click();
      await page.locator('main[data-state="account"]').waitFor();
      const account = await heard(page);
      expect(account).toMatch(/- button "Join with X"/);
      expect(account).toMatch(/- blockquote/);
      // What is there for Enter in a field is not for ears.
      expect(account).not.toMatch(/- button "Show my text"/);
    });

    it('is told that something is wrong, and where', async () => {
      const { page } = await arrive(browser);
      await toWords(page, campaign.url);
      await page.locator('input[name="wording"][value="own"]').check({ force: true });
      await page.locator('textarea[name="own"]').fill('');
      await page.locator(TAKE_TEXT).click();
      const own = page.locator('textarea[name="own"]');
      await page.locator('#problem-own').waitFor();
      expect(await own.getAttribute('aria-invalid')).toBe('true');
      expect(await own.getAttribute('aria-describedby')).toContain('problem-own');
    });
  });
});

/** What has the focus; null where that is the page itself. */
async function stopAt(page: Page, selector: string): Promise<Stop | null> {
  return page.evaluate((wanted) => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    // A choice's own little circle may carry the ring, or the sheet around it.
    const ringed = [element, element.parentElement, element.nextElementSibling].some((one) => {
      if (!one) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    });
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const rtl = getComputedStyle(document.documentElement).direction === 'rtl';
    return {
      what: (element.ariaLabel ?? element.innerText ?? element.id).trim().slice(0, 40),
      ring: ringed,
      top: top + scrollY,
      bottom: bottom + scrollY,
      start: rtl ? innerWidth - right : left,
      matches: element.matches(wanted),
    };
  }, selector);
}

/** Below the one before it, or after it on the same line. */
function follows(before: Stop, stop: Stop): boolean {
  if (stop.top >= before.bottom - LINE / 2) return true;
  const sameLine = Math.abs(stop.top - before.top) < LINE;
  return sameLine ? stop.start >= before.start - 1 : stop.top > before.top;
}
