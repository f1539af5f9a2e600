import type { Context } from '../../context.ts';
import { textHash } from '../../domain/consent.ts';
import type { Grant, Platform, PostOrder, PreparedPost } from '../../platforms/platform.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { findLiveCredentials } from '../../store/credential.ts';
import { type ArmedDelivery, keepStaged, refuseArmed } from '../../store/delivery.ts';
import type { ShardLease } from '../../store/shard.ts';
import { openAccount, openGrant } from '../credential-access.ts';
import { inParallel } from '../in-parallel.ts';

/** A delivery with its post ready to go. What is sealed or long is in the post by now, so that a burst holds it once. */
export interface Ready {
  delivery: Omit<ArmedDelivery, 'account' | 'text' | 'textHash' | 'locale' | 'staged'>;
  send: PreparedPost;
}

interface LoadedShard {
  held: ShardLease;
  campaign: CampaignRecord;
}

/** Steps before the moment under way at a time. */
const STAGES = 16;

/**
 * Decrypts and puts together every post of a shard ahead of the moment, by the host that it goes to. The last hop of consent:
 * a text that is not, to the byte, the one consented to is refused here, and so is a pledge whose grant is gone.
 */
export async function prepareShard(
  ctx: Context,
  platform: Platform,
  shard: LoadedShard,
  deliveries: readonly ArmedDelivery[],
): Promise<Map<string, Ready[]>> {
  const { held } = shard;
  const consented = deliveries.filter((delivery) => textHash(delivery.text) === delivery.textHash);
  const grants = await openGrants(ctx, consented);
  const able = consented.filter((delivery) => grants.has(delivery.pledgeId));
  const orders = await Promise.all(
    able.map((delivery) => orderOf(ctx, shard, delivery, grants.get(delivery.pledgeId) as Grant)),
  );
  const staged = await stage(ctx, platform, shard, orders);
  const ready = new Map<string, Ready[]>();
  for (const [index, delivery] of able.entries()) {
    const order = staged[index] as PostOrder;
    const host = platform.hostOf(order.account, order.grant);
    const there = ready.get(host) ?? [];
    there.push({ delivery: slim(delivery), send: platform.prepare(order) });
    ready.set(host, there);
  }
  const isConsented = new Set(consented);
  const mismatched = deliveries.filter((delivery) => !isConsented.has(delivery));
  const orphaned = consented.filter((delivery) => !grants.has(delivery.pledgeId));
  await refuseArmed(ctx.db, held, idsOf(mismatched), 'consent_mismatch');
  await refuseArmed(ctx.db, held, idsOf(orphaned), 'reauthorize');
  return ready;
}

async function orderOf(
  ctx: Context,
  { campaign }: LoadedShard,
  delivery: ArmedDelivery,
  grant: Grant,
): Promise<PostOrder> {
  return {
    deliveryId: delivery.id,
    account: await openAccount(ctx, { ...delivery, id: delivery.pledgeId }),
    grant,
    text: delivery.text,
    locale: delivery.locale,
    moment: campaign.moment.instant,
    staged: delivery.staged,
  };
}

/** Takes the platform's step before the moment for those that it has not been taken for. */
async function stage(
  ctx: Context,
  platform: Platform,
  { held }: LoadedShard,
  orders: readonly PostOrder[],
): Promise<readonly PostOrder[]> {
  if (!platform.stage) return orders;
  const tokens = new Map<string, string>();
  const missing = orders.filter((order) => order.staged === null);
  await inParallel(missing, STAGES, async (order) => {
    if (ctx.stopping.aborted) return;
    const result = await platform.stage?.(order);
    if (result?.kind === 'staged') tokens.set(order.deliveryId, result.token);
  });
  await keepStaged(
    ctx.db,
    held,
    [...tokens].map(([id, token]) => ({ id, token })),
  );
  return orders.map((order) => ({
    ...order,
    staged: order.staged ?? tokens.get(order.deliveryId) ?? null,
  }));
}

function slim(delivery: ArmedDelivery): Ready['delivery'] {
  const { id, pledgeId, campaignId, platform, attempts, doubted, refreshed } = delivery;
  return { id, pledgeId, campaignId, platform, attempts, doubted, refreshed };
}

async function openGrants(
  ctx: Context,
  deliveries: readonly ArmedDelivery[],
): Promise<Map<string, Grant>> {
  const records = await findLiveCredentials(
    ctx.db,
    deliveries.map((delivery) => delivery.pledgeId),
  );
  const grants = new Map<string, Grant>();
  for (const record of records) {
    grants.set(record.pledgeId, await openGrant(ctx, record));
  }
  return grants;
}

function idsOf(deliveries: readonly ArmedDelivery[]): string[] {
  return deliveries.map((delivery) => delivery.id);
}
