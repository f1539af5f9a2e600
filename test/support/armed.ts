import { sql } from 'kysely';
import type { Db } from '../../src/store/connection/database.ts';
import { type ArmedDelivery, armShard, type LeasedDelivery } from '../../src/store/delivery.ts';
import { createDeliveries, type LeasedShard, leaseShard } from '../../src/store/shard.ts';
import { openPost, type RemotePost } from '../../src/store/vault/sealed-post.ts';
import type { Vault } from '../../src/store/vault/vault.ts';
import { type CampaignRow, insertCampaignRow, insertPledges, type Records } from './rows.ts';

/** A shard that a worker holds, with everything in it armed. */
export interface Armed {
  campaignId: string;
  leased: LeasedShard;
  armed: ArmedDelivery[];
  /** Of the deliveries, in the order of `armed`. */
  ids: string[];
  /** The same, as held under `held`. */
  entries: LeasedDelivery[];
  pledges: string[];
}

/** What comes into doubt may be looked for at once. */
export const AT_ONCE = { afterMs: 0, markedForMs: 0 };

/** A campaign of one shard with `count` deliveries, leased and armed. */
export async function armedShard(
  records: Records,
  count: number,
  change: Partial<CampaignRow> = {},
): Promise<Armed> {
  const db = 'vault' in records ? records.db : records;
  const campaignId = await insertCampaignRow(records, change);
  const pledges = await insertPledges(records, campaignId, count);
  await createDeliveries(db, { campaignId, size: count }, new Date());
  const shard = await db
    .selectFrom('shard')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .executeTakeFirstOrThrow();
  const leased = await mustLease(db, shard.id, 'holder');
  const armed = await armShard(db, leased, 'holder', AT_ONCE);
  const ids = armed.map((delivery) => delivery.id);
  return { campaignId, leased, armed, ids, entries: entriesOf(leased, ids), pledges };
}

/** These deliveries, as whoever has this lease holds them. */
export function entriesOf(leased: LeasedShard, ids: readonly string[]): LeasedDelivery[] {
  return ids.map((deliveryId) => ({ deliveryId, shardId: leased.id, lease: leased.lease }));
}

/** The holder is gone without a word, and somebody else takes the shard over. */
export async function leaseAgain(db: Db, leased: LeasedShard): Promise<LeasedShard> {
  await sql`update shard set leased_until = now() - interval '1 second'
    where id = ${leased.id}`.execute(db);
  return mustLease(db, leased.id, 'successor');
}

async function mustLease(db: Db, id: string, worker: string): Promise<LeasedShard> {
  const leased = await leaseShard(db, id, worker, 60_000);
  if (!leased) throw new Error('Somebody else holds the shard');
  return leased;
}

export interface AttemptRow {
  delivery_id: string;
  number: number;
  worker: string;
  outcome: string;
  detail: string;
  sent_at: Date | null;
  answered_at: Date;
}

/** The ledger of a campaign, in the order of writing. */
export async function attemptsOf(db: Db, campaignId: string): Promise<AttemptRow[]> {
  const { rows } = await sql<AttemptRow>`
    select delivery_id, number, worker, outcome, detail, sent_at, answered_at
    from attempt where campaign_id = ${campaignId} order by id`.execute(db);
  return rows;
}

/** Where the posts of a campaign are at their platform, by delivery, in the order of their ids. */
export async function postsOf(
  { db, vault }: { db: Db; vault: Vault },
  campaignId: string,
): Promise<Map<string, RemotePost>> {
  const rows = await db
    .selectFrom('delivery')
    .select(['id', 'platform', 'sealed'])
    .where('campaign_id', '=', campaignId)
    .where('sealed', 'is not', null)
    .orderBy('id')
    .execute();
  const posts = rows.map(async ({ id, platform, sealed }): Promise<[string, RemotePost]> => {
    return [id, await openPost(vault, db, { id, campaignId, platform, sealed })];
  });
  return new Map(await Promise.all(posts));
}
