import type { RefusalReason } from '../domain/outcome.ts';
import type { Probe } from './platform.ts';

/** Refusals of an account that its owner or its moderators may end before the moment; the grant is as good as it was then. */
const MAY_PASS: ReadonlySet<RefusalReason> = new Set([
  'account_locked',
  'account_pending',
  'account_inactive',
  'posting_barred',
]);

/** What a probe says of a grant whose account its network does not let post, and says why. */
export function probeOfRefused(reason: RefusalReason, detail: string): Probe {
  return MAY_PASS.has(reason)
    ? { kind: 'barred', reason, detail }
    : { kind: 'dead', detail, reason };
}
