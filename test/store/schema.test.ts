import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Database, Db } from '../../src/store/connection/database.ts';
import { needs } from '../support/database.ts';
import { openRecords } from '../support/rows.ts';
import { TABLES } from './tables.ts';

/** Each with the query it is there for; see the migrations. */
const INDEXES = [
  'attempt_delivery',
  'attempt_position',
  'attempt_unsealed',
  'campaign_event_position',
  'campaign_event_unsealed',
  'campaign_live',
  'campaign_unreduced',
  'campaign_update_newest',
  'credential_live',
  'credential_pledge',
  'credential_revoking',
  'credential_unchecked',
  'delivery_campaign',
  'delivery_due',
  'delivery_shard',
  'intent_expiry',
  'oauth_flow_browser',
  'oauth_flow_expiry',
  'oauth_flow_intent',
  'outbox_reminder',
  'pledge_active',
  'pledge_receipt',
  'reminder_address',
  'reminder_due',
  'reminder_request_address',
  'reminder_request_campaign',
  'shard_open',
];

interface Found {
  tables: Record<string, Record<string, string>>;
  indexes: string[];
}

async function look(db: Db): Promise<Found> {
  const { rows } = await sql<{ table: string; column: string; type: string }>`
    select table_name as table, column_name as column,
      udt_name || case is_nullable when 'YES' then '?' else '' end
        || case when column_default is not null or is_identity = 'YES' then '=' else '' end as type
    from information_schema.columns
    where table_schema = 'public' and table_name not like 'kysely%'`.execute(db);
  const tables: Found['tables'] = {};
  for (const { table, column, type } of rows) {
    tables[table] = { ...tables[table], [column]: type };
  }
  const indexes = await sql<{ name: string }>`
    select indexname as name from pg_indexes
    where schemaname = 'public' and tablename not like 'kysely%'
      and indexname not like '%_pkey' and indexname not like '%_key' order by 1`.execute(db);
  return { tables, indexes: indexes.rows.map((row) => row.name) };
}

function agrees(found: Found): void {
  expect(found.tables).toEqual(TABLES);
  expect(found.indexes).toEqual(INDEXES);
}

needs('postgres')('the schema on PostgreSQL', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openRecords();
  });

  it('is what schema.ts says it is', async () => {
    agrees(await look(database.db));
  });

  it('holds one live credential a pledge, one pledge an account, one delivery a pledge', async () => {
    const { rows } = await sql<{ definition: string }>`
      select indexdef as definition from pg_indexes
      where indexdef like 'CREATE UNIQUE INDEX%' and indexname not like '%_pkey'`.execute(
      database.db,
    );
    const unique = rows.map((row) => row.definition).join('\n');
    expect(unique).toMatch(/credential.*\(pledge_id\) WHERE \(state = 'live'/);
    expect(unique).toMatch(/public\.pledge.*\(campaign_id, platform, account_hash\)/);
    expect(unique).toMatch(/public\.delivery.*\(pledge_id\)$/m);
    expect(unique).toMatch(/public\.campaign .*\(slug\)/);
  });

  it('lets attempts be appended, and never changed', async () => {
    const { db } = database;
    const attempt = {
      delivery_id: randomUUID(),
      campaign_id: randomUUID(),
      number: 1,
      worker: 'test',
      answered_at: new Date(),
      outcome: 'unknown',
      detail: 'as it was',
    };
    await db.insertInto('attempt').values(attempt).execute();
    await expect(
      db.updateTable('attempt').set({ detail: 'as it should have been' }).execute(),
    ).rejects.toThrow('the ledger is appended to, never changed');
    const kept = await db.selectFrom('attempt').select(['outcome', 'detail']).execute();
    expect(kept).toEqual([{ outcome: 'unknown', detail: 'as it was' }]);
  });

  // Campaigns are never deleted.
  it('has an index for each foreign key to rows that are deleted, so that what goes with one is found', async () => {
    const { rows } = await sql<{ key: string }>`
      select c.conrelid::regclass || '.' || a.attname as key
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.confrelid <> 'campaign'::regclass and not exists (select 1 from pg_index i
        where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and i.indpred is null)
      order by 1`.execute(database.db);
    expect(rows.map(({ key }) => key)).toEqual([]);
  });
});
