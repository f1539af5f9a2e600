import type { Post, SimulatedAccount } from '../accounts.ts';
import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import {
  DUPLICATE,
  forbidden,
  invalidRequest,
  JSON_TYPE,
  locked,
  suspended,
  tooManyRequests,
  unauthorized,
} from './answers.ts';
import type { Grants, XCaller, XGrant } from './grants.ts';
import { limitHeaders, take, type Windows } from './limits.ts';
import type { Snowflakes } from './snowflake.ts';
import { textProblem, wrapLinks } from './text.ts';

interface Parts {
  world: World;
  grants: Grants;
  windows: Windows;
  snowflakes: Snowflakes;
}

/** The fields of CreatePostsRequest in X's OpenAPI 2.167; any other is refused. */
const FIELDS = new Set([
  'text',
  'media',
  'reply',
  'quote_tweet_id',
  'poll',
  'geo',
  'reply_settings',
  'community_id',
  'share_with_followers',
  'paid_partnership',
  'made_with_ai',
  'edit_options',
  'nullcast',
  'for_super_followers_only',
  'card_uri',
  'direct_message_deep_link',
]);
const SCOPES = ['tweet.read', 'tweet.write', 'users.read'];

/** POST /2/tweets. The hot path: no schema compiler, no promise, no closure a request. */
export function tweetRoute(parts: Parts): Route<XCaller> {
  return {
    path: 'posts',
    identify: parts.grants.caller,
    run: (request, { grant }) => (grant ? create(parts, grant, request) : unauthorized()),
  };
}

function create(parts: Parts, grant: XGrant, request: Incoming): SimulatedResponse {
  const { account } = grant;
  if (account.suspended) return suspended();
  if (account.locked) return locked();
  if (!SCOPES.every((scope) => grant.scopes.has(scope))) return forbidden('Forbidden');
  const nowMs = request.atUs / 1_000;
  const user = parts.windows.current('tweetsPerUser', account.id, nowMs);
  const userDay = parts.windows.current('tweetsPerUserDay', account.id, nowMs);
  const appDay = parts.windows.current('tweetsPerAppDay', grant.clientId, nowMs);
  const taken = take(user, userDay, appDay);
  const headers =
    limitHeaders('x-rate-limit', user) +
    limitHeaders('x-app-limit-24hour', appDay) +
    limitHeaders('x-user-limit-24hour', userDay);
  if (!taken) return tooManyRequests(headers);
  const text = readText(request.body, headers);
  return typeof text === 'string' ? accept(parts, account, text, request.atUs, headers) : text;
}

/** The text, or the refusal. */
function readText(body: string, headers: string): string | SimulatedResponse {
  const parsed = parseObject(body);
  if (!parsed) return invalidRequest('body', 'The body is not a JSON object.', headers);
  for (const name in parsed) {
    if (!FIELDS.has(name)) {
      return invalidRequest(name, `$.${name}: is not defined in the schema`, headers);
    }
  }
  const { text } = parsed;
  if (typeof text !== 'string' || text.trim() === '') {
    return invalidRequest('text', '$.text: a post needs text', headers);
  }
  const problem = textProblem(text);
  return problem === null ? text : invalidRequest('text', problem, headers);
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function accept(
  parts: Parts,
  account: SimulatedAccount,
  text: string,
  atUs: number,
  headers: string,
): SimulatedResponse {
  const same = text.trim().normalize('NFC');
  if (parts.world.behaviour.refuseDuplicates && account.texts.has(same))
    return forbidden(DUPLICATE, headers);
  account.texts.add(same);
  const id = parts.snowflakes.next(atUs);
  const post: Post = { account: account.id, handle: account.handle, id, text, at_us: atUs };
  account.posts.push(post);
  const shown = JSON.stringify(parts.world.behaviour.wrapLinks ? wrapLinks(text).text : text);
  const body = `{"data":{"id":"${id}","text":${shown},"edit_history_tweet_ids":["${id}"]}}`;
  return { status: 201, headers: JSON_TYPE + headers, body, post };
}
