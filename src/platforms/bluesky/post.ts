import { reportNetworkTime } from '../../outbound/wire/network-clock.ts';
import type { PostOrder, PreparedPost } from '../platform.ts';
import { classify, type Expected } from './classify.ts';
import { COLLECTION, postRecord, recordKey, recordUri } from './record.ts';
import { openSession } from './session.ts';
import type { Xrpc } from './xrpc.ts';

const PATH = '/xrpc/com.atproto.repo.createRecord';

/** A post's name and its page, by its key; known before it is made. `postUrl`: of the site that shows posts. */
export function toExpected(order: PostOrder, did: string, postUrl: string): Expected {
  const key = recordKey(order.postKey, order.moment);
  return { uri: recordUri(did, key), url: `${postUrl}/profile/${did}/post/${key}` };
}

/** Puts com.atproto.repo.createRecord together, and signs it. */
export function createPrepare(xrpc: Xrpc, postUrl: string) {
  return (order: PostOrder): PreparedPost => {
    const session = openSession(order.grant);
    if (!session) return unreadable;
    const { postKey, moment, text, locale } = order;
    const body = {
      repo: session.did,
      collection: COLLECTION,
      rkey: recordKey(postKey, moment),
      record: postRecord(text, locale, moment),
    };
    const send = xrpc.prepare(session, order.grant.accessToken, {
      method: 'POST',
      path: PATH,
      body: JSON.stringify(body),
    });
    if (!send) return unreadable;
    const expected = toExpected(order, session.did, postUrl);
    return async (told) => {
      const result = await send();
      reportNetworkTime(result, told);
      return classify(result, new Date(), expected);
    };
  };
}

const unreadable: PreparedPost = async () => ({
  kind: 'reconnect',
  detail: 'the grant is not readable',
});
