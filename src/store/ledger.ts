import { type RawBuilder, sql } from 'kysely';
import {
  type LedgerEntry,
  type LedgerHead,
  startHash,
  UNSEALED_AROUND_MOMENT,
} from '../domain/ledger.ts';
import { DELIVERY_OVER_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';

/** An entry nobody has sealed yet, and the row it is of. */
export interface UnsealedEntry {
  id: string;
  entry: LedgerEntry;
}

/** An entry as it was sealed, with its place in the chain. */
export interface SealedEntry extends LedgerHead {
  entry: LedgerEntry;
}

/** The campaign's ledger may be sealed now: its burst is not under way. `c` is the campaign. */
function isCalm() {
  const { beforeMs, afterMs } = UNSEALED_AROUND_MOMENT;
  return sql`(c.state in (${DELIVERY_OVER_STATES}) or clock_timestamp() not between
    c.moment - ${beforeMs} * interval '1 millisecond' and c.moment + ${afterMs} * interval '1 millisecond')`;
}

/** Whether the campaign's ledger may be sealed now. False while the database belongs to its burst. */
export async function maySeal(db: Db, campaignId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from campaign c where c.id = ${campaignId} and ${isCalm()}`.execute(db);
  return rows.length > 0;
}

/** Campaigns with something to seal that may be sealed now. */
export async function findUnsealed(db: Db): Promise<string[]> {
  // Ordered, so that the first of the index answers, whatever the planner thinks how many there are.
  const { rows } = await sql<{ id: string }>`
    select c.id from campaign c
    where ${isCalm()} and coalesce(
      (select true from attempt a where a.campaign_id = c.id and a.hash is null
        order by a.answered_at, a.id limit 1),
      (select true from campaign_event e where e.campaign_id = c.id and e.hash is null
        order by e.at, e.id limit 1),
      false)`.execute(db);
  return rows.map((row) => row.id);
}

/** Where a campaign's chain ends. One that has none begins here. */
export async function openHead(db: Db, campaignId: string): Promise<LedgerHead> {
  await sql`
    insert into ledger_head (campaign_id, position, hash)
    values (${campaignId}, 0, ${startHash(campaignId)}) on conflict do nothing`.execute(db);
  const { rows } = await sql<LedgerHead>`
    select position::float8 as position, hash from ledger_head
    where campaign_id = ${campaignId}`.execute(db);
  const [head] = rows;
  if (!head) throw new Error('The head of a ledger has gone');
  return head;
}

/**
 * Makes this transaction the campaign's one sealer. Null when the burst is under way or, unless it is to `wait` for its turn,
 * when somebody else is sealing. The row is the lock.
 */
export async function lockHead(
  db: Db,
  campaignId: string,
  wait: boolean,
): Promise<LedgerHead | null> {
  const { rows } = await sql<LedgerHead>`
    select h.position::float8 as position, h.hash
    from ledger_head h join campaign c on c.id = h.campaign_id
    where h.campaign_id = ${campaignId} and ${isCalm()}
    for update of h ${wait ? sql`` : sql`skip locked`}`.execute(db);
  return rows[0] ?? null;
}

/** The next `limit` unsealed entries at or after `from` (a time as in an entry, or `-infinity`), in the order of time. */
export async function readUnsealed(
  db: Db,
  campaignId: string,
  from: string,
  limit: number,
): Promise<UnsealedEntry[]> {
  const { rows } = await sql<Row & { id: string }>`
    select * from (
      (select ${ATTEMPT}, a.id::text as id, a.answered_at as time, a.id as number_in_table from attempt a
        where a.campaign_id = ${campaignId} and a.hash is null and a.answered_at >= ${from}::timestamptz
        order by a.answered_at, a.id limit ${limit})
      union all
      (select ${EVENT}, e.id::text, e.at, e.id from campaign_event e
        where e.campaign_id = ${campaignId} and e.hash is null and e.at >= ${from}::timestamptz
        order by e.at, e.id limit ${limit})
    ) entry order by time, kind, number_in_table limit ${limit}`.execute(db);
  return rows.map((row) => ({ id: row.id, entry: toEntry(row) }));
}

/**
 * Seals entries that `lockHead` keeps others from: each gets its place, in the order given, and the chain ends in the last.
 * One statement a table; in a transaction. @throws when a row has gone or was sealed already.
 */
export async function writeSeals(
  db: Db,
  campaignId: string,
  entries: readonly UnsealedEntry[],
  heads: readonly LedgerHead[],
): Promise<void> {
  const last = heads.at(-1);
  if (!last) return;
  // Each row by its key: the planner would rather read the whole table for every page, at a quadratic cost in all.
  await sql`
    select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(
    db,
  );
  let written = 0;
  for (const [kind, table] of TABLES) {
    const sealed = entries.flatMap(({ id, entry }, index) => {
      const head = entry.kind === kind ? heads[index] : undefined;
      return head ? [{ id, ...head }] : [];
    });
    if (sealed.length === 0) continue;
    const result = await sql`
      update ${sql.table(table)} t set position = s.position, hash = s.hash
      from unnest(${sealed.map((s) => s.id)}::bigint[], ${sealed.map((s) => s.position)}::bigint[],
        ${sealed.map((s) => s.hash)}::text[]) as s (id, position, hash)
      where t.id = s.id`.execute(db);
    written += Number(result.numAffectedRows ?? 0n);
  }
  if (written !== entries.length) throw new Error('An entry of the ledger changed while sealed');
  await sql`
    update ledger_head set position = ${last.position}, hash = ${last.hash}
    where campaign_id = ${campaignId}`.execute(db);
}

const TABLES = [
  ['attempt', 'attempt'],
  ['event', 'campaign_event'],
] as const;

/** Sealed entries after this position, up to and with another, in order. A row that has gone is not among them. */
export async function readSealed(
  db: Db,
  campaignId: string,
  range: { after: number; upTo: number },
): Promise<SealedEntry[]> {
  const { after, upTo } = range;
  const { rows } = await sql<Row & LedgerHead>`
    select * from (
      select ${ATTEMPT}, a.position::float8 as position, a.hash from attempt a
      where a.campaign_id = ${campaignId} and a.position > ${after} and a.position <= ${upTo}
      union all
      select ${EVENT}, e.position::float8, e.hash from campaign_event e
      where e.campaign_id = ${campaignId} and e.position > ${after} and e.position <= ${upTo}
    ) entry order by position`.execute(db);
  return rows.map((row) => ({ position: row.position, hash: row.hash, entry: toEntry(row) }));
}

/** What an export's header tells: the moment, and the time now, to the microsecond. */
export async function readHeaderTimes(
  db: Db,
  campaignId: string,
): Promise<{ moment: string; exportedAt: string }> {
  const { rows } = await sql<{ moment: string; exportedAt: string }>`
    select ${utc('c.moment')} as moment, ${utcText(sql`clock_timestamp()`)} as "exportedAt"
    from campaign c where c.id = ${campaignId}`.execute(db);
  const [times] = rows;
  if (!times) throw new Error('The campaign has gone');
  return times;
}

/** A timestamptz as text: a Date would lose its microseconds. */
function utc(column: string) {
  return utcText(sql.ref(column));
}

function utcText(time: RawBuilder<unknown>) {
  return sql<string>`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

type Row = {
  kind: 'attempt' | 'event';
  at: string;
  delivery: string | null;
  number: number | null;
  worker: string | null;
  sent_at: string | null;
  network_at: string | null;
  outcome: string | null;
  actor: string | null;
  action: string | null;
  scope: string | null;
  detail: string;
};

/** The columns of Row, from an attempt `a` and from an event `e`. */
const ATTEMPT = sql`'attempt' as kind, ${utc('a.answered_at')} as at, a.delivery_id as delivery, a.number, a.worker,
  ${utc('a.sent_at')} as sent_at, ${utc('a.network_at')} as network_at, a.outcome, null::text as actor, null::text as action, null::text as scope, a.detail`;
/** The platform's name comes first, with the reason behind a colon, as format 1 of the ledger has it. */
const EVENT_DETAIL = sql`case when e.platform is null then e.detail
  when e.detail = '' then e.platform else e.platform || ': ' || e.detail end`;
const EVENT = sql`'event', ${utc('e.at')}, null::uuid, null::int, null::text,
  null::text, null::text, null::text, e.actor, e.action, e.scope, ${EVENT_DETAIL}`;

function toEntry(row: Row): LedgerEntry {
  const { at, detail } = row;
  if (row.kind === 'event') {
    const { actor, action, scope } = row;
    return {
      kind: 'event',
      at,
      actor: actor ?? '',
      action: action ?? '',
      scope: scope ?? '',
      detail,
    };
  }
  return {
    kind: 'attempt',
    at,
    delivery: row.delivery ?? '',
    number: row.number ?? 0,
    worker: row.worker ?? '',
    sentAt: row.sent_at,
    ...(row.network_at === null ? {} : { networkAt: row.network_at }),
    outcome: row.outcome ?? '',
    detail,
  };
}
