import type { RefusalReason } from '../../domain/outcome.ts';
import { type Fields, textAt } from './reading.ts';

/** What a refusal of Misskey's says: connect again, come back later, it failed by itself, or why it never will. */
export type MisskeyMeaning = 'reconnect' | 'later' | 'failed' | RefusalReason;

/**
 * Misskey's codes, misskey-hub.net/docs/for-developers/api/error. Its kin that speak Mastodon's API (Sharkey, Firefish and others) hand
 * them on, most of them with 401 whatever they are about: packages/backend/src/server/api/mastodon of Sharkey.
 */
const MEANINGS: Readonly<Record<string, MisskeyMeaning>> = {
  ...{ AUTHENTICATION_FAILED: 'reconnect', CREDENTIAL_REQUIRED: 'reconnect' },
  PERMISSION_DENIED: 'reconnect',
  YOUR_ACCOUNT_SUSPENDED: 'account_suspended',
  YOUR_ACCOUNT_MOVED: 'account_moved',
  ...{ ROLE_PERMISSION_DENIED: 'posting_barred', ACCESS_DENIED: 'posting_barred' },
  RATE_LIMIT_EXCEEDED: 'later',
  ...{ INVALID_PARAM: 'text_invalid', MAX_LENGTH: 'text_invalid' },
  ...{ CONTAINS_PROHIBITED_WORDS: 'text_invalid', CONTAINS_TOO_MANY_MENTIONS: 'text_invalid' },
};

/** Null for an answer that is none of Misskey's. One with a code that is not known here may hide anything. */
export function misskeyMeaning(body: Fields | null): MisskeyMeaning | null {
  const code = textAt(body, 'error', 'code') || textAt(body, 'error');
  if (!/^[A-Z]+(?:_[A-Z]+)+$/.test(code)) return null;
  return Object.hasOwn(MEANINGS, code) ? (MEANINGS[code] ?? null) : 'failed';
}
