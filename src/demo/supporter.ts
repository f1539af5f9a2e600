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

/** Which of a page's ways in somebody takes; without a platform the first. */
export interface Way {
  platform?: string;
  /** The server or handle that the platform asks for. */
  where?: string;
}

/**
 * One person joins as a browser would, over HTTP: the campaign's page, its form, the network's consent page, the way back,
 * the receipt. @throws Error when any page is not the one that should come.
 */
export async function joinAs(
  campaignUrl: string,
  handle: string,
  index: number,
  way: Way = {},
): Promise<Joined> {
  const headers = { 'accept-language': LANGUAGES[index % LANGUAGES.length] ?? 'en' };
  const page = await get(campaignUrl, headers);
  const form = readJoinForm(page.body, way);
  const sent = await fetch(new URL(form.action, campaignUrl), {
    method: 'POST',
    body: form.fields,
    headers: { ...headers, origin: new URL(campaignUrl).origin },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await sent.arrayBuffer();
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

/** The join form as a browser would send it by the button of that platform. */
function readJoinForm(html: string, way: Way): { action: string; fields: URLSearchParams } {
  const form = /<form[^>]*action="([^"]*\/join[^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(html);
  if (!form?.[1] || form[2] === undefined) throw new Error('the page has no form to join with');
  const fields = new URLSearchParams();
  for (const [tag] of form[2].matchAll(/<(?:input|button)\b[^>]*>/g)) {
    const name = attribute(tag, 'name');
    if (name && attribute(tag, 'formmethod') === null)
      fields.set(name, attribute(tag, 'value') ?? '');
  }
  const shown = [...fields.keys()].find((name) => name.startsWith('shown_')) ?? '';
  const { platform = shown.slice('shown_'.length), where } = way;
  if (!fields.has(`shown_${platform}`)) throw new Error(`nobody can join with ${platform} there`);
  fields.set('platform', platform);
  if (where !== undefined) fields.set(`where_${platform}`, where);
  return { action: unescapeHtml(form[1]), fields };
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
