import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { ConflictError } from '../../domain/errors.ts';
import { checkName } from '../../domain/order-words.ts';
import { newSecret, secretHash } from '../../secret-token.ts';
import {
  audit,
  deleteSession,
  findApiKey,
  findSession,
  hasNoOperator,
  insertApiKey,
  insertSession,
  insertSignInLink,
  isSignInLinkOpen,
  useSignInLink,
} from '../../store/operator.ts';

/** A one-time link is used within the hour, or another is made. */
const LINK_LIFE_MS = 60 * 60_000;
/** A session lasts a working day. */
export const SESSION_LIFE_MS = 12 * 3_600_000;
const KEY_PREFIX = 'tocsin_';

/** Makes a link that signs `operator` in once. There are no passwords. @throws InputError for the name. */
export async function issueSignInLink(
  ctx: Context,
  input: { operator: string },
): Promise<{ path: string }> {
  checkName('name', input.operator);
  const token = newSecret();
  await insertSignInLink(ctx.db, {
    tokenHash: secretHash(token),
    operator: input.operator,
    lifeMs: LINK_LIFE_MS,
  });
  await audit(ctx.db, {
    actor: 'command line',
    action: 'operator.link',
    subject: input.operator,
  });
  return { path: `/ops/sign-in/${token}` };
}

/** The first operator's link, on the first start only. */
export async function issueFirstLink(ctx: Context): Promise<{ path: string } | null> {
  return (await hasNoOperator(ctx.db)) ? issueSignInLink(ctx, { operator: 'operator' }) : null;
}

/** Whether a link would still work. Looking does not use it up, since mail scanners look, too. */
export async function canSignIn(ctx: Context, input: { token: string }): Promise<boolean> {
  return isSignInLinkOpen(ctx.db, secretHash(input.token));
}

/** Uses a link up. Null when it has been used or has ended; else the secret of a session. */
export async function signIn(ctx: Context, input: { token: string }): Promise<string | null> {
  const operator = await useSignInLink(ctx.db, secretHash(input.token));
  if (operator === null) return null;
  const session = newSecret();
  await insertSession(ctx.db, { idHash: secretHash(session), operator, lifeMs: SESSION_LIFE_MS });
  await audit(ctx.db, { actor: operator, action: 'operator.sign_in', subject: operator });
  return session;
}

export async function signOut(ctx: Context, input: { session: string }): Promise<void> {
  await deleteSession(ctx.db, secretHash(input.session));
}

/** Whose session this is, or null. */
export async function findOperatorOfSession(ctx: Context, session: string): Promise<string | null> {
  return findSession(ctx.db, secretHash(session));
}

/** Makes an API key; it is shown once. @throws InputError, ConflictError `name_taken`. */
export async function createApiKey(ctx: Context, input: { name: string }): Promise<string> {
  checkName('name', input.name);
  const key = KEY_PREFIX + newSecret();
  const stored = await insertApiKey(ctx.db, {
    id: randomUUID(),
    name: input.name,
    keyHash: secretHash(key),
  });
  if (!stored)
    throw new ConflictError(
      'name_taken',
      `there is a key "${input.name}" already; choose another name, or revoke that one`,
      'name',
    );
  await audit(ctx.db, { actor: 'command line', action: 'key.create', subject: input.name });
  return key;
}

/** The name of the key's holder, or null. */
export async function findKeyHolder(ctx: Context, key: string): Promise<string | null> {
  return key.startsWith(KEY_PREFIX) ? findApiKey(ctx.db, secretHash(key)) : null;
}
