import type { Context } from '../../context.ts';
import { type CurveBar, curve, type Lateness, summarise } from '../../domain/lateness.ts';
import { readLateness } from '../../store/report.ts';

/** How a campaign's posts went out, for everybody. */
export interface BurstFigures {
  lateness: Lateness | null;
  curve: readonly CurveBar[];
}

/** As many as one page wants; fewer bars than operators see. */
const BARS = 32;
const REMEMBERED = 50;
const bursts = new Map<string, BurstFigures>();

/** Read once for as many posts as there are: what has been posted stays as it was. */
export async function readBurst(
  ctx: Context,
  campaignId: string,
  posted: number,
): Promise<BurstFigures> {
  const key = `${campaignId} ${posted}`;
  const known = bursts.get(key);
  if (known) return known;
  const late = await readLateness(ctx.db, campaignId);
  const burst = { lateness: summarise(late), curve: curve(late, BARS) };
  if (bursts.size >= REMEMBERED) bursts.clear();
  bursts.set(key, burst);
  return burst;
}
