import type { Context } from '../../context.ts';
import { measureOffset } from '../../store/connection/clock.ts';
import { dropLate, latePlatforms } from '../../store/too-late.ts';
import { aheadMs, checkClock, untilHeard } from '../health/check-clock.ts';

/** Ends what was not sent in time, unless it is only a clock which has been set ahead meanwhile that says so. */
export async function dropWhatIsLate(ctx: Context): Promise<void> {
  const platforms = await latePlatforms(ctx.db);
  if (platforms.length === 0) return;
  await untilHeard(ctx, platforms);
  const measured = await measureOffset(ctx.db);
  await checkClock(ctx, measured);
  await dropLate(ctx.db, aheadMs(ctx, measured));
}
