import type { Context } from '../context.ts';
import { measureOffset } from '../store/clock.ts';

/** True while the records answer. */
export async function isReady(ctx: Context): Promise<boolean> {
  try {
    await measureOffset(ctx.db, 1);
    return true;
  } catch {
    return false;
  }
}
