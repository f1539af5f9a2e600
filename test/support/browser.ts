import { decideConsent } from '../../src/simulator/client.ts';

/** A page as a person has it before them. */
export interface Page {
  url: string;
  status: number;
  html: string;
  headers: Headers;
  /** What a reader reads: without tags, with entities resolved. */
  text: string;
}

/** A browser without JavaScript: it keeps cookies, follows redirects on its own site, and sends forms. */
export interface PlainBrowser {
  get(url: string): Promise<Page>;
  /** Sends the page's form whose action contains `action`, with its hidden fields and first button, and `fields` over them. */
  submit(page: Page, action: string, fields?: Record<string, string>): Promise<Page>;
  /** From a campaign's page to the one that asks for an account, with the words as they stand, or `words` over them. */
  chooseWords(campaignUrl: string, words?: Record<string, string>): Promise<Page>;
  /** The same, and presses the first button; gives the network's address that it leads to. */
  startJoining(campaignUrl: string, fields?: Record<string, string>): Promise<string>;
  /** The whole way: page, join, consent, receipt. */
  join(campaignUrl: string, handle: string, fields?: Record<string, string>): Promise<Page>;
  /** The cookies it holds, by name. */
  cookies: Map<string, string>;
}

const MAX_REDIRECTS = 5;

/** `address`: where a proxy in front says that it comes from. */
export function plainBrowser(language = 'en', address = ''): PlainBrowser {
  const cookies = new Map<string, string>();

  async function send(url: string, body?: URLSearchParams): Promise<Response> {
    const headers: Record<string, string> = { 'accept-language': language };
    if (cookies.size > 0) {
      headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    }
    if (address !== '') headers['x-forwarded-for'] = address;
    if (body) headers.origin = new URL(url).origin;
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      headers,
      redirect: 'manual',
      ...(body ? { body } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  async function load(url: string, first: Response): Promise<Page> {
    let response = first;
    let at = url;
    for (let i = 0; i < MAX_REDIRECTS; i++) {
      const location = response.headers.get('location');
      if (!location) break;
      at = new URL(location, at).href;
      response = await send(at);
    }
    const html = await response.text();
    return {
      url: at,
      status: response.status,
      html,
      headers: response.headers,
      text: textOf(html),
    };
  }

  const get = async (url: string): Promise<Page> => load(url, await send(url));

  const submit = async (page: Page, action: string, fields: Record<string, string> = {}) => {
    const form = formOf(page, action);
    return load(form.action, await send(form.action, withFields(form.fields, fields)));
  };

  async function chooseWords(url: string, fields: Record<string, string> = {}): Promise<Page> {
    const before = await get(linkOn(await get(url), /\/join\/[^/"]+/));
    const words = await get(linkOn(before, /\/join\/[^"]+\/words[^"]*/));
    return submit(words, '/words', fields);
  }

  async function startJoining(url: string, fields: Record<string, string> = {}): Promise<string> {
    const form = formOf(await chooseWords(url), '/join');
    const answer = await send(form.action, withFields(form.fields, fields));
    const location = answer.headers.get('location');
    if (answer.status !== 303 || !location) {
      throw new Error(`Joining answered ${answer.status}: ${textOf(await answer.text())}`);
    }
    return location;
  }

  return {
    cookies,
    get,
    submit,
    chooseWords,
    startJoining,
    join: async (url, handle, fields) =>
      get(await decideConsent(await startJoining(url, fields), handle)),
  };
}

function withFields(fields: URLSearchParams, changes: Record<string, string>): URLSearchParams {
  for (const [name, value] of Object.entries(changes)) fields.set(name, value);
  return fields;
}

/** A form of the page: where it goes, and what a browser would send by its first button. */
function formOf(page: Page, action: string): { action: string; fields: URLSearchParams } {
  for (const [, attributes = '', inner = ''] of page.html.matchAll(
    /<form\b([^>]*)>([\s\S]*?)<\/form>/g,
  )) {
    const target = attribute(attributes, 'action') ?? '';
    if (!target.includes(action)) continue;
    const fields = new URLSearchParams();
    for (const [tag] of inner.matchAll(/<(?:input|button)\b[^>]*>/g)) {
      const name = attribute(tag, 'name');
      const idle = attribute(tag, 'type') === 'radio' && !/\bchecked\b/.test(tag);
      // "Show my text" is a button that a person presses on purpose; tests name it.
      if (name && name !== 'show' && !idle) fields.set(name, attribute(tag, 'value') ?? '');
    }
    return { action: new URL(target, page.url).href, fields };
  }
  throw new Error(`There is no form for ${action} on ${page.url}: ${page.text}`);
}

/** Where the first link that looks like this leads. */
function linkOn(page: Page, pattern: RegExp): string {
  const found = new RegExp(`href="(${pattern.source})"`).exec(page.html)?.[1];
  if (found === undefined)
    throw new Error(`There is no link ${pattern} on ${page.url}: ${page.text}`);
  return new URL(unescapeHtml(found), page.url).href;
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? null : unescapeHtml(value);
}

export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function textOf(html: string): string {
  const body = html.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ');
  return unescapeHtml(body).replace(/\s+/g, ' ').trim();
}
