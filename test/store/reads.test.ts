import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { connect, type Db, migrateAt } from '../../src/store/connection/database.ts';
import { createDeliveries } from '../../src/store/shard.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { insertCampaignRow, insertPledges } from '../support/rows.ts';
import { waitFor } from '../support/wait-for.ts';

const EACH = 1_000;

/** How many rows of a table were read since the database was made, by whichever way. */
async function readsOf(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ reads: number }>`
    select (seq_tup_read + idx_tup_fetch)::float8 as reads
    from pg_stat_user_tables where relname = ${table}`.execute(db);
  return rows[0]?.reads ?? Number.NaN;
}

needs('postgres')('the lock', () => {
  it('reads each pledge and its permission a few times, however many there are', async () => {
    const { url } = await testDatabase(migrateAt);
    const { db, dispose } = await connect(url, () => undefined);
    atEnd(dispose);
    const campaignId = await insertCampaignRow(db);
    await insertPledges(db, campaignId, EACH);
    await insertPledges(db, campaignId, EACH, { credential: 'dead' });
    const worker = await connect(url, () => undefined);
    const made = await createDeliveries(worker.db, { campaignId, size: 100 }, new Date());
    expect(made).toBe(2 * EACH);
    // A connection tells its figures when it ends.
    await worker.dispose();
    const seen = async (): Promise<number> =>
      (await readsOf(db, 'pledge')) + (await readsOf(db, 'credential'));
    await waitFor(async () => (await seen()) >= 3 * EACH, { what: 'the figures' });
    expect(await seen()).toBeLessThan(30 * EACH);
  });
});
