import { sql } from 'kysely';
import { decideConsent } from '../../src/simulator/client.ts';
import { type Page, type PlainBrowser, unescapeHtml } from '../support/browser.ts';
import type { OpenedCampaign, TestStage } from '../support/stage.ts';

/** A campaign in one language, whose message has a blank. */
export const namesDocument = {
  locales: ['en'],
  title: { en: 'Names' },
  story: { en: 'A story.' },
  messages: { en: 'I am {{ name | default: "one of many" }}. {{ hashtags }}' },
  addressee: { en: 'To whom it concerns' },
  letter: { en: 'A letter.' },
  variants: { en: ['We are many. {{ hashtags }}'] },
  own_words: false,
};

/** The first exact text on a page, to the byte. */
export function exactIn({ html }: Page): string {
  const shown = /<blockquote class="exact"[^>]*>([\s\S]*?)<\/blockquote>/.exec(html)?.[1];
  if (shown === undefined) throw new Error('The page shows no text');
  return unescapeHtml(shown);
}

/** Where a page's link to this leads. */
export function linkTo({ html, url }: Page, part: string): string {
  const href = new RegExp(`href="([^"]*${part.replaceAll('.', '\\.')}[^"]*)"`).exec(html)?.[1];
  if (href === undefined) throw new Error(`There is no link to ${part}`);
  return new URL(unescapeHtml(href), url).href;
}

/** Presses the first button of an account's page; gives the network's address that it leads to. */
export async function follow(browser: PlainBrowser, page: Page): Promise<string> {
  return (await browser.submit(page, '/join')).url;
}

/** Over what a campaign says. */
export async function setContent(
  stage: TestStage,
  { id }: OpenedCampaign,
  change: object,
): Promise<void> {
  await sql`update campaign set content = content || ${JSON.stringify(change)}::jsonb
    where id = ${id}`.execute(stage.instance.ctx.db);
}

/* What a page shows: its path, its posts' states and ids, its heading. */
export const pathOf = (page: Page): string => new URL(page.url).pathname;
export const statesOn = (page: Page): string[] =>
  [...page.html.matchAll(/<article[^>]*data-state="([a-z]+)"/g)].map(([, state]) => state ?? '');
export const pledgesOn = (page: Page): string[] =>
  [...page.html.matchAll(/<section[^>]*aria-labelledby="text-([0-9a-f-]{36})"/g)].map(
    ([, id]) => id ?? '',
  );
export const headOf = (page: Page): string => /<h1[^>]*>([^<]*)<\/h1>/.exec(page.html)?.[1] ?? '';

/** From the page that asks for an account over the network's consent to the receipt. */
export async function joinFrom(
  browser: PlainBrowser,
  page: Page,
  handle: string,
  fields: Record<string, string> = {},
): Promise<Page> {
  const consent = await browser.submit(page, '/join', fields);
  return browser.get(await decideConsent(consent.url, handle));
}

/** Chooses one's own words for a pledge; gives the page that asks whether to agree to them. */
export async function proposeOwn(browser: PlainBrowser, receipt: Page, own: string): Promise<Page> {
  const words = await browser.get(linkTo(receipt, '/edit/'));
  return browser.submit(words, '/edit/', { wording: 'own', own });
}
