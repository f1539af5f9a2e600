/**
 * What one attempt at a post came to. A closed union: a switch over it has no default branch,
 * so that a new outcome is a compile error wherever it is not yet understood.
 */
export type Outcome =
  /**
   * The platform has the post. `id` is null where it proved the post exists without naming it. `detail`: what is not as it should
   * be with it all the same.
   */
  | {
      kind: 'posted';
      id: string | null;
      url: string | null;
      allowance?: Allowance;
      detail?: string;
    }
  /** Not executed; this account may try again at `until`. Spends no attempt. */
  | { kind: 'wait'; until: Date; detail: string }
  /** Not executed; the whole app or host may try again at `until`. `reason`: where it is no limit that says so. */
  | { kind: 'throttled'; until: Date; detail: string; reason?: RefusalReason }
  /** Never will succeed as it is; `reason` is shown to the supporter in words. */
  | { kind: 'refused'; reason: RefusalReason; detail: string }
  /** The access token was not accepted: refresh once, then the supporter must connect again. */
  | { kind: 'reconnect'; detail: string }
  /** The request may have arrived. Never sent again blindly. */
  | { kind: 'unknown'; detail: string }
  /** It failed before a byte left this machine; safe to send again. */
  | { kind: 'not_sent'; detail: string };

/** What a platform says it will still take of the whole app, near the end of it. */
export interface Allowance {
  remaining: number;
  /** When it begins anew. */
  until: Date;
}

export type OutcomeKind = Outcome['kind'];

/** Why a delivery ended without a post. PLATFORM facts give each its row; the words for people are in src/web. */
export const REFUSAL_REASONS = [
  'reauthorize',
  'account_suspended',
  'account_locked',
  'account_inactive',
  'account_gone',
  'account_moved',
  'account_memorial',
  'account_limited',
  'account_pending',
  'terms_to_accept',
  'no_text_posts',
  'posting_barred',
  /** What is posted to is no account but a page: it is gone, or its owner may not post to it any more. */
  'page_gone',
  /** The signer of the post is not let in. */
  'key_barred',
  /** Posts are taken only of those who pay, or are known. */
  'relay_members_only',
  'duplicate',
  'text_invalid',
  'quota_user',
  'quota_app',
  'app_problem',
  'platform_down',
  'challenged',
  'window_expired',
  'consent_mismatch',
  'stopped',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
