import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Db } from '../../src/store/connection/database.ts';
import { openNoteBook } from '../../src/store/platform-note.ts';
import { destroyCampaignKeys, findExpired, reduceCampaign } from '../../src/store/retention.ts';
import { createVault } from '../../src/store/vault/vault.ts';
import { needs } from '../support/database.ts';
import {
  insertCampaignRow,
  insertDeliveries,
  insertPledges,
  newSecrets,
  openRecords,
} from '../support/rows.ts';

const DAY_MS = 86_400_000;
const RETENTION_MS = 7 * DAY_MS;

needs('postgres')('A4 the end of retention', () => {
  let db: Db;
  const secrets = newSecrets();
  const vault = createVault(secrets);
  beforeAll(async () => {
    ({ db } = await openRecords());
  });

  async function ended(daysAgo: number, state: 'settled' | 'aborted' = 'settled'): Promise<string> {
    const id = await insertCampaignRow({ db, vault }, { state, momentMs: -daysAgo * DAY_MS });
    await sql`update campaign set settled_at = clock_timestamp() - ${daysAgo} * interval '1 day'
      where id = ${id}`.execute(db);
    return id;
  }
  const expired = async () => (await findExpired(db, RETENTION_MS, 100)).map(({ id }) => id);

  it('comes after its days, however the campaign ended, and not before', async () => {
    const early = await ended(6.9);
    const due = await ended(7.1);
    const others: string[] = [];
    for (const state of ['aborted', 'cancelled', 'missed_goal', 'rejected']) {
      const id = await ended(7.1);
      await sql`update campaign set state = ${state} where id = ${id}`.execute(db);
      others.push(id);
    }
    const found = await expired();
    expect(found).toEqual(expect.arrayContaining([due, ...others]));
    expect(found).not.toContain(early);
  });

  it('waits a day for what is in doubt or to be given back, and then ends it', async () => {
    for (const wait of ['doubt', 'grant'] as const) {
      const id = await ended(7.5);
      const pledges = await insertPledges({ db, vault }, id, 1, {
        credential: wait === 'grant' ? 'revoking' : null,
      });
      const state = wait === 'doubt' ? 'unconfirmed' : 'posted';
      await insertDeliveries(db, id, pledges, { state, dueMs: wait === 'doubt' ? 0 : null });
      expect(await expired(), wait).not.toContain(id);
      await sql`update campaign set settled_at = settled_at - interval '15 hours' where id = ${id}`.execute(
        db,
      );
      expect(await expired(), wait).toContain(id);
      const done = await db.transaction().execute((tx) => destroyCampaignKeys(tx, id));
      expect(done).toEqual({ doubts: wait === 'doubt' ? 1 : 0, grants: wait === 'grant' ? 1 : 0 });
      const delivery = await db
        .selectFrom('delivery')
        .select(['state', 'due_at'])
        .where('campaign_id', '=', id)
        .executeTakeFirst();
      expect(delivery).toEqual({ state, due_at: null });
      expect(await db.transaction().execute((tx) => destroyCampaignKeys(tx, id))).toBeNull();
    }
  });

  it('forgets which servers were named, and keeps what is our own', async () => {
    const id = await ended(7.3);
    const [named, own] = [openNoteBook(db, vault, 'reef'), openNoteBook(db, vault, 'bluesky')];
    await named.saveIfAbsent('app|https://one-person.example', 'an app');
    await own.saveIfAbsent('key', 'a key');
    await db.transaction().execute(async (tx) => {
      await destroyCampaignKeys(tx, id);
      await reduceCampaign(tx, id, ['reef']);
    });
    const left = await db.selectFrom('platform_note').select('platform').execute();
    expect(left).toEqual([{ platform: 'bluesky' }]);
  });

  it('leaves the database to a burst', async () => {
    const due = await ended(7.2);
    const locked = await insertCampaignRow({ db, vault }, { state: 'locked', momentMs: 5_000 });
    await sql`update campaign set lock_at = clock_timestamp() - interval '1 s' where id = ${locked}`.execute(
      db,
    );
    expect(await expired()).toEqual([]);
    await sql`delete from campaign where id = ${locked}`.execute(db);
    expect(await expired()).toContain(due);
  });

  it('reaches the memory of a process that has not heard of it', async () => {
    const id = await ended(8);
    const other = createVault(secrets);
    const place = { column: 'pledge.sealed', campaignId: id, platform: 'x', rowId: 'row' } as const;
    const sealed = await other.seal(db, place, 'a canary');
    await db.transaction().execute((tx) => destroyCampaignKeys(tx, id));
    // It still has the key: that is why every sign of life looks.
    expect(await other.open(db, place, sealed)).toBe('a canary');
    await other.follow(db);
    await expect(other.open(db, place, sealed)).rejects.toThrow(/has been destroyed/);
    await expect(other.seal(db, place, 'more')).rejects.toThrow(/has been destroyed/);
  });
});
