import { randomUUID } from 'node:crypto';
import type { Context } from '../../../context.ts';
import { createCrash } from '../../../crash.ts';
import type { Platform, PreparedPost } from '../../../platforms/platform.ts';
import type { CampaignRecord } from '../../../store/campaign.ts';
import type { LeasedShard } from '../../../store/shard.ts';
import { createBurst } from './burst.ts';
import type { BurstShard } from './burst-entry.ts';
import { createNullBurstStore } from './burst-store.ts';
import type { HostGate } from './host-gate.ts';
import { createOutcomeWriter } from './outcome-writer.ts';

const WARM_UP_POSTS = 5_000;
const ALWAYS_OPEN: HostGate = {
  isPaused: () => false,
  canAcquire: () => true,
  acquire: () => undefined,
  onOutcome: () => undefined,
};

/**
 * A burst like the one to come, but to a server of our own and with nothing written down. Node compiles what it has run a few
 * thousand times: without this, the first second of a burst costs two to three times the CPU of the next.
 */
export async function warmUp(
  ctx: Context,
  platform: Platform,
  campaign: CampaignRecord,
): Promise<void> {
  if (!platform.startWarmUp) return;
  const { post, dispose } = await platform.startWarmUp();
  // Crash points count real passes.
  const stage: Context = { ...ctx, crash: createCrash('') };
  const store = createNullBurstStore(stage);
  const burst = createBurst({
    ctx: stage,
    platform: { ...platform, openConnections: async () => null },
    host: '',
    gate: ALWAYS_OPEN,
    writer: createOutcomeWriter(stage, store),
    store,
    notBeforeMs: ctx.clock.now(),
    onDrained: () => undefined,
  });
  await burst.join(createWarmUpShard(ctx, platform, campaign, post));
  dispose();
}

function createWarmUpShard(
  ctx: Context,
  platform: Platform,
  campaign: CampaignRecord,
  send: PreparedPost,
): BurstShard {
  const base = { campaignId: campaign.id, platform: platform.name };
  const leased: LeasedShard = { ...base, host: '', id: randomUUID(), dueAt: new Date(0), lease: 1 };
  const state = { attempts: 0, doubted: false, refreshed: false };
  const prepared = Array.from({ length: WARM_UP_POSTS }, () => ({
    delivery: { ...state, id: randomUUID(), pledgeId: randomUUID() },
    send,
  }));
  return { leased, campaign, host: '', prepared, signal: ctx.stopping };
}
