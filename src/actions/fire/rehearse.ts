import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { createCrash } from '../../crash.ts';
import type { Platform, PreparedPost } from '../../platforms/platform.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import type { ShardLease } from '../../store/shard.ts';
import { createBurst } from './burst.ts';
import type { BurstShard } from './entry.ts';
import type { Lane } from './lane.ts';
import { createOutcomeWriter } from './outcome-writer.ts';
import { noRecords } from './records.ts';

const POSTS = 5_000;
const OPEN: Lane = {
  isHeld: () => false,
  hasRoom: () => true,
  begin: () => undefined,
  heed: () => undefined,
};

/**
 * A burst like the one to come, but to a server of our own and with nothing written down. Node compiles what it has run a few
 * thousand times: without this, the first second of a burst costs two to three times the CPU of the next.
 */
export async function rehearse(
  ctx: Context,
  platform: Platform,
  campaign: CampaignRecord,
): Promise<void> {
  if (!platform.rehearsal) return;
  const { post, dispose } = await platform.rehearsal();
  // Crash points count real passes.
  const stage: Context = { ...ctx, crash: createCrash('') };
  const records = noRecords(stage);
  const burst = createBurst({
    ctx: stage,
    platform: { ...platform, warm: async () => null },
    host: '',
    lane: OPEN,
    writer: createOutcomeWriter(stage, records),
    records,
    notBeforeMs: ctx.clock.now(),
    drained: () => undefined,
  });
  await burst.join(shardOf(ctx, platform, campaign, post));
  dispose();
}

function shardOf(
  ctx: Context,
  platform: Platform,
  campaign: CampaignRecord,
  send: PreparedPost,
): BurstShard {
  const base = { campaignId: campaign.id, platform: platform.name };
  const held: ShardLease = { ...base, host: '', id: randomUUID(), dueAt: new Date(0), lease: 1 };
  const state = { attempts: 0, doubted: false, refreshed: false };
  const ready = Array.from({ length: POSTS }, () => ({
    delivery: { ...state, id: randomUUID(), pledgeId: randomUUID() },
    send,
  }));
  return { held, campaign, host: '', ready, signal: ctx.stopping };
}
