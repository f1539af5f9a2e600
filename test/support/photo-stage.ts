import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { build } from '../../src/build/build.mjs';
import type { DemoOptions } from '../../src/demo/options.ts';
import { type Stage, setStage } from '../../src/demo/stage.ts';
import { type Joined, joinAs } from '../../src/demo/supporter.ts';
import type { SimulatorControl } from '../../src/simulator/client.ts';
import { launchChromium } from './chromium.ts';
import { chromium } from './services/chromium.ts';

const OPEN_FOR_DAYS = 9;

/** Sets an instance and its simulated networks up, and has them photographed in Chromium. */
export async function withStage(
  of: Pick<DemoOptions, 'supporters' | 'inMs' | 'platforms'>,
  play: (stage: Stage, browser: Browser) => Promise<void>,
): Promise<void> {
  await build(console.error);
  const program = (await chromium.given()) ?? (await chromium.installed());
  if (program === null) throw new Error('There is no Chromium; name one in CHROMIUM_PATH.');
  const options = { ...of, seed: 1, exit: true, json: false };
  const stage = await setStage(options, new AbortController().signal);
  try {
    const browser = await launchChromium(program.url);
    try {
      await play(stage, browser);
    } finally {
      await browser.close();
    }
  } finally {
    await stage.dispose();
  }
}

export function controlOf({ networks: [x] }: Stage): SimulatorControl {
  if (!x) throw new Error('There is no network');
  return x.control;
}

/** Milliseconds until eleven in the morning in Moscow, some days ahead; the stage moves it up to the whole second. */
export function untilMorning(): number {
  const day = new Date(Date.now() + OPEN_FOR_DAYS * 86_400_000).toISOString().slice(0, 10);
  return Date.parse(`${day}T08:00:00Z`) - Date.now() - 500;
}

export type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** The cookies of an operator. */
export async function signIn(stage: Stage, browser: Browser): Promise<Cookies> {
  const context = await newContext(browser, {});
  const page = await context.newPage();
  await page.goto(stage.signInUrl);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/ops$/);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

/** Joins these people, all on X. */
export async function joinAll(url: string, handles: readonly string[]): Promise<Joined[]> {
  const joined: Joined[] = [];
  const queue = handles.entries();
  const runner = async (): Promise<void> => {
    for (const [index, handle] of queue)
      joined.push(await joinAs(url, handle, index, { platform: 'x' }));
  };
  await Promise.all(Array.from({ length: 8 }, runner));
  return joined;
}

export async function newContext(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  return browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Lisbon', ...options });
}

/** Waits until fonts and pictures are there, also those that are loaded only when they come into sight. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => null)');
  await page.evaluate(async () => {
    const pictures = [...document.images].filter((picture) => !picture.complete);
    for (const picture of pictures) picture.loading = 'eager';
    await Promise.allSettled(pictures.map((picture) => picture.decode()));
  });
}
