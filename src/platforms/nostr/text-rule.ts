import { countCodePoints } from '../../domain/text/count.ts';
import type { TextRule } from '../../domain/text-rule.ts';

/**
 * The protocol has no limit. Relays have: of the length of a message, 128 KiB and more as a rule, and some of
 * `max_content_length` (NIP-11), 8,196 in its example. Characters, as NIP-11 counts them.
 */
export const nostrTextRule: TextRule = {
  platform: 'nostr',
  label: 'Nostr',
  limit: 5_000,
  measure: countCodePoints,
};
