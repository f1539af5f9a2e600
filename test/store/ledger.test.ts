import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { exportLedger } from '../../src/actions/ledger/export-ledger.ts';
import { sealLedger } from '../../src/actions/ledger/seal-ledger.ts';
import type { Context } from '../../src/context.ts';
import { startHash } from '../../src/domain/ledger.ts';
import { createLedgerCheck, type LedgerVerdict } from '../../src/domain/ledger-check.ts';
import { connect, type Database, type Db, migrateAt } from '../../src/store/connection/database.ts';
import { findUnsealed, maySeal, openHead } from '../../src/store/ledger.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { type CampaignRow, insertCampaignRow } from '../support/rows.ts';
import { waitFor } from '../support/wait-for.ts';

/** Far enough from the moment that nothing is in the way of sealing. */
const CALM: Partial<CampaignRow> = { state: 'firing', momentMs: -60_000 };

async function opened(url: string): Promise<Database> {
  // What matters fails its own query; a connection may still be cut while the database is being dropped.
  const database = await connect(url, () => undefined);
  atEnd(() => database.dispose());
  return database;
}

/** All that sealing and exporting ask of a context. */
function contextOn(db: Db): Context {
  return { db, stopping: new AbortController().signal } as Partial<Context> as Context;
}

/** Attempts spread over a minute, in an order that is not that of time. */
async function insertAttempts(db: Db, campaignId: string, count: number): Promise<void> {
  await sql`
    insert into attempt (delivery_id, campaign_id, number, worker, sent_at, answered_at, outcome, detail)
    select gen_random_uuid(), ${campaignId}, 1, 'host-1', clock_timestamp(),
      clock_timestamp() - (n * 7919 % 60000) * interval '1.001 milliseconds', 'posted', 'entry ' || n
    from generate_series(1, ${count}::int) n`.execute(db);
}

async function insertEvent(db: Db, campaignId: string, at = new Date()): Promise<void> {
  const what = { actor: 'Vera', action: 'paused', scope: 'campaign', detail: 'a look' } as const;
  await db
    .insertInto('campaign_event')
    .values({ campaign_id: campaignId, at, ...what })
    .execute();
}

interface Chained {
  kind: string;
  at: string;
  position: number;
  hash: string;
}

/** Every entry of a campaign as its row has it, in the order of the chain; unsealed ones last. */
async function rowsOf(db: Db, campaignId: string): Promise<Chained[]> {
  const { rows } = await sql<Chained>`
    select 'attempt' as kind, answered_at::text as at, position::float8 as position, hash
      from attempt where campaign_id = ${campaignId}
    union all
    select 'event', at::text, position::float8, hash from campaign_event where campaign_id = ${campaignId}
    order by position`.execute(db);
  return rows;
}

/** 1, 2, 3, ... as long as there are rows: no gap, nothing twice, nothing unsealed. */
function gapless(rows: readonly Chained[]): boolean {
  return rows.every(({ position, hash }, index) => position === index + 1 && hash.length === 64);
}

async function slugOf(db: Db, campaignId: string): Promise<string> {
  const { slug } = await db
    .selectFrom('campaign')
    .select('slug')
    .where('id', '=', campaignId)
    .executeTakeFirstOrThrow();
  return slug;
}

async function exported(ctx: Context, campaignId: string): Promise<[string, LedgerVerdict]> {
  const { text } = await exportLedger(ctx, { slug: await slugOf(ctx.db, campaignId) });
  const check = createLedgerCheck();
  let whole = '';
  for await (const piece of text) {
    check.add(Buffer.from(piece));
    whole += piece;
  }
  return [whole, check.end()];
}

needs('postgres')('the ledger on PostgreSQL', () => {
  let database: Database;
  let another: Database;
  let db: Db;
  let ctx: Context;
  beforeAll(async () => {
    const { url } = await testDatabase(migrateAt);
    database = await opened(url);
    another = await opened(url);
    db = database.db;
    ctx = contextOn(db);
  });

  it('is sealed over many pages in the order of time, people’s doings among the tries', async () => {
    const campaignId = await insertCampaignRow(db, CALM);
    await insertAttempts(db, campaignId, 2_500);
    await insertEvent(db, campaignId, new Date(Date.now() - 30_000));
    await sealLedger(ctx, { campaignId });
    const rows = await rowsOf(db, campaignId);
    expect(rows).toHaveLength(2_501);
    expect(gapless(rows)).toBe(true);
    const times = rows.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    const [, verdict] = await exported(ctx, campaignId);
    expect(verdict).toMatchObject({ whole: true, entries: 2_501, head: rows.at(-1)?.hash });
  });

  it('takes what comes late after what was sealed, whatever its time, and changes nothing sealed', async () => {
    const campaignId = await insertCampaignRow(db, CALM);
    await insertAttempts(db, campaignId, 10);
    await sealLedger(ctx, { campaignId });
    const before = await rowsOf(db, campaignId);
    await insertEvent(db, campaignId, new Date(Date.now() - 3_600_000));
    await sealLedger(ctx, { campaignId });
    await sealLedger(ctx, { campaignId });
    const after = await rowsOf(db, campaignId);
    expect(after.slice(0, 10)).toEqual(before);
    expect(after[10]).toMatchObject({ kind: 'event', position: 11 });
    expect(after).toHaveLength(11);
  });

  it('is one gapless chain when two seal while two write', async () => {
    const campaignId = await insertCampaignRow(db, CALM);
    const others = contextOn(another.db);
    let writing = true;
    const sealing = async () => (await openHead(db, campaignId)).position > 0;
    const write = async (to: Db): Promise<void> => {
      for (let round = 0; round < 12; round++) {
        await insertAttempts(to, campaignId, 150);
        await insertEvent(to, campaignId);
        // Half of it is written when sealing is under way for certain.
        if (round === 5) await waitFor(sealing, { what: 'the first seal' });
      }
    };
    const seal = async (by: Context, wait: boolean): Promise<void> => {
      do {
        await sealLedger(by, { campaignId, wait });
      } while (writing);
    };
    const written = Promise.all([write(db), write(another.db)]).then(() => {
      writing = false;
    });
    await Promise.all([written, seal(ctx, false), seal(others, true)]);
    await sealLedger(ctx, { campaignId });
    const rows = await rowsOf(db, campaignId);
    expect(rows).toHaveLength(2 * 12 * 151);
    expect(gapless(rows)).toBe(true);
    const [, verdict] = await exported(others, campaignId);
    expect(verdict).toMatchObject({ whole: true, entries: rows.length });
  });

  it('is left alone while the burst runs, and found again after it', async () => {
    const bursting = await insertCampaignRow(db, { state: 'firing', momentMs: -1_000 });
    const coming = await insertCampaignRow(db, { state: 'locked', momentMs: 2_000 });
    const early = await insertCampaignRow(db, { state: 'open', momentMs: 60_000 });
    const over = await insertCampaignRow(db, { state: 'settled', momentMs: -1_000 });
    const stopped = await insertCampaignRow(db, { state: 'aborted', momentMs: -1_000 });
    const later = await insertCampaignRow(db, CALM);
    const idle = await insertCampaignRow(db, CALM);
    for (const id of [bursting, coming, over, later]) await insertAttempts(db, id, 3);
    for (const id of [early, stopped]) await insertEvent(db, id);
    const mine = [bursting, coming, early, over, stopped, later, idle];
    const found = async () => (await findUnsealed(db)).filter((id) => mine.includes(id)).sort();
    const due = [early, over, stopped, later];
    expect(await found()).toEqual(due.toSorted());
    for (const campaignId of mine) await sealLedger(ctx, { campaignId });
    expect(await found()).toEqual([]);
    expect(await Promise.all(mine.map((id) => maySeal(db, id)))).toEqual(
      mine.map((id) => id !== bursting && id !== coming),
    );
    for (const id of [bursting, coming]) {
      expect((await rowsOf(db, id)).map(({ hash }) => hash)).toEqual([null, null, null]);
      await expect(exported(ctx, id)).rejects.toMatchObject({ code: 'burst_under_way' });
    }
    for (const id of due) expect(gapless(await rowsOf(db, id))).toBe(true);
  });

  it('begins with the campaign, and is exported when it is empty, too', async () => {
    const campaignId = await insertCampaignRow(db, CALM);
    const [text, verdict] = await exported(ctx, campaignId);
    expect(text.trim().split('\n')).toHaveLength(1);
    expect(verdict).toMatchObject({ whole: true, entries: 0, head: startHash(campaignId) });
    await expect(exportLedger(ctx, { slug: 'nothing' })).rejects.toThrow(/no campaign "nothing"/);
  });

  it('keeps its microseconds, and neither posts nor supporters', async () => {
    const campaignId = await insertCampaignRow(db, CALM);
    const at = '2017-07-10 08:00:00.000123+00';
    await db
      .insertInto('attempt')
      .values({
        delivery_id: randomUUID(),
        campaign_id: campaignId,
        number: 1,
        worker: 'host-1',
        sent_at: at,
        answered_at: '2017-07-10 10:00:00.000456+02',
        outcome: 'posted',
        detail: '',
      })
      .execute();
    const [text] = await exported(ctx, campaignId);
    const entry = JSON.parse(text.trim().split('\n')[1] ?? '');
    expect(entry).toMatchObject({
      at: '2017-07-10T08:00:00.000456Z',
      sent_at: '2017-07-10T08:00:00.000123Z',
    });
    expect(text).not.toContain('the-post');
  });

  it('cannot be changed once sealed, and shows where a row has gone', async () => {
    const campaignId = await insertCampaignRow(db, CALM);
    await insertAttempts(db, campaignId, 5);
    await insertEvent(db, campaignId);
    await sealLedger(ctx, { campaignId });
    const never = /appended to, never changed/;
    for (const change of [{ detail: 'other' }, { position: null, hash: null }, { hash: 'x' }]) {
      const attempts = db.updateTable('attempt').set(change);
      await expect(attempts.where('campaign_id', '=', campaignId).execute()).rejects.toThrow(never);
      const events = db.updateTable('campaign_event').set(change);
      await expect(events.where('campaign_id', '=', campaignId).execute()).rejects.toThrow(never);
    }
    await sql`delete from attempt where campaign_id = ${campaignId} and position = 3`.execute(db);
    const [, missing] = await exported(ctx, campaignId);
    expect(missing).toMatchObject({ whole: false, line: 4, fault: 'missing' });
    await sql`delete from campaign_event where campaign_id = ${campaignId}`.execute(db);
    await sql`delete from attempt where campaign_id = ${campaignId} and position > 2`.execute(db);
    const [, cut] = await exported(ctx, campaignId);
    expect(cut).toMatchObject({ whole: false, line: 4, fault: 'truncated' });
  });
});

needs('postgres')('sealing and exporting', () => {
  it('read each row a few times, however many there are', async () => {
    const { url } = await testDatabase(migrateAt);
    const { db } = await opened(url);
    const campaignId = await insertCampaignRow(db, CALM);
    await insertAttempts(db, campaignId, 20_000);
    const reads = async (): Promise<number> => {
      const { rows } = await sql<{ reads: number }>`
        select (seq_tup_read + idx_tup_fetch)::float8 as reads
        from pg_stat_user_tables where relname = 'attempt'`.execute(db);
      return rows[0]?.reads ?? Number.NaN;
    };
    const before = await reads();
    const worker = await connect(url, () => undefined);
    const [, verdict] = await exported(contextOn(worker.db), campaignId);
    // A connection tells its figures when it ends.
    await worker.dispose();
    expect(verdict).toMatchObject({ whole: true, entries: 20_000 });
    await waitFor(async () => (await reads()) - before >= 40_000, { what: 'the figures' });
    // 20 pages: reading the rest of the table for each would be ten times more.
    expect((await reads()) - before).toBeLessThan(6 * 20_000);
  });
});
