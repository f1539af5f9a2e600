import type { Context } from '../../context.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { type Burst, createBurst } from './burst.ts';
import type { BurstShard } from './entry.ts';
import { createLanes, type Lane } from './lane.ts';
import { createOutcomeWriter, type OutcomeWriter } from './outcome-writer.ts';
import { type Records, recordsOf } from './records.ts';
import { rehearse } from './rehearse.ts';

/** What one process has under way. */
interface Bursts {
  records: Records;
  writer: OutcomeWriter;
  laneOf: (platform: Platform, host: string) => Lane;
  /** By platform, host and instant. */
  open: Map<string, Burst>;
  /** Names of platforms. */
  rehearsed: Set<string>;
}

/** A burst that is nearer than this is not rehearsed. */
const REHEARSE_AHEAD_MS = 6_000;

const perProcess = new WeakMap<Context, Bursts>();

/** The burst of this process to one host at one instant; shards that are due together share it. */
export function burstAt(
  ctx: Context,
  platform: Platform,
  { campaign, host, held }: Omit<BurstShard, 'ready' | 'signal'>,
  notBeforeMs: number,
): Burst {
  const bursts = burstsOf(ctx);
  const key = `${platform.name} ${held.host} ${host} ${notBeforeMs}`;
  const known = bursts.open.get(key);
  if (known) return known;
  const burst = createBurst({
    ctx,
    platform,
    host,
    lane: bursts.laneOf(platform, held.host),
    writer: bursts.writer,
    records: bursts.records,
    notBeforeMs,
    drained: () => bursts.open.delete(key),
  });
  bursts.open.set(key, burst);
  if (notBeforeMs - ctx.clock.now() > REHEARSE_AHEAD_MS)
    rehearseOnce(ctx, bursts, platform, campaign);
  return burst;
}

/** Once for each platform in the life of the process, while nothing is on the way. */
function rehearseOnce(
  ctx: Context,
  { rehearsed }: Bursts,
  platform: Platform,
  campaign: CampaignRecord,
): void {
  if (rehearsed.has(platform.name)) return;
  rehearsed.add(platform.name);
  rehearse(ctx, platform, campaign).catch((error: Error) =>
    ctx.log.warn({ error: error.message }, 'not rehearsed'),
  );
}

function burstsOf(ctx: Context): Bursts {
  const known = perProcess.get(ctx);
  if (known) return known;
  const records = recordsOf(ctx);
  const bursts: Bursts = {
    records,
    writer: createOutcomeWriter(ctx, records),
    laneOf: createLanes(ctx),
    open: new Map(),
    rehearsed: new Set(),
  };
  perProcess.set(ctx, bursts);
  return bursts;
}
