import { createHash } from 'node:crypto';
import type { ClientAuth } from 'oauth4webapi';
import { isLoopback } from '../../outbound/ssrf-guard.ts';
import type { PlatformNotes } from '../platform.ts';
import { newDpopKey, toPublicJwk } from './dpop.ts';

/** Posting and nothing else; atproto.com/specs/permission. */
export const SCOPE = 'atproto repo:app.bsky.feed.post?action=create';

/** How the name of the client for development begins. */
const LOCAL = 'http://localhost?';
const METADATA = 'client-metadata.json';
const KEYS = 'jwks.json';
/** What our key is kept under. */
const NOTE = 'client-key';

/** What the authorization servers know of us: there is no registration, they read it at our address. */
export interface OauthClient {
  /** Our name as of now. A grant stays bound to the one that it was given to. */
  id(): string;
  auth(clientId: string): Promise<ClientAuth>;
  /** The address that they send supporters back to. */
  redirect(redirectUri: string): string;
  /** What is published, by the last part of its address. */
  documents(): Promise<Readonly<Record<string, object>>>;
}

/**
 * A confidential client with a key of its own, which its metadata names; at a loopback address the protocol's client for
 * development, which has no key and whose sessions end after two weeks. atproto.com/specs/oauth, "Clients".
 */
export function createOauthClient(notes: PlatformNotes, baseUrl: () => string): OauthClient {
  let kept: Promise<string> | null = null;
  const key = (): Promise<string> => {
    kept ??= keptKey(notes).catch((error: unknown) => {
      kept = null;
      throw error;
    });
    return kept;
  };
  const at = (document: string): string => `${baseUrl()}/oauth/bluesky/${document}`;
  return {
    id: () => (isLoopback(baseUrl()) ? localId(callback(baseUrl())) : at(METADATA)),
    redirect: numbered,
    auth: async (clientId) => {
      const { None, PrivateKeyJwt } = await import('oauth4webapi');
      if (clientId.startsWith(LOCAL)) return None();
      const jwk = await key();
      const usage = { name: 'ECDSA', namedCurve: 'P-256' };
      const signing = await crypto.subtle.importKey('jwk', JSON.parse(jwk), usage, false, ['sign']);
      return PrivateKeyJwt({ key: signing, kid: kidOf(jwk) });
    },
    documents: async () => {
      const jwk = await key();
      const published = { ...toPublicJwk(jwk), kid: kidOf(jwk), alg: 'ES256', use: 'sig' };
      return {
        [METADATA]: metadata(at(METADATA), at(KEYS), baseUrl()),
        [KEYS]: { keys: [published] },
      };
    },
  };
}

const callback = (baseUrl: string): string => `${baseUrl}/callback/bluesky`;

/** The protocol's development client may be sent back to a loopback address, and not to a name for it. */
function numbered(redirectUri: string): string {
  return redirectUri.replace(/^http:\/\/localhost(?=[:/])/, 'http://127.0.0.1');
}

async function keptKey(notes: PlatformNotes): Promise<string> {
  return (await notes.read(NOTE)) ?? (await notes.saveIfAbsent(NOTE, newDpopKey()));
}

/** RFC 7638. */
function kidOf(key: string): string {
  const { crv, kty, x, y } = toPublicJwk(key);
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

/** Ports of loopback addresses do not count, so that the name does not hang on one. */
function localId(redirectUri: string): string {
  const uri = new URL(numbered(redirectUri));
  uri.port = '';
  return `${LOCAL}${new URLSearchParams({ redirect_uri: uri.href, scope: SCOPE })}`;
}

function metadata(id: string, keys: string, baseUrl: string): object {
  return {
    client_id: id,
    client_name: 'Tocsin',
    client_uri: baseUrl,
    redirect_uris: [callback(baseUrl)],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: SCOPE,
    application_type: 'web',
    dpop_bound_access_tokens: true,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks_uri: keys,
  };
}
