import type { Context } from '../../context.ts';
import { textHash } from '../../domain/consent.ts';
import type { Grant, Platform, PreparedPost } from '../../platforms/platform.ts';
import { findLiveCredentials } from '../../store/credential.ts';
import { type ArmedDelivery, refuseArmed } from '../../store/delivery.ts';
import type { ShardLease } from '../../store/shard.ts';
import { openAccount, openGrant } from '../credential-access.ts';

/** A delivery with its post ready to go. */
export interface Ready {
  delivery: ArmedDelivery;
  send: PreparedPost;
}

/**
 * Decrypts and puts together every post of a shard ahead of the moment. The last hop of consent: a text that is not, to the
 * byte, the one consented to is refused here, and so is a pledge whose grant is gone.
 */
export async function prepareShard(
  ctx: Context,
  platform: Platform,
  held: ShardLease,
  deliveries: readonly ArmedDelivery[],
): Promise<Ready[]> {
  const consented = deliveries.filter((delivery) => textHash(delivery.text) === delivery.textHash);
  const grants = await openGrants(ctx, consented);
  const ready: Ready[] = [];
  for (const delivery of consented) {
    const grant = grants.get(delivery.pledgeId);
    if (!grant) continue;
    const account = await openAccount(ctx, { ...delivery, id: delivery.pledgeId });
    const order = { deliveryId: delivery.id, account, grant, text: delivery.text };
    ready.push({ delivery, send: platform.prepare(order) });
  }
  const isConsented = new Set(consented);
  const mismatched = deliveries.filter((delivery) => !isConsented.has(delivery));
  const orphaned = consented.filter((delivery) => !grants.has(delivery.pledgeId));
  await refuseArmed(ctx.db, held, idsOf(mismatched), 'consent_mismatch');
  await refuseArmed(ctx.db, held, idsOf(orphaned), 'reauthorize');
  return ready;
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
