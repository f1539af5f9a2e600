import type { FacebookConfig } from '../../../config/platforms.ts';
import { CLOCK_SLACK_MS, findPost, PAGE, whyNotRead } from '../meta/find-post.ts';
import type { Graph } from '../meta/graph.ts';
import type { PostOrder, Reconciled } from '../platform.ts';
import { credentials } from './proof.ts';

const NAMES = { text: 'message', time: 'created_time', link: 'permalink_url' };

/** Reads back what the page has posted since: GET /{page}/feed, developers.facebook.com/docs/pages-api/posts. */
export async function reconcilePost(
  graph: Graph,
  config: FacebookConfig,
  order: PostOrder,
  since: Date,
): Promise<Reconciled> {
  const oldest = since.getTime() - CLOCK_SLACK_MS;
  try {
    const list = await graph.read('GET', `/${order.account.id}/feed`, {
      fields: 'id,message,created_time,permalink_url',
      limit: String(PAGE),
      since: String(Math.floor(oldest / 1_000)),
      ...credentials(config, order.grant.accessToken),
    });
    return findPost(list, NAMES, order.text, oldest);
  } catch (error) {
    return whyNotRead(error);
  }
}
