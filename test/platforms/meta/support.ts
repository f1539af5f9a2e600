import { createServer } from 'node:http';
import { Secret } from '../../../config/secrets.ts';
import { createCrash } from '../../../src/crash.ts';
import { createFacebook } from '../../../src/platforms/facebook/facebook.ts';
import type { Account, Grant, Platform, PostOrder } from '../../../src/platforms/platform.ts';
import { createThreads } from '../../../src/platforms/threads/threads.ts';
import { decideConsent } from '../../../src/simulator/client.ts';
import { atEnd } from '../../support/at-end.ts';
import { startNetwork } from '../../support/network.ts';
import type { Network } from '../../support/networks.ts';

const REDIRECT = 'http://127.0.0.1:9/callback';
export const SECRET = 'test-secret';
export const MOMENT = new Date('2027-07-10T08:00:00Z');

/** A simulated network of Meta's, with our app registered at it. */
export async function startMeta(name: 'threads' | 'facebook'): Promise<Network> {
  const { url, control } = await startNetwork(name);
  await control.registerApp({ clientId: 'test-app', clientSecret: SECRET });
  return { url, control };
}

function common(url: string, timeoutMs: number) {
  const app = { clientId: 'test-app', clientSecret: new Secret(SECRET) };
  return { ...app, apiUrl: url, timeoutMs };
}

export function threadsAt(url: string, timeoutMs = 10_000): Platform {
  const config = { ...common(url, timeoutMs), authorizeUrl: `${url}/oauth/authorize` };
  const threads = createThreads(config, createCrash(''));
  atEnd(() => threads.dispose());
  return threads;
}

export function facebookAt(url: string, change: { secret?: string; timeoutMs?: number } = {}) {
  const config = {
    ...common(url, change.timeoutMs ?? 10_000),
    clientSecret: new Secret(change.secret ?? SECRET),
    authorizeUrl: `${url}/dialog/oauth`,
    postUrl: url,
    version: 'v26.0',
    portfolios: false,
  };
  const facebook = createFacebook(config, createCrash(''));
  atEnd(() => facebook.dispose());
  return facebook;
}

/** The way to the consent page, with what is needed on the way back. */
export async function begin(platform: Platform) {
  const { url, flowSecret } = await platform.authorize({
    redirectUri: REDIRECT,
    state: 'st/a te',
    locator: '',
    text: 'We ring the bell together.',
    locale: 'en',
    moment: MOMENT,
  });
  return { url, flowSecret, redirectUri: REDIRECT };
}

export async function obtainCode(platform: Platform, handle: string) {
  const { url, flowSecret, redirectUri } = await begin(platform);
  const back = new URL(await decideConsent(url, handle));
  return { answer: Object.fromEntries(back.searchParams), flowSecret, redirectUri };
}

export async function obtainGrant(platform: Platform, handle: string): Promise<Grant> {
  return platform.exchange(await obtainCode(platform, handle));
}

let made = 0;

/** Somebody new who has authorized us, and their order. */
export async function newOrder(platform: Platform, text?: string): Promise<PostOrder> {
  made += 1;
  const person = await obtainGrant(platform, `p${process.pid}_${made}`);
  const [choice] = (await platform.choices?.(person)) ?? [];
  const grant = choice?.grant ?? person;
  return orderOf(choice?.account ?? (await platform.whoAmI(grant)), grant, text);
}

export function orderOf(account: Account, grant: Grant, text?: string): PostOrder {
  return {
    postKey: `delivery-${made}`,
    account,
    grant,
    text: text ?? `We ring the bell together, number ${made}. 👩‍👩‍👧 #Свобода`,
    locale: 'en',
    moment: MOMENT,
    staged: null,
  };
}

export const LONE: PostOrder = orderOf(
  { id: '42', handle: 'somebody' },
  { accessToken: 'token', refreshToken: null, expiresAt: null, scope: '' },
);

/** A network that gives every request this answer. */
export function answering(status: number, body: unknown): Promise<string> {
  return answeringByPath(() => [status, body]);
}

/** A network with one answer for each path; 404 for those without. */
export async function answeringByPath(
  answerOf: (path: string) => readonly [status: number, body: unknown] | undefined,
): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = answerOf(request.url?.split('?')[0] ?? '') ?? [404, ''];
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    request.resume();
    request.on('end', () => response.writeHead(status).end(text));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}
