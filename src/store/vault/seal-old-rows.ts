import { sql } from 'kysely';
import { ConfigurationError, NotFoundError, SealError } from '../../domain/errors.ts';
import type { Db } from '../connection/database.ts';
import { hasTable } from '../connection/has-table.ts';
import { intentSealContext } from '../intent.ts';
import { openNoteBook } from '../platform-note.ts';
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
  while (await hasTable(db, 'unsealed')) {
    const count = await db.transaction().execute((tx) => sealNext(tx, vault));
    done += count;
    if (count === 0) await finish(db);
  }
  return done;
}

/** One batch at a time, whichever process does it. Returns how many rows it was. */
async function sealNext(db: Db, vault: Vault): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended('seal old rows', 0))`.execute(db);
  // Another process may have ended it while this one waited.
  if (!(await hasTable(db, 'unsealed'))) return 0;
  const { rows } = await sql<UnsealedRow>`
    select id, kind, campaign_id as "campaignId", platform, row_id as "rowId", value
    from unsealed order by id limit ${BATCH}`.execute(db);
  const kinds = new Set(rows.map(({ kind }) => kind));
  for (const kind of kinds) {
    await SEALERS[kind](
      db,
      vault,
      rows.filter((row) => row.kind === kind),
    );
  }
  await sql`delete from unsealed where id = any(${rows.map(({ id }) => id)}::bigint[])`.execute(db);
  return rows.length;
}

/** What cannot be opened, since it is damaged, or sealed, since its campaign's key is destroyed, is of no use and not kept. */
async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SealError || error instanceof NotFoundError) return null;
    throw error;
  }
}

type Sealer = (db: Db, vault: Vault, rows: readonly UnsealedRow[]) => Promise<void>;

const SEALERS = {
  keys: async (db, vault, rows) => {
    for (const { campaignId } of rows) {
      const place = { column: 'credential.sealed', campaignId, platform: '', rowId: '' } as const;
      if ((await orNull(() => vault.seal(db, place, null))) === null) {
        throw new ConfigurationError(
          'DATA_DIR: secrets.json is not the one that the records were sealed with; put that one there, and start again',
        );
      }
      await vault.createCampaignKeys(db, campaignId);
    }
  },
  pledge: async (db, vault, rows) => {
    const ids = rows.map(({ rowId }) => rowId);
    const pledges = await sql<{ id: string; consentedAt: Date }>`
      select id, consented_at as "consentedAt" from pledge where id = any(${ids}::uuid[])`.execute(
      db,
    );
    const times = new Map(pledges.rows.map(({ id, consentedAt }) => [id, consentedAt]));
    await writeSealed(
      db,
      'pledge',
      'sealed',
      rows,
      async ({ campaignId, platform, rowId, value }) => {
        const consentedAt = times.get(rowId);
        if (!consentedAt) return null;
        const place = { column: 'pledge.account', campaignId, platform, rowId } as const;
        const { account: hex, ...rest } = value;
        const bytes = Buffer.from(String(hex), 'hex');
        const account = await vault.open<PledgeContent['account']>(db, place, bytes);
        const content = { ...rest, account } as PledgeContent;
        return sealPledge(vault, db, { id: rowId, campaignId, platform, consentedAt }, content);
      },
    );
  },
  intent: async (db, vault, rows) => {
    await writeSealed(db, 'intent', 'sealed', rows, ({ campaignId, rowId, value }) =>
      vault.seal(db, intentSealContext(rowId, campaignId), value),
    );
  },
  delivery: async (db, vault, rows) => {
    await writeSealed(db, 'delivery', 'sealed', rows, async (row) => {
      const { id = null, url = null } = row.value as Partial<Record<string, string>>;
      const post = id || url ? { id, url } : null;
      const [sealed = null] = await sealPosts(vault, db, [{ ...row, id: row.rowId, post }]);
      return sealed;
    });
    await writeSealed(db, 'delivery', 'sealed_stage', rows, async (row) => {
      const { staged: token = null } = row.value as Partial<Record<string, string>>;
      if (!token) return null;
      const [sealed = null] = await sealStages(vault, db, [{ ...row, id: row.rowId, token }]);
      return sealed;
    });
  },
  note: async (db, vault, rows) => {
    for (const { platform, value } of rows) {
      const key = String(value.key);
      const bytes = Buffer.from(String(value.sealed), 'hex');
      const note = await orNull(async () =>
        vault.openOwn(`platform_note|${platform}|${key}`, bytes),
      );
      if (note !== null) await openNoteBook(db, vault, platform).saveIfAbsent(key, note);
    }
  },
  reminder: async (db, vault, rows) => {
    await writeSealed(db, 'reminder', 'address', rows, async ({ campaignId, rowId, value }) => {
      const place = { column: 'reminder.address', campaignId, platform: '', rowId } as const;
      const bytes = Buffer.from(String(value.address), 'hex');
      return vault.seal(db, place, await vault.open<string>(db, place, bytes, 'grants'));
    });
  },
} satisfies Record<string, Sealer>;

/** Writes what is sealed of each row in one statement; rows of which there is nothing are left as they are. */
async function writeSealed(
  db: Db,
  table: string,
  column: string,
  rows: readonly UnsealedRow[],
  seal: (row: UnsealedRow) => Promise<Buffer | null>,
): Promise<void> {
  const written: { id: string; sealed: Buffer }[] = [];
  for (const row of rows) {
    const sealed = await orNull(() => seal(row));
    if (sealed !== null) written.push({ id: row.rowId, sealed });
  }
  await sql`
    update ${sql.table(table)} t set ${sql.ref(column)} = s.sealed
    from unnest(${written.map(({ id }) => id)}::uuid[], ${written.map(({ sealed }) => sealed)}::bytea[]) as s (id, sealed)
    where t.id = s.id`.execute(db);
}

/** A table keeps the bytes of rows that were changed and of columns that are gone until it is written anew. */
async function finish(db: Db): Promise<void> {
  for (const table of ['pledge', 'intent', 'oauth_flow', 'delivery', 'attempt', 'platform_note']) {
    await sql`vacuum (full, analyze) ${sql.table(table)}`.execute(db);
  }
  await sql`drop table if exists unsealed`.execute(db);
}
