import type { RefusalReason } from '../../domain/outcome.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import type { Grant } from '../platform.ts';
import { readError } from './error-words.ts';
import type { Identities } from './identities.ts';
import { parseObject } from './json.ts';
import { openSession } from './session.ts';

/** `status` of com.atproto.sync.getRepoStatus, and the errors that say the same. Others have no word for a supporter. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  takendown: 'account_suspended',
  suspended: 'account_suspended',
  RepoTakendown: 'account_suspended',
  RepoSuspended: 'account_suspended',
  deactivated: 'account_inactive',
  RepoDeactivated: 'account_inactive',
  deleted: 'account_gone',
  RepoNotFound: 'account_gone',
  AccountNotFound: 'account_gone',
};

/**
 * What is the matter with an account whose grant is not taken any more. A server ends the tokens of an account that is taken
 * down, and says of them no more than `invalid_token` and `invalid_grant`; of the account anybody may ask it. Null where
 * connecting again is what helps: the account is in order, has moved to another server, or nothing could be learnt.
 */
export async function whyDead(
  http: HttpClient,
  identities: Identities,
  grant: Grant,
): Promise<RefusalReason | null> {
  const session = openSession(grant);
  if (!session) return null;
  const { did, pds } = session;
  // At the server that it has left, an account that moved away is deactivated.
  const identity = await identities.ofDid(did).catch(() => null);
  if (identity && identity.pds !== pds) return null;
  const url = `${pds}/xrpc/com.atproto.sync.getRepoStatus?${new URLSearchParams({ did })}`;
  const response = await http.request({ method: 'GET', url }).catch(() => null);
  return response === null ? null : inactiveReason(response.status, response.body);
}

/** What an answer to getRepoStatus says of an account; null when it is in order, or the answer says nothing. */
export function inactiveReason(status: number, body: string): RefusalReason | null {
  if (status === 200) {
    const { active, status: word } = parseObject(body) ?? {};
    return active === false ? inactiveFor(word) : null;
  }
  return status === 400 || status === 404 ? inactiveFor(readError(body).error) : null;
}

/** What is the matter with an account that is not active, by the server's word for it; null where we do not know the word. */
export function inactiveFor(word: unknown): RefusalReason | null {
  return typeof word === 'string' && Object.hasOwn(REASONS, word) ? (REASONS[word] ?? null) : null;
}
