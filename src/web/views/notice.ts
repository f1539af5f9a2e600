import type { RefusalReason } from '../../domain/outcome.ts';
import type { Closing } from '../../domain/try-again.ts';
import type { Frame } from './frame.ts';

/** Pages that only say something, in words a supporter can act on. */
export type NoticeKind =
  | 'denied'
  | 'other_account'
  | 'again_elsewhere'
  | 'other_server'
  | 'old_address'
  | 'expired'
  | 'replayed'
  | 'stranger'
  | 'closed'
  | 'no_page'
  | 'service_refused'
  | 'answer_refused'
  | 'permission_missing'
  | 'refused_unsaid'
  | 'asked_to_wait'
  | 'platform_broken'
  | 'account_unfit'
  | 'platform_failed'
  | 'not_found'
  | 'receipt_gone'
  | 'receipt_erased'
  | 'receipt_over'
  | 'words_gone'
  | 'forbidden'
  | 'bad_request'
  | 'too_long'
  | 'away'
  | 'away_sent'
  | 'away_unspent'
  | 'error';

/** How a campaign has ended. */
export type Over = 'settled' | 'cancelled' | 'aborted' | 'missed_goal' | 'rejected';

export interface NoticeView extends Frame {
  kind: NoticeKind;
  /** The platform that it was about, as people call it. */
  platformLabel?: string | undefined;
  /** How the campaign has ended, if it has: then there is nothing to join. */
  over?: Over | null | undefined;
  /** What is the matter with an account that is unfit, and on which platform. */
  unfit?: { reason: RefusalReason; platformLabel: string } | undefined;
  /** Until when the network wants to be left alone; the zone is the campaign's. */
  until?: { instant: string; zone: string } | null | undefined;
  /** What the end of joining means for trying again, where it means anything. */
  closing?: ClosingView | null | undefined;
  /** The campaign, if that is known. */
  back: WayBack | null;
  /** The page with the words that were chosen, to begin again from. */
  againHref?: string | null | undefined;
  /** The receipt of somebody who has joined already: it stands as it was. */
  receiptHref?: string | null | undefined;
  /** For somebody who began elsewhere. */
  begin?: BeginView | null | undefined;
  /** Where to agree to a wider permission, where that may show the page that is missing. */
  missingHref?: string | null | undefined;
}

/** When joining closes; the zone is the campaign's. */
export interface ClosingView {
  kind: Closing;
  instant: string;
  zone: string;
}

/** How the campaign's own words are chosen again: a form with these fields; a link where `fields` is null, since there was more to them. */
export interface BeginView {
  action: string;
  fields: readonly (readonly [name: string, value: string])[] | null;
}

/** The page on which a browser proves that it has worked, or waits for its turn. */
export interface WaitView extends Frame {
  /** Until the turn comes, or until it is worth trying again. */
  seconds: number;
  /** What is sent again then; null while nothing can be begun. */
  again: {
    method: 'get' | 'post';
    action: string;
    /** What was sent, by name. */
    fields: readonly (readonly [name: string, value: string])[];
    /** The puzzle, as work.js reads it. */
    challenge: string;
    /** The ticket of the turn. */
    turn: string;
    /** The same address with the turn in it, for pages that are only read. */
    laterHref: string;
  } | null;
}

/** The campaign that somebody came from, and where the way back leads. */
export interface WayBack {
  href: string;
  title: string;
  /** Language of the title. */
  textLocale: string;
  /** Doing it oneself at the moment, where that is still to come. */
  assistedHref: string | null;
}
