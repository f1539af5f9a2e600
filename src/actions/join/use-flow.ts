import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { secretHash } from '../../secret-token.ts';
import { type OauthFlow, useOauthFlow } from '../../store/oauth-flow.ts';
import { holdWhileAway } from './hold-while-away.ts';

/** Those that are remembered at most; they lapse within the hour. */
const MAX_UNSURE = 10_000;

/** Uses of which the database may have written one down and not said so, by state. */
const unsure = new WeakMap<Context, Map<string, string>>();

/**
 * Uses a way back from a network up, once; null where there is none. A use that the database has written down, and whose answer was
 * lost, is the same use when it is asked for again, also when the person comes back with the same address.
 * @throws DatabaseAwayError when it stays away: nothing has been used up then.
 */
export async function useFlow(
  ctx: Context,
  stateHash: Buffer,
  browser: string,
): Promise<OauthFlow | null> {
  const uses = unsure.get(ctx) ?? new Map<string, string>();
  unsure.set(ctx, uses);
  const key = stateHash.toString('hex');
  const useId = uses.get(key) ?? randomUUID();
  // Of two clicks one gets it.
  uses.delete(key);
  const use = () => useOauthFlow(ctx.db, stateHash, secretHash(browser), useId);
  try {
    return await holdWhileAway(ctx, use, { unspent: true });
  } catch (error) {
    if (uses.size < MAX_UNSURE) uses.set(key, useId);
    throw error;
  }
}
