import { createHash, randomBytes } from 'node:crypto';
import type { SimulatedAccount } from '../accounts.ts';
import type { Caller, Incoming, SimulatedApp, World } from '../platform.ts';

/** A registered app; others are refused. */
export interface RegisteredApp {
  id: string;
  clientId: string;
  /** Null: any is right. */
  clientSecret: string | null;
  name: string;
  website: string | null;
  redirectUris: readonly string[] | null;
  scopes: readonly string[];
}

export interface Token {
  value: string;
  /** Null: the app's own. */
  account: SimulatedAccount | null;
  clientId: string;
  scope: string;
  createdMs: number;
}

export interface MastodonCaller extends Caller {
  token?: Token | undefined;
}

/** What the authorize page was asked for. */
export interface Consent {
  clientId: string;
  redirectUri: string;
  scope: string;
  /** '' without PKCE. */
  challenge: string;
}

interface Code {
  account: SimulatedAccount;
  consent: Consent;
  endsMs: number;
}

export type Grants = ReturnType<typeof createGrants>;

/**
 * Apps, codes and tokens: docs.joinmastodon.org/methods/apps and /methods/oauth. Tokens have no end. As on Mastodon, which has
 * Doorkeeper's reuse switched on, an account that authorizes an app again for the same scopes gets the token that it has.
 */
export function createGrants(world: World) {
  const apps = new Map<string, RegisteredApp>();
  const codes = new Map<string, Code>();
  const tokens = new Map<string, Token>();
  const byOwner = new Map<string, Token>();
  const ownerKey = (account: SimulatedAccount | null, clientId: string, scope: string) =>
    `${account?.id ?? ''}|${clientId}|${scope.split(' ').sort().join(' ')}`;

  function issue(
    account: SimulatedAccount | null,
    clientId: string,
    scope: string,
    nowMs: number,
  ): Token {
    const key = ownerKey(account, clientId, scope);
    const known = byOwner.get(key);
    if (known) return known;
    const token = { value: secret(), account, clientId, scope, createdMs: nowMs };
    tokens.set(token.value, token);
    byOwner.set(key, token);
    return token;
  }

  function end({ value, account, clientId, scope }: Token) {
    tokens.delete(value);
    byOwner.delete(ownerKey(account, clientId, scope));
  }

  function endAll(account: SimulatedAccount): number {
    const own = [...tokens.values()].filter((token) => token.account?.id === account.id);
    for (const token of own) end(token);
    return own.length;
  }

  return {
    issue,
    register(app: Omit<RegisteredApp, 'id' | 'clientId' | 'clientSecret'>): RegisteredApp {
      const id = String(apps.size + 1);
      const made = { ...app, id, clientId: secret(), clientSecret: secret() };
      apps.set(made.clientId, made);
      return made;
    },
    /** By the control API, under an id of its own. */
    admit({ clientId, name, clientSecret, redirectUris }: SimulatedApp) {
      apps.set(clientId, {
        id: String(apps.size + 1),
        clientId,
        clientSecret: clientSecret ?? null,
        name: name ?? clientId,
        website: null,
        redirectUris: redirectUris ?? null,
        scopes: ['read', 'write', 'follow', 'push', 'profile'],
      });
    },
    app: (clientId: string) => apps.get(clientId),
    newCode(account: SimulatedAccount, consent: Consent, nowMs: number): string {
      const code = secret();
      const endsMs = nowMs + world.behaviour.codeLifeSeconds * 1_000;
      codes.set(code, { account, consent, endsMs });
      return code;
    },
    ownerOfCode: (code: string) => codes.get(code)?.account,
    ownerOfToken: (token: string) => tokens.get(token)?.account ?? undefined,
    /** Single use, whether it succeeds or not. */
    redeem(
      code: string,
      given: Omit<Consent, 'scope' | 'challenge'>,
      verifier: string,
      nowMs: number,
    ) {
      const known = codes.get(code);
      codes.delete(code);
      if (!known || nowMs >= known.endsMs) return undefined;
      const { account, consent } = known;
      const proved =
        consent.challenge === '' ||
        createHash('sha256').update(verifier).digest('base64url') === consent.challenge;
      const same = consent.clientId === given.clientId && consent.redirectUri === given.redirectUri;
      return proved && same ? issue(account, consent.clientId, consent.scope, nowMs) : undefined;
    },
    /** False: a token of another app's. */
    revoke(value: string, clientId: string): boolean {
      const token = tokens.get(value);
      if (token && token.clientId !== clientId) return false;
      if (token) end(token);
      return true;
    },
    caller({ headers }: Incoming): MastodonCaller {
      const value = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
      const token = value === undefined ? undefined : tokens.get(value);
      return token ? { account: token.account ?? undefined, token } : {};
    },
    endAll,
    clear() {
      for (const table of [apps, codes, tokens, byOwner]) table.clear();
    },
  };
}

/** `write` has `write:statuses` in it. */
export function allows(scopes: readonly string[], wanted: string): boolean {
  return scopes.includes(wanted) || scopes.includes(wanted.split(':')[0] as string);
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
