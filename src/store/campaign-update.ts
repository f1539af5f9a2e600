import type { Localized } from '../domain/campaign.ts';
import type { Db } from './connection/database.ts';

/** Something that the campaigner told while the campaign went on. */
export interface CampaignUpdateRecord {
  id: string;
  at: Date;
  author: string;
  text: Localized;
}

/** Gives when it was posted, by the database's clock. */
export async function insertUpdate(
  db: Db,
  update: { id: string; campaignId: string; author: string; text: Localized },
): Promise<Date> {
  const { id, campaignId, author, text } = update;
  const { at } = await db
    .insertInto('campaign_update')
    .values({ id, campaign_id: campaignId, author, text: JSON.stringify(text) })
    .returning('at')
    .executeTakeFirstOrThrow();
  return at;
}

/** The newest first, at most `limit`. */
export async function listUpdates(
  db: Db,
  campaignId: string,
  limit: number,
): Promise<CampaignUpdateRecord[]> {
  return db
    .selectFrom('campaign_update')
    .select(['id', 'at', 'author', 'text'])
    .where('campaign_id', '=', campaignId)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Deletes one and gives what it was; null when there is none. */
export async function deleteUpdate(
  db: Db,
  by: { id: string; campaignId: string },
): Promise<CampaignUpdateRecord | null> {
  const row = await db
    .deleteFrom('campaign_update')
    .where('id', '=', by.id)
    .where('campaign_id', '=', by.campaignId)
    .returning(['id', 'at', 'author', 'text'])
    .executeTakeFirst();
  return row ?? null;
}
