import { domainToASCII } from 'node:url';
import { LocatorRejected, normaliseLocator } from '../../domain/account-locator.ts';

/** Whom a supporter has named. */
export type Named = { kind: 'handle'; handle: string } | { kind: 'did'; did: string };

/** atproto.com/specs/handle: a domain name of at least two parts; the last begins with a letter. */
const HANDLE = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_HANDLE = 253;
/** atproto.com/specs/did: the two methods there are; `web` with a port only for servers of our own. */
const DID = /^did:(?:plc:[a-z2-7]{24}|web:[a-z0-9.-]{1,253}(?:%3[Aa]\d{1,5})?)$/;
/** Where most people have their handles; they leave it out. */
const USUAL_DOMAIN = 'bsky.social';

export function isDid(text: string): boolean {
  return DID.test(text);
}

export function isHandle(text: string): boolean {
  return text.length <= MAX_HANDLE && HANDLE.test(text);
}

/**
 * What a supporter typed, as a handle, with .bsky.social where they left it out; or as a DID, for those who know theirs.
 * @throws LocatorRejected `malformed`
 */
export function readHandle(typed: string): Named {
  const bare = normaliseLocator('handle', typed);
  if (isDid(bare)) return { kind: 'did', did: bare };
  const handle = domainToASCII(bare.includes('.') ? bare : `${bare}.${USUAL_DOMAIN}`);
  if (bare === '' || !isHandle(handle)) throw new LocatorRejected('malformed', 'not a handle');
  return { kind: 'handle', handle };
}
