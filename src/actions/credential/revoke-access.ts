import type { Context } from '../../context.ts';
import { NotFoundError } from '../../domain/errors.ts';
import {
  type ApiKeyRecord,
  audit,
  endAccess,
  listApiKeys,
  listOpenAccess,
  type OpenAccess,
  revokeApiKey,
} from '../../store/operator.ts';

export type { ApiKeyRecord, OpenAccess } from '../../store/operator.ts';

/** Every API key, those that were revoked among them; never its secret, which is not kept. */
export async function showApiKeys(ctx: Context): Promise<ApiKeyRecord[]> {
  return listApiKeys(ctx.db);
}

/** Ends an API key at once; its name stays taken. @throws NotFoundError where none of this name is in force. */
export async function endApiKey(
  ctx: Context,
  { name, actor }: { name: string; actor: string },
): Promise<ApiKeyRecord> {
  return ctx.db.transaction().execute(async (db) => {
    const revoked = await revokeApiKey(db, name);
    const key = (await listApiKeys(db)).find((one) => one.name === name);
    if (!key) throw new NotFoundError(`There is no API key "${name}"`);
    if (!revoked) {
      const at = key.revokedAt?.toISOString();
      throw new NotFoundError(`The API key "${name}" was revoked already, at ${at}`);
    }
    await audit(db, { actor, action: 'key.revoke', subject: name });
    return key;
  });
}

/** What lets operators in now: sessions, and one-time links that have not been used. */
export async function showOpenAccess(ctx: Context): Promise<OpenAccess[]> {
  return listOpenAccess(ctx.db);
}

/**
 * Ends the session or link with this id, or all that an operator has, links among them, so that none of them can be used again.
 * @throws NotFoundError where there is nothing to end.
 */
export async function endOpenAccess(
  ctx: Context,
  { whose, actor }: { whose: string; actor: string },
): Promise<OpenAccess[]> {
  return ctx.db.transaction().execute(async (db) => {
    const ended = await endAccess(db, whose);
    if (ended.length === 0) {
      throw new NotFoundError(
        `No session or link has the id "${whose}", or is of an operator "${whose}"`,
      );
    }
    for (const { kind, operator, id } of ended) {
      await audit(db, { actor, action: `${kind}.end`, subject: `${operator} ${id}` });
    }
    return ended;
  });
}
