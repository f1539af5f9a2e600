import { randomBytes } from 'node:crypto';
import type { SimulatedAccount } from '../accounts.ts';
import { defaultBehaviour } from '../behaviour.ts';
import type { Caller, Incoming, World } from '../platform.ts';

/** What one member gave one app: one access token, and no refresh token. */
export interface LinkedinGrant {
  account: SimulatedAccount;
  clientId: string;
  scopes: readonly string[];
  endsMs: number;
}

/** Who asks LinkedIn something: the member if known, and what the bearer token stands for. */
export interface LinkedinCaller extends Caller {
  grant?: LinkedinGrant | undefined;
}

/** What the consent page was asked for. */
export interface Consent {
  clientId: string;
  redirectUri: string;
  scopes: readonly string[];
}

interface Code {
  account: SimulatedAccount;
  consent: Consent;
  endsMs: number;
}

/** 60 days: learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens. */
const TOKEN_LIFE_SECONDS = 60 * 86_400;
/** 30 minutes: learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow. */
const CODE_LIFE_SECONDS = 30 * 60;
const DEFAULTS = defaultBehaviour();

export type Grants = ReturnType<typeof createGrants>;

/** Codes and tokens. Lifetimes are LinkedIn's own unless set. */
export function createGrants(world: World) {
  const codes = new Map<string, Code>();
  const tokens = new Map<string, LinkedinGrant>();

  const lifeSeconds = (name: 'tokenLifeSeconds' | 'codeLifeSeconds', own: number): number =>
    world.behaviour[name] === DEFAULTS[name] ? own : world.behaviour[name];

  function open(
    account: SimulatedAccount,
    clientId: string,
    scopes: readonly string[],
    nowMs: number,
  ) {
    const token = secret();
    const life = lifeSeconds('tokenLifeSeconds', TOKEN_LIFE_SECONDS);
    tokens.set(token, { account, clientId, scopes, endsMs: nowMs + life * 1_000 });
    return { token, lifeSeconds: life };
  }

  /** How many ended. */
  function end(account: SimulatedAccount): number {
    let ended = 0;
    for (const [token, grant] of tokens) {
      if (grant.account === account && tokens.delete(token)) ended++;
    }
    return ended;
  }

  return {
    open,
    end,
    newCode(account: SimulatedAccount, consent: Consent, nowMs: number): string {
      const code = secret();
      const life = lifeSeconds('codeLifeSeconds', CODE_LIFE_SECONDS);
      codes.set(code, { account, consent, endsMs: nowMs + life * 1_000 });
      return code;
    },
    /** Whose code or token this is, without using it. */
    owner: (secretText: string) =>
      codes.get(secretText)?.account ?? tokens.get(secretText)?.account,
    /** Single use, whether it succeeds or not. */
    redeem(code: string, given: { clientId: string; redirectUri: string }, nowMs: number) {
      const known = codes.get(code);
      codes.delete(code);
      if (!known || nowMs >= known.endsMs) return undefined;
      const { account, consent } = known;
      const isSame =
        consent.clientId === given.clientId && consent.redirectUri === given.redirectUri;
      return isSame
        ? { ...open(account, consent.clientId, consent.scopes, nowMs), scopes: consent.scopes }
        : undefined;
    },
    /** False: unknown, or another app's. */
    revoke: (token: string, clientId: string): boolean =>
      tokens.get(token)?.clientId === clientId && tokens.delete(token),
    /** The caller by the bearer token; without a grant when it is missing, unknown or expired. */
    caller({ headers, atUs }: Incoming): LinkedinCaller {
      const token = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
      const grant = token === undefined ? undefined : tokens.get(token);
      if (!grant || atUs / 1_000 >= grant.endsMs) return {};
      return { account: grant.account, grant };
    },
    clear() {
      codes.clear();
      tokens.clear();
    },
  };
}

function secret(): string {
  return randomBytes(48).toString('base64url');
}
