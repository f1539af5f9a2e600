import { ApiResponseError } from 'twitter-api-v2';
import type { XConfig } from '../../../config/platforms.ts';
import { replaceLinks } from '../../domain/text/links.ts';
import type { PostOrder, Reconciled } from '../platform.ts';
import { isPostId } from './classify.ts';
import { isAboutParameter, parseBody, type XClients } from './client.ts';
import { isAppProblem, readErrorBody } from './error-body.ts';
import { postUrl } from './post-url.ts';

interface Timeline {
  data?: { id: string; text: string; created_at?: string }[];
  meta?: { result_count?: number; next_token?: string };
}

/**
 * A post cannot be older than that before we sent it. Our clock may be ahead of X's, and a post that is overlooked is sent
 * twice; an older post of the very same words is one that X would have refused as a duplicate.
 */
const CLOCK_SLACK_MS = 60_000;
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
    const { v2 } = clients.user(order.grant.accessToken);
    const timeline = await readTimeline((fields) =>
      v2.get<Timeline>(`users/${order.account.id}/tweets`, {
        max_results: PAGE,
        start_time: `${new Date(oldest).toISOString().slice(0, 19)}Z`,
        ...fields,
      }),
    );
    return findPostInTimeline(config, order, timeline, oldest);
  } catch (error) {
    return whyNotRead(error);
  }
}

/** What X's guides call it, what its OpenAPI 2.167 calls it, and without: `start_time` leaves out what is older anyway. */
const FIELDS: readonly Readonly<Record<string, string>>[] = [
  { 'tweet.fields': 'created_at' },
  { 'post.fields': 'created_at' },
  {},
];

/** Asks under the next name where X does not know the one before; a request that it refuses for that costs nothing. */
async function readTimeline<T>(
  ask: (fields: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  for (const fields of FIELDS.slice(0, -1)) {
    try {
      return await ask(fields);
    } catch (error) {
      if (!isAboutParameter(error, Object.keys(fields))) throw error;
    }
  }
  return ask({});
}

function findPostInTimeline(
  config: XConfig,
  order: PostOrder,
  timeline: Timeline,
  oldest: number,
): Reconciled {
  const posts = timeline.data ?? [];
  const wanted = comparable(order.text);
  const ours = posts.find(
    (entry) =>
      isPostId(entry.id) &&
      comparable(entry.text) === wanted &&
      (entry.created_at === undefined || Date.parse(entry.created_at) >= oldest),
  );
  if (ours) return { kind: 'found', id: ours.id, url: postUrl(config, ours.id) };
  const { result_count: read, next_token: more } = timeline.meta ?? {};
  if (typeof read !== 'number') return { kind: 'undecided', detail: 'no timeline in the answer' };
  if (read !== posts.length)
    return { kind: 'undecided', detail: 'posts are missing in the answer' };
  return read < PAGE && more === undefined
    ? { kind: 'absent' }
    : { kind: 'undecided', detail: 'more posts since than one page holds' };
}

/** Only X's own refusal of this account ends the looking; an app without credits, or a gateway, may let us read later. */
function whyNotRead(error: unknown): Reconciled {
  if (!(error instanceof ApiResponseError)) return { kind: 'undecided', detail: 'no answer' };
  const body = readErrorBody(parseBody(error.data));
  const refused = (error.code === 401 || error.code === 403) && body.parsed;
  const kind = refused && !isAppProblem(error.code, body) ? 'unreadable' : 'undecided';
  return { kind, detail: String(error.code) };
}

/**
 * The words of a post. X puts https://t.co/... in the place of every link, and completes what it stands for, so that a link
 * counts by its place alone; its answers have &, < and > as entities. Blanks do not tell two posts apart.
 */
function comparable(text: string): string {
  const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return replaceLinks(plain, '\u0000').normalize('NFC').replace(/\s+/g, ' ').trim();
}
