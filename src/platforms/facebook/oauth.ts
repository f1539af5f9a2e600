import type { FacebookConfig } from '../../../config/platforms.ts';
import { AskFailed } from '../ask.ts';
import { type Graph, GraphRefused, readToken, refusable } from '../graph.ts';
import { isId, isTokenEnded } from '../graph-classify.ts';
import { asObject } from '../graph-error-body.ts';
import type {
  Account,
  Authorization,
  AuthorizeInput,
  Choice,
  ExchangeInput,
  Grant,
} from '../platform.ts';
import { credentials } from './proof.ts';

/** To see the pages, to post to them, and to read back what was posted. */
export const SCOPE = 'pages_show_list,pages_manage_posts,pages_read_engagement';

/** Pages that one sheet of /me/accounts holds, and the most sheets that are turned. */
const SHEET = 100;
const MOST_SHEETS = 5;
/** Any of them lets somebody post to a page; a list without tasks is one of the old kind, in which everybody could. */
const MAY_POST = ['CREATE_CONTENT', 'MANAGE', 'PROFILE_PLUS_CREATE_CONTENT'];

/** `rerequest`: who has said no to a permission once is asked again. */
export function authorize(
  config: FacebookConfig,
  { redirectUri, state }: AuthorizeInput,
): Authorization {
  const url = new URL(config.authorizeUrl);
  url.searchParams.set('client_id', config.clientId);
  url.searchParams.set('redirect_uri', redirectUri);
  url.searchParams.set('state', state);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('scope', SCOPE);
  url.searchParams.set('auth_type', 'rerequest');
  return { url: url.toString(), keep: '' };
}

/** The person's own grant, of 60 days. Nothing is posted with it: see `choices`. */
export async function exchange(
  graph: Graph,
  config: FacebookConfig,
  { answer, redirectUri }: ExchangeInput,
): Promise<Grant> {
  const app = {
    client_id: config.clientId,
    client_secret: config.clientSecret?.reveal() ?? '',
  };
  return refusable(async () => {
    const code = { redirect_uri: redirectUri, code: answer.code ?? '' };
    const short = await graph.read('GET', '/oauth/access_token', { ...app, ...code });
    const askedAt = Date.now();
    const long = await graph.read('GET', '/oauth/access_token', {
      ...app,
      grant_type: 'fb_exchange_token',
      fb_exchange_token: readToken(short, askedAt).token,
    });
    const { token, expiresAt } = readToken(long, askedAt);
    const extra = { userToken: token };
    return { accessToken: token, refreshToken: null, expiresAt, scope: SCOPE, extra };
  });
}

/**
 * The pages that the person may post to, each with a grant that has no end. Beside it the person's own token is kept, with which
 * everything can be taken back: only of who has one page, since of several another may still be pledged.
 */
export async function choices(
  graph: Graph,
  config: FacebookConfig,
  grant: Grant,
): Promise<readonly Choice[]> {
  const found: Choice[] = [];
  let after = '';
  for (let sheet = 0; sheet < MOST_SHEETS; sheet++) {
    const answer = await refusable(() =>
      graph.read('GET', '/me/accounts', {
        fields: 'id,name,access_token,tasks',
        limit: String(SHEET),
        ...(after !== '' && { after }),
        ...credentials(config, grant.accessToken),
      }),
    );
    if (!Array.isArray(answer.data)) throw new AskFailed('NO_LIST');
    found.push(...(answer.data as unknown[]).flatMap((page) => choiceOf(page, grant)));
    const paging = asObject(answer.paging);
    const cursor = asObject(paging?.cursors)?.after;
    if (paging?.next === undefined || typeof cursor !== 'string') break;
    after = cursor;
  }
  const [only] = found;
  if (found.length !== 1 || !only) return found;
  return [{ ...only, grant: { ...only.grant, extra: { userToken: grant.accessToken } } }];
}

function choiceOf(entry: unknown, grant: Grant): Choice[] {
  const page = asObject(entry);
  if (!page || !isId(page.id) || typeof page.access_token !== 'string') return [];
  const { tasks } = page;
  if (Array.isArray(tasks) && !MAY_POST.some((task) => tasks.includes(task))) return [];
  return [
    {
      account: { id: page.id, handle: typeof page.name === 'string' ? page.name : page.id },
      grant: {
        accessToken: page.access_token,
        refreshToken: null,
        expiresAt: null,
        scope: grant.scope,
      },
    },
  ];
}

/** The page of a page's grant, the person of a person's. @throws GrantRefused when the grant is not accepted. */
export async function whoAmI(graph: Graph, config: FacebookConfig, grant: Grant): Promise<Account> {
  const me = await refusable(() =>
    graph.read('GET', '/me', { fields: 'id,name', ...credentials(config, grant.accessToken) }),
  );
  if (!isId(me.id)) throw new AskFailed('NO_ID');
  return { id: me.id, handle: typeof me.name === 'string' ? me.name : me.id };
}

/**
 * Takes back everything that the person has given this app, for whatever campaign: see `sharesGrants`. It takes the person's own
 * token, which a page's grant has only where that page is all they have; else, and once it has ended after 60 days, the page's
 * token is only forgotten here. developers.facebook.com/docs/graph-api/reference/user/permissions.
 */
export async function revoke(graph: Graph, config: FacebookConfig, grant: Grant): Promise<void> {
  const token = grant.extra?.userToken;
  if (token === undefined) return;
  try {
    await graph.read('DELETE', '/me/permissions', credentials(config, token));
  } catch (error) {
    if (!(error instanceof GraphRefused && isTokenEnded(error.error))) throw error;
  }
}
