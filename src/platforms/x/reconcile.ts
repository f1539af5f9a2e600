import { ApiResponseError } from 'twitter-api-v2';
import twitterText from 'twitter-text';
import type { XConfig } from '../../../config/config.ts';
import type { PostOrder, Reconciled } from '../platform.ts';
import type { XClients } from './client.ts';
import { postUrl } from './post-url.ts';

interface Timeline {
  data?: {
    id: string;
    text: string;
    created_at?: string;
  }[];
  meta?: { result_count?: number };
}

/** X's clock and ours may differ a little; a post cannot be older than that before we sent it. */
const CLOCK_SLACK_MS = 5_000;
/** The most that one page holds. Only posts made since are asked for and paid for: as a rule one. */
const PAGE = 100;

/**
 * Reads back what the account has posted since and looks for ours. `absent` lets the post be sent again, so it takes a
 * timeline that was really read, to its end. GET /2/users/:id/tweets, docs.x.com/x-api/users/get-posts.
 */
export async function reconcilePost(
  clients: XClients,
  config: XConfig,
  order: PostOrder,
  since: Date,
): Promise<Reconciled> {
  const oldest = since.getTime() - CLOCK_SLACK_MS;
  try {
    const timeline = await clients
      .user(order.grant.accessToken)
      .v2.get<Timeline>(`users/${order.account.id}/tweets`, {
        max_results: PAGE,
        start_time: `${new Date(oldest).toISOString().slice(0, 19)}Z`,
        'tweet.fields': 'created_at',
      });
    const read = timeline.meta?.result_count;
    if (typeof read !== 'number') return { kind: 'undecided', detail: 'no timeline in the answer' };
    const wanted = comparable(order.text);
    const ours = (timeline.data ?? []).find(
      (entry) =>
        comparable(entry.text) === wanted &&
        (entry.created_at === undefined || Date.parse(entry.created_at) >= oldest),
    );
    if (!ours) {
      return read < PAGE
        ? { kind: 'absent' }
        : { kind: 'undecided', detail: 'more posts since than one page holds' };
    }
    return { kind: 'found', id: ours.id, url: postUrl(config, ours.id) };
  } catch (error) {
    if (error instanceof ApiResponseError && (error.code === 401 || error.code === 403)) {
      return { kind: 'unreadable', detail: String(error.code) };
    }
    const detail = error instanceof ApiResponseError ? String(error.code) : 'no answer';
    return { kind: 'undecided', detail };
  }
}

/**
 * The words of a post. X puts https://t.co/... in the place of every link, and completes what it stands for, so that a link
 * counts by its place alone; its answers have &, < and > as entities.
 */
function comparable(text: string): string {
  const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  let words = '';
  let from = 0;
  for (const { indices } of twitterText.extractUrlsWithIndices(plain)) {
    words += `${plain.slice(from, indices[0])}\u0000`;
    from = indices[1];
  }
  return (words + plain.slice(from)).normalize('NFC').trim();
}
