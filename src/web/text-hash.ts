import { createHash } from 'node:crypto';

/** The fingerprint of a text that the join form carries: SHA-256 of its UTF-8 bytes, in hex. */
export function textHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
