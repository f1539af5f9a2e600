import { createHash, randomBytes } from 'node:crypto';
import type { SimulatedAccount } from '../accounts.ts';
import type { Caller, Incoming, World } from '../platform.ts';

/** What one person gave one app: a chain of refresh tokens and the access tokens made from it. */
export interface XGrant {
  account: SimulatedAccount;
  clientId: string;
  scope: string;
  scopes: Set<string>;
  alive: boolean;
  accessTokens: string[];
}

/** Who asks X something: the account if known, and what the bearer token stands for. */
export interface XCaller extends Caller {
  grant?: XGrant | undefined;
}

interface Access {
  grant: XGrant;
  endsMs: number;
}

interface Refresh {
  grant: XGrant;
  used: boolean;
  endsMs: number;
}

interface Code {
  account: SimulatedAccount;
  request: Consent;
  endsMs: number;
}

/** What the authorize page was asked for. */
export interface Consent {
  clientId: string;
  redirectUri: string;
  scope: string;
  challenge: string;
  method: 'S256' | 'plain';
}

/** The body of a token answer. */
export interface TokenPair {
  token_type: 'bearer';
  expires_in: number;
  access_token: string;
  scope: string;
  refresh_token?: string;
}

const BEARER = /^bearer /i;

export type Grants = ReturnType<typeof createGrants>;

/**
 * Codes, tokens and the grants behind them. Rules: docs.x.com, OAuth 2.0 authorization code (codes live
 * 30 s, access tokens 2 h), and the field for the rest: a refresh token works once, and using a rotated one
 * again kills every token of its grant. Tokens come from the system's generator: no run depends on them.
 */
export function createGrants(world: World) {
  const codes = new Map<string, Code>();
  const access = new Map<string, Access>();
  const refresh = new Map<string, Refresh>();
  const byAccount = new Map<string, Set<XGrant>>();

  function issue(grant: XGrant, nowMs: number): TokenPair {
    const { tokenLifeSeconds, refreshLifeSeconds } = world.behaviour;
    const token = secret();
    access.set(token, { grant, endsMs: nowMs + tokenLifeSeconds * 1_000 });
    grant.accessTokens.push(token);
    const pair: TokenPair = {
      token_type: 'bearer',
      expires_in: tokenLifeSeconds,
      access_token: token,
      scope: grant.scope,
    };
    if (!grant.scopes.has('offline.access')) return pair;
    const next = secret();
    refresh.set(next, { grant, used: false, endsMs: nowMs + refreshLifeSeconds * 1_000 });
    return { ...pair, refresh_token: next };
  }

  function kill(grant: XGrant) {
    grant.alive = false;
    for (const token of grant.accessTokens) access.delete(token);
    grant.accessTokens = [];
    byAccount.get(grant.account.id)?.delete(grant);
  }

  function open(
    account: SimulatedAccount,
    consent: Pick<Consent, 'clientId' | 'scope'>,
    nowMs: number,
  ) {
    const grant = newGrant(account, consent);
    const grants = byAccount.get(account.id) ?? new Set();
    byAccount.set(account.id, grants.add(grant));
    return issue(grant, nowMs);
  }

  return {
    /** A grant without a code: the consent page is left out. */
    open,
    newCode(account: SimulatedAccount, request: Consent, nowMs: number): string {
      const code = secret();
      codes.set(code, {
        account,
        request,
        endsMs: nowMs + world.behaviour.codeLifeSeconds * 1_000,
      });
      return code;
    },
    /** Whose code or refresh token this is, without using it. */
    owner: (token: string) => codes.get(token)?.account ?? refresh.get(token)?.grant.account,
    /** Single use, whether it succeeds or not. */
    redeem(code: string, given: CodeProof, nowMs: number): TokenPair | undefined {
      const known = codes.get(code);
      codes.delete(code);
      if (!known || nowMs >= known.endsMs || !proves(known.request, given)) return undefined;
      return open(known.account, known.request, nowMs);
    },
    rotate(token: string, clientId: string, nowMs: number): TokenPair | 'invalid' | 'dead' {
      const known = refresh.get(token);
      if (!known || known.grant.clientId !== clientId) return 'invalid';
      if (!known.grant.alive) return 'dead';
      if (known.used) {
        kill(known.grant);
        return 'invalid';
      }
      if (nowMs >= known.endsMs) return 'invalid';
      known.used = true;
      return issue(known.grant, nowMs);
    },
    /** By access or refresh token. False: unknown, or another app's. */
    revoke(token: string, clientId: string): boolean {
      const grant = (access.get(token) ?? refresh.get(token))?.grant;
      if (!grant || grant.clientId !== clientId) return false;
      kill(grant);
      return true;
    },
    /** The owner of an access or refresh token, for the record. */
    holder: (token: string) => (access.get(token) ?? refresh.get(token))?.grant.account,
    /** The caller by the bearer token; without a grant when it is missing, unknown or expired. */
    caller({ headers, atUs }: Incoming): XCaller {
      const { authorization } = headers;
      if (!authorization || !BEARER.test(authorization)) return {};
      const known = access.get(authorization.slice(7));
      if (!known || atUs / 1_000 >= known.endsMs) return {};
      return { account: known.grant.account, grant: known.grant };
    },
    revokeAll(account: SimulatedAccount): number {
      const grants = [...(byAccount.get(account.id) ?? [])];
      for (const grant of grants) kill(grant);
      return grants.length;
    },
    expireAccess(account: SimulatedAccount): number {
      let expired = 0;
      for (const grant of byAccount.get(account.id) ?? []) {
        for (const token of grant.accessTokens) access.delete(token);
        expired += grant.accessTokens.length;
        grant.accessTokens = [];
      }
      return expired;
    },
    clear() {
      for (const table of [codes, access, refresh, byAccount]) table.clear();
    },
  };
}

/** What the token request brings to prove that it belongs to the code. */
export interface CodeProof {
  clientId: string;
  redirectUri: string;
  verifier: string;
}

/** RFC 7636, 4.6. */
function proves(request: Consent, given: CodeProof): boolean {
  const challenge =
    request.method === 'plain'
      ? given.verifier
      : createHash('sha256').update(given.verifier).digest('base64url');
  return (
    challenge === request.challenge &&
    given.clientId === request.clientId &&
    given.redirectUri === request.redirectUri
  );
}

function newGrant(
  account: SimulatedAccount,
  { clientId, scope }: Pick<Consent, 'clientId' | 'scope'>,
): XGrant {
  const scopes = new Set(scope.split(' '));
  return { account, clientId, scope, scopes, alive: true, accessTokens: [] };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
