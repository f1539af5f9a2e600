import { sql } from 'kysely';
import { ConfigurationError, NotFoundError, SealError } from '../domain/errors.ts';
import type { Db } from './database.ts';
import { intentPlace } from './intent.ts';
import { notesOf } from './platform-note.ts';
import { type PledgeContent, sealPledge } from './sealed-pledge.ts';
import { sealPosts, sealStages } from './sealed-post.ts';
import type { Vault } from './vault.ts';

/** Something that a migration has left to be sealed; what its value holds is in 0012_two_keys.sql and 0013_sealed_rows.sql. */
interface UnsealedRow {
  id: string;
  kind: keyof typeof SEALERS;
  campaignId: string;
  platform: string;
  rowId: string;
  value: Record<string, unknown>;
}

const BATCH = 500;

/**
 * Seals what a migration found in clear and moved to the table `unsealed`; returns how much of it. Nothing else of an instance
 * may run before it has returned. Each batch is a transaction, so that it goes on where it was ended; of several processes each
 * waits for the others' batches, and all return when nothing is left.
 * @throws ConfigurationError when the records were sealed with other secrets.
 */
export async function sealOldRows(db: Db, vault: Vault): Promise<number> {
  let done = 0;
  while (await isThere(db)) {
    const count = await db.transaction().execute((tx) => sealNext(tx, vault));
    done += count;
    if (count === 0) await finish(db);
  }
  return done;
}

async function isThere(db: Db): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass('unsealed') is not null as found`.execute(db);
  return rows[0]?.found ?? false;
}

/** One batch at a time, whichever process does it. Returns how many rows it was. */
async function sealNext(db: Db, vault: Vault): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended('seal old rows', 0))`.execute(db);
  // Another process may have ended it while this one waited.
  if (!(await isThere(db))) return 0;
  const { rows } = await sql<UnsealedRow>`
    select id, kind, campaign_id as "campaignId", platform, row_id as "rowId", value
    from unsealed order by id limit ${BATCH}`.execute(db);
  for (const row of rows) await sealRow(db, vault, row);
  await sql`delete from unsealed where id = any(${rows.map(({ id }) => id)}::bigint[])`.execute(db);
  return rows.length;
}

/** What cannot be sealed, since its campaign's key is destroyed, is not kept. */
async function sealRow(db: Db, vault: Vault, row: UnsealedRow): Promise<void> {
  try {
    await SEALERS[row.kind](db, vault, row);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

/** Whether it was sealed with these secrets, or is damaged. */
async function opened<T>(open: Promise<T>): Promise<T | null> {
  return open.catch((error: unknown) => {
    if (error instanceof SealError) return null;
    throw error;
  });
}

const SEALERS = {
  keys: async (db: Db, vault: Vault, { campaignId }: UnsealedRow) => {
    const place = { column: 'credential.sealed', campaignId, platform: '', rowId: '' } as const;
    if ((await opened(vault.seal(db, place, null))) === null) {
      throw new ConfigurationError(
        'DATA_DIR: secrets.json is not the one that the records were sealed with; put that one there, and start again',
      );
    }
    await vault.createCampaignKeys(db, campaignId);
  },
  pledge: async (db: Db, vault: Vault, { campaignId, platform, rowId, value }: UnsealedRow) => {
    const place = { column: 'pledge.account', campaignId, platform, rowId } as const;
    const { account: hex, ...rest } = value;
    const bytes = Buffer.from(String(hex), 'hex');
    const account = await opened(vault.open<PledgeContent['account']>(db, place, bytes));
    // Damaged: it is of no more use than before.
    if (!account) return;
    const content = { ...rest, account } as PledgeContent;
    const row = await db
      .selectFrom('pledge')
      .select('consented_at as consentedAt')
      .where('id', '=', rowId)
      .executeTakeFirst();
    if (!row) return;
    const key = { ...row, id: rowId, campaignId, platform };
    const sealed = await sealPledge(vault, db, key, content);
    await sql`update pledge set sealed = ${sealed} where id = ${rowId}`.execute(db);
  },
  intent: async (db: Db, vault: Vault, { campaignId, rowId, value }: UnsealedRow) => {
    const sealed = await vault.seal(db, intentPlace(rowId, campaignId), value);
    await sql`update intent set sealed = ${sealed} where id = ${rowId}`.execute(db);
  },
  delivery: async (db: Db, vault: Vault, { campaignId, platform, rowId, value }: UnsealedRow) => {
    const { id, url, staged } = value as Record<string, string | null>;
    const key = { id: rowId, campaignId, platform };
    const post = id || url ? { id: id ?? null, url: url ?? null } : null;
    const [sealed = null] = await sealPosts(vault, db, [{ ...key, post }]);
    const [stage = null] = staged ? await sealStages(vault, db, [{ ...key, token: staged }]) : [];
    await sql`
      update delivery set sealed = ${sealed}, sealed_stage = ${stage} where id = ${rowId}`.execute(
      db,
    );
  },
  note: async (db: Db, vault: Vault, { platform, value }: UnsealedRow) => {
    const key = String(value.key);
    const bytes = Buffer.from(String(value.sealed), 'hex');
    const open = async () => vault.openOwn(`platform_note|${platform}|${key}`, bytes);
    const note = await opened(open());
    if (note !== null) await notesOf(db, vault, platform).keep(key, note);
  },
  reminder: async (db: Db, vault: Vault, { campaignId, rowId, value }: UnsealedRow) => {
    const place = { column: 'reminder.address', campaignId, platform: '', rowId } as const;
    const bytes = Buffer.from(String(value.address), 'hex');
    const address = await opened(vault.open<string>(db, place, bytes, 'grants'));
    if (address === null) return;
    const sealed = await vault.seal(db, place, address);
    await sql`update reminder set address = ${sealed} where id = ${rowId}`.execute(db);
  },
};

/** A table keeps the bytes of rows that were changed and of columns that are gone until it is written anew. */
async function finish(db: Db): Promise<void> {
  for (const table of ['pledge', 'intent', 'oauth_flow', 'delivery', 'attempt', 'platform_note']) {
    await sql`vacuum (full, analyze) ${sql.table(table)}`.execute(db);
  }
  await sql`drop table if exists unsealed`.execute(db);
}
