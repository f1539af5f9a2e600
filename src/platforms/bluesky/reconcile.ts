import type { HttpClient } from '../../outbound/http-client.ts';
import type { PostOrder, Reconciled } from '../platform.ts';
import { readError, summariseError } from './error-words.ts';
import { parseObject } from './json.ts';
import { toExpected } from './post.ts';
import { COLLECTION, recordKey } from './record.ts';
import { openSession } from './session.ts';

/** The account's records cannot be read by anybody. */
const GONE = /^(?:Account|Repo)(?:Takedown|Takendown|Suspended|Deactivated|NotFound)$/;

/**
 * Looks for the delivery's own record, which anybody may read: com.atproto.repo.getRecord without a login. What is there is
 * ours whatever its text, since no other program makes this key. `since` is not needed.
 */
export async function reconcilePost(
  http: HttpClient,
  postUrl: string,
  order: PostOrder,
): Promise<Reconciled> {
  const session = openSession(order.grant);
  if (!session) return { kind: 'unreadable', detail: 'the grant is not readable' };
  const { did, pds } = session;
  const expected = toExpected(order, did, postUrl);
  const rkey = recordKey(order.postKey, order.moment);
  const query = new URLSearchParams({ repo: did, collection: COLLECTION, rkey });
  const url = `${pds}/xrpc/com.atproto.repo.getRecord?${query}`;
  const response = await http.request({ method: 'GET', url }).catch(() => null);
  if (!response) return { kind: 'undecided', detail: 'no answer' };
  const { status, body } = response;
  if (status === 200) {
    return parseObject(body)?.uri === expected.uri
      ? { kind: 'found', id: expected.uri, url: expected.url }
      : { kind: 'undecided', detail: '200 without this post' };
  }
  const error = readError(body);
  const detail = summariseError(status, error);
  // Not 404: that would be a server, or a gateway, that does not know the method.
  if (status === 400 && error.error === 'RecordNotFound') return { kind: 'absent' };
  return GONE.test(error.error) ? { kind: 'unreadable', detail } : { kind: 'undecided', detail };
}
