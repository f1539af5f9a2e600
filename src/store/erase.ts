import { sql } from 'kysely';
import type { Db } from './database.ts';

/**
 * Takes away everything that names the person behind a pledge, or their post: account, text, the post's id and address, and, unless
 * the receipt is to say that there was one, the link to it. What is left tells of nobody: that there was one, on which platform, and
 * what became of it. The pledge is withdrawn, or its delivery over, and its credentials are given to the revoker.
 */
export async function erasePledge(
  db: Db,
  id: string,
  { keepLink }: { keepLink: boolean } = { keepLink: false },
): Promise<void> {
  await sql`
    update pledge set erased = true, sealed = ''::bytea, account_hash = null, host = '',
      receipt_id = ${keepLink ? sql`receipt_id` : sql`gen_random_uuid()`}, consented_at = 'epoch', withdrawn_at = null
    where id = ${id}`.execute(db);
  await sql`
    update delivery set sealed = null, sealed_stage = null, host = '', settled_at = null
    where pledge_id = ${id}`.execute(db);
}

/** Forgets the words of a receipt, and the authorizations that were begun from it. */
export async function eraseReceiptWords(db: Db, receiptId: string): Promise<void> {
  await sql`delete from intent where id = ${receiptId}`.execute(db);
  await sql`delete from oauth_flow where intent_id = ${receiptId}`.execute(db);
}

/** Destroys the credentials of a pledge without giving them back to the platform. */
export async function forgetCredentials(db: Db, pledgeId: string): Promise<void> {
  await sql`delete from credential where pledge_id = ${pledgeId}`.execute(db);
}

/**
 * Forgets the sign-ins that led from a receipt to one of its pledges, which is withdrawn; and the receipt's words, unless another
 * pledge of it stands on them.
 */
export async function eraseWithdrawnWords(
  db: Db,
  pledge: { receiptId: string; platform: string },
): Promise<void> {
  const { receiptId, platform } = pledge;
  await sql`delete from oauth_flow where intent_id = ${receiptId} and platform = ${platform}`.execute(
    db,
  );
  await sql`
    delete from intent where id = ${receiptId} and not exists (
      select 1 from pledge where receipt_id = ${receiptId} and state = 'active')`.execute(db);
}
