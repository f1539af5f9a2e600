import type { Db } from './connection/database.ts';

/** One width of a campaign's picture, without its bytes. */
export interface PictureSize {
  width: number;
  height: number;
}

/** A campaign's picture in all its widths, the narrowest first. */
export interface PictureRecord {
  hash: string;
  author: string;
  sizes: readonly PictureSize[];
}

/** One width, encoded. */
export interface EncodedPicture extends PictureSize {
  type: string;
  bytes: Buffer;
}

export interface NewPicture {
  campaignId: string;
  hash: string;
  author: string;
  sizes: readonly EncodedPicture[];
}

/** Puts a picture in the place of what was there. To be called in a transaction. */
export async function replacePicture(db: Db, picture: NewPicture): Promise<void> {
  const { campaignId, hash, author, sizes } = picture;
  await db.deleteFrom('picture').where('campaign_id', '=', campaignId).execute();
  await db
    .insertInto('picture')
    .values(sizes.map((size) => ({ ...size, campaign_id: campaignId, hash, author })))
    .execute();
}

/** Null where the campaign has none. */
export async function findPicture(db: Db, campaignId: string): Promise<PictureRecord | null> {
  const rows = await db
    .selectFrom('picture')
    .select(['width', 'height', 'hash', 'author'])
    .where('campaign_id', '=', campaignId)
    .orderBy('width')
    .execute();
  const [first] = rows;
  if (!first) return null;
  const sizes = rows.map(({ width, height }) => ({ width, height }));
  return { hash: first.hash, author: first.author, sizes };
}

/** The bytes of one width, by what stands in its address. */
export async function findPictureBytes(
  db: Db,
  by: { campaignId: string; hash: string; width: number },
): Promise<Buffer | null> {
  const row = await db
    .selectFrom('picture')
    .select('bytes')
    .where('campaign_id', '=', by.campaignId)
    .where('width', '=', by.width)
    .where('hash', '=', by.hash)
    .executeTakeFirst();
  return row?.bytes ?? null;
}
