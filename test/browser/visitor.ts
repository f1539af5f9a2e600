import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { atEnd } from '../support/at-end.ts';
import { launchChromium } from '../support/chromium.ts';
import { serviceAt } from '../support/database.ts';

/** A person with a browser of their own, and what went on in it. */
export interface Visitor {
  page: Page;
  /** Errors and warnings on the console, what a policy has blocked, what could not be loaded. */
  complaints: string[];
  /** Where its requests went. */
  origins: Set<string>;
  /** Where those went that were not for a page to go to: pictures, fonts, frames, whatever scripts ask for. */
  asked: Set<string>;
}

/** Chromium for this file; it ends with it. */
export async function openBrowser(): Promise<Browser> {
  const browser = await launchChromium(serviceAt('chromium'));
  atEnd(() => browser.close());
  return browser;
}

/** A visitor with no cookies, who leaves when the test ends. */
export async function arrive(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const visitor = await comeIn(browser, options);
  atEnd(() => visitor.page.context().close());
  return visitor;
}

/** The same, who stays until the context of the page is closed. */
export async function comeIn(browser: Browser, options: BrowserContextOptions): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const origins = new Set<string>();
  const asked = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  context.on('requestfailed', (request) => {
    // A page that is left ends its own requests.
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${why}`);
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol === 'data:') return;
    origins.add(origin);
    if (!request.isNavigationRequest() || request.frame().parentFrame()) asked.add(origin);
  });
  return { page, complaints, origins, asked };
}

/** On the simulated network's consent page: decides as this account. */
export async function consent(
  page: Page,
  account: string,
  button: 'Authorize app' | 'Cancel' = 'Authorize app',
): Promise<void> {
  await page.waitForURL(/\/i\/oauth2\/authorize/);
  await page.getByLabel('Account').fill(account);
  await page.getByRole('button', { name: button }).click();
}
