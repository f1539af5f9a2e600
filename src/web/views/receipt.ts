import type { DeliveryState } from '../../domain/delivery.ts';
import type { RefusalReason } from '../../domain/outcome.ts';
import type { Return } from '../../domain/permission.ts';
import type { MomentView, TextOn } from './campaign.ts';
import type { FollowView, Frame } from './frame.ts';
import type { ShareView } from './share.ts';

/** A receipt, and the page on which its text is changed. Neither address nor title names the campaign. */

/** State of a pledge as its owner sees it. */
export type ReceiptState = DeliveryState | 'pledged';

/** Whose a pledge is, and what they agreed to. */
export interface AgreedView {
  handle: string;
  /** The network has not confirmed the handle yet. */
  unconfirmed: boolean;
  text: string;
  /** What stands before the text; absent where nothing does. */
  contentWarning?: string;
  textLocale: string;
  consentedAt: string;
  scope: string;
  textHash: string;
  policyVersion: string;
}

/** One pledge on a receipt. */
export interface ReceiptEntry {
  id: string;
  state: ReceiptState;
  reason: RefusalReason | null;
  /** Nothing more will be found out by itself. */
  settled: boolean;
  platformLabel: string;
  /** What becomes of its permission once it is withdrawn or erased. */
  returns: Return;
  /** What its owner agreed to; null when it was withdrawn, and nothing of that is left. */
  agreed: AgreedView | null;
  /** When it was posted, if it was. */
  postedAt: string | null;
  postUrl: string | null;
  /** Where the button to connect again posts to; set while the grant is dead and there is still time. */
  reconnectAction: string | null;
  /** Where the button to join with another account posts to; set where nothing will ever go out from this one, in its place. */
  otherAction: string | null;
  /** The network does not let the account post for now; it is looked at again before the moment. */
  barred: boolean;
  /** Something was sent to the network for its post. */
  tried: boolean;
  /** Where the text can be changed; null when it cannot. */
  editHref: string | null;
  /** It cannot be changed because its owner signed it, and there would be time. */
  signed: boolean;
  /** Where the form to withdraw posts to; null when it is too late or already done. */
  withdrawAction: string | null;
  /** Where the text can be posted by hand; set where that is the thing to do. */
  byHandHref: string | null;
}

/** What has just happened, said above everything else. */
export const RECEIPT_NOTICES = [
  'first',
  'again',
  'changed',
  'mail',
  'wrong_address',
  'busy',
  'too_late',
  'fixed',
  'being_sent',
] as const;
export type ReceiptNotice = (typeof RECEIPT_NOTICES)[number];

export interface ReceiptView extends Frame {
  campaignTitle: string;
  /** Language of the title. */
  titleLocale: string;
  campaignHref: string;
  organiser: string;
  moment: MomentView;
  /** It works until then. */
  until: string;
  /** At least one. */
  entries: readonly ReceiptEntry[];
  notice: ReceiptNotice | null;
  /** The page's own address, whole, for paper. */
  address: string;
  /** Where the button to join with another account posts to; null once joining has closed. */
  addAction: string | null;
  /** A calendar file that says nothing of what it is about; null once the moment has come. */
  calendarHref: string | null;
  /** Where an e-mail address can be left; null where the campaign takes none. */
  reminderAction: string | null;
  /** For passing the campaign on, and the page with all ways of doing so; null where there is nothing to pass on. */
  share: (ShareView & { href: string }) | null;
  dataHref: string;
  eraseAction: string;
  /** Null once nothing of it changes by itself any more. */
  follow: FollowView | null;
}

/** A new text, for its owner to agree to. */
export interface ChangeView extends Frame {
  text: string;
  textLocale: string;
  on: TextOn;
  /** Whether the platform takes a text of this length. */
  fits: boolean;
  handle: string;
  /** The network has not confirmed the handle yet. */
  unconfirmed: boolean;
  moment: MomentView;
  scope: string;
  /** Where the consent goes. */
  action: string;
  /** Goes with it: what was chosen and typed, and the fingerprint of the text as it was shown. */
  fields: Readonly<Record<string, string>>;
  wordsHref: string;
  receiptHref: string;
  exitHref: string;
}
