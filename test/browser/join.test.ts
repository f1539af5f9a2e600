import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { holdsPrivateKey } from '../../src/platforms/nostr/pasted.ts';
import { pubkeyOf } from '../../src/simulator/client.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { onlyInFull } from '../support/tier.ts';
import { chooseWords, platformButton, toWords, withSigner } from './journey.ts';
import { arrive, consent, openBrowser, type Visitor } from './visitor.ts';

const HOUR_MS = 3_600_000;
const PHONE = { viewport: { width: 375, height: 740 } };
const MESSAGE = { words: 'message', own: '' } as const;
const NSEC = 'nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5';
/** As they stand in files and chats; the one of words is BIP-39's own example. */
const PRIVATE_KEYS = [
  NSEC,
  `My key: ${NSEC}`,
  ` ${'0f'.repeat(32)}\n`,
  `{"sk": "${'0f'.repeat(32)}"}`,
  'legal winner thank year wave sausage worth useful legal winner thank yellow',
];

needs('postgres', 'chromium')('joining in a browser', () => {
  let stage: TestStage;
  let browser: Browser;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    const platforms = ['x', 'mastodon', 'nostr'] as const;
    [stage, browser] = await Promise.all([startStage({ platforms }), openBrowser()]);
    campaign = await stage.open({ inMs: 9 * 24 * HOUR_MS });
  });

  /** Nothing was blocked, nothing broke, and nobody else was asked for anything. */
  function expectPeace({ complaints, origins }: Visitor): void {
    expect(complaints).toEqual([]);
    const ours = [new URL(stage.url).origin, new URL(stage.networkUrl).origin];
    expect([...origins].filter((origin) => !ours.includes(origin))).toEqual([]);
  }

  async function toAccount(page: Page): Promise<void> {
    await toWords(page, campaign.url);
    await chooseWords(page, MESSAGE);
  }

  describe.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('%s', (_, javaScriptEnabled) => {
    const account = javaScriptEnabled ? 'anna' : 'boris';

    it('leads from the page over the network’s consent to a receipt', async () => {
      const visitor = await arrive(browser, { ...PHONE, javaScriptEnabled });
      const { page } = visitor;
      await toAccount(page);
      const text = await page.locator('.exact').first().textContent();
      await page.getByRole('button', { name: 'Join with X' }).click();
      await consent(page, account);
      await page.locator('main.receipt[data-state="pledged"]').waitFor();
      expect(await page.locator('.exact').first().textContent()).toBe(text);
      expect(await page.locator('main').innerText()).toContain(account);
      expectPeace(visitor);
    });

    it('says in words that nothing was added when consent is denied, and leads back', async () => {
      const visitor = await arrive(browser, { ...PHONE, javaScriptEnabled });
      const { page } = visitor;
      await toAccount(page);
      const { pathname } = new URL(page.url());
      await page.getByRole('button', { name: 'Join with X' }).click();
      await consent(page, 'dora', 'Cancel');
      await page.locator('main.notice[data-state="denied"]').waitFor();
      expect(await page.locator('main').innerText()).toContain('Nothing was added');
      await page.locator('main.notice a.button').click();
      await page.waitForURL((url) => url.pathname === pathname);
      expectPeace(visitor);
    });

    it('helps with a server that was mistyped', async () => {
      const { page } = await arrive(browser, { ...PHONE, javaScriptEnabled });
      await toAccount(page);
      await page.locator('#where-mastodon').fill('@zoe@mastodon.socail');
      await page.locator('#where-mastodon').press('Enter');
      await page.getByRole('button', { name: 'Did you mean mastodon.social?' }).click();
      await page.locator('#where-mastodon[value="mastodon.social"]').waitFor();
      expect(await page.locator('.field-problem').count()).toBe(0);
    });

    onlyInFull(() => {
      it('can be done with the keyboard alone', async () => {
        const { page } = await arrive(browser, { ...PHONE, javaScriptEnabled });
        await page.goto(campaign.url);
        for (const [step, next] of [
          ['main a[href^="/join/"]', '[data-state="before"]'],
          ['main a[href*="/words"]', '[data-state="words"]'],
          ['form[action$="/words"] button.button-join, .words-go button', '[data-state="account"]'],
        ] as const) {
          await tabTo(page, step);
          await page.keyboard.press('Enter');
          await page.locator(`main${next}`).waitFor();
        }
        await tabTo(page, 'button[value="x"]');
        const outline = await page
          .locator(':focus')
          .evaluate((e) => getComputedStyle(e).outlineWidth);
        expect(outline).toBe('3px');
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/i\/oauth2\/authorize/);
        expect(new URL(page.url()).origin).toBe(new URL(stage.networkUrl).origin);
      });
    });
  });

  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      const there = page.locator(':focus');
      if ((await there.count()) === 1 && (await there.evaluate((e, s) => e.matches(s), selector))) {
        return;
      }
    }
    throw new Error(`Tab never came to ${selector}`);
  }

  it('keeps the way out in sight, wherever one reads', async () => {
    const { page } = await arrive(browser, PHONE);
    await toAccount(page);
    const exit = page.locator('[data-exit]');
    await page.locator('footer').scrollIntoViewIfNeeded();
    await page.locator('.account-closes').scrollIntoViewIfNeeded();
    const box = await exit.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(740);
    expect(box?.height).toBeGreaterThanOrEqual(44);
  });

  it('counts one’s own words while they are typed, and says when it cannot', async () => {
    const { page } = await arrive(browser, PHONE);
    await toWords(page, campaign.url);
    const own = page.locator('textarea[name="own"]');
    const length = page.locator('.own-lengths [data-length-on="x"]');
    await own.fill('See https://example.org/a/very/long/address');
    await expect.poll(() => length.innerText()).toBe('X: 27 of 280 characters');
    expect(await page.locator('input[value="own"]').isChecked()).toBe(true);
    await own.fill('ж'.repeat(290));
    const said = page.getByRole('status');
    await expect.poll(() => said.innerText()).toContain('X takes no text as long as this one');
    await page.context().setOffline(true);
    await own.fill('Away');
    await expect.poll(() => said.innerText()).toContain('cannot be counted right now');
    expect(await length.isVisible()).toBe(false);
    await page.context().setOffline(false);
    await own.fill('Back');
    await expect.poll(() => length.innerText()).toBe('X: 4 of 280 characters');
    expect(await said.innerText()).toBe('');
  });

  onlyInFull(() => {
    it('counts what was typed before its script was there', async () => {
      const { page } = await arrive(browser, PHONE);
      let serve = () => {};
      const typed = new Promise<void>((resolve) => {
        serve = resolve;
      });
      await page.route(/\/assets\/words\.js/, async (route) => {
        await typed;
        await route.continue();
      });
      await toWords(page, campaign.url);
      await page.locator('textarea[name="own"]').fill('Early');
      serve();
      const length = page.locator('.own-lengths [data-length-on="x"]');
      await expect.poll(() => length.innerText()).toBe('X: 5 of 280 characters');
      expect(await page.locator('input[value="own"]').isChecked()).toBe(true);
    });
  });

  it('takes one’s own words along into another language of the texts', async () => {
    const { page } = await arrive(browser, PHONE);
    await toWords(page, campaign.url);
    const languages = page.locator('.text-locales a');
    await languages.filter({ hasText: 'Français' }).click();
    await page.locator('.exact[lang="fr"]').first().waitFor();
    await page.locator('textarea[name="own"]').fill('My own words, and nobody else’s');
    await languages.filter({ hasText: 'Italiano' }).click();
    await page.locator('.exact[lang="it"]').first().waitFor();
    expect(await page.locator('textarea[name="own"]').inputValue()).toBe(
      'My own words, and nobody else’s',
    );
    expect(await page.locator('input[value="own"]').isChecked()).toBe(true);
    await page.goBack();
    await page.locator('.exact[lang="fr"]').first().waitFor();
    expect(await page.locator('input[name="text_locale"]').inputValue()).toBe('fr');
    expect(await page.locator('input[name="show"][type="hidden"]').count()).toBe(0);
  });

  onlyInFull(() => {
    it('asks the network once, however often the button is pressed', async () => {
      const { page } = await arrive(browser, PHONE);
      await toAccount(page);
      const flows = async () => {
        const found = await sql<{ count: number }>`
        select count(*)::int as count from oauth_flow where campaign_id = ${campaign.id}`.execute(
          stage.instance.ctx.db,
        );
        return found.rows[0]?.count ?? -1;
      };
      const before = await flows();
      await platformButton(page, 'x').dblclick();
      await page.waitForURL(/\/i\/oauth2\/authorize/);
      expect(await flows()).toBe(before + 1);
      // Back, and once more: the page is as it was.
      await page.goBack();
      await platformButton(page, 'x').click();
      await page.waitForURL(/\/i\/oauth2\/authorize/);
      expect(await flows()).toBe(before + 2);
    });
  });

  onlyInFull(() => {
    it('needs no right clock in the browser', async () => {
      const { page } = await arrive(browser, PHONE);
      await page.clock.setSystemTime(new Date(Date.now() - HOUR_MS));
      await toAccount(page);
      expect(await page.evaluate(() => Date.now())).toBeLessThan(Date.now() - HOUR_MS / 2);
      await platformButton(page, 'x').click();
      await consent(page, 'hour_late');
      await page.locator('main.receipt[data-state="pledged"]').waitFor();
      expect(await page.locator('main').innerText()).toContain('hour_late');
    });
  });

  it('lets a signer in the browser sign, by one button', async () => {
    const visitor = await arrive(browser, PHONE);
    const { page } = visitor;
    await withSigner(page, 'nora');
    await toAccount(page);
    await platformButton(page, 'nostr').click();
    const button = page.getByRole('button', { name: 'Sign with this browser' });
    await button.waitFor();
    // What is for those without one is folded away.
    expect(await page.locator('#code').isVisible()).toBe(false);
    await button.click();
    await page.locator('main.receipt[data-state="pledged"]').waitFor();
    expect(await page.locator('main').innerText()).toContain('npub1');
    expect(pubkeyOf('nora')).toMatch(/^[0-9a-f]{64}$/);
    expectPeace(visitor);
  });

  it('says so where the signer will not, and takes it by hand', async () => {
    const { page } = await arrive(browser, PHONE);
    await page.addInitScript(
      'window.nostr = { signEvent: () => Promise.reject(new Error("no")) };',
    );
    await toAccount(page);
    await platformButton(page, 'nostr').click();
    await page.getByRole('button', { name: 'Sign with this browser' }).click();
    await page.getByRole('alert').filter({ hasText: 'Nothing was signed' }).waitFor();
    expect(await page.locator('#code').isVisible()).toBe(true);
    expect(new URL(page.url()).pathname).toBe('/sign/nostr');
  });

  it('sends no private key that is pasted where the signed event belongs', async () => {
    const visitor = await arrive(browser, PHONE);
    const { page } = visitor;
    await toAccount(page);
    await platformButton(page, 'nostr').click();
    await page.locator('form[data-sign]').waitFor();
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.method()} ${request.url()}`));
    const unsent = page.getByRole('alert').filter({ hasText: 'It was not sent' });
    const send = page.getByRole('button', { name: 'Send the signed post' });
    for (const key of PRIVATE_KEYS) {
      // The server would refuse each of them too, for those without scripts.
      expect(holdsPrivateKey(key), key).toBe(true);
      await page.locator('#code').fill(key);
      await send.click();
      await unsent.waitFor();
      expect(await page.locator('#code').inputValue(), key).toBe('');
      await page.locator('#code').fill('not a key');
    }
    expect(sent).toEqual([]);
    await send.click();
    await page.getByRole('alert').filter({ hasText: 'is no event' }).waitFor();
    expect(await unsent.isVisible()).toBe(false);
  });

  it('shows the moment where the visitor is', async () => {
    const visitor = await arrive(browser, { timezoneId: 'America/New_York' });
    await visitor.page.goto(campaign.url);
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/New_York',
      hourCycle: 'h23',
      hour: '2-digit',
      minute: '2-digit',
    }).format(campaign.moment);
    const said = visitor.page.locator('.moment-sentence time').first();
    await expect.poll(() => said.innerText()).toContain('for you');
    expect(await said.innerText()).toContain(clock);
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
    await page.locator('.languages summary').click();
    await page.getByRole('link', { name: 'Français' }).click();
    await page.waitForURL(/lang=fr/);
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
  });
});
