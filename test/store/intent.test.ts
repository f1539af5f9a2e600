import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Database, Db } from '../../src/store/connection/database.ts';
import { findIntent, type IntentRecord, purgeIntents, saveIntent } from '../../src/store/intent.ts';
import { needs } from '../support/database.ts';
import { insertCampaignRow, openRecords, rowsVault } from '../support/rows.ts';

const HOUR_MS = 3_600_000;

needs('postgres')('words that somebody has chosen', () => {
  let database: Database;
  let db: Db;
  let campaignId: string;
  beforeAll(async () => {
    database = await openRecords();
    db = database.db;
    campaignId = await insertCampaignRow(
      { db, vault: rowsVault },
      { state: 'open', momentMs: HOUR_MS },
    );
  });

  const intent = (own: string | null, typed = {}): IntentRecord => ({
    ...{ id: randomUUID(), campaignId, locale: 'ar' },
    words: { textLocale: 'en', variant: 2, own, typed },
  });

  it('are kept to the byte, and changed in place', async () => {
    const first = intent('Ünï \u200f👩\u200d👧\n"\'\\', { name: 'Zoë "\\' });
    await saveIntent(db, rowsVault, first, HOUR_MS);
    expect(await findIntent(db, rowsVault, first.id)).toEqual(first);
    const second = { ...intent(null), id: first.id };
    await saveIntent(db, rowsVault, second, HOUR_MS);
    expect(await findIntent(db, rowsVault, first.id)).toEqual(second);
  });

  it('are nobody’s once their time is over, and then gone', async () => {
    const late = intent('late');
    const kept = intent('kept');
    await saveIntent(db, rowsVault, late, -1);
    await saveIntent(db, rowsVault, kept, HOUR_MS);
    expect(await findIntent(db, rowsVault, late.id)).toBeNull();
    await purgeIntents(db);
    const { rows } = await sql<{ id: string }>`
      select id from intent where id in (${late.id}, ${kept.id})`.execute(db);
    expect(rows.map(({ id }) => id)).toEqual([kept.id]);
    expect(await findIntent(db, rowsVault, randomUUID())).toBeNull();
  });
});
