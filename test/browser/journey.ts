import type { Page } from 'playwright-core';
import { knownServer, type PlatformName, signAs } from '../../src/simulator/client.ts';

/** Which of the texts somebody takes. */
export type WordsChoice = 'message' | 'variant' | 'own';

/** How somebody joins. */
export interface Journey {
  campaignUrl: string;
  platform: PlatformName;
  /** Where the simulated platform is. */
  networkUrl: string;
  /** Their account's name there. */
  handle: string;
  words: WordsChoice;
  /** In their own words, where they take those. */
  own: string;
}

/** Called on each of our pages on the way, with the name of its kind; `personal`: nothing of it may name the campaign. */
export type OnPage = (kind: string, personal: boolean) => Promise<void>;

/** A choice lies under its label, which is what people press. */
export const UNDER_LABEL = { force: true };

/** The button on the page for words that goes on with them. */
export const TAKE_TEXT = 'main[data-state="words"] form button.button-join';

const nowhere: OnPage = async () => undefined;

/**
 * From the campaign's page to the receipt, as a person goes. Gives the text that the receipt shows.
 * @throws Error when that is not, to the byte, what was shown before.
 */
export async function takeJourney(
  page: Page,
  journey: Journey,
  onPage: OnPage = nowhere,
): Promise<string> {
  await toWords(page, journey.campaignUrl, onPage);
  await chooseWords(page, journey);
  await onPage('account', true);
  const agreed = await page.locator('.exact').first().textContent();
  await takeAccount(page, journey);
  await authorize(page, journey, onPage);
  await onPage('receipt', true);
  const kept = await page.locator('.exact').first().textContent();
  if (kept === null || kept !== agreed) {
    throw new Error(`What was shown is not what is kept: ${agreed} -> ${kept}`);
  }
  return kept;
}

/** Over the campaign's page and the one that asks whether it is safe. */
export async function toWords(
  page: Page,
  campaignUrl: string,
  onPage: OnPage = nowhere,
): Promise<void> {
  await page.goto(campaignUrl);
  await onPage('campaign', false);
  await page.locator('main a[href^="/join/"]').first().click();
  await page.locator('main[data-state="before"]').waitFor();
  await onPage('before', true);
  await page.locator('main a[href*="/words"]').click();
  await page.locator('main[data-state="words"]').waitFor();
  await onPage('words', true);
}

/** On the page for words: takes some, and goes on to the account. */
export async function chooseWords(
  page: Page,
  { words, own }: Pick<Journey, 'words' | 'own'>,
): Promise<void> {
  const wordings = page.locator('input[name="wording"][type="radio"]');
  if (words === 'variant') await wordings.nth(1).check(UNDER_LABEL);
  if (words === 'own') {
    await page.locator('input[name="wording"][value="own"]').check(UNDER_LABEL);
    await page.locator('textarea[name="own"]').fill(own);
  }
  await page.locator(TAKE_TEXT).click();
  await page.locator('main[data-state="account"]').waitFor();
}

/** On the page for accounts: says where the account is, if that is asked, and presses the platform's button. */
export async function takeAccount(
  page: Page,
  { platform, networkUrl, handle }: Pick<Journey, 'platform' | 'networkUrl' | 'handle'>,
): Promise<void> {
  const where = knownServer(platform, networkUrl, handle);
  if (where !== '') await page.locator(`#where-${platform}`).fill(where);
  await platformButton(page, platform).click();
}

export function platformButton(page: Page, platform: PlatformName) {
  return page.locator(`button.button-join[value="${platform}"]`);
}

/** At the platform's consent page, or at ours for a signature, to the receipt. */
async function authorize(page: Page, journey: Journey, onPage: OnPage): Promise<void> {
  if (journey.platform === 'nostr') {
    await page.locator('form[data-sign]').waitFor();
    await onPage('sign', true);
    await sign(page, journey.handle);
  } else {
    await agree(page, journey.handle);
  }
  await page.waitForURL(/\/(?:choose|r)\//);
  if (new URL(page.url()).pathname.startsWith('/choose/')) {
    await onPage('choose', true);
    await page.locator('button[name="choice"]').first().click();
    await page.waitForURL(/\/r\//);
  }
  await page.locator('main[data-state="pledged"]').waitFor();
}

/** On the simulated network's consent page: says yes, as this account. */
export async function agree(page: Page, handle: string): Promise<void> {
  await page.locator('#account').fill(handle);
  await page.locator('button[name="decision"][value="allow"]').click();
}

/** With the signer of `withSigner` where there is a button for it, else by hand. */
async function sign(page: Page, handle: string): Promise<void> {
  const button = page.locator('[data-sign-button] button');
  const hasSigner = await page.evaluate(() => 'nostr' in window);
  if (hasSigner) return button.click();
  const unsigned = await page.locator('#unsigned').inputValue();
  await page.locator('#code').fill(JSON.stringify(signAs(handle, JSON.parse(unsigned))));
  await page.locator('form[data-sign] button[type="submit"]').click();
}

/** Gives the browser a signer (NIP-07) with this person's key, which stays outside of the page. */
export async function withSigner(page: Page, handle: string): Promise<void> {
  await page.exposeFunction('signHere', (event: Parameters<typeof signAs>[1]) =>
    signAs(handle, event),
  );
  await page.addInitScript('window.nostr = { signEvent: (event) => window.signHere(event) };');
}
