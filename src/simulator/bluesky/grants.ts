import { createHash, randomBytes } from 'node:crypto';
import type { SimulatedAccount } from '../accounts.ts';
import type { Caller, World } from '../platform.ts';

/** What one person gave one app. */
export interface BlueskyGrant {
  account: SimulatedAccount;
  clientId: string;
  scope: string;
  /** Thumbprint of the key that its requests are signed with. */
  key: string;
  alive: boolean;
  accessTokens: string[];
}

export interface BlueskyCaller extends Caller {
  grant?: BlueskyGrant | undefined;
}

/** A pushed authorization request (RFC 9126). */
export interface Pushed {
  clientId: string;
  redirectUri: string;
  scope: string;
  state: string;
  challenge: string;
  hint: string;
  key: string;
  endsMs: number;
}

export interface TokenPair {
  access_token: string;
  token_type: 'DPoP';
  expires_in: number;
  refresh_token: string;
  scope: string;
  sub: string;
}

/** What a token request has to prove that it may. */
export interface Proof {
  clientId: string;
  key: string;
}

const PUSHED_LIFE_MS = 5 * 60_000;

export type Grants = ReturnType<typeof createGrants>;

/**
 * Requests, codes, tokens and the grants behind them. A refresh token works once; using one again kills its grant, and the new
 * pair with it, as the PDS does.
 */
export function createGrants(world: World) {
  const pushed = new Map<string, Pushed>();
  const codes = new Map<string, { account: SimulatedAccount; request: Pushed; endsMs: number }>();
  const access = new Map<string, { grant: BlueskyGrant; endsMs: number }>();
  const refresh = new Map<string, { grant: BlueskyGrant; used: boolean; endsMs: number }>();
  const byAccount = new Map<string, Set<BlueskyGrant>>();

  function issue(grant: BlueskyGrant, nowMs: number): TokenPair {
    const { tokenLifeSeconds, refreshLifeSeconds } = world.behaviour;
    const token = secret();
    const next = `ref-${secret()}`;
    access.set(token, { grant, endsMs: nowMs + tokenLifeSeconds * 1_000 });
    refresh.set(next, { grant, used: false, endsMs: nowMs + refreshLifeSeconds * 1_000 });
    grant.accessTokens.push(token);
    return {
      access_token: token,
      token_type: 'DPoP',
      expires_in: tokenLifeSeconds,
      refresh_token: next,
      scope: grant.scope,
      sub: grant.account.id,
    };
  }

  function kill(grant: BlueskyGrant) {
    grant.alive = false;
    for (const token of grant.accessTokens) access.delete(token);
    grant.accessTokens = [];
    byAccount.get(grant.account.id)?.delete(grant);
  }

  function open(
    account: SimulatedAccount,
    given: Proof & { scope: string },
    nowMs: number,
  ): TokenPair {
    const { clientId, key, scope } = given;
    const grant: BlueskyGrant = { account, clientId, scope, key, alive: true, accessTokens: [] };
    const grants = byAccount.get(account.id) ?? new Set();
    byAccount.set(account.id, grants.add(grant));
    return issue(grant, nowMs);
  }

  return {
    /** A grant without the consent page. */
    open,
    push(request: Omit<Pushed, 'endsMs'>, nowMs: number): string {
      const uri = `urn:ietf:params:oauth:request_uri:req-${secret()}`;
      pushed.set(uri, { ...request, endsMs: nowMs + PUSHED_LIFE_MS });
      return uri;
    },
    pushedAs(uri: string, clientId: string, nowMs: number): Pushed | undefined {
      const known = pushed.get(uri);
      return known && known.clientId === clientId && nowMs < known.endsMs ? known : undefined;
    },
    newCode(account: SimulatedAccount, uri: string, request: Pushed, nowMs: number): string {
      pushed.delete(uri);
      const code = `cod-${secret()}`;
      const endsMs = nowMs + world.behaviour.codeLifeSeconds * 1_000;
      codes.set(code, { account, request, endsMs });
      return code;
    },
    /** Whose code or token this is, without using it. */
    owner: (token: string): SimulatedAccount | undefined =>
      codes.get(token)?.account ?? (refresh.get(token) ?? access.get(token))?.grant.account,
    /** Single use, whether it succeeds or not. Undefined: it is no good. */
    redeem(code: string, redirectUri: string, verifier: string, given: Proof, nowMs: number) {
      const known = codes.get(code);
      codes.delete(code);
      if (!known || nowMs >= known.endsMs) return undefined;
      const { account, request } = known;
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      const isSame =
        request.clientId === given.clientId &&
        request.key === given.key &&
        request.redirectUri === redirectUri &&
        request.challenge === challenge;
      return isSame ? open(account, request, nowMs) : undefined;
    },
    rotate(token: string, given: Proof, nowMs: number): TokenPair | undefined {
      const known = refresh.get(token);
      if (!known?.grant.alive || known.grant.clientId !== given.clientId) return undefined;
      if (known.used || known.grant.key !== given.key) {
        kill(known.grant);
        return undefined;
      }
      if (nowMs >= known.endsMs) return undefined;
      known.used = true;
      for (const old of known.grant.accessTokens.splice(0)) access.delete(old);
      return issue(known.grant, nowMs);
    },
    /** By either token. */
    revoke(token: string, clientId: string) {
      const grant = (access.get(token) ?? refresh.get(token))?.grant;
      if (grant?.clientId === clientId) kill(grant);
    },
    /** The grant that a token stands for now. */
    grantOf(token: string, nowMs: number): BlueskyGrant | undefined {
      const known = access.get(token);
      return known && nowMs < known.endsMs ? known.grant : undefined;
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
      for (const table of [pushed, codes, access, refresh, byAccount]) table.clear();
    },
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
