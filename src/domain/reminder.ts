import { nextAttemptAt } from './backoff.ts';

/**
 * The life of a reminder.
 *
 *   asked -> unconfirmed    the mail that asks for confirmation is out
 *   asked, unconfirmed -> confirmed    its link was followed
 *   unconfirmed -> asked    asked for once more
 *   confirmed -> sent | failed | dropped    out; refused for good; too late, or the campaign was stopped
 *
 * Before it is confirmed, and at its owner's wish, a reminder is deleted, row and all.
 */
export const REMINDER_STATES = [
  'asked',
  'unconfirmed',
  'confirmed',
  'sent',
  'failed',
  'dropped',
] as const;
export type ReminderState = (typeof REMINDER_STATES)[number];

/** A mail that was handed over and not heard of again is owed again after this time, which is longer than any mail server may take. */
export const MAIL_MARK_MS = 60_000;
/** After how long an unconfirmed one is erased. */
export const UNCONFIRMED_LIFE_MS = 86_400_000;
/** Mails to confirm one address, of all campaigns, in `ADDRESS_WINDOW_MS`. */
export const MAILS_PER_ADDRESS = 3;
export const ADDRESS_WINDOW_MS = 86_400_000;
/** Mails to confirm addresses for one campaign, in `CAMPAIGN_WINDOW_MS`. */
export const MAILS_PER_CAMPAIGN = 60;
export const CAMPAIGN_WINDOW_MS = 60_000;
/** How long after the moment people can say that they posted. */
export const CONFIRM_POST_MS = 7 * 86_400_000;

/** What a mail server said, in codes: its own word for the trouble and the SMTP reply, 0 where there was none. */
export interface MailTrouble {
  code: string;
  reply: number;
}

/**
 * Whether a mail that was refused may be tried again. A reply of 5xx to the recipient or the message is final (RFC 5321
 * section 4.2.1); 4xx, a server that is away, and one that does not take our password are not.
 */
export function mayRetryMail({ code, reply }: MailTrouble): boolean {
  const aboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return !(aboutTheMail && reply >= 500);
}

/** When to try a mail again. @param attempt the one that just failed, from 1. */
export function nextMailAt(now: Date, attempt: number, random: () => number): Date {
  // Servers that say 451 want to be asked again, but not at once.
  return new Date(nextAttemptAt(now, attempt, random).getTime() + 1_000);
}
