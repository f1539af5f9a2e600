import { Resolver } from 'node:dns/promises';
import type { BlueskyConfig } from '../../../config/platforms.ts';
import { type WhereProblem, WhereRefused } from '../../domain/where.ts';
import { type Asker, AskFailed } from '../ask.ts';
import type { Guard } from '../guard.ts';
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
  /** Whom a supporter means. @throws WhereRefused */
  named(typed: string): Promise<Identity>;
  /** @throws WhereRefused when there is none, or its server is none that we go to. */
  ofDid(did: string): Promise<Identity>;
  /**
   * The handle, when it leads to this account as the account leads to it, and the protocol's own word for "none" when it does
   * not. When nobody could say where it leads, the one that the account claims, unconfirmed.
   */
  handleOf(identity: Identity): Promise<Pick<Account, 'handle' | 'unconfirmed'>>;
}

const INVALID = 'handle.invalid';
/** It is not known where a handle leads. */
const SILENT: ReadonlySet<WhereProblem> = new Set(['unreachable', 'lookup_failed']);
const DNS_TIMEOUT_MS = 3_000;
const DNS_TRIES = 2;

interface Parts {
  config: BlueskyConfig;
  guard: Guard;
  asker: Asker;
}

export function createIdentities(parts: Parts): Identities {
  const ofDid = async (did: string): Promise<Identity> => readDocument(parts, did);
  const resolve = (handle: string): Promise<string> => resolveHandle(parts, handle);
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
        const isSilent = !(error instanceof WhereRefused) || SILENT.has(error.problem);
        return isSilent ? { handle: claimed, unconfirmed: true } : { handle: INVALID };
      }
    },
  };
}

/** The DID that a handle stands for. @throws WhereRefused */
async function resolveHandle(parts: Parts, handle: string): Promise<string> {
  const { resolverUrl } = parts.config;
  if (resolverUrl !== '') {
    const query = new URLSearchParams({ handle });
    const url = `${resolverUrl}/xrpc/com.atproto.identity.resolveHandle?${query}`;
    const answer = parseObject(await readLookup(parts, url));
    // A page with 200 is a gateway's.
    if (!answer) throw new WhereRefused('lookup_failed', 'the resolver answered no JSON');
    if (typeof answer.did === 'string' && isDid(answer.did)) return answer.did;
    throw new WhereRefused('not_found', 'the resolver knows no such handle');
  }
  // Both at once, since either may be slow to say that it is not there; DNS goes before (atproto.com/specs/handle).
  const overHttps = fromWellKnown(parts, handle).catch((error: Error) => error);
  const did = await fromDns(handle);
  if (typeof did === 'string') return did;
  const told = await overHttps;
  if (!(told instanceof Error)) return told;
  // One of the two has said that there is none, but the other has not.
  throw did instanceof Error ? new WhereRefused('lookup_failed', 'no answer of DNS') : told;
}

/** Answers of DNS that say that there is no such record. */
const NO_RECORD = new Set(['ENODATA', 'ENOTFOUND']);

/** The DID; null when DNS has none; an error when it did not say. */
async function fromDns(handle: string): Promise<string | Error | null> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  try {
    return didOfRecords(await resolver.resolveTxt(`_atproto.${handle}`));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return NO_RECORD.has(code) ? null : (error as Error);
  }
}

/** The one DID in the TXT records of a handle; null where there is none, or more than one. */
export function didOfRecords(records: readonly (readonly string[])[]): string | null {
  const dids = records
    .map((chunks) => chunks.join(''))
    .flatMap((text) => (text.startsWith('did=') ? text.slice('did='.length).trim() : []));
  const [did = '', ...others] = new Set(dids);
  return others.length === 0 && isDid(did) ? did : null;
}

async function fromWellKnown(parts: Parts, handle: string): Promise<string> {
  const url = `${parts.guard.origin(handle)}/.well-known/atproto-did`;
  const did = (await read(parts, url)).trim();
  if (isDid(did)) return did;
  throw new WhereRefused('not_found', 'no account at this handle');
}

/** The document of a DID, as far as it is needed. @throws WhereRefused */
async function readDocument(parts: Parts, did: string): Promise<Identity> {
  const isListed = did.startsWith('did:plc:');
  const document = parseObject(
    await (isListed ? readLookup : read)(parts, documentUrl(parts, did)),
  );
  if (document?.id !== did) throw new WhereRefused('not_found', 'no document of this account');
  return { did, pds: pdsOf(parts.guard, document), claimed: claimedIn(document) };
}

function documentUrl({ config, guard }: Parts, did: string): string {
  const [, method, name = ''] = did.split(':');
  if (method === 'plc') return `${config.directoryUrl}/${did}`;
  return `${guard.origin(decodeURIComponent(name))}/.well-known/did.json`;
}

/** The account's server (atproto.com/specs/did): the first that is called #atproto_pds. */
function pdsOf(guard: Guard, document: Record<string, unknown>): string {
  const services = Array.isArray(document.service) ? (document.service as unknown[]) : [];
  for (const entry of services) {
    const { id, type, serviceEndpoint } = (entry ?? {}) as Record<string, unknown>;
    const isPds = typeof id === 'string' && id.endsWith('#atproto_pds');
    if (isPds && type === 'AtprotoPersonalDataServer') return serverOrigin(guard, serviceEndpoint);
  }
  throw new WhereRefused('not_found', 'the account has no server');
}

/** A server that somebody else has named, behind the guard. @throws WhereRefused */
export function serverOrigin(guard: Guard, address: unknown): string {
  if (typeof address !== 'string' || !URL.canParse(address)) {
    throw new WhereRefused('not_one', 'no address of a server');
  }
  const { host, hostname, port, pathname, search, username, protocol } = new URL(address);
  if (guard.isOurs(host)) return guard.origin(host);
  const origin = guard.origin(hostname);
  if (protocol === 'http:') throw new WhereRefused('private', 'not https');
  if (port !== '' || pathname !== '/' || search !== '' || username !== '') {
    throw new WhereRefused('not_one', 'more than the address of a server');
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

/** A body with 200 of the operator's resolver or directory, which are not the server that was named. @throws WhereRefused */
async function readLookup(parts: Parts, url: string): Promise<string> {
  try {
    return await read(parts, url);
  } catch (error) {
    const isSilent = error instanceof WhereRefused && error.problem === 'unreachable';
    throw isSilent ? new WhereRefused('lookup_failed', error.message) : error;
  }
}

/** A body with 200. @throws WhereRefused */
async function read({ asker }: Parts, url: string): Promise<string> {
  try {
    const { status, body } = await asker.ask({ method: 'GET', url });
    if (status === 200) return body;
    // A gateway's trouble is no "there is none".
    const problem = status >= 500 || status === 429 ? 'unreachable' : 'not_found';
    throw new WhereRefused(problem, `answered ${status}`);
  } catch (error) {
    throw asRefused(error);
  }
}

/** What the network did, as a sentence for the supporter. */
export function asRefused(error: unknown): unknown {
  if (!(error instanceof AskFailed)) return error;
  const problem = error.code === 'ENOTFOUND' ? 'not_found' : 'unreachable';
  return new WhereRefused(problem, error.code);
}
