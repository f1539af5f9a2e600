import type { FacebookConfig } from '../../../config/platforms.ts';
import { HttpRequestFailed } from '../../outbound/http-client.ts';
import { isGraphId, isTokenEnded } from '../meta/classify.ts';
import { parseGranted } from '../meta/granted.ts';
import {
  type Graph,
  GraphRefused,
  readGraphToken,
  refusable,
  refusableOnceTaken,
} from '../meta/graph.ts';
import {
  type Account,
  type Authorization,
  type AuthorizeInput,
  type ExchangeInput,
  type Grant,
  GrantRefused,
} from '../platform.ts';
import { hasScopes } from '../scope.ts';
import { choices } from './pages.ts';
import { appCredentials, credentials } from './proof.ts';

/** To see the pages, to post to them, and to read back what was posted. */
export const SCOPE = 'pages_show_list,pages_manage_posts,pages_read_engagement';

/** That, and to see the pages of business portfolios; Meta has no narrower permission for it. */
export const WIDER = { scope: `${SCOPE},business_management`, permission: 'portfolios' } as const;

/** `rerequest`: who has said no to a permission once is asked again. */
export function authorize(
  config: FacebookConfig,
  { redirectUri, state, wider }: AuthorizeInput,
): Authorization {
  const url = new URL(config.authorizeUrl);
  url.searchParams.set('client_id', config.clientId);
  url.searchParams.set('redirect_uri', redirectUri);
  url.searchParams.set('state', state);
  url.searchParams.set('response_type', 'code');
  const asked = wider && config.portfolios ? WIDER : { scope: SCOPE };
  url.searchParams.set('scope', asked.scope);
  url.searchParams.set('auth_type', 'rerequest');
  return { url: url.toString(), flowSecret: asked.scope, ...asked };
}

/** The person's own grant, of 60 days. Nothing is posted with it: see `choices`. */
export async function exchange(
  graph: Graph,
  config: FacebookConfig,
  { answer, flowSecret: keep, redirectUri }: ExchangeInput,
): Promise<Grant> {
  const app = {
    client_id: config.clientId,
    client_secret: config.clientSecret?.reveal() ?? '',
  };
  const code = { redirect_uri: redirectUri, code: answer.code ?? '' };
  const short = await refusable(() =>
    graph.read('GET', '/oauth/access_token', { ...app, ...code }),
  );
  const askedAt = Date.now();
  const exchanged = {
    grant_type: 'fb_exchange_token',
    fb_exchange_token: readGraphToken(short, askedAt).token,
  };
  const long = await refusableOnceTaken(() =>
    graph.read('GET', '/oauth/access_token', { ...app, ...exchanged }),
  );
  const { token, expiresAt } = readGraphToken(long, askedAt);
  const about = { token, asked: keep || SCOPE };
  const scope = await parseGranted(graph, '/debug_token', appCredentials(config), about);
  const extra = { userToken: token };
  return { accessToken: token, refreshToken: null, expiresAt, scope, extra };
}

/** What POST /PAGE/feed takes. Without `pages_show_list` there may be a page all the same, which is looked for. */
const NEEDED = ['pages_manage_posts', 'pages_read_engagement'];

/** People may untick each of them. */
export function mayPost({ scope }: Grant): boolean {
  return hasScopes(scope, NEEDED);
}

/** The page of a page's grant, the person of a person's. @throws GrantRefused when the grant is not accepted. */
export async function whoAmI(graph: Graph, config: FacebookConfig, grant: Grant): Promise<Account> {
  const me = await refusable(() =>
    graph.read('GET', '/me', { fields: 'id,name', ...credentials(config, grant.accessToken) }),
  );
  if (!isGraphId(me.id)) throw new HttpRequestFailed('NO_ID');
  return { id: me.id, handle: typeof me.name === 'string' ? me.name : me.id };
}

/**
 * Takes back everything that the person has given this app, for whatever campaign: see `sharesGrants`. It takes the person's own
 * token, which a page's grant has only where that page was all they had when they joined; else, and once it has ended after 60 days, the
 * page's token is only forgotten here. So it is where they have another page by now, which may be pledged, too.
 * developers.facebook.com/docs/graph-api/reference/user/permissions.
 */
export async function revoke(graph: Graph, config: FacebookConfig, grant: Grant): Promise<void> {
  const token = grant.extra?.userToken;
  if (token === undefined) return;
  try {
    if (token !== grant.accessToken && !(await isOnlyPage(graph, config, grant, token))) return;
    await graph.read('DELETE', '/me/permissions', credentials(config, token));
  } catch (error) {
    const isEnded = error instanceof GraphRefused && isTokenEnded(error.error);
    if (!isEnded && !(error instanceof GrantRefused)) throw error;
  }
}

/** Whether the page of a grant is certainly still the only one of its person, by their own token. */
async function isOnlyPage(
  graph: Graph,
  config: FacebookConfig,
  grant: Grant,
  token: string,
): Promise<boolean> {
  const person = { ...grant, accessToken: token };
  const [page, pages] = await Promise.all([
    whoAmI(graph, config, grant),
    choices(graph, config, person),
  ]);
  const [only] = pages;
  return pages.length === 1 && only?.grant.extra !== undefined && only.account.id === page.id;
}
