import type { Post } from '../accounts.ts';
import { CHECKPOINT, graphError, INVALID_TOKEN, json, regain } from '../graph/answers.ts';
import { fieldsOf } from '../graph/fields.ts';
import type { GraphCaller, Token, Tokens } from '../graph/tokens.ts';
import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import { take, type Windows } from '../x/limits.ts';
import type { Container, Containers } from './containers.ts';
import { textProblem } from './text.ts';

interface Parts {
  world: World;
  tokens: Tokens;
  windows: Windows;
  containers: Containers;
}

export const RESTRICTED = {
  message: 'The user is restricted from posting.',
  code: 10,
  subcode: 4279013,
};
const MEDIA_NOT_FOUND = {
  message: 'The requested resource does not exist',
  code: 24,
  subcode: 4279009,
};
const FORBIDDEN = {
  message: '(#10) Application does not have permission for this action',
  code: 10,
};

/** The token, where it is the account's own in the path and may publish; else the refusal. */
function admit(request: Incoming, { token }: GraphCaller): Token | SimulatedResponse {
  if (!token) return graphError(INVALID_TOKEN);
  const { account } = token;
  if (account.suspended) return graphError(CHECKPOINT);
  if (account.locked) return graphError(RESTRICTED);
  const named = /^\/(?:v\d+\.\d+\/)?(me|\d+)\//.exec(request.path)?.[1];
  if (named !== 'me' && named !== account.id) {
    return graphError({ message: 'Unsupported post request.', code: 100, subcode: 33 });
  }
  return token.scope.split(/[ ,]/).includes('threads_content_publish')
    ? token
    : graphError(FORBIDDEN);
}

/** POST /{user}/threads: makes a container. */
export function containerRoute({ tokens, containers }: Parts): Route<GraphCaller> {
  return {
    path: 'stage',
    identify: (request) => tokens.caller(request),
    run(request, caller) {
      const token = admit(request, caller);
      if ('status' in token) return token;
      const form = fieldsOf(request);
      if (form.get('media_type') !== 'TEXT') {
        return graphError({ message: 'Only TEXT is simulated', code: 100 });
      }
      const text = form.get('text') ?? '';
      const wrong = textProblem(text);
      if (wrong !== null) return graphError({ message: wrong, code: 100 });
      const { id } = containers.create(token.account, text, request.atUs / 1_000);
      return json(200, { id });
    },
  };
}

/** POST /{user}/threads_publish: makes a container public. */
export function publishRoute(parts: Parts): Route<GraphCaller> {
  return {
    path: 'posts',
    identify: (request) => parts.tokens.caller(request),
    run(request, caller) {
      const token = admit(request, caller);
      if ('status' in token) return token;
      const container = parts.containers.find(fieldsOf(request).get('creation_id') ?? '');
      if (container?.owner !== token.account) return graphError(MEDIA_NOT_FOUND);
      return publish(parts, container, request.atUs);
    },
  };
}

function publish({ world, windows, containers }: Parts, container: Container, atUs: number) {
  const nowMs = atUs / 1_000;
  const { owner, text } = container;
  if (containers.statusOf(container, nowMs) !== 'FINISHED') return graphError(MEDIA_NOT_FOUND);
  if (container.missed < world.behaviour.containerMisses) {
    container.missed++;
    return graphError(MEDIA_NOT_FOUND);
  }
  const window = windows.current('threadsPerProfileDay', owner.id, nowMs);
  if (!take(window)) {
    const quota = { message: 'The publishing limit is reached.', code: 9, subcode: 2207042 };
    return graphError(quota, regain((window.endsMs - nowMs) / 1_000));
  }
  container.published = true;
  const id = containers.nextId();
  const post: Post = { account: owner.id, handle: owner.handle, id, text, at_us: atUs };
  owner.posts.push(post);
  return { ...json(200, { id }), post };
}

/** GET /{user}/threads: newest first. */
export function listRoute({ tokens }: Parts, urlOf: () => string): Route<GraphCaller> {
  return {
    path: 'timeline',
    identify: (request) => tokens.caller(request),
    run(request, { token }) {
      if (!token) return graphError(INVALID_TOKEN);
      if (token.account.suspended) return graphError(CHECKPOINT);
      const limit = Number(fieldsOf(request).get('limit') ?? 25);
      const posts = token.account.posts.slice(-limit).reverse();
      const data = posts.map(({ id, text, handle, at_us }) => ({
        id,
        text,
        timestamp: new Date(at_us / 1_000).toISOString().replace(/\.\d+Z$/, '+0000'),
        permalink: `${urlOf()}/@${handle}/post/${id}`,
      }));
      const more = posts.length < token.account.posts.length;
      const cursors = { before: 'b', after: 'a' };
      return json(200, { data, paging: { cursors, ...(more && { next: `${urlOf()}/next` }) } });
    },
  };
}

export const CONTAINER = /^\/(\d+)$/;

/** GET /{container}?fields=status. Of a post there is no status. */
export function containerStatusRoute({ tokens, containers }: Parts): Route<GraphCaller> {
  return {
    path: 'timeline',
    identify: (request) => tokens.caller(request),
    run(request, { token }) {
      if (!token) return graphError(INVALID_TOKEN);
      const id = /(\d+)$/.exec(request.path)?.[1] ?? '';
      const container = containers.find(id);
      if (container?.owner !== token.account) {
        return graphError({ message: 'Tried accessing nonexisting field (status)', code: 100 });
      }
      return json(200, { status: containers.statusOf(container, request.atUs / 1_000), id });
    },
  };
}
