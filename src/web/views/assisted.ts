import type { TextUnit } from '../../domain/text-rule.ts';
import type { MomentView } from './campaign.ts';
import type { Frame } from './frame.ts';
import type { JoinField } from './join.ts';

/** One network's own composer. */
export interface AssistedWayView {
  name: string;
  label: string;
  text: string;
  /** What stands before the text there, to be written in by hand; absent where nothing does. */
  contentWarning?: string;
  length: number;
  /** Null where none is known. */
  limit: number | null;
  /** Of both. */
  unit: TextUnit;
  /** Whether the composer takes the text, or the link alone. */
  carries: 'text' | 'link';
  requires: 'nothing' | 'server';
  byHandOnly: boolean;
  /** Null until the supporter has named their server. */
  href: string | null;
}

/** The page for people who post by themselves. */
export interface AssistedView extends Frame {
  /** This page's own address; it says nothing of the campaign, and the forms post below it. */
  path: string;
  campaignHref: string;
  title: string;
  textLocale: string;
  moment: MomentView;
  phase: 'before' | 'now' | 'off';
  /** The server's clock when the page was made; ISO 8601, UTC. */
  now: string;
  ways: readonly AssistedWayView[];
  fields: readonly JoinField[];
  server: { value: string; wrong: boolean };
  /** Whether an address can be left. */
  reminders: boolean;
  /** Whether a post can be confirmed. */
  confirmable: boolean;
  /** How many posted by themselves, of the posts that we could see. */
  posts: number;
  /** What was just done, or could not be. */
  notice: 'mail' | 'thanks' | 'noted' | 'wrong_address' | 'wrong_url' | 'busy' | null;
}

/** The page behind a reminder's link. */
export interface ReminderView extends Frame {
  kind: 'confirm' | 'confirmed' | 'erase' | 'erased' | 'late';
  moment: MomentView | null;
  confirmAction: string | null;
  eraseAction: string | null;
}

export interface OutboxView {
  /** Null where a mail server sends them. */
  mails: readonly { subject: string; at: string; href: string }[] | null;
  /** How many there are, those that are not on the page among them. */
  total: number;
  signOutAction: string;
}
