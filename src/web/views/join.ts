import type { LocatorProblem, RequiredLocator } from '../../domain/account-locator.ts';
import type { ProblemKind } from '../../domain/errors.ts';
import type { Permission, Return } from '../../domain/permission.ts';
import type { SignProblem } from '../../domain/sign-problem.ts';
import type { MomentView, TextOn } from './campaign.ts';
import type { Frame } from './frame.ts';
import type { WayBack } from './notice.ts';

/** The pages on which people join. Their addresses and titles name no campaign: phones keep a history. */

/** What is wrong with a field that the supporter typed: key of the sentence, and its values. */
export interface ProblemView {
  kind: ProblemKind;
  values: Readonly<Record<string, string | number>>;
}

/** A blank that the supporter fills in because the message has a placeholder for it. */
export interface JoinField {
  name: 'name' | 'place';
  value: string;
  problem: ProblemView | null;
}

/** What is said before anything else: who will see it, who should not join, and what else one can do. */
export interface BeforeView extends Frame {
  campaignTitle: string;
  textLocale: string;
  moment: MomentView;
  wordsHref: string;
  assistedHref: string;
  /** A page of no interest to anybody, for those who have to leave at once. */
  exitHref: string;
}

/** First step: what to say. */
export interface WordsView extends Frame {
  campaignTitle: string;
  textLocale: string;
  /** The other languages that the campaign is written in, as links to this page. */
  textLocales: readonly { tag: string; href: string; current: boolean }[];
  /** Where the form posts to. */
  action: string;
  /** Where a text of one's own can be measured while it is typed. */
  countAction: string;
  /** At least one. */
  wordings: readonly { variant: number; text: string; on: readonly TextOn[] }[];
  /** Said above the form: what was chosen cannot be had. */
  notice: ProblemView | null;
  /** The wording that is chosen, or null for words of one's own. */
  chosen: number | null;
  fields: readonly JoinField[];
  own: {
    allowed: boolean;
    value: string;
    problem: ProblemView | null;
    on: readonly TextOn[];
  };
  backHref: string;
  exitHref: string;
}

/** One platform to join with. */
export interface AccountOption extends TextOn {
  /** Whether the platform takes a text of this length. */
  fits: boolean;
  /** What has to be told first, in a field of its own. */
  requires: RequiredLocator;
  /** What was typed into it, as it was typed. */
  typed: string;
  /** It is as it is: an account that is connected again is on that server. */
  isFixed: boolean;
  /** Why that cannot be used. */
  problem: LocatorProblem | null;
  /** What was probably meant. */
  guess: string | null;
  /** What the server that was typed wants to be allowed beside the usual, and what says that this was agreed to. */
  more: { server: string; scope: string; agreement: string } | null;
  /** Well-known names, to choose from. */
  known: readonly string[];
  /** What joining lets us do there, and what becomes of that. */
  permission: Permission;
  returns: Return;
}

/** Second step: which account. */
export interface AccountView extends Frame {
  campaignTitle: string;
  /** Byte for byte what will be posted. */
  text: string;
  /** Of all that the page shows of the post: the text, and the content warning before it. */
  textHash: string;
  textLocale: string;
  moment: MomentView;
  closesAt: string;
  options: readonly AccountOption[];
  action: string;
  /** Where the words can be changed; null for a text that was agreed to before. */
  wordsHref: string | null;
  /** The account of a post is connected again, by its network alone; null for a new pledge. */
  again: { platformLabel: string; receiptHref: string } | null;
  assistedHref: string;
  /** Said above the form: the text is not the one that was shown, or a field is wrong. */
  notice: 'text_changed' | 'check_fields' | null;
  exitHref: string;
}

/** The page on which a supporter says which of several pages takes part. */
export interface ChooseView extends Frame {
  platformLabel: string;
  /** Where the choice goes. */
  action: string;
  names: readonly string[];
  back: WayBack | null;
  /** Where to agree to a wider permission, where that may show the page that is missing. */
  missingHref?: string | null | undefined;
}

/** The page on which a supporter signs the post themselves. */
export interface SignView extends Frame {
  platformLabel: string;
  /** Where the signed event goes. */
  action: string;
  state: string;
  /** What is to be signed, as JSON. */
  unsigned: string;
  /** What was pasted before, and why it was not taken; '' and null at first. */
  pasted: string;
  problem: SignProblem | null;
  back: WayBack;
}
