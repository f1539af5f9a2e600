import type { Outcome, RefusalReason } from '../../src/domain/outcome.ts';
import type {
  Account,
  Authorization,
  Grant,
  Platform,
  PostOrder,
} from '../../src/platforms/platform.ts';
import type { Fault } from '../../src/simulator/behaviour.ts';
import type { PlatformName } from '../../src/simulator/sites.ts';
import type { Bench, Ordered } from './bench.ts';
import type { Tests } from './suite.ts';
import type { Case } from './words.ts';

/** How one platform differs from the others; all else is in suite.ts. */
export interface Subject {
  /** In the registry, and of its simulator. */
  name: PlatformName;
  label: string;
  /** Services that its client takes. */
  needs?: readonly 'postgres'[];
  /** Our client of the platform at this address; the suite ends it. */
  connect(url: string, timeoutMs: number): Platform | Promise<Platform>;
  /** Somebody at this address, with a grant that looks like one; asks nobody. */
  stranger(url: string, post: Pick<PostOrder, 'text' | 'moment'>): Stranger;
  /** What a supporter types before they authorize. Default: nothing. */
  locator?(url: string, handle: string): string;
  /** What a person does who is asked to authorize. Default: decides on the consent page. */
  consent?: Consent;
  /** The account's id by the platform, of its id in the simulator. Default: the same. */
  accountId?(simulatorId: string, url: string): string;
  /** What is granted is this text alone, so that it has to be known when the grant is given. */
  grantsOneText?: true;
  /** Posting does not tell where the post is; looking for it does. */
  tellsNoAddress?: true;
  /** Makes a grant one that may be refreshed by now. Default: it may be at once. */
  aged?(bench: Bench, grant: Grant): Grant | Promise<Grant>;
  /** A text that is too long here. Default: one more character than its rule allows. */
  tooLong?: string;
  /** Faults of this list that do no harm here: the post is known to be posted. */
  harmless?: readonly Fault[];
  /** Faults that are something else here than one whose outcome is unknown, each with a row in `rows`. */
  known?: readonly Fault[];
  /** Faults that leave us without an answer here. */
  silent?: readonly Fault[];
  /** Until when to wait where the simulator's limit ends in RESET_SECONDS. Default: so long. */
  resetAt?(now: Date, kind: 'wait' | 'throttled'): Date;
  /** The platform's rows of the error table, PLATFORMS.md. */
  rows: readonly Row[];
  /** Tests of a case that are this platform’s alone, beside those that all have. */
  own?: Partial<Record<Case, Tests>>;
  /** Cases that the platform does not have. */
  lacks: Partial<Record<Case, Lack>>;
}

export interface Stranger {
  account: Account;
  grant: Grant;
  staged?: string;
}

export type Consent = (asked: {
  platform: Platform;
  authorization: Authorization;
  handle: string;
  decision: 'allow' | 'deny';
}) => Promise<Record<string, string>>;

/** What is answered, by whom (see Answered), and what has to come of it. */
export type Row = readonly [what: string, answered: Answered, expected: Expected];

/** A fault of the simulator, a network of its own, or an order that the simulator answers so. */
export type Answered = Fault | (() => Promise<string>) | { order(bench: Bench): Promise<Ordered> };

export interface Expected {
  kind: Outcome['kind'];
  reason?: RefusalReason;
  id?: string | null;
  /** Seconds ahead of now that it has to wait; the time may be up to a minute later. */
  ahead?: number | (() => number);
}

/** `why`: for the table. `proof`: shows that it is so, with an assertion that can fail. */
export interface Lack {
  why: string;
  proof(bench: Bench): Promise<void>;
}
