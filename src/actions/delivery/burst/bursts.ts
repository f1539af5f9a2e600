import type { Context } from '../../../context.ts';
import type { Platform } from '../../../platforms/platform.ts';
import type { CampaignRecord } from '../../../store/campaign.ts';
import { type Burst, createBurst } from './burst.ts';
import type { BurstShard } from './burst-entry.ts';
import { type BurstStore, createBurstStore } from './burst-store.ts';
import { createHostGates, type HostGate } from './host-gate.ts';
import { createOutcomeWriter, type OutcomeWriter } from './outcome-writer.ts';
import { warmUp } from './warm-up.ts';

/** What one process has under way. */
interface Bursts {
  store: BurstStore;
  writer: OutcomeWriter;
  gateFor: (platform: Platform, host: string) => HostGate;
  /** By platform, host and instant. */
  open: Map<string, Burst>;
  /** Names of platforms. */
  warmedUp: Set<string>;
}

/** There is no warm-up for a burst that is nearer than this. */
const WARM_UP_AHEAD_MS = 6_000;

const perProcess = new WeakMap<Context, Bursts>();

/** The burst of this process to one host at one instant; shards that are due together share it. */
export function getBurst(
  ctx: Context,
  platform: Platform,
  { campaign, host, leased }: Omit<BurstShard, 'prepared' | 'signal'>,
  notBeforeMs: number,
): Burst {
  const bursts = getBursts(ctx);
  const key = `${platform.name} ${leased.host} ${host} ${notBeforeMs}`;
  const known = bursts.open.get(key);
  if (known) return known;
  const burst = createBurst({
    ctx,
    platform,
    host,
    gate: bursts.gateFor(platform, leased.host),
    writer: bursts.writer,
    store: bursts.store,
    notBeforeMs,
    onDrained: () => bursts.open.delete(key),
  });
  bursts.open.set(key, burst);
  if (notBeforeMs - ctx.clock.now() > WARM_UP_AHEAD_MS) warmUpOnce(ctx, bursts, platform, campaign);
  return burst;
}

/** Once for each platform in the life of the process, while nothing is on the way. */
function warmUpOnce(
  ctx: Context,
  { warmedUp }: Bursts,
  platform: Platform,
  campaign: CampaignRecord,
): void {
  if (warmedUp.has(platform.name)) return;
  warmedUp.add(platform.name);
  warmUp(ctx, platform, campaign).catch((error: Error) =>
    ctx.log.warn({ error: error.message }, 'not rehearsed'),
  );
}

function getBursts(ctx: Context): Bursts {
  const known = perProcess.get(ctx);
  if (known) return known;
  const store = createBurstStore(ctx);
  const bursts: Bursts = {
    store,
    writer: createOutcomeWriter(ctx, store),
    gateFor: createHostGates(ctx),
    open: new Map(),
    warmedUp: new Set(),
  };
  perProcess.set(ctx, bursts);
  return bursts;
}
