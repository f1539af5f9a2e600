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
  /** Names of platforms. */
  rehearsed: Set<string>;
}

/** Posts rehearsed before the first burst to a platform, and how far off that has to be for it. */
const REHEARSED = 4_000;
const REHEARSE_AHEAD_MS = 6_000;

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
  if (notBeforeMs - ctx.clock.now() > REHEARSE_AHEAD_MS) rehearseOnce(ctx, bursts, platform);
  return burst;
}

/** Once for each platform in the life of the process, while nothing is on the way. */
function rehearseOnce(ctx: Context, bursts: Bursts, platform: Platform): void {
  if (bursts.rehearsed.has(platform.name)) return;
  bursts.rehearsed.add(platform.name);
  platform
    .rehearse(REHEARSED)
    .catch((error: Error) => ctx.log.warn({ error: error.message }, 'not rehearsed'));
}

function burstsOf(ctx: Context): Bursts {
  const known = perProcess.get(ctx);
  if (known) return known;
  const bursts: Bursts = {
    writer: createOutcomeWriter(ctx),
    laneOf: createLanes(ctx),
    open: new Map(),
    rehearsed: new Set(),
  };
  perProcess.set(ctx, bursts);
  return bursts;
}
