import { sql } from 'kysely';
import type { DeliveryState } from '../domain/delivery.ts';
import type { OutcomeKind, RefusalReason } from '../domain/outcome.ts';
import { DELIVERING_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import { deadReasonOf } from './credential.ts';
import { STILL_TO_GO_STATES, UNSENT_STATES } from './delivery-states.ts';
import type { LeasedShard } from './shard.ts';
import { isOnHold } from './stop/hold.ts';
import { isTooLate } from './too-late.ts';
import { type RemotePost, sealPosts, sealStages } from './vault/sealed-post.ts';
import type { Vault } from './vault/vault.ts';

/** A delivery as loaded for sending, with what its pledge promised. */
export interface ArmedDelivery {
  id: string;
  pledgeId: string;
  campaignId: string;
  platform: string;
  attempts: number;
  /** What its pledge holds; see sealed-pledge.ts. */
  sealed: Buffer;
  consentedAt: Date;
  /** What a step before the moment gave; null before it. See sealed-post.ts. */
  sealedStage: Buffer | null;
  /** An earlier attempt may have arrived, or was put off by a platform that was not well: a refusal as a duplicate then proves that it did. */
  doubted: boolean;
  /** An earlier attempt found the access token stale, and it has been refreshed since. */
  refreshed: boolean;
}

/** A delivery whose last attempt may have arrived. `restored`: it came into doubt when the database was restored from a backup. */
export type DoubtfulDelivery = ArmedDelivery & { markedAt: Date; restored: boolean };

/** What one attempt came to, ready for the records. Times are epoch milliseconds of the database clock, with a fraction. */
export interface Settlement {
  deliveryId: string;
  /** The shard and lease it was sent under; null for what reconcile found. */
  shardId: string | null;
  lease: number | null;
  campaignId: string;
  platform: string;
  /** The number of the attempt that this is about, from 1. */
  attempt: number;
  state: DeliveryState;
  /** When its turn comes again, for `waiting`, `armed` and `unconfirmed`; null where nothing comes by itself. */
  dueAt: Date | null;
  reason: RefusalReason | null;
  /** Where it is at the platform; null where there is nothing to add to what is known. */
  post: RemotePost | null;
  sentAtMs: number | null;
  answeredAtMs: number;
  /** When the network wrote its answer, by its own clock; null where it does not say. Whole seconds. */
  networkAtMs?: number | null;
  outcome: OutcomeKind;
  detail: string;
}

/**
 * Arms what a freshly leased shard still owes, under its fence. Rows found in `sending` belong to a holder that died:
 * they are in doubt, so they become `unconfirmed` with an `unknown` attempt in the ledger, and are never sent again blindly.
 * `reconcile`: they are looked for after so long, and not before their mark is so old that no send of it is under way any more.
 */
export async function armShard(
  db: Db,
  leased: LeasedShard,
  worker: string,
  reconcile: { afterMs: number; markedForMs: number },
): Promise<ArmedDelivery[]> {
  await sql`
    with doubtful as (
      update delivery set state = 'unconfirmed', shard_id = null,
        due_at = greatest(clock_timestamp() + ${reconcile.afterMs} * interval '1 millisecond',
          marked_at + ${reconcile.markedForMs} * interval '1 millisecond')
      where shard_id = ${leased.id} and state = 'sending' and fence < ${leased.lease}
      returning id, campaign_id, attempts, marked_at
    )
    insert into attempt (delivery_id, campaign_id, number, worker, answered_at, outcome, detail)
    select id, campaign_id, attempts, ${worker}, clock_timestamp(), 'unknown', 'the worker that was sending it ended'
    from doubtful`.execute(db);
  const result = await sql<LoadedRow>`
    with mine as (
      update delivery set state = 'armed', fence = ${leased.lease}, due_at = null
      where shard_id = ${leased.id} and state in (${UNSENT_STATES}) and fence < ${leased.lease}
      returning *
    )
    select ${LOADED} from mine d join pledge p on p.id = d.pledge_id`.execute(db);
  return result.rows.map(toArmedDelivery);
}

const LOADED = sql`d.id, d.pledge_id, d.campaign_id, d.platform, d.attempts, d.marked_at, d.restored is not null as restored, d.sealed_stage, p.sealed, p.consented_at,
  exists (select 1 from attempt a where a.delivery_id = d.id and a.outcome in ('unknown', 'wait')) as doubted,
  exists (select 1 from attempt a where a.delivery_id = d.id and a.outcome = 'reconnect') as refreshed`;

type LoadedRow = {
  id: string;
  pledge_id: string;
  campaign_id: string;
  platform: string;
  attempts: number;
  marked_at: Date;
  restored: boolean;
  sealed_stage: Buffer | null;
  sealed: Buffer;
  consented_at: Date;
  doubted: boolean;
  refreshed: boolean;
};

function toArmedDelivery(row: LoadedRow): ArmedDelivery {
  return {
    id: row.id,
    pledgeId: row.pledge_id,
    campaignId: row.campaign_id,
    platform: row.platform,
    attempts: row.attempts,
    sealed: row.sealed,
    consentedAt: row.consented_at,
    sealedStage: row.sealed_stage,
    doubted: row.doubted,
    refreshed: row.refreshed,
  };
}

/** A delivery together with the shard and the lease of it under which it was armed. */
export interface LeasedDelivery {
  deliveryId: string;
  shardId: string;
  lease: number;
}

/** A delivery that is in this shard and was armed under this lease of it: nobody else's. */
function whereLeased(leased: LeasedShard) {
  return sql`d.shard_id = ${leased.id} and d.fence = ${leased.lease}`;
}

/**
 * The same for many deliveries of many shards: rows `h` to join with. As JSON, since pg quotes every element of an array by
 * itself, which takes longer than all the rest of a mark.
 */
function leasedRows(entries: readonly LeasedDelivery[]) {
  return sql`json_to_recordset(${JSON.stringify(entries, ['deliveryId', 'shardId', 'lease'])}::json)
    as h ("deliveryId" uuid, "shardId" uuid, lease int)`;
}

/** A mark is made no longer than this ahead, whatever the clock of the worker says. */
const MARK_AHEAD = sql`interval '1 second'`;

/**
 * The dispatch mark: committed before the first byte goes out. Returns those that may be sent, with the database's time of
 * their mark in epoch milliseconds. Not among them is what was withdrawn, stopped, held, too late or taken over in the meantime.
 */
export async function markSending(
  db: Db,
  entries: readonly LeasedDelivery[],
  aheadMs = 0,
): Promise<Map<string, number>> {
  const result = await sql<{ id: string; at: number }>`
    update delivery d set state = 'sending', marked_at = clock_timestamp(), attempts = d.attempts + 1
    from ${leasedRows(entries)}, shard s, campaign c
    where d.id = h."deliveryId"
      and d.state = 'armed' and d.shard_id = h."shardId" and d.fence = h.lease
      and s.id = h."shardId" and s.lease = h.lease and s.due_at <= clock_timestamp() + ${MARK_AHEAD}
      and c.id = d.campaign_id and c.state in (${DELIVERING_STATES})
      and c.moment <= clock_timestamp() + ${MARK_AHEAD} and not ${isTooLate(aheadMs)}
      and not ${isOnHold('d')}
    returning d.id, (extract(epoch from d.marked_at) * 1000)::float8 as at`.execute(db);
  return new Map(result.rows.map((row) => [row.id, row.at]));
}

/** Gives marked deliveries back unsent: the mark was made, but not a byte was written. */
export async function unmark(db: Db, entries: readonly LeasedDelivery[]): Promise<void> {
  await sql`
    update delivery d set state = 'armed', attempts = d.attempts - 1
    from ${leasedRows(entries)}
    where d.id = h."deliveryId"
      and d.state = 'sending' and d.shard_id = h."shardId" and d.fence = h.lease`.execute(db);
}

/**
 * Hands armed deliveries back for whoever leases the shard next; where the platform wants to be left alone for a while, they
 * wait for the end of that.
 */
export async function disarm(db: Db, leased: LeasedShard): Promise<void> {
  await sql`
    update delivery d set state = 'waiting', due_at = h.until, shard_id = null
    from hold h
    where d.state = 'armed' and ${whereLeased(leased)}
      and h.platform = d.platform and (h.scope = 'platform' or (h.scope = 'host' and h.host = d.host))
      and h.kind = 'throttled'
      and h.until > clock_timestamp()`.execute(db);
  await sql`
    update delivery d set state = 'pending' where d.state = 'armed' and ${whereLeased(leased)}`.execute(
    db,
  );
}

/**
 * Writes what attempts came to and appends them to the ledger, in one statement for the whole batch. `by`: they were sent
 * under the leases that they name, or looked for by reconcile. A delivery that is no longer ours only gets its attempt noted,
 * except that the news of a post settles one that has come into doubt meanwhile. `again`: the same batch was tried before, and
 * may be on disk already; no attempt is noted twice. @throws NotFoundError when the key of a campaign is destroyed.
 */
export async function settle(
  db: Db,
  vault: Vault,
  worker: string,
  by: 'sending' | 'reconcile',
  batch: readonly Settlement[],
  again = false,
): Promise<void> {
  if (batch.length === 0) return;
  const ours =
    by === 'reconcile'
      ? // Whoever looked may write so late that the next attempt is in doubt by then: only a post that was found holds for that, too.
        sql`d.state = 'unconfirmed' and (d.attempts = o.attempt or o.state = 'posted')`
      : sql`((d.state = 'sending' and d.shard_id = o."shardId" and d.fence = o.lease)
          or (d.state = 'unconfirmed' and o.state = 'posted'))`;
  await sql`
    with o as (
      select * from json_to_recordset(${await sealedRows(db, vault, batch)}::json) as o (
        "deliveryId" uuid, "campaignId" uuid, attempt int, "shardId" uuid, lease int, state text, "dueAt" timestamptz,
        reason text, sealed text, "sentAtMs" float8, "answeredAtMs" float8, "networkAtMs" float8, outcome text, detail text)
    ), noted as (
      insert into attempt (delivery_id, campaign_id, number, worker, sent_at, answered_at, network_at, outcome, detail)
      select o."deliveryId", o."campaignId", o.attempt, ${worker}, to_timestamp(o."sentAtMs" / 1000),
        to_timestamp(o."answeredAtMs" / 1000), to_timestamp(o."networkAtMs" / 1000), o.outcome, o.detail from o
      ${again ? unnoted(worker) : sql``}
    )
    update delivery d set
      state = o.state, due_at = o."dueAt", reason = o.reason,
      sealed = coalesce(decode(o.sealed, 'base64'), d.sealed),
      -- Where nobody lived to tell, it was sent after its mark, and after the moment like every post.
      sent_at = case when o.state not in ('posted', 'unconfirmed') then d.sent_at
        else coalesce(to_timestamp(o."sentAtMs" / 1000), d.sent_at, greatest(d.marked_at, (
          select c.moment from campaign c where c.id = d.campaign_id))) end,
      restored = ${by === 'reconcile' ? sql`case when d.restored is null then null else 'looked' end` : sql`d.restored`},
      settled_at = case when o.state in ('posted', 'refused') then clock_timestamp() end,
      shard_id = case when o.state in ('waiting', 'armed', 'unconfirmed') then null else d.shard_id end
    from o where d.id = o."deliveryId" and ${ours}`.execute(db);
}

/** A batch as `settle` hands it over: JSON, with every post sealed. */
export async function sealedRows(
  db: Db,
  vault: Vault,
  batch: readonly Settlement[],
): Promise<string> {
  const sealed = await sealPosts(
    vault,
    db,
    batch.map(({ deliveryId: id, campaignId, platform, post }) => ({
      ...{ id, campaignId, platform, post },
    })),
  );
  return JSON.stringify(
    batch.map(({ post: _, ...rest }, index) => ({
      ...rest,
      sealed: sealed[index]?.toString('base64') ?? null,
    })),
  );
}

/** Nobody answers the same worker twice about one attempt within a microsecond. */
const unnoted = (worker: string) => sql`where not exists (
  select 1 from attempt a where a.delivery_id = o."deliveryId" and a.number = o.attempt
    and a.worker = ${worker} and a.answered_at = to_timestamp(o."answeredAtMs" / 1000))`;

/** Ends a pledge's delivery by its owner's wish. False when a post has already been marked for sending, or is over. */
export async function withdrawDelivery(db: Db, pledgeId: string): Promise<boolean> {
  const result = await sql`
    update delivery set state = 'withdrawn', due_at = null, settled_at = clock_timestamp()
    where pledge_id = ${pledgeId} and state in (${UNSENT_STATES})`.execute(db);
  return Number(result.numAffectedRows ?? 0n) === 1;
}

/** Keeps what a step before the moment gave, before anything is made of it. */
export async function keepStaged(
  db: Db,
  vault: Vault,
  leased: LeasedShard,
  staged: readonly { id: string; token: string }[],
): Promise<void> {
  if (staged.length === 0) return;
  const { campaignId, platform } = leased;
  const sealed = await sealStages(
    vault,
    db,
    staged.map((one) => ({ ...one, campaignId, platform })),
  );
  const rows = staged.map(({ id }, index) => ({ id, sealed: sealed[index]?.toString('base64') }));
  await sql`
    update delivery d set sealed_stage = decode(s.sealed, 'base64')
    from json_to_recordset(${JSON.stringify(rows)}::json) as s (id uuid, sealed text)
    where d.id = s.id and d.state = 'armed' and ${whereLeased(leased)}`.execute(db);
}

/** Puts armed deliveries off until `dueAt`; nothing is sent for them before. */
export async function putOff(
  db: Db,
  leased: LeasedShard,
  ids: readonly string[],
  dueAt: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update delivery d set state = 'waiting', due_at = ${dueAt}, shard_id = null
    where id = any(${ids}::uuid[]) and state = 'armed' and ${whereLeased(leased)}`.execute(db);
}

/** Ends deliveries before anything is sent. `why`: their text is not the one consented to, or their grant is dead. */
export async function refuseArmed(
  db: Db,
  leased: LeasedShard,
  ids: readonly string[],
  why: 'consent_mismatch' | 'dead',
): Promise<void> {
  if (ids.length === 0) return;
  const reason = why === 'dead' ? deadReasonOf('d.pledge_id') : sql`${why satisfies RefusalReason}`;
  await sql`
    update delivery d set state = 'refused', reason = ${reason}, settled_at = clock_timestamp()
    where id = any(${ids}::uuid[]) and state = 'armed' and ${whereLeased(leased)}`.execute(db);
}

/** Takes up to `limit` deliveries in doubt whose time to look has come, and keeps them from others for `holdMs`. */
export async function claimDoubtful(
  db: Db,
  campaignId: string,
  limit: number,
  holdMs: number,
): Promise<DoubtfulDelivery[]> {
  const result = await sql<LoadedRow>`
    with mine as (
      update delivery set due_at = clock_timestamp() + ${holdMs} * interval '1 millisecond'
      where id in (
        select id from delivery
        where campaign_id = ${campaignId} and state = 'unconfirmed' and due_at <= clock_timestamp()
        order by due_at limit ${limit} for update skip locked)
      returning *
    )
    select ${LOADED} from mine d join pledge p on p.id = d.pledge_id`.execute(db);
  return result.rows.map((row) => ({
    ...toArmedDelivery(row),
    markedAt: row.marked_at,
    restored: row.restored,
  }));
}

/** Which campaigns have something due now, for the sweep. */
export async function findDueWork(
  db: Db,
): Promise<{ campaign_id: string; waiting: boolean; doubtful: boolean }[]> {
  const result = await sql<{ campaign_id: string; waiting: boolean; doubtful: boolean }>`
    select campaign_id, bool_or(state <> 'unconfirmed') as waiting, bool_or(state = 'unconfirmed') as doubtful
    from delivery
    where due_at <= clock_timestamp()
      and (state = 'unconfirmed'
        or (state in ('waiting', 'armed') and not ${isOnHold('delivery')}))
    group by campaign_id`.execute(db);
  return result.rows;
}

/** True while a delivery of the campaign may still change by itself. What stays in doubt for ever has no due time. */
export async function hasUnfinished(db: Db, campaignId: string): Promise<boolean> {
  const result = await sql`
    select 1 from delivery where campaign_id = ${campaignId}
      and (state in (${STILL_TO_GO_STATES})
        or (state = 'unconfirmed' and due_at is not null))
    limit 1`.execute(db);
  return result.rows.length > 0;
}
