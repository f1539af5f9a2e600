import type { Reconciled } from '../platform.ts';

/**
 * It is not possible to look: reading a member's posts takes `r_member_social`, which LinkedIn gives to no ordinary app. What is left is
 * REPOST_UNDECIDED: the same post again, to the byte, which LinkedIn refuses with DUPLICATE_POST when it has the first one.
 */
export async function reconcilePost(): Promise<Reconciled> {
  return { kind: 'undecided', detail: 'LinkedIn lets no app read it back' };
}
