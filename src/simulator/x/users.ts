import type { Post, SimulatedAccount } from '../accounts.ts';
import type { LimitName } from '../behaviour.ts';
import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import {
  forbidden,
  invalidRequest,
  json,
  locked,
  suspended,
  tooManyRequests,
  unauthorized,
} from './answers.ts';
import type { XBehaviour } from './behaviour.ts';
import type { Grants, XCaller, XGrant } from './grants.ts';
import { limitHeaders, take, type Windows } from './limits.ts';
import { wrapLinks } from './text.ts';

interface Parts {
  world: World;
  grants: Grants;
  windows: Windows;
}

/** GET /2/users/me. */
export function meRoute(parts: Parts): Route<XCaller> {
  return {
    path: 'me',
    identify: parts.grants.caller,
    run: (request, { grant }) =>
      admit(parts, grant, request, { user: 'mePerUser' }, ({ account }, headers) => {
        const { id, handle } = account;
        const { names } = parts.world.behaviour.x;
        const counted = metrics(account, request.query, names);
        const data = { id, name: handle, username: handle, ...counted };
        return json(200, { data }, headers);
      }),
  };
}

/** Only with the `fields` parameter: docs.x.com, fields. */
function metrics({ followers, posts }: SimulatedAccount, query: string, names: Names) {
  const fields = new URLSearchParams(query).get('user.fields')?.split(',') ?? [];
  if (!fields.includes('public_metrics')) return {};
  const none = { following_count: 0, listed_count: 0, like_count: 0, media_count: 0 };
  const counts = {
    ...(names !== 'post' && { tweet_count: posts.length }),
    ...(names !== 'tweet' && { post_count: posts.length }),
  };
  return { public_metrics: { followers_count: followers, ...counts, ...none } };
}

export const TIMELINE = /^\/2\/users\/(\d+)\/tweets$/;

/** GET /2/users/:id/tweets, newest first. */
export function timelineRoute(parts: Parts): Route<XCaller> {
  const limits = { user: 'timelinePerUser', app: 'timelinePerApp' } as const;
  return {
    path: 'timeline',
    identify: parts.grants.caller,
    run: (request, { grant }) =>
      admit(parts, grant, request, limits, (_grant, headers) => {
        const id = TIMELINE.exec(request.path)?.[1] ?? '';
        return timeline(parts, request, id, headers);
      }),
  };
}

function admit(
  parts: Parts,
  grant: XGrant | undefined,
  request: Incoming,
  limits: { user: LimitName; app?: LimitName },
  answer: (grant: XGrant, headers: string) => SimulatedResponse,
): SimulatedResponse {
  if (!grant) return unauthorized();
  if (grant.account.suspended) return suspended();
  if (grant.account.locked) return locked();
  if (!grant.scopes.has('tweet.read') || !grant.scopes.has('users.read')) {
    return forbidden('Forbidden');
  }
  const nowMs = request.atUs / 1_000;
  const user = parts.windows.current(limits.user, grant.account.id, nowMs);
  const windows = [user];
  if (limits.app) windows.push(parts.windows.current(limits.app, grant.clientId, nowMs));
  const taken = take(...windows);
  const headers = limitHeaders('x-rate-limit', user);
  return taken ? answer(grant, headers) : tooManyRequests(headers);
}

type Names = XBehaviour['names'];

/** Parameters that are not known, by what a post is called. */
const FIELDS_OF: Readonly<Record<Names, readonly string[]>> = {
  both: [],
  tweet: ['post.fields'],
  post: ['tweet.fields'],
};

interface TimelineQuery {
  max: number;
  sinceMs: number;
  fields: Set<string>;
}

function timeline(parts: Parts, request: Incoming, id: string, headers: string): SimulatedResponse {
  const owner = parts.world.accounts.byId(id);
  if (!owner) return json(200, notFound(id), headers);
  const query = readQuery(request.query, parts.world.behaviour.x.names);
  if ('wrong' in query) return invalidRequest(query.wrong, query.message, headers);
  const posts = newest(owner, query);
  const data = posts.map((post) => show(post, query.fields, parts.world.behaviour.wrapLinks));
  const meta = {
    result_count: posts.length,
    ...(posts[0] && { newest_id: posts[0].id, oldest_id: posts.at(-1)?.id }),
  };
  return json(200, { ...(posts.length > 0 && { data }), meta }, headers);
}

function newest(owner: SimulatedAccount, { max, sinceMs }: TimelineQuery): Post[] {
  const found: Post[] = [];
  for (let i = owner.posts.length - 1; i >= 0 && found.length < max; i--) {
    const post = owner.posts[i];
    if (post && post.at_us / 1_000 >= sinceMs) found.push(post);
  }
  return found;
}

function show(post: Post, fields: Set<string>, wrap: boolean) {
  const { text, urls } = wrap ? wrapLinks(post.text) : { text: post.text, urls: [] };
  return {
    id: post.id,
    text,
    edit_history_tweet_ids: [post.id],
    ...(fields.has('created_at') && { created_at: new Date(post.at_us / 1_000).toISOString() }),
    ...(fields.has('author_id') && { author_id: post.account }),
    ...(fields.has('entities') && urls.length > 0 && { entities: { urls } }),
  };
}

/** Bounds and defaults: X's OpenAPI, GET /2/users/{id}/tweets. */
function readQuery(
  query: string,
  names: Names,
): TimelineQuery | { wrong: string; message: string } {
  const given = new URLSearchParams(query);
  const strange = FIELDS_OF[names].find((name) => given.has(name));
  if (strange !== undefined) {
    const message = `The query parameter [${strange}] is not one of [id,max_results,start_time]`;
    return { wrong: strange, message };
  }
  const max = Number(given.get('max_results') ?? 10);
  if (!Number.isInteger(max) || max < 5 || max > 100) {
    const message = 'The `max_results` query parameter value is not between 5 and 100';
    return { wrong: 'max_results', message };
  }
  const start = given.get('start_time');
  const sinceMs = start === null ? 0 : Date.parse(start);
  if (Number.isNaN(sinceMs)) {
    const message = 'The `start_time` query parameter value is not an RFC 3339 time';
    return { wrong: 'start_time', message };
  }
  const fields = given.get('post.fields') ?? given.get('tweet.fields') ?? '';
  return { max, sinceMs, fields: new Set(fields.split(',')) };
}

function notFound(id: string) {
  const detail = `Could not find user with id: [${id}].`;
  const type = 'https://api.twitter.com/2/problems/resource-not-found';
  const error = { value: id, detail, title: 'Not Found Error', resource_type: 'user', type };
  return { errors: [{ ...error, parameter: 'id', resource_id: id }] };
}
