import type { Context } from '../../context.ts';
import type { Platform } from '../../platforms/platform.ts';
import { type Burst, createBurst } from './burst.ts';
import { createLanes, type Lane } from './lane.ts';
import { createOutcomeWriter, type OutcomeWriter } from './outcome-writer.ts';

/** What one process has under way. */
interface Bursts {
  writer: OutcomeWriter;
  laneOf: (platform: Platform) => Lane;
  /** By platform and instant. */
  open: Map<string, Burst>;
}

const perProcess = new WeakMap<Context, Bursts>();

/** The burst of this process to one platform at one instant; shards that are due together share it. */
export function burstAt(ctx: Context, platform: Platform, notBeforeMs: number): Burst {
  const bursts = burstsOf(ctx);
  const key = `${platform.name} ${notBeforeMs}`;
  const known = bursts.open.get(key);
  if (known) return known;
  const burst = createBurst({
    ctx,
    platform,
    lane: bursts.laneOf(platform),
    writer: bursts.writer,
    notBeforeMs,
    drained: () => bursts.open.delete(key),
  });
  bursts.open.set(key, burst);
  return burst;
}

function burstsOf(ctx: Context): Bursts {
  const known = perProcess.get(ctx);
  if (known) return known;
  const bursts = { writer: createOutcomeWriter(ctx), laneOf: createLanes(ctx), open: new Map() };
  perProcess.set(ctx, bursts);
  return bursts;
}
