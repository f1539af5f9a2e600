import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { openCampaign, type Stage } from '../../../src/demo/stage.ts';
import { repository } from '../child.ts';
import { controlOf, joinAll, newContext, signIn, untilDrawn, withStage } from '../photo-stage.ts';
import { waitFor } from '../wait-for.ts';

/*
 * `npm run screenshots -- --readme`: the pictures of README.md, into docs/screenshots: a campaign's page and the delivery page after a
 * burst, each in light and in dark, and the burst as a moving picture, at the pace at which it was.
 */

const FOLDER = join(repository, 'docs/screenshots');
const SCHEMES = ['light', 'dark'] as const;
const VIEWPORT = { width: 1280, height: 1080 };
/** Of the delivery page: down to the curve of the burst. */
const DELIVERY_HEIGHT = 1_420;
const SUPPORTERS = 300;
/** Enough for all to join. */
const MOMENT_IN_MS = 90_000;
/** Of the campaign that is still open, at least: how many have joined is told once in a sixtieth of the time that it is. */
const LATER_IN_MS = 75 * 60_000;
const QUARTER_MS = 15 * 60_000;
/** So that the burst can be watched. */
const ANSWERS_AFTER_MS = 1_000;
const REFUSED_SHARE = 0.02;

/** The moving picture: what of the page is seen, how wide it becomes, and when it begins and ends. */
const FRAME = { x: 0, y: 0, width: 1280, height: 640 };
const FRAME_WIDTH = 800;
const BEFORE_MS = 1_500;
const FRAME_MS = 125;
const LAST_FRAME_MS = 3_000;
/** A README is to be light. */
const MAX_BYTES = 500_000;

export async function takeReadmePictures(): Promise<void> {
  const of = { supporters: SUPPORTERS, inMs: MOMENT_IN_MS, platforms: ['x'] as const };
  await withStage({ ...of, platforms: [...of.platforms] }, play);
}

async function play(stage: Stage, browser: Browser): Promise<void> {
  const people = await controlOf(stage).createAccounts({ count: SUPPORTERS });
  const handles = people.map(({ handle }) => handle);
  const cookies = await signIn(stage, browser);
  const later = await openCampaign(stage, untilQuarter());
  const soon = await openCampaign(stage, MOMENT_IN_MS);
  await joinAll(soon.url, handles);
  const desks = await inBothSchemes(browser, `${stage.url}/ops/campaigns/${soon.slug}`, cookies);
  await controlOf(stage).behaviour({
    latency: { kind: 'lognormal', medianMs: ANSWERS_AFTER_MS, sigma: 0.6 },
    errorRates: { status403Suspended: REFUSED_SHARE },
  });
  await film(desks[0], soon.moment);
  for (const [index, page] of desks.entries()) {
    await page.locator('[data-figures-state="settled"]').waitFor({ timeout: 90_000 });
    await save(page, `delivery${suffix(index)}`, DELIVERY_HEIGHT);
  }
  await controlOf(stage).behaviour({});
  await joinAll(later.url, handles);
  for (const [index, page] of (await inBothSchemes(browser, later.url)).entries()) {
    await untilCounted(page);
    await save(page, `campaign${suffix(index)}`, VIEWPORT.height);
  }
}

/** Milliseconds until a whole quarter of an hour; the stage moves it up to the whole second. */
function untilQuarter(): number {
  const now = Date.now();
  return Math.ceil((now + LATER_IN_MS) / QUARTER_MS) * QUARTER_MS - now - 500;
}

type Cookies = Parameters<BrowserContext['addCookies']>[0];

/** The page at this address, in light and in dark. */
async function inBothSchemes(
  browser: Browser,
  url: string,
  cookies: Cookies = [],
): Promise<[light: Page, dark: Page]> {
  const open = async (colorScheme: (typeof SCHEMES)[number]): Promise<Page> => {
    const context = await newContext(browser, { viewport: VIEWPORT, colorScheme });
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.goto(url);
    await untilDrawn(page);
    return page;
  };
  return [await open('light'), await open('dark')];
}

function suffix(index: number): string {
  return SCHEMES[index] === 'dark' ? '-dark' : '';
}

/** The public number of those who joined lags behind, so that no watcher can tell who was the last. */
async function untilCounted(page: Page): Promise<void> {
  const counted = page.getByText('people have joined');
  await waitFor(
    async () => {
      await page.reload();
      return (await counted.count()) > 0;
    },
    { timeoutMs: 180_000, everyMs: 2_000, what: 'the number of those who joined' },
  );
}

/** The top of a page, so high. */
async function save(page: Page, name: string, height: number): Promise<void> {
  await untilDrawn(page);
  const clip = { x: 0, y: 0, width: VIEWPORT.width, height };
  const png = await page.screenshot({ fullPage: true, clip, animations: 'disabled' });
  const file = `${name}.png`;
  await writeFile(
    join(FOLDER, file),
    await sharp(png).png({ palette: true, effort: 8 }).toBuffer(),
  );
  console.log(file);
}

/** From a little before the moment until the page says that all is over. */
async function film(page: Page, moment: Date): Promise<void> {
  const frames: { png: Buffer; atMs: number }[] = [];
  await sleep(Math.max(0, moment.getTime() - BEFORE_MS - Date.now()));
  const settled = page.locator('[data-figures-state="settled"]');
  for (let isOver = false; !isOver; ) {
    isOver = (await settled.count()) > 0;
    frames.push({ atMs: Date.now(), png: await page.screenshot({ clip: FRAME }) });
    await sleep(Math.max(0, (frames.at(-1)?.atMs ?? 0) + FRAME_MS - Date.now()));
    if (frames.length > 400) throw new Error('The burst does not end');
  }
  const delay = frames.map(({ atMs }, index) => {
    const next = frames[index + 1];
    return next === undefined ? LAST_FRAME_MS : next.atMs - atMs;
  });
  const small = await Promise.all(
    frames.map(({ png }) => sharp(png).resize({ width: FRAME_WIDTH }).png().toBuffer()),
  );
  const moving = await sharp(small, { join: { animated: true } })
    .webp({ delay, loop: 0, quality: 60, effort: 6, minSize: true, mixed: true })
    .toBuffer();
  if (moving.length > MAX_BYTES) throw new Error(`burst.webp has ${moving.length} bytes`);
  await writeFile(join(FOLDER, 'burst.webp'), moving);
  console.log(`burst.webp: ${frames.length} frames, ${moving.length} bytes`);
}
