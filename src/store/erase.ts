import { sql } from 'kysely';
import type { Db } from './connection/database.ts';

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

/** Forgets the words of a receipt and of each of its pledges, and the authorizations that were begun from it. */
export async function eraseReceiptWords(
  db: Db,
  receiptId: string,
  pledgeIds: readonly string[],
): Promise<void> {
  const ids = [receiptId, ...pledgeIds];
  await sql`delete from intent where id = any(${ids}::uuid[])`.execute(db);
  await sql`delete from oauth_flow where intent_id = any(${ids}::uuid[])`.execute(db);
}

/** Destroys the credentials of a pledge without giving them back to the platform. */
export async function forgetCredentials(db: Db, pledgeId: string): Promise<void> {
  await sql`delete from credential where pledge_id = ${pledgeId}`.execute(db);
}

/**
 * Forgets the sign-ins that led from a receipt to one of its pledges, which is withdrawn, and what was begun to connect it again; and,
 * unless another pledge of it stands on them, the receipt's words and the sign-ins at other networks that they were taken to.
 */
export async function eraseWithdrawnWords(
  db: Db,
  pledge: { id: string; receiptId: string; platform: string },
): Promise<void> {
  const { id, receiptId, platform } = pledge;
  const stands = sql`exists (select 1 from pledge where receipt_id = ${receiptId} and state = 'active')`;
  await sql`
    delete from oauth_flow where intent_id = ${receiptId} and (platform = ${platform} or not ${stands})`.execute(
    db,
  );
  await sql`delete from intent where id = ${receiptId} and not ${stands}`.execute(db);
  await sql`delete from oauth_flow where intent_id = ${id}`.execute(db);
  await sql`delete from intent where id = ${id}`.execute(db);
}

/**
 * Words by which an account has agreed anew, whose pledge stands on another receipt: the sign-in goes over to that receipt, so that
 * it is erased with it, and the words are forgotten, unless a pledge stands on them.
 */
export async function joinWords(
  db: Db,
  words: { from: string; to: string; platform: string },
): Promise<void> {
  const { from, to, platform } = words;
  if (from === to) return;
  await sql`
    update oauth_flow set intent_id = ${to}
    where intent_id = ${from} and platform = ${platform} and used_at is not null`.execute(db);
  await sql`
    delete from intent where id = ${from} and not exists (
      select 1 from pledge where receipt_id = ${from})`.execute(db);
}
