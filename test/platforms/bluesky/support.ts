import type { BlueskyConfig } from '../../../config/platforms.ts';
import { createCrash } from '../../../src/crash.ts';
import { createGuard } from '../../../src/outbound/ssrf-guard.ts';
import { createBluesky } from '../../../src/platforms/bluesky/bluesky.ts';
import { newDpopKey } from '../../../src/platforms/bluesky/dpop.ts';
import type {
  AuthorizeInput,
  ExchangeInput,
  Grant,
  Platform,
  PlatformNotes,
  PostOrder,
} from '../../../src/platforms/platform.ts';
import { decideConsent, type SimulatorControl } from '../../../src/simulator/client.ts';
import { atEnd } from '../../support/at-end.ts';
import { startNetwork } from '../../support/network.ts';
import type { Network } from '../../support/networks.ts';

/** An instance that people can reach, and one on somebody's desk. */
export const PUBLIC = 'https://tocsin.example';
export const LOCAL = 'http://127.0.0.1:9';
export const MOMENT = new Date('2030-03-01T12:00:00.000Z');

/** A simulated server. */
export function startServer(): Promise<Network> {
  return startNetwork('bluesky');
}

/** The client for development keeps nothing. */
export const noNotes: PlatformNotes = {
  read: async () => null,
  saveIfAbsent: () => Promise.reject(new Error('Nothing is to be kept here')),
  forget: () => Promise.reject(new Error('Nothing is to be forgotten here')),
};

export interface ClientOptions {
  notes?: PlatformNotes;
  baseUrl?: string;
  config?: Partial<BlueskyConfig>;
  /** More hosts of the operator's own. */
  hosts?: readonly string[];
}

/** Our client of the server at `url`; it ends with the test or file. */
export function blueskyAt(url: string, options: ClientOptions = {}): Platform {
  const privateHosts = [new URL(url).host, ...(options.hosts ?? [])];
  const platform = createBluesky({
    config: {
      ...{ directoryUrl: url, resolverUrl: url, postUrl: 'https://bsky.example' },
      timeoutMs: 10_000,
      ...options.config,
    },
    privateHosts,
    guard: createGuard(privateHosts),
    notes: options.notes ?? noNotes,
    baseUrl: () => options.baseUrl ?? LOCAL,
    crash: createCrash(''),
  });
  atEnd(() => platform.dispose());
  return platform;
}

export function asking(where: string, baseUrl = LOCAL): AuthorizeInput {
  const redirectUri = `${baseUrl}/callback/bluesky`;
  return {
    redirectUri,
    state: 'state',
    locator: where,
    text: 'Hello',
    locale: 'en',
    moment: MOMENT,
  };
}

/** What the network sends back for the account, with what belongs to it. */
export async function obtainAnswer(
  bluesky: Platform,
  handle: string,
  baseUrl = LOCAL,
): Promise<ExchangeInput> {
  const input = asking(handle, baseUrl);
  const { url, flowSecret: keep } = await bluesky.authorize(input);
  const back = new URL(await decideConsent(url, handle));
  return {
    answer: Object.fromEntries(back.searchParams),
    flowSecret: keep,
    redirectUri: input.redirectUri,
  };
}

export async function obtainGrant(bluesky: Platform, handle: string): Promise<Grant> {
  return bluesky.exchange(await obtainAnswer(bluesky, handle));
}

let made = 0;

/** An order of a new account that has given us a grant, with a text of its own. */
export async function newOrder(control: SimulatorControl, text?: string): Promise<PostOrder> {
  made += 1;
  const wanted = { clientId: 'http://localhost?', count: 1, prefix: `p${made}x` };
  const [given] = await control.createGrants(wanted);
  if (!given?.extra) throw new Error('The simulator made no grant');
  return {
    postKey: `delivery-${process.pid}-${made}`,
    account: { id: given.id, handle: given.handle },
    grant: {
      accessToken: given.accessToken,
      refreshToken: given.refreshToken,
      expiresAt: new Date(given.expiresAt),
      scope: '',
      extra: given.extra,
    },
    text: text ?? `We ring the bell together, number ${made}. #100DaysOfInjustice`,
    locale: 'en',
    moment: MOMENT,
    staged: null,
  };
}

/** An order that needs no network to make, for the server at `pds`. */
export function loneOrder(pds: string): PostOrder {
  const did = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa';
  const extra = { did, pds, issuer: pds, client: 'http://localhost?', key: newDpopKey() };
  return {
    postKey: 'delivery',
    account: { id: did, handle: 'somebody.example' },
    grant: { accessToken: 'token', refreshToken: 'refresh', expiresAt: null, scope: '', extra },
    text: 'We ring the bell together.',
    locale: 'en',
    moment: MOMENT,
    staged: null,
  };
}
