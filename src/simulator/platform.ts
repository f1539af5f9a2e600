import type { Accounts, Post, SimulatedAccount } from './accounts.ts';
import type { Behaviour, SimulatedRefusal } from './behaviour.ts';
import type { RecordedPath } from './record.ts';

/** A whole request, read. `atUs`: arrival of its first byte, microseconds since 1970. */
export interface Incoming {
  atUs: number;
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  /** By names in lower case. */
  headers: Record<string, string | undefined>;
  body: string;
}

/** What to answer. `headers`: whole lines, each with its CRLF; length, date and connection are added. */
export interface SimulatedResponse {
  status: number;
  headers: string;
  body: string;
  /** The post that this request made, if it made one. */
  post?: Post;
  /** Added to the latency of its answer. */
  lateMs?: number;
}

/** Who is asking, as far as the request tells. A platform adds what it wants to know. */
export interface Caller {
  account?: SimulatedAccount | undefined;
}

/** One path of a platform. Made once, so that a request costs no closures. */
export interface Route<C extends Caller> {
  path: RecordedPath;
  identify(request: Incoming): C;
  /** Carries the request out. May fill in the caller's account when it is known only then. */
  run(request: Incoming, caller: C): SimulatedResponse;
}

/** What a platform can see and use. */
export interface World {
  accounts: Accounts;
  behaviour: Behaviour;
  /** Goes up when limits are set anew: windows of an older epoch count for nothing. */
  limitsEpoch: number;
}

/** One simulated platform. Every platform has a folder of its own beside this file. */
export interface SimulatedPlatform<C extends Caller = Caller> extends PlatformControl {
  /** Undefined: not a path of this platform. */
  route(request: Incoming): Route<C> | undefined;
  /** The platform's own answer for a forced refusal; nothing is carried out. */
  refuse(refusal: SimulatedRefusal, request: Incoming): SimulatedResponse;
}

/** What the control API can do to a platform. */
export interface PlatformControl {
  registerApp(app: SimulatedApp): void;
  /** What the account would have given the app on the consent page. `scope`: by default all that posting takes. */
  grant(account: SimulatedAccount, clientId: string, scope?: string): GivenGrant;
  /** How many grants ended. */
  revokeGrants(account: SimulatedAccount): number;
  /** How many tokens ended. */
  expireAccessTokens(account: SimulatedAccount): number;
  /** Forgets everything but the code. */
  reset(): void;
}

/** Tokens as the app holds them. */
export interface GivenGrant {
  accessToken: string;
  refreshToken: string | null;
  /** ISO 8601. */
  expiresAt: string;
  /** What else it takes to use them, in the words in which the app keeps it. */
  extra?: Readonly<Record<string, string>>;
  /** What the app calls the account, where those are not its id and handle here. */
  as?: { id: string; handle: string };
}

/** An app known to the platform. Apps that were never registered are welcome too, with any secret. */
export interface SimulatedApp {
  clientId: string;
  /** Shown on the consent page. */
  name?: string;
  clientSecret?: string;
  /** When given, a redirect address must be one of these exactly. */
  redirectUris?: string[];
  /** Public keys that its assertions are checked with, where it has such. */
  jwks?: { keys: Record<string, string>[] };
}
