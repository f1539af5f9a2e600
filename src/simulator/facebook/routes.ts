import { createHmac } from 'node:crypto';
import type { Post } from '../accounts.ts';
import { CHECKPOINT, graphError, INVALID_TOKEN, json, regain } from '../graph/answers.ts';
import { fieldsOf, tokenOf, unversioned } from '../graph/fields.ts';
import type { GraphCaller, Token, Tokens } from '../graph/tokens.ts';
import type { Incoming, Route, SimulatedApp, SimulatedResponse, World } from '../platform.ts';
import { take, type Windows } from '../x/limits.ts';
import { type FacebookPage, type Pages, userId } from './pages.ts';

export interface FacebookDeps {
  world: World;
  tokens: Tokens;
  apps: Map<string, SimulatedApp>;
  windows: Windows;
  pages: Pages;
}

export const BLOCKED = {
  message: 'The action attempted has been deemed abusive or is otherwise disallowed',
  code: 368,
};
export const PAGE_LIMIT = { message: '(#32) Page request limit reached', code: 32 };
const DUPLICATE = { message: '(#506) Duplicate status message', code: 506 };
export const GONE = {
  message:
    'Unsupported request. The object does not exist, cannot be loaded due to missing permissions, or does not support this operation.',
  code: 100,
  subcode: 33,
};
const NO_PERMISSION = {
  status: 403,
  message: '(#200) pages_manage_posts is needed, and the right to create content',
  code: 200,
};

/** The token, if it may act at all; else the refusal. Where the app's secret is known, a wrong proof of it is refused. */
function admit(
  { apps }: FacebookDeps,
  request: Incoming,
  { token }: GraphCaller,
): Token | SimulatedResponse {
  if (!token) return graphError(INVALID_TOKEN);
  if (token.page !== undefined && token.account.deleted) return graphError(GONE);
  if (token.account.suspended) return graphError(CHECKPOINT);
  const proof = fieldsOf(request).get('appsecret_proof');
  const secret = apps.get(token.clientId)?.clientSecret;
  if (proof !== null && secret !== undefined) {
    const wanted = createHmac('sha256', secret).update(tokenOf(request)).digest('hex');
    if (proof !== wanted) {
      const message = 'Invalid appsecret_proof provided in the API argument';
      return graphError({ message, code: 100 });
    }
  }
  return token;
}

/** A route that needs a token. */
export function routeOf(
  deps: FacebookDeps,
  path: Route<GraphCaller>['path'],
  answer: (request: Incoming, token: Token) => SimulatedResponse,
): Route<GraphCaller> {
  return {
    path,
    identify: (request) => deps.tokens.caller(request),
    run(request, caller) {
      const token = admit(deps, request, caller);
      return 'status' in token ? token : answer(request, token);
    },
  };
}

/** GET /me: the person, or the page whose token it is. */
export function meRoute(deps: FacebookDeps): Route<GraphCaller> {
  return routeOf(deps, 'me', (_request, { account, page }) => {
    const known = page === undefined ? undefined : deps.pages.find(page);
    return json(200, {
      id: known?.id ?? userId(account),
      name: known?.name ?? account.handle,
    });
  });
}

/** GET /me/accounts: the person's pages, each with a token that has no end; 25 on a sheet as a rule. */
export function accountsRoute(deps: FacebookDeps): Route<GraphCaller> {
  const { pages, tokens } = deps;
  return routeOf(deps, 'me', (request, token) => {
    if (token.page !== undefined) return graphError({ message: 'Not a person', code: 100 });
    const owned = hasScope(token, 'pages_show_list') ? pages.of(token.account) : [];
    const listed = owned.filter(({ portfolio }) => portfolio === undefined);
    return paginate(deps, request, listed, ({ id, name }) => ({
      id,
      name,
      category: 'Community',
      tasks: ['ADVERTISE', 'ANALYZE', 'CREATE_CONTENT', 'MESSAGING', 'MODERATE', 'MANAGE'],
      access_token: tokens.issue({ ...token, page: id, endsMs: Number.POSITIVE_INFINITY }),
    }));
  });
}

/** What of a list is on the sheet that was asked for: developers.facebook.com/docs/graph-api/results. */
export function paginate<T>(
  { world }: FacebookDeps,
  request: Incoming,
  all: readonly T[],
  entry: (one: T) => object,
): SimulatedResponse {
  const form = fieldsOf(request);
  const from = Number(form.get('after') ?? 0);
  const limit = Math.min(Number(form.get('limit') ?? 25), world.behaviour.facebook.maxSheet);
  const data = all.slice(from, from + limit).map(entry);
  const more = all.length > from + limit;
  const cursors = { before: String(from), after: String(from + limit) };
  return json(200, { data, paging: { cursors, ...(more && { next: 'https://next' }) } });
}

export function hasScope({ scope }: Token, permission: string): boolean {
  return scope.split(/[ ,]/).includes(permission);
}

/** GET /me/permissions, and DELETE: everything that the person has given this app, whatever it was given for. */
export function permissionsRoute(deps: FacebookDeps, method: 'GET' | 'DELETE'): Route<GraphCaller> {
  return routeOf(deps, method === 'GET' ? 'me' : 'revoke', (_request, token) => {
    if (method === 'DELETE') {
      deps.tokens.end(token.account, token.clientId);
      return json(200, { success: true });
    }
    const permissions = token.scope.split(/[ ,]/);
    const data = permissions.map((permission) => ({ permission, status: 'granted' }));
    return json(200, { data });
  });
}

export const FEED = /^\/\d+\/feed$/;

function pageOf(deps: FacebookDeps, request: Incoming): FacebookPage | undefined {
  return deps.pages.find(unversioned(request.path).split('/')[1] ?? '');
}

/** POST /{page}/feed. */
export function postRoute(deps: FacebookDeps): Route<GraphCaller> {
  const { windows } = deps;
  return routeOf(deps, 'posts', (request, token) => {
    if (token.account.locked) return graphError(BLOCKED);
    const page = pageOf(deps, request);
    const mayPost = hasScope(token, 'pages_manage_posts');
    if (!page || token.page !== page.id || !mayPost) return graphError(NO_PERMISSION);
    const nowMs = request.atUs / 1_000;
    const app = windows.current('graphPerAppHour', token.clientId, nowMs);
    const day = windows.current('graphPerPageDay', page.id, nowMs);
    if (!take(app, day)) {
      const [error, { endsMs }] =
        app.used >= app.limit
          ? [{ message: '(#4) Application request limit reached', code: 4 }, app]
          : [PAGE_LIMIT, day];
      return graphError(error, regain((endsMs - nowMs) / 1_000));
    }
    const calls = Math.floor((100 * app.used) / app.limit);
    const usage = `x-app-usage: {"call_count":${calls},"total_time":0,"total_cputime":0}\r\n`;
    return accept(deps, page, fieldsOf(request).get('message') ?? '', request.atUs, usage);
  });
}

/** Whether a page may say this: 63,206 UTF-16 units at most. */
export function isPageNameTaken(text: string): boolean {
  return text.trim() !== '' && text.length <= 63_206;
}

function accept(
  { world }: FacebookDeps,
  page: FacebookPage,
  text: string,
  atUs: number,
  usage: string,
): SimulatedResponse {
  if (!isPageNameTaken(text)) {
    return graphError({ message: '(#100) Invalid parameter', code: 100 }, usage);
  }
  const last = page.posts.at(-1);
  if (world.behaviour.refuseDuplicates && last?.text === text) return graphError(DUPLICATE, usage);
  const nth = String(page.posts.length + 1).padStart(6, '0');
  const id = `${page.id}_122${nth}`;
  const post: Post = { account: page.id, handle: page.name, id, text, at_us: atUs };
  page.posts.push(post);
  return { ...json(200, { id }, usage), post };
}

/** GET /{page}/feed: newest first. */
export function feedRoute(deps: FacebookDeps, urlOf: () => string): Route<GraphCaller> {
  return routeOf(deps, 'timeline', (request, token) => {
    const page = pageOf(deps, request);
    if (!page || token.account !== page.owner) return graphError(NO_PERMISSION);
    const form = fieldsOf(request);
    const limit = Number(form.get('limit') ?? 25);
    const sinceUs = Number(form.get('since') ?? 0) * 1_000_000;
    const posts = page.posts.filter((post) => post.at_us >= sinceUs).reverse();
    const data = posts.slice(0, limit).map(({ id, text, at_us }) => ({
      id,
      message: text,
      created_time: new Date(at_us / 1_000).toISOString().replace(/\.\d+Z$/, '+0000'),
      permalink_url: `${urlOf()}/${id}`,
    }));
    const cursors = { before: 'b', after: 'a' };
    const more = posts.length > limit && { next: `${urlOf()}/next` };
    return json(200, data.length === 0 ? { data } : { data, paging: { cursors, ...more } });
  });
}
