import { request } from 'node:http';
import { PASSWORD } from './pds.ts';

const API = '/@atproto/oauth-provider/~api';
const TIMEOUT_MS = 15_000;

interface Sent {
  status: number;
  location: string | undefined;
  body: string;
}

/**
 * What a browser does at a Bluesky server for a person who signs in and then allows or denies; gives the address that it is
 * sent back to. By node:http, since fetch may not say what a navigation is.
 */
export async function consentByHttp(
  authorizeUrl: string,
  username: string,
  decision: 'consent' | 'reject' = 'consent',
): Promise<string> {
  const page = new URL(authorizeUrl);
  const cookies = new Map<string, string>();
  const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const navigate = (url: URL, from: Record<string, string>) =>
    send('GET', url, { ...navigation, ...from }, cookies);
  const call = async (name: string, input: object, token?: string) => {
    const headers = {
      ...{ 'sec-fetch-mode': 'same-origin', 'sec-fetch-site': 'same-origin' },
      ...{ origin: page.origin, referer: page.href, 'content-type': 'application/json' },
      'x-csrf-token': cookies.get('csrf-token') ?? '',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const url = new URL(API + name, page);
    const sent = await send('POST', url, headers, cookies, JSON.stringify(input));
    if (sent.status !== 200) throw new Error(`${name}: ${sent.status} ${sent.body}`);
    return JSON.parse(sent.body) as Record<string, unknown>;
  };
  const shown = await navigate(page, { 'sec-fetch-site': 'cross-site' });
  if (shown.status !== 200) throw new Error(`The page answered ${shown.status}: ${shown.body}`);
  const signIn = { username, password: PASSWORD, remember: false, locale: 'en' };
  const { account, ephemeralToken } = await call('/sign-in', signIn);
  const { sub } = account as { sub: string };
  const answer = decision === 'reject' ? {} : { sub };
  const { url } = await call(`/${decision}`, answer, String(ephemeralToken));
  const from = { 'sec-fetch-site': 'same-origin', referer: page.href };
  const back = await navigate(new URL(String(url)), from);
  if (!back.location) throw new Error(`It was not sent back: ${back.status}`);
  return back.location;
}

function send(
  method: string,
  url: URL,
  headers: Record<string, string>,
  cookies: Map<string, string>,
  body?: string,
): Promise<Sent> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers: { ...headers, cookie }, timeout: TIMEOUT_MS, family: 4 },
      (answer) => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          cookies.set(name, value);
        }
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.once('end', () => {
          const { statusCode = 0 } = answer;
          resolve({ status: statusCode, location: answer.headers.location, body: text });
        });
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('The server was too slow')));
    sent.once('error', reject);
    sent.end(body);
  });
}
