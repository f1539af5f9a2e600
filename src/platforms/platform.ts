import type { RequiredLocator } from '../domain/account-locator.ts';
import type { Outcome, RefusalReason } from '../domain/outcome.ts';
import type { Permission, Return } from '../domain/permission.ts';
import type { PublicPost } from '../domain/public-post.ts';
import type { SignProblem } from '../domain/sign-problem.ts';
import type { TextRule } from '../domain/text-rule.ts';
import type { OnNetworkTime } from '../outbound/wire/network-clock.ts';

export type { RequiredLocator } from '../domain/account-locator.ts';
export type { SignProblem } from '../domain/sign-problem.ts';

/** The OAuth grant behind a pledge. Lives decrypted only inside one action, never in a log or a job. */
export interface Grant {
  accessToken: string;
  refreshToken: string | null;
  /** When the access token stops working; null where the platform gives it no end. */
  expiresAt: Date | null;
  /** What was granted, as far as the platform says it; else what was asked for. */
  scope: string;
  /** What else it takes to use this grant, in its platform's own words: the server it is for, a key that signs requests. */
  extra?: Readonly<Record<string, string>>;
}

/** The account that a grant speaks for, as the platform itself names it. Where there are many servers, `id` says which. */
export interface Account {
  id: string;
  handle: string;
  /** How many follow it, where the platform says so in the very answer that says whose account it is. */
  followers?: number;
  /** The account gives this name itself, and the server that has to confirm it did not answer: see `confirmsHandles`. */
  unconfirmed?: true;
}

/** One of several things that a person may post to. */
export interface Choice {
  account: Account;
  grant: Grant;
}

export interface AuthorizeInput {
  redirectUri: string;
  state: string;
  /** What the supporter typed, as it was typed; '' where the platform asks for nothing. */
  locator: string;
  /** The name before the server's, where they typed `@me@server`; '' or left out where they did not. */
  user?: string;
  /** What is to be posted, to the byte, in which language (BCP 47), and when. */
  text: string;
  /** What stands before it; absent where nothing does. */
  contentWarning?: string;
  locale: string;
  moment: Date;
  /** They have agreed to `Platform.wider`. */
  wider?: boolean;
}

/** Where the supporter goes to authorize, and what is needed when they come back. */
export interface Authorization {
  url: string;
  /** What `exchange` wants to have back: sealed until then. */
  flowSecret: string;
  /** Where the answer has to come back to, where that is not the address given but one below it. */
  redirectUri?: string;
  /** What is asked for, where that is not the platform's `scope`. */
  scope?: string;
  /** What that allows, where it is more than the platform's `permission`: consent is asked for it by name. */
  permission?: Permission;
}

export interface ExchangeInput {
  /** The query that the supporter came back with: `code`, and whatever else the platform adds. */
  answer: Readonly<Record<string, string>>;
  flowSecret: string;
  /** The address that the flow was begun with: see `Authorization`. */
  redirectUri: string;
}

/** Everything needed to send one post, made before the moment. */
export interface PostOrder {
  /**
   * What the platform may know the post by, where it takes a key: the same for every try. It cannot be computed without
   * the campaign's own key. The delivery's id stands in the ledger, which is public, so no platform is ever told that.
   */
  readonly postKey: string;
  account: Account;
  grant: Grant;
  text: string;
  /** What stands before it, on a network that has content warnings (`TextRule.measureWarning`); absent where nothing does. */
  contentWarning?: string;
  /** Language of both, BCP 47. */
  locale: string;
  /** The campaign's moment. */
  moment: Date;
  /** What `stage` gave for this delivery; null before, or where the platform has no such step. */
  staged: string | null;
}

/** What came of the step before the moment. A failure is no end: the post then does both steps at once. */
export type Staged = { kind: 'staged'; token: string } | { kind: 'failed'; detail: string };

/**
 * A post that is ready; calling it sends it, once. Never rejects: every answer, and the lack of one, is an outcome. `told`: of the
 * network's own time of its answer, where it says so.
 */
export type PreparedPost = (told?: OnNetworkTime) => Promise<Outcome>;

/** A post to a stub server, to be sent any number of times. */
export interface WarmUp {
  post: PreparedPost;
  dispose(): void;
}

/** What the platform said when a grant was tried without posting. */
export type Probe =
  | { kind: 'alive' }
  /** `reason`: what is the matter with the account, where the answer says so; refreshing the grant mends nothing then. */
  | { kind: 'dead'; detail: string; reason?: RefusalReason }
  /** The grant may be fine, but the account may not post now, which may pass by the moment. */
  | { kind: 'barred'; reason: RefusalReason; detail: string }
  /** The grant may be fine, but the app may not post: credits, permissions or version. The operator's move. */
  | { kind: 'app_problem'; detail: string }
  /** The platform wants to be left alone until then. */
  | { kind: 'throttled'; until: Date; detail: string }
  /** No answer that says anything about the grant. `challenged`: a shield before its server did not let us in. */
  | { kind: 'undecided'; detail: string; challenged?: true };

/** The answer to "is it there?" for a post whose outcome is unknown. */
export type Reconciled =
  | { kind: 'found'; id: string; url: string }
  | { kind: 'absent' }
  /** The platform could not be asked now; ask again. */
  | { kind: 'undecided'; detail: string }
  /** The grant is dead, so that the platform cannot be asked any more. */
  | { kind: 'unreadable'; detail: string };

/**
 * What a platform has to remember for this instance: the app it registered at a server, its own keys. Values are sealed.
 * Beside the grants of supporters, which are never here.
 */
export interface PlatformNotes {
  read(key: string): Promise<string | null>;
  /** Stores a value where there is none; returns the one that is stored, so that two processes that come first agree. */
  saveIfAbsent(key: string, value: string): Promise<string>;
  /** Forgets this value, and no newer one that another process has stored in its place. */
  forget(key: string, value: string): Promise<void>;
}

/** What a platform's rules say of posts like ours. An operator reads and accepts it before the platform posts by itself. */
export interface PolicyFacts {
  /** Plain sentences, in English, each true of what is at `source`. */
  says: readonly string[];
  source: string;
  /** When it was read, ISO date. */
  asOf: string;
}

/** A refusal of the token endpoint, told apart from the network's troubles. */
export class GrantRefused extends Error {
  override readonly name: string = 'GrantRefused';
}

/** What was granted is not enough to post: a part of what was asked for was left out. The person can begin again and leave it in. */
export class TooLittleGranted extends GrantRefused {
  override readonly name = 'TooLittleGranted';
}

/** The account cannot post for a campaign, whatever is granted, and it is known why. */
export class AccountUnfit extends GrantRefused {
  override readonly name = 'AccountUnfit';
  readonly reason: RefusalReason;
  /** Null where not even that was told. */
  readonly account: Account | null;
  constructor(reason: RefusalReason, account: Account | null) {
    super(reason);
    this.reason = reason;
    this.account = account;
  }
}

/** The network does not accept the account for this app, and does not say why: a grant may live on. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';
}

/**
 * The network answered and does not take this app: its id or secret, its permission, its credits, or the version that it speaks.
 * Everybody meets it, and only the operator can do something about it. `message`: status and code words.
 */
export class AppRefused extends Error {
  override readonly name = 'AppRefused';
}

/** The network answered that it wants to be left alone until then; null where it does not say how long. */
export class AskedToWait extends Error {
  override readonly name = 'AskedToWait';
  readonly until: Date | null;
  constructor(message: string, until: Date | null) {
    super(message);
    this.until = until;
  }
}

/** An answer came, and says of a fault at the network, or nothing that can be understood. */
export class OutOfOrder extends Error {
  override readonly name = 'OutOfOrder';
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
  /** What that allows, and what becomes of it: both are told to supporters in their language. */
  readonly permission: Permission;
  /** What may be asked for in its place, of a supporter who says that a page of theirs is missing and agrees to it. */
  readonly wider?: { scope: string; permission: Permission };
  /** What `revoke` can be relied on for; told to supporters before and after they withdraw. */
  readonly returns: Return;
  readonly textRule: TextRule;
  readonly requires: RequiredLocator;
  /** Names that many supporters will mean: servers, or what handles end in, the most usual first. */
  readonly knownPlaces?: readonly string[];
  readonly policy: PolicyFacts;
  /** It is the simulator, at an address of this machine: no rules have to be accepted. */
  readonly isSimulated: boolean;
  /** Origins of the pages where supporters authorize, for the page's policy; `https:` where supporters name the server. */
  readonly authorizeOrigins: readonly string[];
  /** What it sends back as `error` when a supporter would not authorize, beside the standard's `access_denied`. */
  readonly denials?: readonly string[];
  /** What it sends back as `error` when it does not take the app's own request, beside the words of RFC 6749. */
  readonly serviceRefusals?: readonly string[];
  /** What an account is called is confirmed elsewhere than at its server. Where no answer came, preflight asks `whoAmI` again. */
  readonly confirmsHandles?: true;
  /** Grants that preflight may look at in a second, all workers together; where there is none, a careful few. */
  readonly checksPerSecond?: number;
  /**
   * All that one account gives this app is one and the same: revoking any of it ends all of it. Then it is revoked only with the
   * last pledge that needs it.
   */
  readonly sharesGrants?: true;
  /** Posts a second that one process sends to one host; where there is none, as many as it takes. */
  readonly postsPerSecond?: number;
  /** The most connections that one process opens to one host, and with that the most posts it has on their way there. */
  readonly connections: number;
  /** How long a post may take to be answered before it is given up. Milliseconds. */
  readonly timeoutMs: number;
  /** The host that posts of this account go to; deliveries are sharded by it, and each host is throttled for itself. */
  hostOf(account: Account, grant: Grant): string;
  /** @throws LocatorRejected for what was typed; AccountUnfit where no account can post there; any other error is the network's. */
  authorize(input: AuthorizeInput): Promise<Authorization>;
  /**
   * Whether anybody's post could be taken there now, as far as is known: answered from memory, since pages ask often, and looked up
   * again in the background. Absent: always.
   */
  takesPosts?(): boolean;
  /** Whether this account's server would read signs of a text as formatting, so that it would not stand there as it is agreed to. */
  showsOtherwise?(grant: Grant, text: string): boolean;
  /**
   * Where consent is a signature given on our own page, /sign/NAME, instead of a visit to the platform: what is to be signed,
   * as JSON can hold it. It comes back to `exchange` as `answer.code`. `keep`: what `authorize` gave.
   */
  toSign?(keep: string): unknown;
  /** Why what was pasted is not what `toSign` asked for; null where it is. `exchange` takes that alone. */
  signProblem?(pasted: string, keep: string): SignProblem | null;
  /**
   * @throws GrantRefused when the platform says no to this code; AccountUnfit and AccountRefused to this account; AppRefused to this
   * app; AskedToWait and OutOfOrder when it does not say either; any other error is the network's. `whoAmI` and `choices` likewise.
   */
  exchange(input: ExchangeInput): Promise<Grant>;
  /** Whether what was granted is enough to post; absent where nothing can be left out. */
  mayPost?(grant: Grant): boolean;
  /** The new pair must be stored before it is used. @throws GrantRefused when the grant is dead. */
  refresh(grant: Grant): Promise<Grant>;
  revoke(grant: Grant): Promise<void>;
  /**
   * What a grant from `exchange` can post to, where that is not the person's own account but something they look after, each
   * with the grant for it. None: there is nothing that it could post to. @throws GrantRefused when the grant is not accepted.
   */
  choices?(grant: Grant): Promise<readonly Choice[]>;
  /**
   * @throws GrantRefused when the grant is not accepted, AccountUnfit where that is for the account's sake, TooLittleGranted where
   * it does not reach so far.
   */
  whoAmI(grant: Grant): Promise<Account>;
  /** Tries a grant without posting anything, for preflight. `accountId`: whose it is, where that is known. Never rejects. */
  probe(grant: Grant, accountId?: string | null): Promise<Probe>;
  /**
   * What is the matter with the account of a grant that is not taken any more, where the platform tells; null where connecting
   * again is what helps. `accountId`: whose it is, where that is known. Never rejects.
   */
  whyDead?(grant: Grant, accountId?: string | null): Promise<RefusalReason | null>;
  /**
   * What can be done at the platform before the moment without anybody seeing it: once, after the lock. Its token is stored
   * with the delivery before the post is made. Never rejects.
   */
  stage?(order: PostOrder): Promise<Staged>;
  /** Whether `stage` failed, with this detail, for the text alone: then it fails for everybody who has that text. */
  isAboutText?(detail: string): boolean;
  /** Puts a post together ahead of the moment. */
  prepare(order: PostOrder): PreparedPost;
  /**
   * Whether a post of this age that may be there can be sent again without being there twice: it is known again by its key, or
   * refused as a duplicate. Where there is no such method it is never sent again.
   */
  knowsAgain?(grant: Grant, ageMs: number): boolean;
  /** Looks at the account for a post with this text made at or after `since`. */
  reconcile(order: PostOrder, since: Date): Promise<Reconciled>;
  /** Posts that go to a stub server, so that Node compiles the code of a burst before it. Rejects when no port of 127.0.0.1 can be had. */
  startWarmUp?(): Promise<WarmUp>;
  /**
   * A post of anybody's by the address of its page, where this network shows posts without a login. Null where there is none such,
   * or it is not shown. @throws LocatorRejected when what the address names cannot be asked.
   */
  readPublicPost?(address: URL): Promise<PublicPost | null>;
  /**
   * Public documents that say who we are to this network's servers, by the last part of their address: each is at
   * BASE_URL/oauth/NAME/.
   */
  documents?(): Promise<Readonly<Record<string, object>>>;
  /**
   * Opens `count` connections to a host (see `hostOf`) ahead of the moment, so that no post waits for a handshake. Tells how
   * long the platform takes to answer now, in ms; null when it did not.
   */
  openConnections(host: string, count: number): Promise<number | null>;
  dispose(): void;
}
