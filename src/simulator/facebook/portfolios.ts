import { graphError, json } from '../graph/answers.ts';
import { unversioned } from '../graph/fields.ts';
import type { GraphCaller, Token } from '../graph/tokens.ts';
import type { Route } from '../platform.ts';
import type { FacebookPage, Portfolio } from './pages.ts';
import { type FacebookDeps, GONE, hasScope, paginate, routeOf } from './routes.ts';

export const PORTFOLIO_EDGE = /^\/(\d+)\/(owned_pages|client_pages)$/;
export const NODE = /^\/(\d+)$/;

const NO_PORTFOLIOS = {
  status: 403,
  message: '(#200) Requires business_management permission to manage the object',
  code: 200,
};

/** GET /me/businesses: the portfolios that the person belongs to, which takes a permission of its own. */
export function businessesRoute(deps: FacebookDeps): Route<GraphCaller> {
  return routeOf(deps, 'me', (request, token) => {
    if (!hasScope(token, 'business_management')) return graphError(NO_PORTFOLIOS);
    return paginate(deps, request, portfoliosOf(deps, token), ({ id, name }) => ({ id, name }));
  });
}

/** GET /{portfolio}/owned_pages and /{portfolio}/client_pages. Their entries are pages, which have no tasks. */
export function portfolioPagesRoute(deps: FacebookDeps): Route<GraphCaller> {
  return routeOf(deps, 'me', (request, token) => {
    const [, id, edge] = PORTFOLIO_EDGE.exec(unversioned(request.path)) ?? [];
    const portfolio = portfoliosOf(deps, token).find((one) => one.id === id);
    if (!portfolio) return graphError(GONE);
    if (portfolio.refuses || !hasScope(token, 'business_management')) {
      return graphError(NO_PORTFOLIOS);
    }
    const pages = portfolio.edge === edge ? pagesUnder(deps, token, portfolio) : [];
    return paginate(deps, request, pages, (page) => entryOf(deps, token, page));
  });
}

/** GET /{page}, for who may see their pages: its name, and its token. */
export function pageRoute(deps: FacebookDeps): Route<GraphCaller> {
  return routeOf(deps, 'me', (request, token) => {
    const page = deps.pages.find(NODE.exec(unversioned(request.path))?.[1] ?? '');
    const isSeen = page?.owner === token.account && hasScope(token, 'pages_show_list');
    if (!page || !isSeen || page.owner.deleted) return graphError(GONE);
    return json(200, entryOf(deps, token, page));
  });
}

function entryOf({ tokens }: FacebookDeps, token: Token, { id, name }: FacebookPage): object {
  const endsMs = Number.POSITIVE_INFINITY;
  return { id, name, access_token: tokens.issue({ ...token, page: id, endsMs }) };
}

function portfoliosOf({ pages }: FacebookDeps, token: Token): Portfolio[] {
  return pages.of(token.account).flatMap(({ portfolio }) => portfolio ?? []);
}

function pagesUnder({ pages }: FacebookDeps, token: Token, portfolio: Portfolio): FacebookPage[] {
  return pages.of(token.account).filter((page) => page.portfolio?.id === portfolio.id);
}
