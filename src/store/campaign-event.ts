import { sql } from 'kysely';
import type { Db } from './database.ts';
import type { HoldScope } from './hold.ts';
import type { CampaignEventTable } from './schema.ts';

/** What somebody did to a delivery under way; with the attempts it is the ledger of a campaign. Names no supporter. */
export interface CampaignEvent {
  action: CampaignEventTable['action'];
  /** How wide it was meant: of several campaigns, each gets the same entry. */
  scope: HoldScope;
  actor: string;
  /** What was said about it; for a platform its name comes first, see `platformDetail`. */
  detail: string;
}

/** The detail of what was done to a platform: `x`, or `x: and why`. No platform has a colon in its name. */
export function platformDetail(platform: string, reason: string): string {
  return reason === '' ? platform : `${platform}: ${reason}`;
}

/** SQL: the platform that an event of that scope was about. */
export function eventPlatform(detail: string) {
  return sql<string>`split_part(${sql.ref(detail)}, ':', 1)`;
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
    of === 'all under way'
      ? sql`c.state in ('open', 'locked', 'firing')`
      : sql`c.id = ${of.campaignId}`;
  const result = await sql`
    insert into campaign_event (campaign_id, actor, action, scope, detail)
    select c.id, ${event.actor}, ${event.action}, ${event.scope}, ${event.detail}
    from campaign c where ${which} order by c.moment, c.id`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
