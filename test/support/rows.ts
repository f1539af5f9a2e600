import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type InstanceSecrets, Secret } from '../../config/secrets.ts';
import { textHash } from '../../src/domain/consent.ts';
import type { DeliveryState } from '../../src/domain/delivery.ts';
import { connect, type Database, type Db, migrateAt } from '../../src/store/connection/database.ts';
import { sealPledge } from '../../src/store/vault/sealed-pledge.ts';
import { createVault, type Vault } from '../../src/store/vault/vault.ts';
import { atEnd } from './at-end.ts';
import { sealAsDecided } from './bring-forward.ts';
import { testDatabase } from './database.ts';

/** Rows made directly, for tests of the store: a campaign in any state, pledges with any credential. */

/** Records of a test file's own, migrated and open until its end. */
export async function openRecords(): Promise<Database> {
  const { url } = await testDatabase(migrateAt);
  const database = await connect(url, (error) => {
    throw error;
  });
  atEnd(() => database.dispose());
  return database;
}

/** Secrets as an instance makes them. */
export function newSecrets(): InstanceSecrets {
  const key = (): Secret => new Secret(randomBytes(32).toString('base64'));
  const masterKeyId = randomBytes(6).toString('hex');
  const rest = { nextMasterKey: null, path: '' };
  return { masterKeyId, masterKey: key(), accountHashKey: key(), receiptKey: key(), ...rest };
}

/** For tests that seal and open, on records that no instance uses. */
export const rowsVault: Vault = createVault(newSecrets());

/** Records, and with what they are sealed; without that, campaigns have no keys and nothing in their rows opens. */
export type Records = Db | { db: Db; vault: Vault };

function partsOf(records: Records): { db: Db; vault: Vault | null } {
  return 'vault' in records ? records : { db: records, vault: null };
}

export interface CampaignRow {
  state: 'open' | 'locked' | 'firing' | 'settled' | 'aborted';
  /** From now, negative for the past. */
  momentMs: number;
  tooLateMs: number;
}

/** A campaign whose moment has come, unless `change` says otherwise. Returns its id. */
export async function insertCampaignRow(
  records: Records,
  change: Partial<CampaignRow> = {},
): Promise<string> {
  const { db, vault } = partsOf(records);
  const { state, momentMs, tooLateMs }: CampaignRow = {
    state: 'locked',
    momentMs: 0,
    tooLateMs: 3_600_000,
    ...change,
  };
  const id = randomUUID();
  const moment = new Date(Date.now() + momentMs);
  await db
    .insertInto('campaign')
    .values({
      id,
      slug: `rows-${id}`,
      state,
      content: JSON.stringify({ title: { en: 'Rows' }, locales: ['en'], goal: 10, messages: {} }),
      moment,
      moment_wall: '2030-01-01T11:00',
      moment_zone: 'Europe/Moscow',
      moment_tzdata: '2025b',
      preflight_at: moment,
      lock_at: moment,
      arm_at: moment,
      too_late_at: new Date(Date.now() + tooLateMs),
      created_by: 'test',
    })
    .execute();
  if (vault) {
    await vault.createCampaignKeys(db, id);
    await sealAsDecided({ db, vault }, id);
  }
  return id;
}

export interface PledgeRow {
  platform: string;
  host: string;
  state: 'active' | 'withdrawn';
  /** The state of its credential; null for none. */
  credential: 'live' | 'dead' | 'revoking' | null;
  /** When each of them joined, one after the other; now, unless it is said. */
  consentedAt: (index: number) => Date;
}

/** As many pledges, active and with a live credential unless `change` says otherwise. Returns their ids. */
export async function insertPledges(
  records: Records,
  campaignId: string,
  count: number,
  change: Partial<PledgeRow> = {},
): Promise<string[]> {
  const { db } = partsOf(records);
  const now = new Date();
  const row: PledgeRow = {
    platform: 'x',
    host: 'api.x.example',
    state: 'active',
    credential: 'live',
    consentedAt: () => now,
    ...change,
  };
  const ids = Array.from({ length: count }, () => randomUUID());
  await db
    .insertInto('pledge')
    .values(
      await Promise.all(
        ids.map(async (id, index) => ({
          id,
          campaign_id: campaignId,
          platform: row.platform,
          host: row.host,
          account_hash: randomBytes(32),
          sealed: await sealedPledge(records, {
            id,
            campaignId,
            platform: row.platform,
            consentedAt: row.consentedAt(index),
          }),
          state: row.state,
          consented_at: row.consentedAt(index),
        })),
      ),
    )
    .execute();
  const { credential } = row;
  if (credential === null) return ids;
  await db
    .insertInto('credential')
    .values(
      ids.map((id) => ({
        id: randomUUID(),
        pledge_id: id,
        campaign_id: campaignId,
        platform: row.platform,
        state: credential,
        sealed: randomBytes(16),
        revoke_after: credential === 'revoking' ? new Date() : null,
      })),
    )
    .execute();
  return ids;
}

async function sealedPledge(
  records: Records,
  pledge: { id: string; campaignId: string; platform: string; consentedAt: Date },
): Promise<Buffer> {
  const { db, vault } = partsOf(records);
  if (!vault) return Buffer.from(`sealed for ${pledge.id}`);
  const text = `text of ${pledge.id}`;
  return sealPledge(vault, db, pledge, {
    ...{ account: { id: '7', handle: `handle of ${pledge.id}` }, locale: 'en' },
    ...{ text, textHash: textHash(text), scope: 'write', policyVersion: '1' },
  });
}

/** A delivery in this state for each of these pledges, in no shard; due `dueMs` from now, or with nothing to come by itself. */
export async function insertDeliveries(
  db: Db,
  campaignId: string,
  pledges: readonly string[],
  change: { state: DeliveryState; dueMs?: number | null },
): Promise<void> {
  const { state, dueMs = 0 } = change;
  await db
    .insertInto('delivery')
    .values(
      pledges.map((pledgeId) => ({
        id: randomUUID(),
        pledge_id: pledgeId,
        campaign_id: campaignId,
        platform: 'x',
        state,
        due_at: dueMs === null ? null : new Date(Date.now() + dueMs),
        marked_at: new Date(),
      })),
    )
    .execute();
}

/** How many deliveries of a campaign are in each state that any is in. */
export async function statesOf(db: Db, campaignId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; count: number }>`
    select state, count(*)::int as count from delivery
    where campaign_id = ${campaignId} group by state`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** From here on the database itself notes every change of a delivery's state; the returned function tells which were seen. */
export async function observeStates(
  db: Db,
): Promise<() => Promise<{ from: DeliveryState; to: DeliveryState }[]>> {
  await sql`create table observed ("from" text, "to" text, unique ("from", "to"))`.execute(db);
  await sql`
    create function observe() returns trigger language plpgsql as $$
    begin
      insert into observed values (old.state, new.state) on conflict do nothing;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger observe after update on delivery for each row
      when (old.state <> new.state) execute function observe()`.execute(db);
  return async () => {
    const { rows } = await sql<{ from: DeliveryState; to: DeliveryState }>`
      select "from", "to" from observed order by 1, 2`.execute(db);
    return rows;
  };
}
