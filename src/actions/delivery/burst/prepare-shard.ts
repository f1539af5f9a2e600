import { inParallel } from '../../../async/in-parallel.ts';
import type { Context } from '../../../context.ts';
import { textHash } from '../../../domain/consent.ts';
import { SealError } from '../../../domain/errors.ts';
import type { Platform, PostOrder, PreparedPost } from '../../../platforms/platform.ts';
import type { CampaignRecord } from '../../../store/campaign.ts';
import { type CredentialRecord, findLiveCredentials } from '../../../store/credential.ts';
import { type ArmedDelivery, keepStaged, putOff, refuseArmed } from '../../../store/delivery.ts';
import type { LeasedShard } from '../../../store/shard.ts';
import { type OpenedOrder, openOrder } from './open-order.ts';
import { alarmRefusedTexts } from './text-alarm.ts';

/** A delivery with its post ready to go. What is sealed or long is in the post by now, so that a burst holds it once. */
export interface PreparedDelivery {
  delivery: Pick<ArmedDelivery, 'id' | 'pledgeId' | 'attempts' | 'doubted' | 'refreshed'>;
  send: PreparedPost;
}

interface LoadedShard {
  leased: LeasedShard;
  campaign: CampaignRecord;
}

/** Steps before the moment under way at a time. */
const STAGES = 16;

/** How long a delivery waits that cannot be opened: for a worker that has the right master key. */
const UNOPENED_MS = 30_000;

/**
 * Decrypts and puts together every post of a shard ahead of the moment, by the host that it goes to. The last hop of consent:
 * a text or content warning that is not, to the byte, the one consented to is refused here, and so is a pledge whose grant is gone. What cannot be
 * opened is put off and does not hold up the others.
 */
export async function prepareShard(
  ctx: Context,
  platform: Platform,
  shard: LoadedShard,
  deliveries: readonly ArmedDelivery[],
): Promise<Map<string, PreparedDelivery[]>> {
  const { leased } = shard;
  const opened = await openOrders(ctx, shard, deliveries);
  const ready = new Map<string, PreparedDelivery[]>();
  for (const { delivery, order } of await stagePosts(ctx, platform, shard, opened.able)) {
    const host = platform.hostOf(order.account, order.grant);
    const there = ready.get(host) ?? [];
    there.push({ delivery: withoutContent(delivery), send: platform.prepare(order) });
    ready.set(host, there);
  }
  await refuseArmed(ctx.db, leased, toIds(opened.mismatched), 'consent_mismatch');
  await refuseArmed(ctx.db, leased, toIds(opened.orphaned), 'dead');
  await putOffUnopened(ctx, leased, opened.unopened);
  return ready;
}

interface OpenedOrders {
  able: { delivery: ArmedDelivery; order: PostOrder }[];
  /** Their text is not the one that was agreed to. */
  mismatched: ArmedDelivery[];
  /** Their grant is gone. */
  orphaned: ArmedDelivery[];
  /** What is sealed in their rows does not open here. */
  unopened: ArmedDelivery[];
}

async function openOrders(
  ctx: Context,
  shard: LoadedShard,
  deliveries: readonly ArmedDelivery[],
): Promise<OpenedOrders> {
  const ids = deliveries.map((delivery) => delivery.pledgeId);
  const records = await findLiveCredentials(ctx.db, ids);
  const byPledge = new Map(records.map((record) => [record.pledgeId, record]));
  const opened: OpenedOrders = { able: [], mismatched: [], orphaned: [], unopened: [] };
  for (const delivery of deliveries) {
    const record = byPledge.get(delivery.pledgeId);
    if (!record) {
      opened.orphaned.push(delivery);
      continue;
    }
    const one = await tryToOpen(ctx, shard, delivery, record);
    if (!one) opened.unopened.push(delivery);
    else if (hashText(one.order) !== one.consent.textHash) opened.mismatched.push(delivery);
    else opened.able.push({ delivery, order: one.order });
  }
  return opened;
}

/** Of all that will be posted. */
function hashText({ text, contentWarning }: PostOrder): string {
  return textHash(text, contentWarning);
}

/** Null when it does not open. */
async function tryToOpen(
  ctx: Context,
  { campaign }: LoadedShard,
  delivery: ArmedDelivery,
  record: CredentialRecord,
): Promise<OpenedOrder | null> {
  try {
    return await openOrder(ctx, campaign, delivery, record);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

async function putOffUnopened(
  ctx: Context,
  leased: LeasedShard,
  unopened: readonly ArmedDelivery[],
): Promise<void> {
  if (unopened.length === 0) return;
  ctx.log.error(
    { campaign: leased.campaignId, platform: leased.platform, count: unopened.length },
    'sealed accounts or grants cannot be opened here; is it the master key that they were sealed under?',
  );
  const again = Math.max(ctx.clock.now(), leased.dueAt.getTime()) + UNOPENED_MS;
  await putOff(ctx.db, leased, toIds(unopened), new Date(again));
}

/** Takes the platform's step before the moment for those that it has not been taken for. */
async function stagePosts(
  ctx: Context,
  platform: Platform,
  { leased }: LoadedShard,
  able: OpenedOrders['able'],
): Promise<OpenedOrders['able']> {
  if (!platform.stage) return able;
  const tokens = new Map<string, string>();
  const refused = new Map<string, string>();
  const missing = able.filter(({ order }) => order.staged === null);
  await inParallel(missing, STAGES, async ({ delivery, order }) => {
    if (ctx.stopping.aborted) return;
    const result = await platform.stage?.(order);
    if (result?.kind === 'staged') tokens.set(delivery.id, result.token);
    else if (result && platform.isAboutText?.(result.detail)) {
      refused.set(order.locale, result.detail);
    }
  });
  await alarmRefusedTexts(ctx, platform, leased.campaignId, refused);
  await keepStaged(
    ctx.db,
    ctx.vault,
    leased,
    [...tokens].map(([id, token]) => ({ id, token })),
  );
  for (const { delivery, order } of able) order.staged ??= tokens.get(delivery.id) ?? null;
  return able;
}

function withoutContent(delivery: ArmedDelivery): PreparedDelivery['delivery'] {
  const { id, pledgeId, attempts, doubted, refreshed } = delivery;
  return { id, pledgeId, attempts, doubted, refreshed };
}

function toIds(deliveries: readonly ArmedDelivery[]): string[] {
  return deliveries.map((delivery) => delivery.id);
}
