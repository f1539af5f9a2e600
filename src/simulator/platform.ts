import type { IncomingHttpHeaders } from 'node:http';
import type { Account, Accounts, Post } from './accounts.ts';
import type { Behaviour, Refusal } from './behaviour.ts';
import type { RecordedPath } from './record.ts';

/** A whole request, read. `atUs`: arrival, microseconds since 1970. */
export interface Incoming {
  atUs: number;
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What to answer. `headers` is flat: name, value, name, value. */
export interface Answer {
  status: number;
  headers: string[];
  body: string;
  /** The post that this request made, if it made one. */
  post?: Post;
}

/** A request understood: whose it is and what carrying it out means. */
export interface Step {
  path: RecordedPath;
  account: Account | undefined;
  /** Carries it out. */
  run(): Answer;
  /** The platform's own answer for a forced refusal; nothing is carried out. */
  refuse(refusal: Refusal): Answer;
}

/** What a platform can see and use. */
export interface World {
  accounts: Accounts;
  behaviour: Behaviour;
  /** Goes up when limits are set anew: windows of an older epoch count for nothing. */
  limitsEpoch: number;
}

/** One simulated platform. Every platform has a folder of its own beside this file. */
export interface Platform {
  /** Undefined: not a path of this platform. */
  begin(request: Incoming): Step | undefined;
  /** The app's name on the consent page and the redirect addresses it registered. */
  registerApp(app: App): void;
  revokeGrants(account: Account): number;
  expireAccessTokens(account: Account): number;
  /** Forgets everything but the code. */
  reset(): void;
}

/** An app known to the platform. Apps that were never registered are welcome too, with any secret. */
export interface App {
  clientId: string;
  name?: string;
  clientSecret?: string;
  /** When given, a redirect address must be one of these exactly. */
  redirectUris?: string[];
}
