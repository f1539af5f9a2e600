import type { RefusalReason } from '../../domain/outcome.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import type { Grant } from '../platform.ts';
import { barredBy } from './barred.ts';
import { wantsReconnect } from './classify.ts';
import { type GrantServer, toBearer, tryGrantServer } from './grant.ts';
import { type Fields, idIn, isFields, objectIn, readObject } from './reading.ts';
import { takesNoText } from './software.ts';

/** The account of a grant: docs.joinmastodon.org/methods/accounts. */
export const VERIFY_PATH = '/api/v1/accounts/verify_credentials';

/**
 * What keeps an account from lending a post that others see, by what its server shows of it; null when it is in order.
 * docs.joinmastodon.org/entities/Account.
 */
export function readStanding(account: Fields): RefusalReason | null {
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
  http: HttpClient,
  grant: Grant,
  accountId: string | null,
): Promise<RefusalReason | null> {
  const server = tryGrantServer(grant);
  const authorization = toBearer(grant);
  if (!server || authorization === null) return null;
  if (takesNoText(server.software)) return 'no_text_posts';
  const url = `${server.origin}${VERIFY_PATH}`;
  const headers = { accept: 'application/json', authorization };
  const response = await http.request({ method: 'GET', url, headers }).catch(() => null);
  const account = response && objectIn(response);
  if (account && idIn(account) !== null) return readStanding(account);
  const refusal = response?.status === 403 ? readObject(response.body) : null;
  if (!response || !refusal || wantsReconnect({ kind: 'answer', ...response })) return null;
  return (await publicStanding(http, server, accountId)) ?? barredBy(refusal, server.software);
}

/** What a server shows of an account to anybody. */
export async function publicStanding(
  http: HttpClient,
  { origin }: GrantServer,
  accountId: string | null,
): Promise<RefusalReason | null> {
  const [of, id] = accountId?.split(' ') ?? [];
  if (of !== origin || !id) return null;
  const url = `${origin}/api/v1/accounts/${encodeURIComponent(id)}`;
  const headers = { accept: 'application/json' };
  const response = await http.request({ method: 'GET', url, headers }).catch(() => null);
  const account = response && objectIn(response);
  return account && idIn(account) === id ? readStanding(account) : null;
}
