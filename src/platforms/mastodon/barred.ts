import type { RefusalReason } from '../../domain/outcome.ts';
import { misskeyMeaning } from './misskey.ts';
import { type Fields, textAt } from './reading.ts';
import { takesNoText } from './software.ts';

const SAYS: readonly (readonly [words: RegExp, reason: RefusalReason])[] = [
  [/suspended/, 'account_suspended'],
  [/\bmov(?:ed|ing)\b/, 'account_moved'],
  [/memorial/, 'account_memorial'],
  [/\b(?:terms|privacy policy|rules)\b/, 'terms_to_accept'],
  // Of Mastodon, Pleroma and GoToSocial.
  [
    /pending approval|awaiting approval|n[o’']t (?:yet )?approved|confirmed e-?mail/,
    'account_pending',
  ],
  [/empty status|\bmedia\b/, 'no_text_posts'],
];

/**
 * Why a server does not let an account post, by its 403. Its words are fixed, and in English where they are read. "Your login is
 * currently disabled" says no reason: moderators have frozen the account, or it has moved.
 */
export function barredBy(body: Fields, software: string): RefusalReason {
  const meant = misskeyMeaning(body);
  if (meant === 'account_suspended' || meant === 'account_moved') return meant;
  const words = textAt(body, 'error').toLowerCase();
  const [, reason = 'posting_barred'] = SAYS.find(([said]) => said.test(words)) ?? [];
  return reason === 'posting_barred' && takesNoText(software) ? 'no_text_posts' : reason;
}
