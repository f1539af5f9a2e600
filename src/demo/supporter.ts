import { decideConsent, signConsent } from '../simulator/client.ts';

/** What a simulated person holds after joining. */
export interface Joined {
  /** The platform's name; '' where it was the only one. */
  platform: string;
  handle: string;
  receiptUrl: string;
}

const TIMEOUT_MS = 30_000;

/** Languages of the simulated people's browsers. */
const LANGUAGES = ['en-GB,en;q=0.9', 'fr-FR,fr;q=0.9', 'it-IT,it;q=0.8', 'ru-RU,ru;q=0.9'];

/** Which of a page's ways to join is taken; without a platform the first. */
export interface JoinWay {
  platform?: string;
  /** The server or handle that the platform asks for. */
  where?: string;
}

/**
 * One person joins as a browser would, over HTTP: the campaign's page, the words, the account, the network's consent page, the
 * way back, the receipt. @throws Error when any page is not the one that should come.
 */
export async function joinAs(
  campaignUrl: string,
  handle: string,
  index: number,
  way: JoinWay = {},
): Promise<Joined> {
  const headers = { 'accept-language': LANGUAGES[index % LANGUAGES.length] ?? 'en' };
  const accountUrl = await chooseWords(campaignUrl, headers);
  const page = await get(accountUrl, headers);
  const form = readForm(page.body, '/join');
  const { platform } = way;
  if (platform !== undefined && !page.body.includes(`name="platform" value="${platform}"`)) {
    throw new Error(`the page has no way to join with ${platform}`);
  }
  const asked = await post(accountUrl, { ...form, fields: withWay(form.fields, way) }, headers);
  const sent = asked.status === 200 ? await agree(accountUrl, asked.html, way, headers) : asked;
  const authorizeUrl = sent.headers.get('location');
  if (sent.status !== 303 || !authorizeUrl) throw new Error(`joining answered ${sent.status}`);
  const cookies = sent.headers.getSetCookie().map((line) => line.split(';')[0]);
  const receiptPath = await authorize(campaignUrl, authorizeUrl, handle, {
    ...headers,
    cookie: cookies.join('; '),
  });
  const receiptUrl = new URL(receiptPath, campaignUrl).toString();
  const receipt = await get(receiptUrl, headers);
  if (stateOf(receipt.body) === null) throw new Error(`the receipt answered ${receipt.status}`);
  return { platform: way.platform ?? '', handle, receiptUrl };
}

/** From the campaign's page over the one that asks whether it is safe to the words, which are taken as they are. */
async function chooseWords(campaignUrl: string, headers: Record<string, string>): Promise<string> {
  const campaign = await get(campaignUrl, headers);
  const before = new URL(readLink(campaign.body, /\/join\/[^"]+/), campaignUrl);
  const asked = await get(before.href, headers);
  const wordsUrl = new URL(readLink(asked.body, /\/join\/[^"]+\/words[^"]*/), campaignUrl).href;
  const words = await get(wordsUrl, headers);
  const sent = await post(wordsUrl, readForm(words.body, '/words'), headers);
  const location = sent.headers.get('location');
  if (sent.status !== 303 || !location) throw new Error(`the words answered ${sent.status}`);
  return new URL(location, campaignUrl).href;
}

async function post(
  pageUrl: string,
  form: Form,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Headers; html: string }> {
  const sent = await fetch(new URL(form.action, pageUrl), {
    method: 'POST',
    body: form.fields,
    headers: { ...headers, origin: new URL(pageUrl).origin },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: sent.status, headers: sent.headers, html: await sent.text() };
}

/** Agrees to what a server wants to be allowed beside the usual, which the page has named, by pressing the same button again. */
async function agree(
  accountUrl: string,
  html: string,
  way: JoinWay,
  headers: Record<string, string>,
) {
  const form = readForm(html, '/join');
  return post(accountUrl, { ...form, fields: withWay(form.fields, way) }, headers);
}

/** At the network's consent page, or at ours for a signature. Returns where the way back leads. */
async function authorize(
  campaignUrl: string,
  authorizeUrl: string,
  handle: string,
  headers: Record<string, string>,
): Promise<string> {
  if (new URL(authorizeUrl).origin === new URL(campaignUrl).origin) {
    const location = await signConsent(authorizeUrl, handle, headers.cookie ?? '');
    if (location === null) throw new Error('the signature was not taken');
    return location;
  }
  const back = await decideConsent(authorizeUrl, handle);
  const returned = await get(back, headers);
  if (returned.status === 303 && returned.location) return returned.location;
  throw new Error(`the way back answered ${returned.status}`);
}

/** The state that a receipt shows its holder now. */
export async function receiptState(joined: Joined): Promise<string | null> {
  return stateOf((await get(joined.receiptUrl, {})).body);
}

function stateOf(html: string): string | null {
  return /<main[^>]*data-state="([a-z]+)"/.exec(html)?.[1] ?? null;
}

async function get(url: string, headers: Record<string, string>) {
  const response = await fetch(url, {
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = await response.text();
  return { status: response.status, location: response.headers.get('location'), body };
}

interface Form {
  action: string;
  fields: URLSearchParams;
}

/** The form whose action has `action` in it, as a browser would send it by its last button. */
function readForm(html: string, action: string): Form {
  for (const [, attributes = '', inner = ''] of html.matchAll(
    /<form\b([^>]*)>([\s\S]*?)<\/form>/g,
  )) {
    const target = attribute(attributes, 'action');
    if (target?.includes(action)) return { action: target, fields: fieldsIn(inner) };
  }
  throw new Error(`the page has no form for ${action}`);
}

/** A radio button counts when it is chosen, a button never: `withWay` presses one. */
function fieldsIn(html: string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(tag, 'name');
    const idle = attribute(tag, 'type') === 'radio' && !/\bchecked\b/.test(tag);
    if (name && !idle) fields.set(name, attribute(tag, 'value') ?? '');
  }
  return fields;
}

/** Presses the button of a platform, and names the server or handle that it asks for. */
function withWay(fields: URLSearchParams, { platform, where }: JoinWay): URLSearchParams {
  if (platform !== undefined) fields.set('platform', platform);
  if (where !== undefined) fields.set(`where_${platform}`, where);
  return fields;
}

/** @throws Error when the page has no such link. */
function readLink(html: string, pattern: RegExp): string {
  const found = new RegExp(`href="(${pattern.source})"`).exec(html)?.[1];
  if (found === undefined) throw new Error(`the page has no link ${pattern}`);
  return unescapeHtml(found);
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? null : unescapeHtml(value);
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
