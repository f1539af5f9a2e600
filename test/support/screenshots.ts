import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { openCampaign, type Stage } from '../../src/demo/stage.ts';
import { type Joined, receiptState } from '../../src/demo/supporter.ts';
import { PLATFORM_NAMES } from '../../src/simulator/client.ts';
import { repository } from './child.ts';
import { openFullCampaign, takeGallery } from './gallery.ts';
import {
  type Cookies,
  controlOf,
  joinAll,
  newContext,
  signIn,
  untilDrawn,
  untilMorning,
  withStage,
} from './photo-stage.ts';
import { takeReadmePictures } from './readme/take-pictures.ts';
import { waitFor } from './wait-for.ts';

/*
 * `npm run screenshots -- --out DIR`: plays a small campaign on a real instance and simulated networks, and takes every page
 * in Chromium, on a phone and on a desk, in light and in dark, before, at and after the moment. `--only supporters` leaves out
 * what operators see; `--readme` takes the pictures of README.md alone.
 */

/** Enough to take the pages before the moment. */
const MOMENT_IN_MS = 25_000;
/** So that there is something to see between the first answer and the last. */
const ANSWERS_AFTER_MS = 400;
const PHONE = { width: 375, height: 740 };
const DESK = { width: 1280, height: 900 };
const SIZES = [PHONE, DESK];
const SCHEMES = ['light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    only: { type: 'string' },
    readme: { type: 'boolean', default: false },
  },
});
const withOperators = values.only !== 'supporters';
/** What operators see is of a crowd. */
const SUPPORTERS = withOperators ? 120 : 12;
const out = resolve(values.out ?? join(repository, 'test-results/screenshots'));

try {
  if (values.readme) await takeReadmePictures();
  else await takeEveryPage();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}

async function takeEveryPage(): Promise<void> {
  await mkdir(out, { recursive: true });
  await withStage({ supporters: SUPPORTERS, inMs: MOMENT_IN_MS, platforms: PLATFORM_NAMES }, play);
}

async function play(stage: Stage, browser: Browser): Promise<void> {
  const people = await controlOf(stage).createAccounts({ count: SUPPORTERS });
  const handles = people.map((person) => person.handle);
  const operator = await signIn(stage, browser);
  const soon = await openCampaign(stage, MOMENT_IN_MS);
  const joined = await joinAll(soon.url, handles);
  const screens = withOperators ? await openScreens(browser, operator) : [];
  await throughTheMoment(stage, screens, soon.slug);

  const later = await openFullCampaign(stage, untilMorning());
  await joinAll(later.url, handles);
  await onAll(screens, 'ops-home', (page) => page.goto(`${stage.url}/ops`));
  for (const { context } of screens) await context.close();
  if (withOperators) await everywhere(browser, 'sign-in-used', stage.signInUrl);
  const receipt = await untilPosted(joined);
  const reminder = await askReminder(browser, stage, operator, later.url);
  const sights = { stage, url: later.url, over: { url: soon.url, receipt }, reminder };
  await takeGallery(browser, sights, take);
}

/** Waits for one of the posts; gives the receipt of it. */
async function untilPosted(joined: readonly Joined[]): Promise<string> {
  const posted = (one: Joined) => receiptState(one).then((state) => state === 'posted' && one);
  const { receiptUrl } = await waitFor(
    async () => (await Promise.all(joined.slice(0, 5).map(posted))).find((one) => one !== false),
    { timeoutMs: MOMENT_IN_MS + 60_000, everyMs: 500, what: 'a post' },
  );
  return receiptUrl;
}

/** Leaves an address, and reads the mail that comes of it in the operator's outbox. */
async function askReminder(
  browser: Browser,
  stage: Stage,
  operator: Cookies,
  url: string,
): Promise<string | null> {
  const context = await newContext(browser, {});
  await context.addCookies(operator);
  const page = await context.newPage();
  await page.goto(`${url}/assisted`);
  await page.locator('input[type="email"]').fill('anna@example.org');
  await page.locator('form[action*="reminder"] button').click();
  const link = page.locator('a[href^="/m/"]').first();
  await waitFor(
    async () => {
      await page.goto(`${stage.url}/ops/outbox`);
      return link.isVisible();
    },
    { everyMs: 300, what: 'the mail' },
  );
  const path = await link.getAttribute('href');
  await context.close();
  return path;
}

interface Screen {
  context: BrowserContext;
  page: Page;
  viewport: { width: number; height: number };
  colorScheme: Scheme;
}

/** An operator's screens, of each size and colour. */
async function openScreens(browser: Browser, cookies: Cookies): Promise<Screen[]> {
  const kinds = SIZES.flatMap((viewport) =>
    SCHEMES.map((colorScheme) => ({ viewport, colorScheme })),
  );
  return Promise.all(
    kinds.map(async (kind) => {
      const context = await newContext(browser, kind);
      await context.addCookies(cookies);
      return { ...kind, context, page: await context.newPage() };
    }),
  );
}

async function onAll(
  screens: readonly Screen[],
  name: string,
  work: (page: Page) => Promise<unknown>,
): Promise<void> {
  for (const { page, viewport, colorScheme } of screens) {
    await work(page);
    await shoot(page, name, viewport, colorScheme);
  }
}

/** One campaign through its moment, on screens that are never reloaded. */
async function throughTheMoment(
  stage: Stage,
  screens: readonly Screen[],
  slug: string,
): Promise<void> {
  await onAll(screens, 'delivery-open', async (page) => {
    await page.goto(`${stage.url}/ops/campaigns/${slug}`);
    await page.locator('[data-live-state="live"]').waitFor();
  });
  await controlOf(stage).behaviour({
    latency: { kind: 'lognormal', medianMs: ANSWERS_AFTER_MS, sigma: 0.5 },
    errorRates: { status403Suspended: 0.02 },
  });
  await onAll(screens, 'delivery-burst', (page) =>
    waitFor(async () => Number(await posted(page)) > 0, { timeoutMs: 90_000, what: 'the burst' }),
  );
  await onAll(screens, 'delivery-settled', (page) =>
    page.locator('[data-figures-state="settled"]').waitFor({ timeout: 90_000 }),
  );
  await controlOf(stage).behaviour({});
}

function posted(page: Page): Promise<string | null> {
  return page.locator('[data-total="posted"]').getAttribute('data-value');
}

async function onPage(
  browser: Browser,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await newContext(browser, options);
  await work(await context.newPage()).finally(() => context.close());
}

/** Takes one address at every size. */
async function everywhere(browser: Browser, name: string, url: string): Promise<void> {
  for (const viewport of SIZES) {
    await onPage(browser, { viewport }, async (page) => {
      await page.goto(url);
      await shoot(page, name, viewport);
    });
  }
}

async function shoot(
  page: Page,
  name: string,
  viewport: { width: number },
  scheme: Scheme = 'light',
): Promise<void> {
  await take(page, `${name}-${viewport.width}${scheme === 'dark' ? '-dark' : ''}`);
}

async function take(page: Page, name: string): Promise<void> {
  const file = `${name}.png`;
  await untilDrawn(page);
  await page.screenshot({ path: join(out, file), fullPage: true, animations: 'disabled' });
  console.log(file);
}
