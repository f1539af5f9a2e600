import { sql } from 'kysely';
import type { Db } from './database.ts';

/**
 * Takes away everything that names the person behind a pledge, or their post: account, text, the post's id and address, and
 * the link to the receipt. What is left tells of nobody: that there was one, on which platform, and what became of it.
 * The pledge is withdrawn, or its delivery over, and its credentials are given to the revoker.
 */
export async function erasePledge(db: Db, id: string): Promise<void> {
  await sql`
    update pledge set erased = true, sealed = ''::bytea, account_hash = uuid_send(gen_random_uuid()), host = '', followers = null,
      receipt_id = gen_random_uuid(), consented_at = 'epoch', withdrawn_at = null
    where id = ${id}`.execute(db);
  await sql`
    update delivery set sealed = null, sealed_stage = null, host = ''
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
