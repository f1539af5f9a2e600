import type { HttpClient, HttpResponse } from '../../outbound/http-client.ts';
import type { PostOrder, Reconciled } from '../platform.ts';
import { mayRead } from './app.ts';
import { wantsReconnect } from './classify.ts';
import { type GrantServer, idAt, readGrantServer, toBearer } from './grant.ts';
import { toCode } from './probe.ts';
import {
  type Fields,
  idIn,
  isFields,
  objectIn,
  ownUrl,
  readJson,
  readObject,
  textAt,
} from './reading.ts';
import { keepsKeys } from './software.ts';
import { VERIFY_PATH } from './standing.ts';
import { isSameText } from './words.ts';

/**
 * A post cannot be older than that before we sent it. Our clock may be ahead of the server's; how far it is behind by its
 * own Date is added.
 */
const CLOCK_SLACK_MS = 60_000;
const WORST_CLOCK_MS = 3_600_000;
/** The most that one page holds: docs.joinmastodon.org/methods/accounts, statuses. */
const PAGE = 40;
const MAX_PAGES = 5;
/** A request that was given up may still be carried out. A server that keeps keys sees that the next is the same; others do not. */
const SETTLED_MS = 30_000;

interface Look {
  http: HttpClient;
  order: PostOrder;
  server: GrantServer;
  /** The account's id at its server. */
  id: string;
  since: Date;
  /** The clock that `since` is of. */
  now: () => number;
}

/**
 * Reads back what the account has posted since and looks for ours. `absent` lets the post be sent again, so it takes a
 * timeline that was really read, to a post that is older or to its end.
 */
export async function reconcilePost(
  http: HttpClient,
  order: PostOrder,
  since: Date,
  now: () => number,
): Promise<Reconciled> {
  try {
    const place = readGrantServer(order.grant);
    const id = idAt(place.origin, order.account);
    if (id === null) return { kind: 'unreadable', detail: 'the grant is for another server' };
    return await readTimeline({ http, order, server: place, id, since, now });
  } catch (error) {
    return undecided(toCode(error));
  }
}

function undecided(detail: string): Reconciled {
  return { kind: 'undecided', detail };
}

/** Page after page, newest first. */
async function readTimeline(look: Look): Promise<Reconciled> {
  const seen = new Set<string>();
  let before: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const response = await askForPage(look, before);
    if (response.status === 401 || isOutsideScope(response)) {
      return { kind: 'unreadable', detail: String(response.status) };
    }
    const posts = postsIn(response);
    if (!posts) return undecided(`${response.status} without a timeline`);
    const oldest = oldestOf(look, response);
    const ours = posts.find((post) => isOurs(look, post, oldest));
    if (ours) return { kind: 'found', id: ours.id, url: urlOf(look, ours) };
    const last = posts.at(-1);
    if (!last) return page === 0 ? absentFromNothing(look) : absent(look);
    if (createdAt(last) < oldest) return absent(look);
    if (seen.has(last.id)) return undecided('pages repeat');
    for (const post of posts) seen.add(post.id);
    before = last.id;
  }
  return undecided('more posts since than are read');
}

/** Anybody may read it as a rule; the token is shown only where that does not do, or where its scope is for that. */
async function askForPage(
  { http, order, server, id }: Look,
  before: string | null,
): Promise<HttpResponse> {
  const url = new URL(`${server.origin}/api/v1/accounts/${encodeURIComponent(id)}/statuses`);
  url.searchParams.set('limit', String(PAGE));
  url.searchParams.set('exclude_reblogs', 'true');
  if (before !== null) url.searchParams.set('max_id', before);
  const ask = (headers: Record<string, string>): Promise<HttpResponse> =>
    http.request({
      method: 'GET',
      url: url.href,
      headers: { accept: 'application/json', ...headers },
    });
  const authorization = toBearer(order.grant);
  if (authorization === null) return ask({});
  if (mayRead(order.grant.scope)) return ask({ authorization });
  const open = await ask({});
  return open.status === 401 || open.status === 403 ? ask({ authorization }) : open;
}

/** The server shows an account's posts to no token like ours, now or later. */
function isOutsideScope(response: HttpResponse): boolean {
  return response.status === 403 && wantsReconnect({ kind: 'answer', ...response });
}

interface Shown {
  id: string;
  fields: Fields;
}

/** Null where it is no timeline, or one with a post in it that cannot be read. */
function postsIn({ status, body }: HttpResponse): Shown[] | null {
  const list = status === 200 ? readJson(body) : null;
  if (!Array.isArray(list)) return null;
  const posts: Shown[] = [];
  for (const fields of list as unknown[]) {
    const id = idIn(fields);
    if (!isFields(fields) || id === null || typeof fields.content !== 'string') return null;
    posts.push({ id, fields });
  }
  return posts;
}

/** As the server gives it, or where Mastodon has it. */
function urlOf({ order, server }: Look, { id, fields }: Shown): string {
  const [user = ''] = order.account.handle.split('@');
  return ownUrl(textAt(fields, 'url'), server.origin) ?? `${server.origin}/@${user}/${id}`;
}

/** NaN, which is not before anything, where the server does not say. */
function createdAt({ fields }: Shown): number {
  return Date.parse(textAt(fields, 'created_at'));
}

function oldestOf({ since, now }: Look, { headers }: HttpResponse): number {
  const behind = now() - Date.parse(headers.date ?? '');
  const correction = behind > 0 && behind < WORST_CLOCK_MS ? behind : 0;
  return since.getTime() - CLOCK_SLACK_MS - correction;
}

function isOurs({ order, id }: Look, post: Shown, oldest: number): boolean {
  const { fields } = post;
  const author = idIn(fields.account);
  if (isFields(fields.reblog) || (author !== null && author !== id)) return false;
  return !(createdAt(post) < oldest) && isSameText(textAt(fields, 'content'), order.text);
}

function absent({ server, since, now }: Look): Reconciled {
  const isSettled = now() - since.getTime() >= SETTLED_MS;
  return isSettled || keepsKeys(server.software)
    ? { kind: 'absent' }
    : undecided('too early to say');
}

/**
 * No post at all is also what a server shows of an account that is suspended or hidden. It is believed of an account that is
 * in order, on Mastodon, and elsewhere of one that says that it has no post.
 */
async function absentFromNothing(look: Look): Promise<Reconciled> {
  const authorization = toBearer(look.order.grant);
  if (authorization === null) return undecided('an empty timeline');
  const url = `${look.server.origin}${VERIFY_PATH}`;
  const response = await look.http.request({ method: 'GET', url, headers: { authorization } });
  if (response.status === 401 && (readObject(response.body) || response.body === '')) {
    return { kind: 'unreadable', detail: '401' };
  }
  const answer = objectIn(response);
  const isSound = idIn(answer) === look.id;
  const isEmpty = answer?.statuses_count === 0 || keepsKeys(look.server.software);
  return isSound && isEmpty ? absent(look) : undecided('an empty timeline');
}
