import type { ThreadsConfig } from '../../../config/platforms.ts';
import { isGraphId } from '../meta/classify.ts';
import { parseGranted } from '../meta/granted.ts';
import {
  type Graph,
  type GraphFields,
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
import { API_VERSION } from './containers.ts';

/** What posting needs: developers.facebook.com/documentation/threads/get-started. */
const NEEDED = ['threads_basic', 'threads_content_publish'];
export const SCOPE = NEEDED.join(',');

/** A token that is younger is not refreshed. */
const OLD_ENOUGH_MS = 24 * 3_600_000;

/** No PKCE is documented: the state, and the browser's cookie, are what keeps a strange code out. */
export function authorize(
  config: ThreadsConfig,
  { redirectUri, state }: AuthorizeInput,
): Authorization {
  const url = new URL(config.authorizeUrl);
  url.searchParams.set('client_id', config.clientId);
  url.searchParams.set('redirect_uri', redirectUri);
  url.searchParams.set('scope', SCOPE);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('state', state);
  return { url: url.toString(), flowSecret: '' };
}

/** A code for a token of an hour, and that at once for one of 60 days. */
export async function exchange(
  graph: Graph,
  config: ThreadsConfig,
  { answer, redirectUri }: ExchangeInput,
): Promise<Grant> {
  const secret = config.clientSecret?.reveal() ?? '';
  const short = await refusable(() =>
    graph.read('POST', '/oauth/access_token', {
      client_id: config.clientId,
      client_secret: secret,
      grant_type: 'authorization_code',
      redirect_uri: redirectUri,
      code: (answer.code ?? '').replace(/#_$/, ''),
    }),
  );
  const { token } = readGraphToken(short, Date.now());
  const exchanged = {
    grant_type: 'th_exchange_token',
    client_secret: secret,
    access_token: token,
  };
  const grant = await refusableOnceTaken(() => longGrant(graph, '/access_token', SCOPE, exchanged));
  const { accessToken } = grant;
  // The person's own token may ask what it is good for.
  const itself = { access_token: accessToken };
  const about = { token: accessToken, asked: SCOPE };
  return {
    ...grant,
    scope: await parseGranted(graph, `${API_VERSION}/debug_token`, itself, about),
  };
}

/** People may untick each of them. */
export function mayPost({ scope }: Grant): boolean {
  return hasScopes(scope, NEEDED);
}

/**
 * Another 60 days. A grant of less than a day is given back as it is: Threads would not refresh it, and it has 59 days left.
 * @throws GrantRefused for one that has ended: only its owner can give another.
 */
export async function refresh(graph: Graph, grant: Grant): Promise<Grant> {
  const now = Date.now();
  if (grant.expiresAt !== null && grant.expiresAt.getTime() <= now) {
    throw new GrantRefused('The token has ended');
  }
  const issuedAt = Date.parse(grant.extra?.issuedAt ?? '');
  if (now - issuedAt < OLD_ENOUGH_MS) return grant;
  return refusable(() =>
    longGrant(graph, '/refresh_access_token', grant.scope, {
      grant_type: 'th_refresh_token',
      access_token: grant.accessToken,
    }),
  );
}

async function longGrant(
  graph: Graph,
  path: string,
  scope: string,
  fields: GraphFields,
): Promise<Grant> {
  const askedAt = Date.now();
  const { token, expiresAt } = readGraphToken(await graph.read('GET', path, fields), askedAt);
  return {
    accessToken: token,
    refreshToken: null,
    expiresAt,
    scope,
    extra: { issuedAt: new Date(askedAt).toISOString() },
  };
}

/** @throws GrantRefused when the grant is not accepted. */
export async function whoAmI(graph: Graph, grant: Grant): Promise<Account> {
  const me = await refusable(() =>
    graph.read('GET', `${API_VERSION}/me`, {
      fields: 'id,username',
      access_token: grant.accessToken,
    }),
  );
  if (!isGraphId(me.id)) throw new Error('There is no id in the answer');
  return { id: me.id, handle: typeof me.username === 'string' ? me.username : '' };
}
