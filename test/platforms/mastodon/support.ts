import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type InstanceSecrets, Secret } from '../../../config/secrets.ts';
import { createCrash } from '../../../src/crash.ts';
import { createGuard } from '../../../src/outbound/ssrf-guard.ts';
import { createMastodon } from '../../../src/platforms/mastodon/mastodon.ts';
import type {
  AuthorizeInput,
  Grant,
  Platform,
  PlatformNotes,
  PostOrder,
} from '../../../src/platforms/platform.ts';
import { decideConsent } from '../../../src/simulator/client.ts';
import { openNoteBook } from '../../../src/store/platform-note.ts';
import { createVault } from '../../../src/store/vault/vault.ts';
import { atEnd } from '../../support/at-end.ts';
import { startNetwork } from '../../support/network.ts';
import type { Network } from '../../support/networks.ts';
import { openRecords } from '../../support/rows.ts';

export const REDIRECT = 'http://127.0.0.1:9/callback/mastodon';

/** Stands for a server in the address to come back to. */
export const partOf = (origin: string): string => Buffer.from(origin).toString('base64url');

/** A simulated server. */
export function startServer(): Promise<Network> {
  return startNetwork('mastodon');
}

/** Notes in records of this file's own. Needs postgres. */
export async function realNotes(): Promise<PlatformNotes> {
  const key = (): Secret => new Secret(randomBytes(32).toString('base64'));
  const secrets: InstanceSecrets = {
    masterKeyId: randomBytes(6).toString('hex'),
    masterKey: key(),
    nextMasterKey: null,
    path: '',
    accountHashKey: key(),
    receiptKey: key(),
  };
  const { db } = await openRecords();
  return openNoteBook(db, createVault(secrets), 'mastodon');
}

/** For what must not come to a note. */
export const noNotes: PlatformNotes = {
  read: async () => null,
  saveIfAbsent: () => Promise.reject(new Error('Nothing is to be kept here')),
  forget: () => Promise.reject(new Error('Nothing is to be forgotten here')),
};

export interface ClientOptions {
  notes?: PlatformNotes;
  timeoutMs?: number;
  quotes?: 'public' | 'followers' | 'nobody';
  /** More hosts of the operator's own. */
  hosts?: readonly string[];
}

/** Our client, to which the servers at `urls` are the operator's own; it ends with the test or file. */
export function mastodonFor(urls: readonly string[], options: ClientOptions = {}): Platform {
  const privateHosts = [...urls.map((url) => new URL(url).host), ...(options.hosts ?? [])];
  const platform = createMastodon(
    {
      privateHosts,
      mastodon: {
        postsPerSecond: 30,
        quotes: options.quotes ?? null,
        timeoutMs: options.timeoutMs ?? 10_000,
      },
    },
    {
      crash: createCrash(''),
      guard: createGuard(privateHosts),
      notes: options.notes ?? noNotes,
      callbackPart: partOf,
      baseUrl: () => 'https://bell.example.org',
    },
  );
  atEnd(() => platform.dispose());
  return platform;
}

export function asking(locator: string, change: Partial<AuthorizeInput> = {}): AuthorizeInput {
  const { text, locale, moment } = loneOrder('https://a.example');
  return { redirectUri: REDIRECT, state: 'st/a te', locator, text, locale, moment, ...change };
}

/** A code for the account, as the server sends it back, with what belongs to it. */
export async function obtainCode(platform: Platform, url: string, handle: string) {
  const { url: link, flowSecret, redirectUri = REDIRECT } = await platform.authorize(asking(url));
  const back = new URL(await decideConsent(link, handle));
  const answer = { code: back.searchParams.get('code') ?? '' };
  return { answer, flowSecret, redirectUri };
}

export async function obtainGrant(platform: Platform, url: string, handle: string): Promise<Grant> {
  return platform.exchange(await obtainCode(platform, url, handle));
}

let made = 0;

/** An order of a new account that has authorized us, with a text of its own. */
export async function newOrder(platform: Platform, url: string, text?: string): Promise<PostOrder> {
  made += 1;
  const grant = await obtainGrant(platform, url, `p${process.pid}_${made}`);
  return {
    ...loneOrder(url),
    postKey: `delivery-${process.pid}-${made}`,
    account: await platform.whoAmI(grant),
    grant,
    text: text ?? `We ring the bell together, number ${made}. #100DaysOfInjustice`,
  };
}

/** The handle by which the simulator knows the account. */
export function handleOf({ account }: PostOrder): string {
  return account.handle.split('@')[0] ?? '';
}

/** An order that needs no network to make. */
export function loneOrder(origin: string, software = 'mastodon'): PostOrder {
  return {
    postKey: 'delivery',
    account: { id: `${origin} 42`, handle: `somebody@${new URL(origin).host}` },
    grant: {
      accessToken: 'token',
      refreshToken: null,
      expiresAt: null,
      scope: 'write:statuses profile',
      extra: { origin, software, clientId: 'id', clientSecret: 'secret' },
    },
    text: 'We ring the bell together, all of us.',
    locale: 'en',
    moment: new Date('2030-01-01T09:00:00.000Z'),
    staged: null,
  };
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers as told; gives its address. */
export async function hostileServer(answer: Answering): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Answers each path with what is in its place, as JSON, and all else with 404. */
export function serving(pages: Record<string, unknown>): Answering {
  return (request, response) => {
    const page = pages[(request.url ?? '').split('?')[0] ?? ''];
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(page ?? { error: 'Not Found' }));
  };
}

/** What it takes to be taken for a server. */
export const INSTANCE = { '/api/v2/instance': { domain: 'a.example', version: '4.5.0' } };
