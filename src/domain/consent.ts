import { createHash } from 'node:crypto';

/**
 * Which wording of "what you agree to" a supporter saw. A date, raised whenever that wording changes; receipts keep the
 * one they were given under.
 */
export const POLICY_VERSION = '2026-11-29';

/**
 * What a supporter agreed to: this text, once, through this grant. Made when they join, never changed, and shown to
 * them on their receipt. The text's hash is compared again right before the post is sent.
 */
export interface ConsentReceipt {
  /** Byte for byte what will be posted. */
  text: string;
  /** The content warning that will stand before it; absent where none will. */
  contentWarning?: string;
  /** `textHash(text, contentWarning)`. */
  textHash: string;
  /** What the grant allows, as the platform spells it. */
  scope: string;
  consentedAt: Date;
  /** POLICY_VERSION at that time. */
  policyVersion: string;
}

/**
 * SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits: `printf %s "$TEXT" | sha256sum`. A content warning stands
 * before the text and a zero byte, which no text holds: `printf '%s\0%s' "$WARNING" "$TEXT" | sha256sum`.
 */
export function textHash(text: string, contentWarning: string | null = null): string {
  const whole = contentWarning === null ? text : `${contentWarning}\0${text}`;
  return createHash('sha256').update(whole, 'utf8').digest('hex');
}
