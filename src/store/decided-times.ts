import { sql } from 'kysely';
import { MasterKeyMissing, NotFoundError, SealError } from '../domain/errors.ts';
import { type CampaignTimes, findCampaign } from './campaign.ts';
import type { Db } from './connection/database.ts';
import { hasTable } from './connection/has-table.ts';
import type { SealContext } from './vault/seal-context.ts';
import type { Vault } from './vault/vault.ts';

/**
 * The times of a campaign lie in clear, since SQL goes by them. Beside them lies what was decided, sealed, so that a time that was
 * changed in the database by anybody else than Tocsin is noticed before something is sent by it.
 */

/** As it is sealed. */
interface SealedTimes {
  instant: string;
  wall: string;
  zone: string;
  tzdata: string;
  keptAgainst: readonly string[];
  preflightAt: string;
  lockAt: string;
  armAt: string;
  tooLateAt: string;
}

/** Sealed beside the times: how often a person had decided about them, so that an earlier decision does not hold again. */
interface SealedDecision {
  times: SealedTimes;
  decisions: number;
}

function sealContext(campaignId: string): SealContext {
  return { column: 'campaign.decided_times', campaignId, platform: '', rowId: campaignId };
}

function asSealed(times: CampaignTimes): SealedTimes {
  const { instant, wall, zone, tzdata } = times.moment;
  return {
    ...{ instant: instant.toISOString(), wall, zone, tzdata },
    keptAgainst: times.momentKeptAgainst,
    preflightAt: times.preflightAt.toISOString(),
    lockAt: times.lockAt.toISOString(),
    armAt: times.armAt.toISOString(),
    tooLateAt: times.tooLateAt.toISOString(),
  };
}

function asTimes(sealed: SealedTimes): CampaignTimes {
  const { instant, wall, zone, tzdata, keptAgainst } = sealed;
  return {
    moment: { instant: new Date(instant), wall, zone, tzdata },
    momentKeptAgainst: keptAgainst,
    preflightAt: new Date(sealed.preflightAt),
    lockAt: new Date(sealed.lockAt),
    armAt: new Date(sealed.armAt),
    tooLateAt: new Date(sealed.tooLateAt),
  };
}

/** Which of its times a campaign has otherwise than these; in the order of importance. */
export function differingTimes(
  campaign: CampaignTimes,
  decided: CampaignTimes,
): (keyof SealedTimes)[] {
  const [is, was] = [asSealed(campaign), asSealed(decided)];
  const names = Object.keys(is) as (keyof SealedTimes)[];
  return names.filter((name) => JSON.stringify(is[name]) !== JSON.stringify(was[name]));
}

/** SQL: how often a person has decided about the moment of campaign `c`. */
const DECISIONS = sql`(select count(*) from campaign_event e
  where e.campaign_id = c.id and e.action in ('kept', 'moved'))::int`;

/** Seals these times as decided, after whatever the ledger says of it. In a transaction that has just written them to the campaign. */
export async function sealTimes(
  db: Db,
  vault: Vault,
  campaignId: string,
  times: CampaignTimes,
): Promise<void> {
  const { rows } = await sql<{ decisions: number }>`
    select ${DECISIONS} as decisions from campaign c where c.id = ${campaignId}`.execute(db);
  const decision: SealedDecision = { times: asSealed(times), decisions: rows[0]?.decisions ?? 0 };
  const sealed = await vault.seal(db, sealContext(campaignId), decision);
  await sql`update campaign set decided_times = ${sealed} where id = ${campaignId}`.execute(db);
}

/**
 * What was decided of each of these campaigns; null where nothing that is sealed there is valid: it is missing, of another
 * campaign or another decision, or was changed. @throws MasterKeyMissing when this process cannot tell.
 */
export async function readDecidedTimes(
  db: Db,
  vault: Vault,
  campaignIds: readonly string[],
): Promise<Map<string, CampaignTimes | null>> {
  const { rows } = await sql<DecidedRow>`
    select c.id, c.decided_times as sealed, ${DECISIONS} as decisions
    from campaign c where c.id = any(${campaignIds}::uuid[])`.execute(db);
  const decided = new Map<string, CampaignTimes | null>();
  for (const row of rows) decided.set(row.id, await openTimes(db, vault, row));
  return decided;
}

interface DecidedRow {
  id: string;
  sealed: Buffer | null;
  decisions: number;
}

async function openTimes(
  db: Db,
  vault: Vault,
  { id, sealed, decisions }: DecidedRow,
): Promise<CampaignTimes | null> {
  if (sealed === null) return null;
  try {
    const decision = await vault.open<SealedDecision>(db, sealContext(id), sealed);
    return decision.decisions === decisions ? asTimes(decision.times) : null;
  } catch (error) {
    if (error instanceof MasterKeyMissing) throw error;
    if (error instanceof SealError || error instanceof NotFoundError) return null;
    throw error;
  }
}

/** Made by the migration that added the seals, where there is anything to seal. */
const OLD_TIMES = 'unsealed_times';

/**
 * Seals, as they are, the times of campaigns that were there before times were sealed: once, when their database is opened for
 * the first time after that. Nothing else of an instance may run before it has returned.
 */
export async function sealOldTimes(db: Db, vault: Vault): Promise<void> {
  if (!(await hasTable(db, OLD_TIMES))) return;
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('seal old times', 0))`.execute(tx);
    // Another process may have done it while this one waited.
    if (!(await hasTable(tx, OLD_TIMES))) return;
    const { rows } = await sql<{ id: string }>`select id from ${sql.table(OLD_TIMES)}`.execute(tx);
    for (const { id } of rows) {
      const campaign = await findCampaign(tx, { id });
      // One without keys sends nothing.
      const has = await tx
        .selectFrom('campaign_key')
        .select('purpose')
        .where('campaign_id', '=', id)
        .where('wrapped', 'is not', null)
        .executeTakeFirst();
      if (campaign && has) await sealTimes(tx, vault, id, campaign);
    }
    await sql`drop table ${sql.table(OLD_TIMES)}`.execute(tx);
  });
}
