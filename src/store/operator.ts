import { sql } from 'kysely';
import type { Db } from './connection/database.ts';

/** Stores a one-time sign-in link by its hash. */
export async function insertSignInLink(
  db: Db,
  link: { tokenHash: Buffer; operator: string; lifeMs: number },
): Promise<void> {
  await db
    .insertInto('sign_in_link')
    .values({
      token_hash: link.tokenHash,
      operator: link.operator,
      expires_at: sql`clock_timestamp() + ${link.lifeMs} * interval '1 millisecond'`,
    })
    .execute();
}

/** Uses a sign-in link up. Returns the operator's name, or null when it is used, expired or unknown. */
export async function useSignInLink(db: Db, tokenHash: Buffer): Promise<string | null> {
  const row = await db
    .updateTable('sign_in_link')
    .set({ used_at: sql`clock_timestamp()` })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .returning('operator')
    .executeTakeFirst();
  return row?.operator ?? null;
}

/** True while the link could still be used; opening its page does not use it. */
export async function isSignInLinkOpen(db: Db, tokenHash: Buffer): Promise<boolean> {
  const row = await db
    .selectFrom('sign_in_link')
    .select('operator')
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  return row !== undefined;
}

/** True when nobody was ever given a way in: the first start. */
export async function hasNoOperator(db: Db): Promise<boolean> {
  const row = await db.selectFrom('sign_in_link').select('operator').limit(1).executeTakeFirst();
  return row === undefined;
}

export async function insertSession(
  db: Db,
  session: { idHash: Buffer; operator: string; lifeMs: number },
): Promise<void> {
  await db
    .insertInto('operator_session')
    .values({
      id_hash: session.idHash,
      operator: session.operator,
      expires_at: sql`clock_timestamp() + ${session.lifeMs} * interval '1 millisecond'`,
    })
    .execute();
}

/** The operator of a session that has not ended, or null. */
export async function findSession(db: Db, idHash: Buffer): Promise<string | null> {
  const row = await db
    .selectFrom('operator_session')
    .select('operator')
    .where('id_hash', '=', idHash)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  return row?.operator ?? null;
}

export async function deleteSession(db: Db, idHash: Buffer): Promise<void> {
  await db.deleteFrom('operator_session').where('id_hash', '=', idHash).execute();
}

/** Stores an API key by its hash. False when the name is taken. */
export async function insertApiKey(
  db: Db,
  key: { id: string; name: string; keyHash: Buffer },
): Promise<boolean> {
  const result = await db
    .insertInto('api_key')
    .values({ id: key.id, name: key.name, key_hash: key.keyHash })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** The name of a key that is in force, or null. */
export async function findApiKey(db: Db, keyHash: Buffer): Promise<string | null> {
  const row = await db
    .selectFrom('api_key')
    .select('name')
    .where('key_hash', '=', keyHash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row?.name ?? null;
}

/** An API key without its secret. */
export interface ApiKeyRecord {
  name: string;
  createdAt: Date;
  /** Null while it is in force. */
  revokedAt: Date | null;
}

/** Every API key, the oldest first. */
export async function listApiKeys(db: Db): Promise<ApiKeyRecord[]> {
  return db
    .selectFrom('api_key')
    .select(['name', 'created_at as createdAt', 'revoked_at as revokedAt'])
    .orderBy('created_at')
    .orderBy('name')
    .execute();
}

/** Ends an API key. False when there is none of this name in force. */
export async function revokeApiKey(db: Db, name: string): Promise<boolean> {
  const result = await db
    .updateTable('api_key')
    .set({ revoked_at: sql`clock_timestamp()` })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A way in that is open: a session, or a one-time link that has not been used. */
export interface OpenAccess {
  /** The first eight digits of the hash by which it is stored; its secret does not follow from it. */
  id: string;
  kind: 'session' | 'link';
  operator: string;
  until: Date;
}

/** Everything that lets an operator in now, by name and then by its end. */
export async function listOpenAccess(db: Db): Promise<OpenAccess[]> {
  const { rows } = await sql<OpenAccess>`
    select left(encode(id_hash, 'hex'), 8) as id, 'session' as kind, operator, expires_at as until
    from operator_session where expires_at > clock_timestamp()
    union all
    select left(encode(token_hash, 'hex'), 8), 'link', operator, expires_at
    from sign_in_link where used_at is null and expires_at > clock_timestamp()
    order by operator, until`.execute(db);
  return rows;
}

/** Ends what lets an operator in: the one with this id, or all of this operator's. Gives what it was. */
export async function endAccess(db: Db, idOrOperator: string): Promise<OpenAccess[]> {
  const { rows: sessions } = await sql<OpenAccess>`
    delete from operator_session
    where expires_at > clock_timestamp()
      and (left(encode(id_hash, 'hex'), 8) = ${idOrOperator} or operator = ${idOrOperator})
    returning left(encode(id_hash, 'hex'), 8) as id, 'session' as kind, operator, expires_at as until`.execute(
    db,
  );
  const { rows: links } = await sql<OpenAccess>`
    update sign_in_link set used_at = clock_timestamp()
    where used_at is null and expires_at > clock_timestamp()
      and (left(encode(token_hash, 'hex'), 8) = ${idOrOperator} or operator = ${idOrOperator})
    returning left(encode(token_hash, 'hex'), 8) as id, 'link' as kind, operator, expires_at as until`.execute(
    db,
  );
  return [...sessions, ...links];
}

/** Notes what an operator did. Never name a supporter here. */
export async function audit(
  db: Db,
  entry: { actor: string; action: string; subject: string },
): Promise<void> {
  await db.insertInto('audit_entry').values(entry).execute();
}
