import { CLOCK_SLACK_MS, findPost, PAGE, whyNotRead } from '../meta/find-post.ts';
import type { Graph } from '../meta/graph.ts';
import type { PostOrder, Reconciled } from '../platform.ts';
import { API_VERSION, containerStatus } from './containers.ts';

const NAMES = { text: 'text', time: 'timestamp', link: 'permalink' };

/**
 * Looks for a post: the container's status, then the account's own list. A container that is not published does not prove alone
 * that nothing was: another may have been made in its place, so the list has to say so too. One that is published ends the doubt
 * even before the list has it.
 */
export async function reconcilePost(
  graph: Graph,
  order: PostOrder,
  since: Date,
): Promise<Reconciled> {
  const { accessToken } = order.grant;
  const oldest = since.getTime() - CLOCK_SLACK_MS;
  try {
    const status =
      order.staged === null ? null : await containerStatus(graph, order.staged, accessToken);
    const list = await graph.read('GET', `${API_VERSION}/me/threads`, {
      fields: 'id,text,timestamp,permalink',
      limit: String(PAGE),
      access_token: accessToken,
    });
    const looked = findPost(list, NAMES, order.text, oldest);
    if (looked.kind !== 'absent') return looked;
    if (status === 'PUBLISHED')
      return { kind: 'undecided', detail: 'published, and not in the list yet' };
    if (status === 'IN_PROGRESS') return { kind: 'undecided', detail: 'in progress' };
    return looked;
  } catch (error) {
    return whyNotRead(error);
  }
}
