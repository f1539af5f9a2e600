import type { AuthorizationServer } from 'oauth4webapi';
import { LocatorRejected } from '../../domain/account-locator.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import type { Guard } from '../../outbound/ssrf-guard.ts';
import { serverOrigin, toLocatorRejected } from './identities.ts';
import { createMemo } from './memo.ts';

/** Finds the server that authorizes for an account's server, and what it says of itself. */
export interface AuthServers {
  /** @throws LocatorRejected when it is none that we can use. */
  ofPds(pds: string): Promise<AuthorizationServer>;
  /** @throws LocatorRejected */
  ofIssuer(issuer: string): Promise<AuthorizationServer>;
}

const LIFE_MS = 5 * 60_000;
const MAX_SERVERS = 500;

/** Discovery as atproto.com/specs/oauth has it: RFC 9728 at the account's server, RFC 8414 at the one that it names. */
export function createAuthServers(http: HttpClient, guard: Guard): AuthServers {
  const issuers = createMemo<string>(LIFE_MS, MAX_SERVERS);
  const servers = createMemo<AuthorizationServer>(LIFE_MS, MAX_SERVERS);
  const ofIssuer = (issuer: string) => servers(issuer, () => readServer(http, guard, issuer));
  return {
    ofIssuer,
    ofPds: async (pds) => ofIssuer(await issuers(pds, () => readIssuer(http, guard, pds))),
  };
}

/** The one authorization server that an account's server names. */
async function readIssuer(http: HttpClient, guard: Guard, pds: string): Promise<string> {
  const oauth = await import('oauth4webapi');
  const resource = await usable(async () => {
    const url = new URL(pds);
    const answer = await oauth.resourceDiscoveryRequest(url, {
      [oauth.customFetch]: http.fetch,
      [oauth.allowInsecureRequests]: true,
    });
    return oauth.processResourceDiscoveryResponse(url, answer);
  });
  const [issuer, ...others] = resource.authorization_servers ?? [];
  if (issuer === undefined || others.length > 0) {
    throw new LocatorRejected('not_one', 'the server names no authorization server');
  }
  return serverOrigin(guard, issuer);
}

async function readServer(
  http: HttpClient,
  guard: Guard,
  issuer: string,
): Promise<AuthorizationServer> {
  const oauth = await import('oauth4webapi');
  const server = await usable(async () => {
    const url = new URL(serverOrigin(guard, issuer));
    const answer = await oauth.discoveryRequest(url, {
      algorithm: 'oauth2',
      [oauth.customFetch]: http.fetch,
      [oauth.allowInsecureRequests]: true,
    });
    return oauth.processDiscoveryResponse(url, answer);
  });
  const { authorization_endpoint: page, pushed_authorization_request_endpoint: par } = server;
  if (!page || !par || !server.token_endpoint) {
    throw new LocatorRejected(
      'not_one',
      'the authorization server lacks what the protocol asks for',
    );
  }
  if (!mayBeOpened(guard, page)) {
    throw new LocatorRejected('not_one', 'the page to authorize on is at no address of the web');
  }
  return server;
}

/** Supporters are sent there. */
function mayBeOpened(guard: Guard, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, origin } = new URL(address);
  return protocol === 'https:' || guard.isOurOrigin(origin);
}

/** What is no such document, or one of another server, is no server of this protocol. */
async function usable<T>(learn: () => Promise<T>): Promise<T> {
  try {
    return await learn();
  } catch (error) {
    const refused = toLocatorRejected(error);
    if (refused instanceof LocatorRejected) throw refused;
    throw new LocatorRejected('not_one', 'no metadata of this protocol');
  }
}
