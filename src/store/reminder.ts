import { sql } from 'kysely';
import {
  ADDRESS_WINDOW_MS,
  CAMPAIGN_WINDOW_MS,
  MAIL_MARK_MS,
  MAILS_PER_ADDRESS,
  MAILS_PER_CAMPAIGN,
  REMINDER_STATES,
  type ReminderState,
  UNCONFIRMED_LIFE_MS,
} from '../domain/reminder.ts';
import { AHEAD_STATES, ON_COURSE_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import { HELD_FOR_CLOCK } from './too-late.ts';

export interface NewReminder {
  id: string;
  campaignId: string;
  /** Language of its mails. */
  locale: string;
  /** What the links in them carry; null leaves it to the browser. */
  lang: string | null;
  addressHash: Buffer;
  /** Sealed for the place `reminder.address` of the row `id`. */
  address: Buffer;
}

/** `asked`: a mail is owed to this reminder. `silent`: none, and nobody is told why. `busy`: the campaign's limit is reached. */
export type ReminderInserted =
  | { kind: 'asked'; id: string }
  | { kind: 'silent' }
  | { kind: 'busy' };

/** Asks for a mail that asks for confirmation, within the limits of the address and of the campaign. */
export async function insertReminder(db: Db, asked: NewReminder): Promise<ReminderInserted> {
  return db.transaction().execute(async (tx): Promise<ReminderInserted> => {
    const { campaignId, addressHash } = asked;
    // One at a time for a campaign and for an address, always in this order, so that the limits hold.
    for (const key of [campaignId, addressHash.toString('hex')]) {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`reminder ${key}`}, 0))`.execute(
        tx,
      );
    }
    const counted = await sql<{ campaign: number; address: number }>`
      select (select count(*)::int from reminder_request
          where campaign_id = ${campaignId} and at > clock_timestamp() - ${ms(CAMPAIGN_WINDOW_MS)}) as campaign,
        (select count(*)::int from reminder_request
          where address_hash = ${addressHash} and at > clock_timestamp() - ${ms(ADDRESS_WINDOW_MS)}) as address`.execute(
      tx,
    );
    const { campaign = 0, address = 0 } = counted.rows[0] ?? {};
    if (campaign >= MAILS_PER_CAMPAIGN) return { kind: 'busy' };
    if (address >= MAILS_PER_ADDRESS) return { kind: 'silent' };
    const id = await insertOwedMail(tx, asked);
    if (id === null) return { kind: 'silent' };
    await tx
      .insertInto('reminder_request')
      .values({ campaign_id: campaignId, address_hash: addressHash })
      .execute();
    return { kind: 'asked', id };
  });
}

/** Null when the address is confirmed already. */
async function insertOwedMail(db: Db, asked: NewReminder): Promise<string | null> {
  const result = await sql<{ id: string }>`
    insert into reminder (id, campaign_id, state, locale, lang, address_hash, address, due_at)
    values (${asked.id}, ${asked.campaignId}, 'asked', ${asked.locale}, ${asked.lang},
      ${asked.addressHash}, ${asked.address}, clock_timestamp())
    on conflict (campaign_id, address_hash) do update
      set state = 'asked', locale = excluded.locale, lang = excluded.lang, due_at = clock_timestamp(),
        asked_at = clock_timestamp(), attempts = 0
      where reminder.state in ('asked', 'unconfirmed')
    returning id`.execute(db);
  return result.rows[0]?.id ?? null;
}

/** What the holder of a reminder's link may know. */
export interface ReminderRecord {
  id: string;
  campaignId: string;
  state: ReminderState;
}

export async function findReminder(db: Db, id: string): Promise<ReminderRecord | null> {
  const row = await db
    .selectFrom('reminder')
    .select(['id', 'campaign_id as campaignId', 'state'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** The address is its owner's: a mail is owed at the campaign's moment, which is returned. Null when it is too late, or nothing is there. */
export async function confirmReminder(db: Db, id: string): Promise<Date | null> {
  const result = await sql<{ moment: Date }>`
    update reminder r set state = 'confirmed', due_at = c.moment, attempts = 0, marked_at = null
    from campaign c
    where r.id = ${id} and c.id = r.campaign_id and r.state in ('asked', 'unconfirmed')
      and c.state in (${AHEAD_STATES}) and c.moment > clock_timestamp()
    returning c.moment`.execute(db);
  return result.rows[0]?.moment ?? null;
}

/** Erases a reminder whose last mail is not out, row and all; of one whose mail is, the address is gone already. */
export async function deleteReminder(db: Db, id: string): Promise<void> {
  await db.deleteFrom('reminder').where('id', '=', id).where('state', '<>', 'sent').execute();
}

/** A mail that is owed, and marked as handed over. */
export interface OwedMail {
  id: string;
  campaignId: string;
  /** `asked`: the mail that asks for confirmation; `confirmed`: the reminder itself. */
  state: 'asked' | 'confirmed';
  locale: string;
  /** What its links carry; null leaves it to the browser. */
  lang: string | null;
  address: Buffer;
  attempts: number;
}

/** When a mail is due by the records; null when none is owed. */
export async function reminderDueAt(db: Db, id: string): Promise<Date | null> {
  const row = await db
    .selectFrom('reminder')
    .select('due_at')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.due_at ?? null;
}

/**
 * Marks a mail as handed over, before it is. One process at a time gets it; if nothing is heard of it, it is owed again after
 * `MAIL_MARK_MS`, and may then go out a second time: better than never. Null when none is due, or its campaign is held or over.
 */
export async function markMail(db: Db, id: string): Promise<OwedMail | null> {
  const result = await sql<OwedMail>`
    update reminder r
    set marked_at = clock_timestamp(), attempts = r.attempts + 1,
      due_at = clock_timestamp() + ${ms(MAIL_MARK_MS)}
    from campaign c
    where r.id = ${id} and c.id = r.campaign_id and r.due_at <= clock_timestamp()
      and r.address is not null and ${whereOwed}
    returning r.id, r.campaign_id as "campaignId", r.state, r.locale, r.lang, r.address,
      r.attempts`.execute(db);
  return result.rows[0] ?? null;
}

/** SQL condition over campaign c: too late for a mail, also by the networks' clocks where ours was ahead and held it for that. */
const isMailLate = sql`(c.too_late_at <= clock_timestamp() and not exists (select 1 from hold h
  where h.kind = 'clock' and h.campaign_id = c.id and c.too_late_at + (h.until - c.moment) > clock_timestamp()))`;

/** SQL condition over reminder r and campaign c: its mail makes sense now, and nobody holds it back. */
const whereOwed = sql`not ${isMailLate}
  and ((r.state = 'asked' and c.state in (${AHEAD_STATES}) and c.moment > clock_timestamp())
    or (r.state = 'confirmed' and c.state in (${ON_COURSE_STATES})))
  and not exists (select 1 from hold h
    where h.kind = 'paused' and (h.until is null or h.until > clock_timestamp())
      and (h.scope = 'instance' or (h.scope = 'campaign' and h.campaign_id = c.id)))
  and not ${HELD_FOR_CLOCK}`;

/** Reminders whose mail is due and goes out now, the longest due first; at most `limit`. */
export async function findDueReminders(db: Db, limit: number): Promise<string[]> {
  const result = await sql<{ id: string }>`
    select r.id from reminder r join campaign c on c.id = r.campaign_id
    where r.due_at <= clock_timestamp() and ${whereOwed}
    order by r.due_at limit ${limit}`.execute(db);
  return result.rows.map((row) => row.id);
}

/** The mail server took it. After the reminder itself, nothing of the address is left. */
export async function settleMail(db: Db, mail: Pick<OwedMail, 'id' | 'state'>): Promise<void> {
  if (mail.state === 'asked') {
    await sql`update reminder set state = 'unconfirmed', due_at = null, attempts = 0
      where id = ${mail.id} and state = 'asked'`.execute(db);
    return;
  }
  await sql`update reminder set state = 'sent', sent_at = clock_timestamp(), due_at = null,
      address = null, address_hash = null
    where id = ${mail.id} and state = 'confirmed'`.execute(db);
}

/** Not taken; it is tried again then. */
export async function postponeMail(
  db: Db,
  mail: Pick<OwedMail, 'id' | 'state'>,
  at: Date,
): Promise<void> {
  await sql`update reminder set due_at = ${at} where id = ${mail.id} and state = ${mail.state}`.execute(
    db,
  );
}

/** Refused for good: nothing of the address is left. What was never confirmed leaves no row. */
export async function failMail(db: Db, mail: Pick<OwedMail, 'id' | 'state'>): Promise<void> {
  if (mail.state === 'asked') return deleteReminder(db, mail.id);
  await sql`update reminder set state = 'failed', due_at = null, address = null, address_hash = null
    where id = ${mail.id} and state = 'confirmed'`.execute(db);
}

/** Erases addresses that have had their time: unconfirmed for a day, too late, or of a campaign that was stopped. */
export async function eraseStaleReminders(db: Db): Promise<void> {
  await sql`
    delete from reminder r using campaign c
    where c.id = r.campaign_id and r.state in ('asked', 'unconfirmed') and r.address is not null
      and (r.asked_at < clock_timestamp() - ${ms(UNCONFIRMED_LIFE_MS)}
        or (c.moment <= clock_timestamp() and not ${HELD_FOR_CLOCK})
        or c.state not in (${AHEAD_STATES}))`.execute(db);
  await sql`
    update reminder r set state = 'dropped', due_at = null, address = null, address_hash = null
    from campaign c
    where c.id = r.campaign_id and r.state = 'confirmed' and r.address is not null
      and (${isMailLate}
        or c.state not in (${ON_COURSE_STATES}))`.execute(db);
  await sql`delete from reminder_request
    where at < clock_timestamp() - ${ms(ADDRESS_WINDOW_MS)}`.execute(db);
  await sql`delete from outbox
    where at < clock_timestamp() - ${ms(UNCONFIRMED_LIFE_MS)}`.execute(db);
}

/** A campaign's reminders by state; every state is there, with zeroes. */
export type ReminderTotals = Record<ReminderState, number>;

export async function countReminders(db: Db, campaignId: string): Promise<ReminderTotals> {
  const result = await sql<{ state: ReminderState; count: number }>`
    select state, count(*)::int as count from reminder
    where campaign_id = ${campaignId} group by state`.execute(db);
  const totals = Object.fromEntries(REMINDER_STATES.map((state) => [state, 0])) as ReminderTotals;
  for (const row of result.rows) totals[row.state] = row.count;
  return totals;
}

/** Milliseconds after the moment at which the mail server took each reminder, ascending. */
export async function readMailLateness(db: Db, campaignId: string): Promise<number[]> {
  const result = await sql<{ late: number[] | null }>`
    select array_agg(late order by late) as late from (
      select (extract(epoch from r.sent_at - c.moment) * 1000)::float8 as late
      from reminder r join campaign c on c.id = r.campaign_id
      where r.campaign_id = ${campaignId} and r.state = 'sent') l`.execute(db);
  return result.rows[0]?.late ?? [];
}

function ms(duration: number) {
  return sql`${duration} * interval '1 millisecond'`;
}
