import type { RefusalReason } from '../../domain/outcome.ts';
import type { Asker } from '../ask.ts';
import type { Grant } from '../platform.ts';
import { barredBy } from './barred.ts';
import { wantsReconnect } from './classify.ts';
import { bearerOf, type GrantPlace, readablePlace } from './grant.ts';
import { type Fields, idIn, isFields, objectIn, readObject } from './reading.ts';
import { takesNoText } from './software.ts';

/** The account of a grant: docs.joinmastodon.org/methods/accounts. */
export const VERIFY_PATH = '/api/v1/accounts/verify_credentials';

/**
 * What keeps an account from lending a post that others see, by what its server shows of it; null when it is in order.
 * docs.joinmastodon.org/entities/Account.
 */
export function standingOf(account: Fields): RefusalReason | null {
  if (isFields(account.moved)) return 'account_moved';
  if (account.suspended === true) return 'account_suspended';
  if (account.memorial === true) return 'account_memorial';
  return account.limited === true ? 'account_limited' : null;
}

/**
 * What is the matter with the account of a grant. Mastodon says "disabled" of one that has moved too: what is the matter is in
 * what it shows of that account to anybody. Null where it is in order, or nothing could be learnt. Never rejects.
 */
export async function whyDead(
  asker: Asker,
  grant: Grant,
  accountId: string | null,
): Promise<RefusalReason | null> {
  const place = readablePlace(grant);
  const authorization = bearerOf(grant);
  if (!place || authorization === null) return null;
  if (takesNoText(place.software)) return 'no_text_posts';
  const url = `${place.origin}${VERIFY_PATH}`;
  const headers = { accept: 'application/json', authorization };
  const reply = await asker.ask({ method: 'GET', url, headers }).catch(() => null);
  const account = reply && objectIn(reply);
  if (account && idIn(account) !== null) return standingOf(account);
  const refusal = reply?.status === 403 ? readObject(reply.body) : null;
  if (!reply || !refusal || wantsReconnect({ kind: 'answer', ...reply })) return null;
  return (await publicStanding(asker, place, accountId)) ?? barredBy(refusal, place.software);
}

/** What a server shows of an account to anybody. */
export async function publicStanding(
  asker: Asker,
  { origin }: GrantPlace,
  accountId: string | null,
): Promise<RefusalReason | null> {
  const [of, id] = accountId?.split(' ') ?? [];
  if (of !== origin || !id) return null;
  const url = `${origin}/api/v1/accounts/${encodeURIComponent(id)}`;
  const headers = { accept: 'application/json' };
  const reply = await asker.ask({ method: 'GET', url, headers }).catch(() => null);
  const account = reply && objectIn(reply);
  return account && idIn(account) === id ? standingOf(account) : null;
}
