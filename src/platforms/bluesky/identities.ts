import { Resolver } from 'node:dns/promises';
import type { BlueskyConfig } from '../../../config/platforms.ts';
import { type LocatorProblem, LocatorRejected } from '../../domain/account-locator.ts';
import { type HttpClient, HttpRequestFailed } from '../../outbound/http-client.ts';
import type { Guard } from '../../outbound/ssrf-guard.ts';
import type { Account } from '../platform.ts';
import { isDid, isHandle, readHandle } from './handle.ts';
import { parseObject } from './json.ts';

/** What the network says of an account, by its lasting name. */
export interface Identity {
  did: string;
  /** Origin of the server that has the account, behind the guard. */
  pds: string;
  /** As the account itself claims it; not yet known to lead back here. '' without one. */
  claimed: string;
}

/** Finds accounts: handle, DID, document, server. atproto.com/specs/handle and /specs/did. */
export interface Identities {
  /** Whom a supporter means. @throws LocatorRejected */
  named(typed: string): Promise<Identity>;
  /** @throws LocatorRejected when there is none, or its server is none that we go to. */
  ofDid(did: string): Promise<Identity>;
  /**
   * The handle, when it leads to this account as the account leads to it, and the protocol's own word for "none" when it does
   * not. When no server could say where it leads, the one that the account claims, unconfirmed.
   */
  handleOf(identity: Identity): Promise<Pick<Account, 'handle' | 'unconfirmed'>>;
}

const INVALID = 'handle.invalid';
/** It is not known where a handle leads. */
const SILENT: ReadonlySet<LocatorProblem> = new Set(['unreachable', 'lookup_failed']);
const DNS_TIMEOUT_MS = 3_000;
const DNS_TRIES = 2;

interface IdentitiesDeps {
  config: BlueskyConfig;
  guard: Guard;
  http: HttpClient;
}

export function createIdentities(deps: IdentitiesDeps): Identities {
  const ofDid = async (did: string): Promise<Identity> => readDocument(deps, did);
  const resolve = (handle: string): Promise<string> => resolveHandle(deps, handle);
  return {
    ofDid,
    named: async (typed) => {
      const named = readHandle(typed);
      if (named.kind === 'did') return ofDid(named.did);
      // Whether the account claims this handle does not matter here: it only leads to the server where they log in.
      return ofDid(await resolve(named.handle));
    },
    handleOf: async ({ did, claimed }) => {
      if (claimed === '') return { handle: INVALID };
      try {
        return { handle: (await resolve(claimed)) === did ? claimed : INVALID };
      } catch (error) {
        const isSilent = !(error instanceof LocatorRejected) || SILENT.has(error.problem);
        return isSilent ? { handle: claimed, unconfirmed: true } : { handle: INVALID };
      }
    },
  };
}

/** The DID that a handle stands for. @throws LocatorRejected */
async function resolveHandle(deps: IdentitiesDeps, handle: string): Promise<string> {
  const { resolverUrl } = deps.config;
  if (resolverUrl !== '') {
    const query = new URLSearchParams({ handle });
    const url = `${resolverUrl}/xrpc/com.atproto.identity.resolveHandle?${query}`;
    const answer = parseObject(await readLookup(deps, url));
    // A page with 200 is a gateway's.
    if (!answer) throw new LocatorRejected('lookup_failed', 'the resolver answered no JSON');
    if (typeof answer.did === 'string' && isDid(answer.did)) return answer.did;
    throw new LocatorRejected('not_found', 'the resolver knows no such handle');
  }
  // Both at once, since either may be slow to say that it is not there; DNS goes before (atproto.com/specs/handle).
  const overHttps = fromWellKnown(deps, handle).catch((error: Error) => error);
  const did = await fromDns(handle);
  if (typeof did === 'string') return did;
  const told = await overHttps;
  if (!(told instanceof Error)) return told;
  // One of the two has said that there is none, but the other has not.
  throw did instanceof Error ? new LocatorRejected('lookup_failed', 'no answer of DNS') : told;
}

/** Answers of DNS that say that there is no such record. */
const NO_RECORD = new Set(['ENODATA', 'ENOTFOUND']);

/** The DID; null when DNS has none; an error when it did not say. */
async function fromDns(handle: string): Promise<string | Error | null> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  try {
    return parseDidRecords(await resolver.resolveTxt(`_atproto.${handle}`));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return NO_RECORD.has(code) ? null : (error as Error);
  }
}

/** The one DID in the TXT records of a handle; null where there is none, or more than one. */
export function parseDidRecords(records: readonly (readonly string[])[]): string | null {
  const dids = records
    .map((chunks) => chunks.join(''))
    .flatMap((text) => (text.startsWith('did=') ? text.slice('did='.length).trim() : []));
  const [did = '', ...others] = new Set(dids);
  return others.length === 0 && isDid(did) ? did : null;
}

async function fromWellKnown(deps: IdentitiesDeps, handle: string): Promise<string> {
  const url = `${deps.guard.origin(handle)}/.well-known/atproto-did`;
  const did = (await readAddress(deps, url)).trim();
  if (isDid(did)) return did;
  throw new LocatorRejected('not_found', 'no account at this handle');
}

/** The document of a DID, as far as it is needed. @throws LocatorRejected */
async function readDocument(deps: IdentitiesDeps, did: string): Promise<Identity> {
  const isListed = did.startsWith('did:plc:');
  const document = parseObject(
    await (isListed ? readLookup : readAddress)(deps, documentUrl(deps, did)),
  );
  if (document?.id !== did) throw new LocatorRejected('not_found', 'no document of this account');
  return { did, pds: findPds(deps.guard, document), claimed: claimedIn(document) };
}

function documentUrl({ config, guard }: IdentitiesDeps, did: string): string {
  const [, method, name = ''] = did.split(':');
  if (method === 'plc') return `${config.directoryUrl}/${did}`;
  return `${guard.origin(decodeURIComponent(name))}/.well-known/did.json`;
}

/** The account's server (atproto.com/specs/did): the first that is called #atproto_pds. */
function findPds(guard: Guard, document: Record<string, unknown>): string {
  const services = Array.isArray(document.service) ? (document.service as unknown[]) : [];
  for (const entry of services) {
    const { id, type, serviceEndpoint } = (entry ?? {}) as Record<string, unknown>;
    const isPds = typeof id === 'string' && id.endsWith('#atproto_pds');
    if (isPds && type === 'AtprotoPersonalDataServer') return serverOrigin(guard, serviceEndpoint);
  }
  throw new LocatorRejected('not_found', 'the account has no server');
}

/** A server that is named from outside, behind the guard. @throws LocatorRejected */
export function serverOrigin(guard: Guard, address: unknown): string {
  if (typeof address !== 'string' || !URL.canParse(address)) {
    throw new LocatorRejected('not_one', 'no address of a server');
  }
  const { host, hostname, port, pathname, search, username, protocol } = new URL(address);
  if (guard.isOurs(host)) return guard.origin(host);
  const origin = guard.origin(hostname);
  if (protocol === 'http:') throw new LocatorRejected('private', 'not https');
  if (port !== '' || pathname !== '/' || search !== '' || username !== '') {
    throw new LocatorRejected('not_one', 'more than the address of a server');
  }
  return origin;
}

function claimedIn(document: Record<string, unknown>): string {
  const names = Array.isArray(document.alsoKnownAs) ? (document.alsoKnownAs as unknown[]) : [];
  const first = names.find((name) => typeof name === 'string' && name.startsWith('at://'));
  const handle = String(first ?? '')
    .slice('at://'.length)
    .toLowerCase();
  return isHandle(handle) ? handle : '';
}

/** A body with 200 of the operator's resolver or directory, which are not the server that was named. @throws LocatorRejected */
async function readLookup(deps: IdentitiesDeps, url: string): Promise<string> {
  try {
    return await readAddress(deps, url);
  } catch (error) {
    const isSilent = error instanceof LocatorRejected && error.problem === 'unreachable';
    throw isSilent ? new LocatorRejected('lookup_failed', error.message) : error;
  }
}

/** A body with 200. @throws LocatorRejected */
async function readAddress({ http }: IdentitiesDeps, url: string): Promise<string> {
  try {
    const { status, body } = await http.request({ method: 'GET', url });
    if (status === 200) return body;
    // A gateway's trouble is no "there is none".
    const problem = status >= 500 || status === 429 ? 'unreachable' : 'not_found';
    throw new LocatorRejected(problem, `answered ${status}`);
  } catch (error) {
    throw toLocatorRejected(error);
  }
}

/** What the network did, as a sentence for the supporter. */
export function toLocatorRejected(error: unknown): unknown {
  if (!(error instanceof HttpRequestFailed)) return error;
  const problem = error.code === 'ENOTFOUND' ? 'not_found' : 'unreachable';
  return new LocatorRejected(problem, error.code);
}
