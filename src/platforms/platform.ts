import type { Outcome } from '../domain/outcome.ts';
import type { TextRule } from '../domain/text-rule.ts';

/** The OAuth grant behind a pledge. Lives decrypted only inside one action, never in a log or a job. */
export interface Grant {
  accessToken: string;
  refreshToken: string | null;
  /** When the access token stops working; null where the platform gives it no end. */
  expiresAt: Date | null;
  scope: string;
}

/** The account that a grant speaks for, as the platform itself names it. */
export interface Account {
  id: string;
  handle: string;
}

/** Where the supporter goes to authorize, and what must come back with them. */
export interface Authorization {
  url: string;
  codeVerifier: string;
}

/** Everything needed to send one post, made before the moment. */
export interface PostOrder {
  deliveryId: string;
  account: Account;
  grant: Grant;
  text: string;
}

/** A post that is ready; calling it sends it, once. Never rejects: every answer, and the lack of one, is an outcome. */
export type PreparedPost = () => Promise<Outcome>;

/** A post to nobody, to be sent any number of times. */
export interface Rehearsal {
  post: PreparedPost;
  dispose(): void;
}

/** What the platform said when a grant was tried without posting. */
export type Probe =
  | { kind: 'alive' }
  | { kind: 'dead'; detail: string }
  /** The grant may be fine, but the app may not post: credits, permissions or version. The operator's move. */
  | { kind: 'app_problem'; detail: string }
  /** The platform wants to be left alone until then. */
  | { kind: 'throttled'; until: Date; detail: string }
  /** No answer that says anything about the grant. */
  | { kind: 'undecided'; detail: string };

/** The answer to "is it there?" for a post whose outcome is unknown. */
export type Reconciled =
  | { kind: 'found'; id: string; url: string }
  | { kind: 'absent' }
  /** The platform could not be asked now; ask again. */
  | { kind: 'undecided'; detail: string }
  /** The grant is dead, so nobody can ask any more. */
  | { kind: 'unreadable'; detail: string };

/** A refusal of the token endpoint, told apart from the network's troubles. */
export class GrantRefused extends Error {
  override readonly name = 'GrantRefused';
}

/**
 * The contract every network keeps. Its quirks (addresses, limits, length rules, error codes) stay in its folder;
 * nothing outside asks which platform it is.
 */
export interface Platform {
  readonly name: string;
  /** As people call it. */
  readonly label: string;
  /** Scopes asked for, as the platform spells them. */
  readonly scope: string;
  readonly textRule: TextRule;
  /** Origin of the page where supporters authorize; forms of ours may lead there. */
  readonly authorizeOrigin: string;
  /** Grants that preflight may look at in a second, all workers together; where there is none, a careful few. */
  readonly checksPerSecond?: number;
  /** The host that posts go to; deliveries are sharded by it. */
  readonly host: string;
  /** The most connections that one process opens to it, and with that the most posts it has on their way. */
  readonly connections: number;
  /** A post that has not been answered after so long is given up. Milliseconds. */
  readonly timeoutMs: number;
  authorize(input: { redirectUri: string; state: string }): Authorization;
  /** @throws GrantRefused when the platform says no; any other error is the network's. */
  exchange(input: { code: string; codeVerifier: string; redirectUri: string }): Promise<Grant>;
  /** The new pair must be stored before it is used. @throws GrantRefused when the grant is dead. */
  refresh(grant: Grant): Promise<Grant>;
  revoke(grant: Grant): Promise<void>;
  /** @throws GrantRefused when the grant is not accepted. */
  whoAmI(grant: Grant): Promise<Account>;
  /** Tries a grant without posting anything, for preflight. Never rejects. */
  probe(grant: Grant): Promise<Probe>;
  /** Puts a post together ahead of the moment. */
  prepare(order: PostOrder): PreparedPost;
  /** Looks at the account for a post with this text made at or after `since`. */
  reconcile(order: PostOrder, since: Date): Promise<Reconciled>;
  /** Posts that go to a server of our own, so that a burst can be rehearsed. Rejects when no port of 127.0.0.1 can be had. */
  rehearsal(): Promise<Rehearsal>;
  /**
   * Opens `count` connections ahead of the moment, so that no post waits for a handshake. Tells how long the platform takes
   * to answer now, in ms; null when it did not.
   */
  warm(count: number): Promise<number | null>;
  dispose(): void;
}
