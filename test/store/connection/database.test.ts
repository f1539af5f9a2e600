import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { localNow, measureOffset } from '../../../src/store/connection/clock.ts';
import {
  connect,
  type Database,
  migrateAt,
  notify,
  openDatabase,
} from '../../../src/store/connection/database.ts';
import { atEnd } from '../../support/at-end.ts';
import { giveBack, needs, takeAway, testDatabase } from '../../support/database.ts';
import { embeddedFolder } from '../../support/embedded.ts';
import { waitFor } from '../../support/wait-for.ts';

interface Opened {
  database: Database;
  errors: string[];
}

/** As another process would be connected. */
async function connected(url: string): Promise<Opened> {
  const errors: string[] = [];
  const database = await connect(url, (error) => errors.push(error.message));
  atEnd(() => database.dispose());
  return { database, errors };
}

function hearing(database: Database, channel: string): { heard: string[]; stop: () => void } {
  const heard: string[] = [];
  return { heard, stop: database.listen(channel, (payload) => heard.push(payload ?? 'look')) };
}

/** Whatever was said before this has been heard, since notifications keep their order. */
async function caughtUp(from: Database, by: Database): Promise<void> {
  const { heard, stop } = hearing(by, 'mark');
  await notify(from.db, 'mark', '');
  await waitFor(() => heard.length > 0, { what: 'the last notification' });
  stop();
}

async function reaches(from: Database, to: Database): Promise<void> {
  const one = hearing(to, 'delivery');
  const two = hearing(to, 'delivery');
  const other = hearing(to, 'deliver');
  await notify(from.db, 'delivery', 'a:b');
  await waitFor(() => one.heard.length > 0 && two.heard.length > 0, { what: 'the notification' });
  two.stop();
  await notify(from.db, 'delivery', '');
  await caughtUp(from, to);
  expect(one.heard).toEqual(['a:b', '']);
  expect(two.heard).toEqual(['a:b']);
  expect(other.heard).toEqual([]);
}

needs('postgres')('notifications on PostgreSQL', () => {
  it('reach another process, and our own', async () => {
    const { url } = await testDatabase(migrateAt);
    const { database: here } = await connected(url);
    const { database: there } = await connected(url);
    await reaches(there, here);
    await reaches(here, here);
  });

  it('come with the commit, and not without', async () => {
    const { url } = await testDatabase(migrateAt);
    const { database: here } = await connected(url);
    const { database: there } = await connected(url);
    const { heard } = hearing(here, 'delivery');
    const undone = there.db.transaction().execute(async (db) => {
      await notify(db, 'delivery', 'undone');
      throw new Error('on second thoughts');
    });
    await expect(undone).rejects.toThrow('on second thoughts');
    await there.db.transaction().execute((db) => notify(db, 'delivery', 'done'));
    await caughtUp(there, here);
    expect(heard).toEqual(['done']);
  });

  it('are heard again, and once, after every connection was cut', async () => {
    const { url } = await testDatabase(migrateAt);
    const { database: here, errors } = await connected(url);
    const { database: there } = await connected(url);
    for (let cut = 1; cut <= 2; cut++) {
      await cutListeners(url);
      await waitFor(async () => (await listenersOf(there)) === 2, { what: 'listening again' });
      const { heard, stop } = hearing(here, 'delivery');
      await notify(there.db, 'delivery', String(cut));
      await caughtUp(there, here);
      stop();
      expect(heard).toEqual([String(cut)]);
    }
    expect(errors.length).toBeGreaterThan(0);
  });

  it('are heard again after the database was away for longer than one look', async () => {
    const { url } = await testDatabase(migrateAt);
    const { database: here, errors } = await connected(url);
    await takeAway(url);
    const refused = () => errors.filter((message) => message.includes('not currently accepting'));
    await waitFor(() => refused().length >= 2, { what: 'two looks in vain' });
    await giveBack(url);
    const { database: there } = await connected(url);
    await waitFor(async () => (await listenersOf(there)) === 2, { what: 'listening again' });
    await reaches(there, here);
  });

  it('leave no connection of the pool open when they have been closed', async () => {
    const { url } = await testDatabase(migrateAt);
    const { database: watcher } = await connected(url);
    for (let i = 0; i < 5; i++) {
      const left = await connect(url, (error) => expect.unreachable(error.message));
      await Promise.all(
        Array.from({ length: 8 }, () => sql`select pg_sleep(0.01)`.execute(left.db)),
      );
      await left.dispose();
      // A connection that is still open would report an error when its database is dropped.
      const { rows } = await sql<{ pid: number }>`
        select pid from pg_stat_activity
        where datname = current_database() and query like '%pg_sleep(0.01)%'
          and query not like '%pg_stat_activity%'`.execute(watcher.db);
      expect(rows).toEqual([]);
    }
  });

  it('leave no connection behind when it is closed, not even one that was just cut', async () => {
    const { url } = await testDatabase(migrateAt);
    const { database: watcher } = await connected(url);
    const listeners = await listenersOf(watcher);
    const left = await connect(url, () => undefined);
    expect(await listenersOf(watcher)).toBe(listeners + 1);
    await cutListeners(url);
    await left.dispose();
    await waitFor(async () => (await listenersOf(watcher)) === 1, { what: 'only the watcher' });
    await caughtUp(watcher, watcher);
    expect(await listenersOf(watcher)).toBe(1);
  });
});

async function cutListeners(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Waits until they are gone, so that none of them is counted among those that listen anew.
  const { rows } = await client.query<{ ended: boolean }>(
    `select pg_terminate_backend(pid, 30000) as ended from pg_stat_activity
     where datname = current_database() and query like 'listen %'`,
  );
  await client.end();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ ended }) => ended)).toBe(true);
}

/** How many connections listen. */
async function listenersOf({ db }: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and query like 'listen %'`.execute(db);
  return rows[0]?.count ?? -1;
}

describe('the embedded database', () => {
  it('carries notifications, keeps its rows, and is shared with commands beside it', async () => {
    const dataDir = await embeddedFolder();
    const onError = (error: Error): void => expect.unreachable(error.message);
    const open = (besideInstance: boolean): Promise<Database> =>
      openDatabase({ databaseUrl: null, dataDir, besideInstance, onError });
    const first = await open(false);
    await reaches(first, first);
    const beside = await open(true);
    const worker = { name: 'kept', seen_at: new Date(), clock_offset_ms: 0 };
    await beside.db.insertInto('worker').values(worker).execute();
    await beside.dispose();
    const offset = await measureOffset(first.db);
    expect(Math.abs(offset.offsetMs)).toBeLessThan(1_000 + offset.errorMs);
    await first.dispose();
    const second = await open(false);
    const kept = await second.db.selectFrom('worker').select('name').execute();
    await second.dispose();
    expect(kept).toEqual([{ name: 'kept' }]);
  });
});

needs('postgres')('a connection that ends between two statements of a transaction', () => {
  it('fails the transaction, and neither the process nor the next one', async () => {
    const { database, errors } = await connected((await testDatabase(migrateAt)).url);
    const ended = database.db.transaction().execute(async (db) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(database.db);
      await waitFor(() => errors.length > 0, { what: 'the end of the connection' });
      await sql`select 1`.execute(db);
    });
    await expect(ended).rejects.toThrow();
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(database.db);
    expect(rows).toEqual([{ one: 1 }]);
  });
});

needs('postgres')('the clock', () => {
  it('measures its distance from the database’s within the error it names', async () => {
    const { url } = await testDatabase(migrateAt);
    const { database } = await connected(url);
    // The same machine: what is measured must be nothing, give or take the error.
    const { offsetMs, errorMs } = await measureOffset(database.db);
    expect(errorMs).toBeGreaterThan(0);
    expect(Number.isFinite(errorMs)).toBe(true);
    expect(Math.abs(offsetMs)).toBeLessThanOrEqual(errorMs + 1);
    expect(Math.abs(localNow() - Date.now())).toBeLessThan(1_000);
  });
});
