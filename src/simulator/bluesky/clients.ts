import { createPublicKey } from 'node:crypto';
import type { Incoming, SimulatedApp } from '../platform.ts';
import { isSigned, parse } from './dpop.ts';

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LOCAL = 'http://localhost';

export type Clients = ReturnType<typeof createClients>;

/**
 * Who asks. The client for development has no key; all others sign an assertion (RFC 7523). Nothing is fetched from a client's
 * address, so its signature is checked where the app was registered with its keys, and believed where it was not.
 */
export function createClients(urlOf: () => string) {
  const apps = new Map<string, SimulatedApp>();
  const used = new Set<string>();

  function isProven(id: string, form: URLSearchParams, nowMs: number): boolean {
    if (form.get('client_assertion_type') !== ASSERTION) return false;
    const assertion = parse(form.get('client_assertion') ?? '');
    const { iss, sub, aud, jti, exp } = assertion?.claims ?? {};
    if (assertion?.header.alg !== 'ES256') return false;
    if (iss !== id || sub !== id || ![aud].flat().includes(urlOf())) return false;
    if (typeof jti !== 'string' || used.has(jti)) return false;
    if (typeof exp !== 'number' || exp * 1_000 < nowMs) return false;
    const keys = apps.get(id)?.jwks?.keys;
    const jwk = keys?.find(({ kid }) => kid === assertion.header.kid);
    if (keys && (!jwk || !isSigned(assertion, createPublicKey({ key: jwk, format: 'jwk' })))) {
      return false;
    }
    used.add(jti);
    return true;
  }

  return {
    register: (app: SimulatedApp) => void apps.set(app.clientId, app),
    nameOf: (id: string) =>
      apps.get(id)?.name ?? (id.startsWith(LOCAL) ? 'An app in development' : id),
    /** Why the redirect address is not taken; undefined when it is. */
    redirectProblem(id: string, redirectUri: string): string | undefined {
      if (!URL.canParse(redirectUri)) return 'redirect_uri is not an address';
      const registered = apps.get(id)?.redirectUris ?? localRedirects(id);
      const isKnown = !registered || registered.some((uri) => sameRedirect(uri, redirectUri));
      return isKnown ? undefined : 'Invalid redirect_uri parameter';
    },
    /** The client id; undefined when it is not proven. */
    read(form: URLSearchParams, { atUs }: Incoming): string | undefined {
      const id = form.get('client_id') ?? '';
      if (id.startsWith(LOCAL)) return id;
      try {
        return id !== '' && isProven(id, form, atUs / 1_000) ? id : undefined;
      } catch {
        return undefined;
      }
    },
    clear() {
      apps.clear();
      used.clear();
    },
  };
}

/** What the client for development has in its name; undefined for every other. */
function localRedirects(id: string): string[] | undefined {
  return id.startsWith(LOCAL) ? new URL(id).searchParams.getAll('redirect_uri') : undefined;
}

/** The port of a loopback address does not count (RFC 8252, 7.3). */
function sameRedirect(known: string, asked: string): boolean {
  if (known === asked) return true;
  const [a, b] = [new URL(known), new URL(asked)];
  const isLoopback = a.hostname === '127.0.0.1' || a.hostname === '[::1]';
  return isLoopback && a.hostname === b.hostname && a.pathname === b.pathname;
}
