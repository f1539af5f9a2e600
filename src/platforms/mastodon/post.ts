import { validateHeaderValue } from 'node:http';
import type { MastodonConfig } from '../../../config/platforms.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Senders } from '../../outbound/senders.ts';
import { reportNetworkTime } from '../../outbound/wire/network-clock.ts';
import type { PreparedRequest } from '../../outbound/wire/sender.ts';
import { createStringInterner } from '../../outbound/wire/string-interner.ts';
import { USER_AGENT } from '../../outbound/wire/user-agent.ts';
import type { PostOrder, PreparedPost } from '../platform.ts';
import { classify } from './classify.ts';
import { idAt, readGrantServer, toBearer } from './grant.ts';
import { statusFor } from './markdown.ts';
import { patienceFor } from './software.ts';

/** Who may quote a post; null: whom the account itself lets. */
type Quotes = MastodonConfig['quotes'];

const PATH = '/api/v1/statuses';

/**
 * Puts POST /api/v1/statuses together, as JSON, since a form made an empty post on one server. The key of the post goes
 * with it, and never twice at once: servers before the fix of mastodon/mastodon#37879 took both.
 */
export function createPrepare(senders: Senders, timeoutMs: number, quotes: Quotes) {
  const underWay = new Set<string>();
  const bodyOf = createStringInterner();
  return (order: PostOrder): PreparedPost => {
    const built = build(order, quotes, bodyOf);
    if (!built) return async () => ({ kind: 'reconnect', detail: 'the grant is not readable' });
    const { server, request } = built;
    request.timeoutMs = patienceFor(server.software, timeoutMs);
    const key = `${server.origin} ${order.postKey}`;
    return async (told): Promise<Outcome> => {
      if (underWay.has(key)) return { kind: 'unknown', detail: 'the same post is under way' };
      underWay.add(key);
      try {
        const result = await senders.send(server.origin, request);
        reportNetworkTime(result, told);
        return classify(result, new Date(), server, order);
      } finally {
        underWay.delete(key);
      }
    };
  };
}

/** Null where the grant is not for this account's server, or cannot be sent. */
function build(order: PostOrder, quotes: Quotes, bodyOf: (json: string) => string) {
  try {
    const server = readGrantServer(order.grant);
    const authorization = toBearer(order.grant);
    if (authorization === null || idAt(server.origin, order.account) === null) return null;
    validateHeaderValue('idempotency-key', order.postKey);
    const status = statusOf(order, server.software, quotes);
    return { server, request: requestFor(order, authorization, bodyOf(JSON.stringify(status))) };
  } catch {
    return null;
  }
}

/**
 * `content_type`: servers that let their people write Markdown (GoToSocial, Glitch, Hometown, Pleroma) then take the text as it
 * stands, whatever the account's own setting; Mastodon passes over it. `spoiler_text`: the content warning, plain text everywhere;
 * Mastodon then marks the post as sensitive by itself. `local_only`: on Glitch and Hometown an account's setting, or
 * an eye at the end of a text, keeps a post from all other servers; Mastodon passes over it. `quote_approval_policy`: since Mastodon 4.5.
 */
function statusOf(order: PostOrder, software: string, quotes: Quotes) {
  const language = languageOf(order.locale);
  return {
    status: statusFor(software, order.text),
    ...(order.contentWarning !== undefined && { spoiler_text: order.contentWarning }),
    content_type: 'text/plain',
    visibility: 'public',
    local_only: false,
    ...(language !== null && { language }),
    ...(quotes !== null && { quote_approval_policy: quotes }),
  };
}

function requestFor(order: PostOrder, authorization: string, body: string): PreparedRequest {
  return {
    method: 'POST',
    path: PATH,
    headers: [
      ...['authorization', authorization],
      ...['idempotency-key', order.postKey],
      ...['content-type', 'application/json'],
      ...['accept', 'application/json'],
      ...['accept-encoding', 'identity'],
      ...['user-agent', USER_AGENT],
    ],
    body,
  };
}

/** ISO 639, without script and region, which not every server takes. */
function languageOf(locale: string): string | null {
  const [language = ''] = locale.toLowerCase().split(/[-_]/);
  return /^[a-z]{2,3}$/.test(language) && language !== 'und' ? language : null;
}
