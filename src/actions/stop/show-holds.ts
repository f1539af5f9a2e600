import type { Context } from '../../context.ts';
import { listStandingHolds, type StandingHold } from '../../store/stop/hold.ts';

/** Everything that is held now, and by whom; the oldest first. */
export async function showHolds(ctx: Context): Promise<StandingHold[]> {
  return listStandingHolds(ctx.db);
}
