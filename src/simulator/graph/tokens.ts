import { randomBytes } from 'node:crypto';
import type { SimulatedAccount } from '../accounts.ts';
import type { Caller, Incoming, SimulatedApp, World } from '../platform.ts';
import { tokenOf } from './fields.ts';

/** What an access token stands for. */
export interface Token {
  account: SimulatedAccount;
  clientId: string;
  scope: string;
  /** A page that it speaks for; undefined: for the person. */
  page?: string;
  /** A token of an hour, or one of 60 days and more. */
  long: boolean;
  issuedMs: number;
  endsMs: number;
}

export interface GraphCaller extends Caller {
  token?: Token | undefined;
}

/** What the consent page was asked for. */
export interface Consent {
  clientId: string;
  redirectUri: string;
  scope: string;
}

export const SHORT_LIFE_SECONDS = 3_600;

export type Tokens = ReturnType<typeof createTokens>;

/** Codes and access tokens. There are no refresh tokens: a long token is exchanged for another. */
export function createTokens(world: World) {
  const codes = new Map<string, Consent & { account: SimulatedAccount; endsMs: number }>();
  const tokens = new Map<string, Token>();
  const ended = (account: SimulatedAccount, is: (token: Token) => boolean): number => {
    let count = 0;
    for (const [secret, token] of tokens) {
      if (token.account === account && is(token) && tokens.delete(secret)) count++;
    }
    return count;
  };
  return {
    issue(token: Token): string {
      const secret = `SIM${randomBytes(60).toString('base64url')}`;
      tokens.set(secret, token);
      return secret;
    },
    find(secret: string, nowMs: number): Token | undefined {
      const token = tokens.get(secret);
      return token && nowMs < token.endsMs ? token : undefined;
    },
    caller(request: Incoming): GraphCaller {
      const token = this.find(tokenOf(request), request.atUs / 1_000);
      return { account: token?.account, token };
    },
    newCode(account: SimulatedAccount, consent: Consent, nowMs: number): string {
      const code = randomBytes(40).toString('base64url');
      const endsMs = nowMs + world.behaviour.codeLifeSeconds * 1_000;
      codes.set(code, { ...consent, account, endsMs });
      return code;
    },
    ownerOfCode: (code: string) => codes.get(code)?.account,
    /** A token of an hour. Single use, whether it succeeds or not. */
    redeem(code: string, clientId: string, redirectUri: string, nowMs: number): Token | undefined {
      const known = codes.get(code);
      codes.delete(code);
      if (!known || nowMs >= known.endsMs) return undefined;
      if (known.clientId !== clientId || known.redirectUri !== redirectUri) return undefined;
      const { account, scope } = known;
      const endsMs = nowMs + SHORT_LIFE_SECONDS * 1_000;
      return { account, clientId, scope, long: false, issuedMs: nowMs, endsMs };
    },
    /** The same for 60 days from now. */
    lengthened(token: Token, nowMs: number): Token {
      const endsMs = nowMs + world.behaviour.longTokenLifeSeconds * 1_000;
      return { ...token, long: true, issuedMs: nowMs, endsMs };
    },
    /** Everything that the account has given this app, or all apps. Gives how many tokens ended. */
    end: (account: SimulatedAccount, clientId?: string) =>
      ended(account, (token) => clientId === undefined || token.clientId === clientId),
    clear() {
      codes.clear();
      tokens.clear();
    },
  };
}

/** An app that was never registered may come with any secret, but not without one. */
export function isClient(
  apps: Map<string, SimulatedApp>,
  clientId: string,
  secret: string,
): boolean {
  const wanted = apps.get(clientId)?.clientSecret;
  return clientId !== '' && secret !== '' && (wanted === undefined || wanted === secret);
}
