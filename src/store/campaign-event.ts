import { sql } from 'kysely';
import type { HoldScope } from '../domain/hold.ts';
import { UNDER_WAY_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import type { CampaignEventTable } from './schema.ts';

/** An order to stop or to go on, or a stop by Tocsin itself. With the attempts it is the ledger of a campaign. Names no supporter. */
export interface CampaignEvent {
  action: CampaignEventTable['action'];
  /** How wide it was meant: of several campaigns, each gets the same entry. */
  scope: HoldScope;
  /** The platform it is about, for the scopes `platform` and `host`; else null. */
  platform: string | null;
  actor: string;
  /** The reason given; '' without one. */
  detail: string;
}

/** Appends an event to the ledger of one campaign unless the very same stands there. Whether it is new. */
export async function appendEventOnce(
  db: Db,
  campaignId: string,
  { action, scope, platform, actor, detail }: CampaignEvent,
): Promise<boolean> {
  const result = await sql`
    insert into campaign_event (campaign_id, actor, action, scope, platform, detail)
    select ${campaignId}, ${actor}, ${action}, ${scope}, ${platform}, ${detail}
    where not exists (
      select 1 from campaign_event e where e.campaign_id = ${campaignId} and e.action = ${action}
        and e.platform is not distinct from ${platform} and e.detail = ${detail})`.execute(db);
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** A language whose text a network refused before the moment, of a campaign that is not over. */
export interface RefusedText {
  at: Date;
  slug: string;
  platform: string;
}

/** Of all campaigns under way, the earliest first. */
export async function listRefusedTexts(db: Db): Promise<RefusedText[]> {
  return listOpen(db, 'text_refused');
}

/** A campaign that is not over, and a network that has a shield, or a server of it has one, which did not let us in. */
export type RecordedChallenge = RefusedText;

/** Of all campaigns under way, the earliest first. */
export async function listChallenges(db: Db): Promise<RecordedChallenge[]> {
  return listOpen(db, 'challenged');
}

async function listOpen(db: Db, action: CampaignEvent['action']): Promise<RefusedText[]> {
  const { rows } = await sql<RefusedText>`
    select e.at, c.slug, coalesce(e.platform, '') as platform
    from campaign c join campaign_event e on e.campaign_id = c.id and e.action = ${action}
    where c.state in (${UNDER_WAY_STATES}) order by e.at, e.id`.execute(db);
  return rows;
}

/**
 * Appends an event to the ledger of one campaign, or of all that are open, locked or firing: those whose posts are still to
 * come. Returns how many.
 */
export async function appendEvent(
  db: Db,
  of: { campaignId: string } | 'all under way',
  event: CampaignEvent,
): Promise<number> {
  const which =
    of === 'all under way' ? sql`c.state in (${UNDER_WAY_STATES})` : sql`c.id = ${of.campaignId}`;
  const result = await sql`
    insert into campaign_event (campaign_id, actor, action, scope, platform, detail)
    select c.id, ${event.actor}, ${event.action}, ${event.scope}, ${event.platform}, ${event.detail}
    from campaign c where ${which} order by c.moment, c.id`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
