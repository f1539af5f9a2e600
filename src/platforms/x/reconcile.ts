import { ApiResponseError } from 'twitter-api-v2';
import type { XConfig } from '../../../config/config.ts';
import type { PostOrder, Reconciled } from '../platform.ts';
import type { XClients } from './client.ts';

interface Timeline {
  data?: {
    id: string;
    text: string;
    created_at?: string;
    entities?: { urls?: { url: string; expanded_url?: string }[] };
  }[];
}

/** X's clock and ours may differ a little; a post cannot be older than that before we sent it. */
const CLOCK_SLACK_MS = 5_000;

/**
 * Reads the account's newest posts back and looks for ours. X shortens links to t.co, so those are put back before the
 * texts are compared. GET /2/users/:id/tweets, docs.x.com/x-api/users/get-posts.
 */
export async function reconcilePost(
  clients: XClients,
  config: XConfig,
  order: PostOrder,
  since: Date,
): Promise<Reconciled> {
  try {
    const timeline = await clients
      .user(order.grant.accessToken)
      .v2.get<Timeline>(`users/${order.account.id}/tweets`, {
        max_results: 5,
        'tweet.fields': 'created_at,entities',
      });
    const oldest = since.getTime() - CLOCK_SLACK_MS;
    const ours = (timeline.data ?? []).find(
      (entry) =>
        expand(entry) === order.text &&
        (entry.created_at === undefined || Date.parse(entry.created_at) >= oldest),
    );
    if (!ours) return { kind: 'absent' };
    const url = `${config.postUrl}/${order.account.handle}/status/${ours.id}`;
    return { kind: 'found', id: ours.id, url };
  } catch (error) {
    if (error instanceof ApiResponseError && (error.code === 401 || error.code === 403)) {
      return { kind: 'unreadable', detail: String(error.code) };
    }
    const detail = error instanceof ApiResponseError ? String(error.code) : 'no answer';
    return { kind: 'undecided', detail };
  }
}

function expand(entry: NonNullable<Timeline['data']>[number]): string {
  let text = entry.text;
  for (const link of entry.entities?.urls ?? []) {
    if (link.expanded_url) text = text.replaceAll(link.url, link.expanded_url);
  }
  return text.normalize('NFC');
}
