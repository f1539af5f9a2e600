import { issueSignInLink } from '../../src/actions/operator/operator-access.ts';
import { type PlainBrowser, plainBrowser } from '../support/browser.ts';
import type { TestStage } from '../support/stage.ts';

/** A browser that has used a one-time link of its own. */
export async function signedIn(stage: TestStage, operator = 'Vera'): Promise<PlainBrowser> {
  const { path } = await issueSignInLink(stage.instance.ctx, { operator });
  const browser = plainBrowser();
  await browser.submit(await browser.get(stage.url + path), '/ops/sign-in/');
  return browser;
}

/** The cookies of a browser, as a header has them. */
export function cookieHeader(browser: PlainBrowser): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
