import type { Context } from '../context.ts';
import { listStandingHolds, type StandingHold } from '../store/hold.ts';

/** Everything that is held now, and by whom; the oldest first. */
export async function showHolds(ctx: Context): Promise<StandingHold[]> {
  return listStandingHolds(ctx.db);
}

/** A hold as the API and the command line show it. */
export function holdAnswer(hold: StandingHold) {
  return {
    scope: hold.scope,
    subject: hold.subject,
    kind: hold.kind,
    who: hold.actor,
    since: hold.at.toISOString(),
    until: hold.until?.toISOString() ?? null,
    reason: hold.reason,
  };
}
