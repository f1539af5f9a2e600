import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { MAILS_PER_ADDRESS, MAILS_PER_CAMPAIGN } from '../../src/domain/reminder.ts';
import { countAssistedPosts, insertAssistedPost } from '../../src/store/assisted-post.ts';
import type { Database, Db } from '../../src/store/connection/database.ts';
import {
  confirmReminder,
  countReminders,
  deleteReminder,
  eraseStaleReminders,
  failMail,
  findDueReminders,
  insertReminder,
  markMail,
  readMailLateness,
  settleMail,
} from '../../src/store/reminder.ts';
import { liftHolds, placeHold } from '../../src/store/stop/hold.ts';
import { needs } from '../support/database.ts';
import { type CampaignRow, insertCampaignRow, openRecords } from '../support/rows.ts';

needs('postgres')('reminders', () => {
  let database: Database;
  let db: Db;
  beforeAll(async () => {
    database = await openRecords();
    db = database.db;
  });

  const campaign = (change: Partial<CampaignRow> = {}) =>
    insertCampaignRow(db, { state: 'open', momentMs: 3_600_000, ...change });

  function ask(campaignId: string, addressHash = randomBytes(32)) {
    return insertReminder(db, {
      id: randomUUID(),
      campaignId,
      locale: 'en',
      lang: 'en',
      addressHash,
      address: Buffer.from('sealed'),
    });
  }

  async function asked(campaignId: string): Promise<string> {
    const result = await ask(campaignId);
    if (result.kind !== 'asked') throw new Error(result.kind);
    return result.id;
  }

  /** Confirmed, and its moment is now. */
  async function due(campaignId: string): Promise<string> {
    const id = await asked(campaignId);
    expect(await confirmReminder(db, id)).toBeInstanceOf(Date);
    await comes(campaignId);
    return id;
  }

  async function comes(campaignId: string): Promise<void> {
    await sql`update campaign set moment = clock_timestamp(), state = 'firing' where id = ${campaignId}`.execute(
      db,
    );
    await sql`update reminder set due_at = clock_timestamp() where campaign_id = ${campaignId} and due_at is not null`.execute(
      db,
    );
  }

  const row = (id: string) =>
    db.selectFrom('reminder').selectAll().where('id', '=', id).executeTakeFirst();

  it('sends at most three mails to an address, of all campaigns, and says nothing of it', async () => {
    const hash = randomBytes(32);
    const kinds = [];
    for (let i = 0; i <= MAILS_PER_ADDRESS; i++)
      kinds.push((await ask(await campaign(), hash)).kind);
    expect(kinds).toEqual(['asked', 'asked', 'asked', 'silent']);
  });

  it('holds the limit of an address against many who ask at once', async () => {
    const [hash, id] = [randomBytes(32), await campaign()];
    const results = await Promise.all(Array.from({ length: 10 }, () => ask(id, hash)));
    expect(results.filter(({ kind }) => kind === 'asked')).toHaveLength(MAILS_PER_ADDRESS);
    expect((await countReminders(db, id)).asked).toBe(1);
  });

  it('sends so many mails for a campaign in a minute, and then asks to come back', async () => {
    const id = await campaign();
    for (let i = 0; i < MAILS_PER_CAMPAIGN; i++) await asked(id);
    expect(await ask(id)).toEqual({ kind: 'busy' });
    await sql`update reminder_request set at = at - interval '1 minute' where campaign_id = ${id}`.execute(
      db,
    );
    expect((await ask(id)).kind).toBe('asked');
  });

  it('leaves one that is confirmed as it is', async () => {
    const [id, hash] = [await campaign(), randomBytes(32)];
    const first = await ask(id, hash);
    await confirmReminder(db, first.kind === 'asked' ? first.id : '');
    expect(await ask(id, hash)).toEqual({ kind: 'silent' });
    expect((await countReminders(db, id)).confirmed).toBe(1);
  });

  it('gives a mail to one of many workers, and once more only when its mark has lapsed', async () => {
    const id = await due(await campaign());
    const marked = await Promise.all(Array.from({ length: 8 }, () => markMail(db, id)));
    expect(marked.filter((mail) => mail !== null)).toHaveLength(1);
    expect(await findDueReminders(db, 100)).not.toContain(id);
    // As if the worker had died: the mark lapses, and the mail is owed again.
    await sql`update reminder set due_at = clock_timestamp() where id = ${id}`.execute(db);
    expect(await findDueReminders(db, 100)).toContain(id);
    expect(await markMail(db, id)).toMatchObject({ attempts: 2, state: 'confirmed' });
  });

  it('is not due before its moment', async () => {
    const id = await asked(await campaign());
    await confirmReminder(db, id);
    expect(await markMail(db, id)).toBeNull();
  });

  it('keeps nothing of the address once the mail is out, and its lateness all the same', async () => {
    const campaignId = await campaign();
    const id = await due(campaignId);
    const mail = await markMail(db, id);
    if (mail) await settleMail(db, mail);
    expect(await row(id)).toMatchObject({
      state: 'sent',
      address: null,
      address_hash: null,
      due_at: null,
    });
    const late = await readMailLateness(db, campaignId);
    expect(late).toHaveLength(1);
    expect(late[0]).toBeGreaterThanOrEqual(0);
  });

  it('keeps nothing of an address that is refused for good', async () => {
    const campaignId = await campaign();
    const id = await due(campaignId);
    await failMail(db, { id, state: 'confirmed' });
    expect(await row(id)).toMatchObject({ state: 'failed', address: null, address_hash: null });
    const never = await asked(await campaign());
    await failMail(db, { id: never, state: 'asked' });
    expect(await row(never)).toBeUndefined();
  });

  it('erases what nobody confirmed within a day', async () => {
    const id = await campaign();
    const [old, fresh] = [await asked(id), await asked(id)];
    await sql`update reminder set asked_at = asked_at - interval '25 hours' where id = ${old}`.execute(
      db,
    );
    await eraseStaleReminders(db);
    expect([await row(old), (await row(fresh))?.state]).toEqual([undefined, 'asked']);
  });

  it('erases what came too late, and what belongs to a campaign that was stopped', async () => {
    const [late, stopped] = [await campaign(), await campaign()];
    const ids = [await due(late), await due(stopped)];
    await sql`update campaign set too_late_at = clock_timestamp() where id = ${late}`.execute(db);
    await sql`update campaign set state = 'aborted' where id = ${stopped}`.execute(db);
    expect(await Promise.all(ids.map((id) => markMail(db, id)))).toEqual([null, null]);
    await eraseStaleReminders(db);
    for (const id of ids) {
      expect(await row(id)).toMatchObject({ state: 'dropped', address: null, address_hash: null });
    }
  });

  it('waits while its campaign is paused, and goes out on resuming', async () => {
    const campaignId = await campaign();
    const id = await due(campaignId);
    const hold = { scope: 'campaign', campaignId: campaignId, kind: 'paused' } as const;
    await placeHold(db, { ...hold, actor: 'Vera', reason: '', until: null });
    expect(await markMail(db, id)).toBeNull();
    expect(await findDueReminders(db, 100)).not.toContain(id);
    await liftHolds(db, { scope: 'campaign', campaignId: campaignId }, ['paused']);
    expect(await markMail(db, id)).not.toBeNull();
  });

  it('A2 waits, and is not erased, while its campaign is held for a clock that is ahead of the networks’', async () => {
    const campaignId = await campaign();
    const unconfirmed = await asked(campaignId);
    const id = await due(campaignId);
    const heldUntil = (ms: number) =>
      sql`insert into hold (scope, campaign_id, kind, actor, reason, until)
        values ('campaign', ${campaignId}, 'clock', 'tocsin', 'ahead', clock_timestamp() + ${ms} * interval '1 millisecond')
        on conflict (target, kind) do update set until = excluded.until`.execute(db);
    // Three hours ahead, a minute before the moment.
    await sql`update campaign set state = 'open', moment = clock_timestamp() - interval '179 minutes',
      too_late_at = clock_timestamp() - interval '59 minutes' where id = ${campaignId}`.execute(db);
    await heldUntil(60_000);
    expect(await markMail(db, id)).toBeNull();
    await eraseStaleReminders(db);
    expect((await row(id))?.address).not.toBeNull();
    expect((await row(unconfirmed))?.address).not.toBeNull();
    await heldUntil(-1);
    expect(await findDueReminders(db, 10_000)).toContain(id);
    expect((await markMail(db, id))?.id).toBe(id);
  });

  it('is gone when its owner says so', async () => {
    const id = await asked(await campaign());
    await deleteReminder(db, id);
    expect(await row(id)).toBeUndefined();
  });

  it('counts each post that somebody made by themselves once, and knows nothing else of it', async () => {
    const [id, hash] = [await campaign(), randomBytes(32)];
    const insert = (seen: boolean) => insertAssistedPost(db, id, hash, seen);
    expect(await insert(false)).toBe(true);
    expect(await insert(false)).toBe(false);
    expect(await countAssistedPosts(db, id)).toEqual({ said: 1, seen: 0 });
    // Seen once is seen.
    expect([await insert(true), await insert(true), await insert(false)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await countAssistedPosts(db, id)).toEqual({ said: 1, seen: 1 });
    const kept = await db
      .selectFrom('assisted_post')
      .selectAll()
      .where('campaign_id', '=', id)
      .execute();
    expect(kept).toEqual([{ campaign_id: id, link_hash: hash, seen: true }]);
  });
});
