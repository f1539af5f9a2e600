import { type LocatorProblem, LocatorRejected } from '../../domain/account-locator.ts';
import {
  type HttpClient,
  HttpRequestFailed,
  type HttpResponse,
} from '../../outbound/http-client.ts';
import { countAt, type Fields, idIn, objectIn, readObject, textAt, valueAt } from './reading.ts';
import { asksToRead, takesNoText, UNKNOWN_SOFTWARE } from './software.ts';
import { MAX_CHARACTERS, RESERVED_PER_URL } from './text-rule.ts';

/** What a server that a supporter has named tells of itself, as far as we use it. */
export interface MastodonServer {
  origin: string;
  /** By nodeinfo, in lower case. */
  software: string;
  mostCharacters: number;
  reservedPerUrl: number;
  /** What we ask for there. */
  scope: string;
  /** It shows an account's posts only with a permission for that, which is then in `scope`. */
  asksToRead: boolean;
  takesPkce: boolean;
  authorizeUrl: string;
  tokenUrl: string;
  revokeUrl: string;
}

/** Since 4.3, without a look at anything but the name; before it the narrowest that told whose account it is. */
const NEWER_SCOPE = 'write:statuses profile';
const OLDER_SCOPE = 'write:statuses read:accounts';
/** Beside them, where a post could not be looked for otherwise. */
export const READ_SCOPE = 'read:statuses';
/** An account that need not be there: who may not ask is told so before it is looked for. */
const SOMEBODY = '1';

/**
 * Asks a server what it is: docs.joinmastodon.org/methods/oauth (since 4.3), /methods/instance (v2 since 4.0), and nodeinfo.
 * @throws LocatorRejected for all that is no such server, or cannot be asked.
 */
export async function discover(http: HttpClient, origin: string): Promise<MastodonServer> {
  const headers = { accept: 'application/json' };
  const ask = (path: string): Promise<HttpResponse> =>
    http.request({ method: 'GET', url: origin + path, headers });
  try {
    const asked = Promise.all([
      ask('/.well-known/oauth-authorization-server').then(objectIn),
      findInstance(ask),
    ]);
    // What such a server is, is known even where it speaks no other word of this API.
    asked.catch(() => undefined);
    const software = await findSoftware(ask, origin);
    if (takesNoText(software)) throw new LocatorRejected('no_text_posts', 'its software');
    const [metadata, instance] = await asked;
    // One that tells nothing of itself must be told by something else.
    if (!instance && !metadata && software === UNKNOWN_SOFTWARE) {
      throw new LocatorRejected('not_one', 'instance: 401');
    }
    const facts = oauthOf(origin, metadata);
    const hides = await wantsToken(ask, software, instance);
    const scope = hides ? `${facts.scope} ${READ_SCOPE}` : facts.scope;
    return { origin, software, ...lengthsOf(instance), ...facts, scope, asksToRead: hides };
  } catch (error) {
    throw toLocatorRejected(error);
  }
}

type Ask = (path: string) => Promise<HttpResponse>;

/** Null where it does not tell that without a login, as in Mastodon's limited federation mode. */
async function findInstance(ask: Ask): Promise<Fields | null> {
  let response = await ask('/api/v2/instance');
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    response = await ask('/api/v1/instance');
  }
  const instance = objectIn(response);
  // Each version has its own word for where it is.
  const isOne = textAt(instance, 'version') !== '' && placeIn(instance) !== '';
  if (instance && isOne) return instance;
  if (response.status === 401 && readObject(response.body)) return null;
  // A page with which something before the server refuses us says nothing of what is behind it.
  const isShut = response.status === 403 && !readObject(response.body);
  if (isShut) throw new LocatorRejected('challenged', 'instance: 403, a page');
  const isBusy = response.status >= 500 || response.status === 429;
  throw new LocatorRejected(isBusy ? 'unreachable' : 'not_one', `instance: ${response.status}`);
}

function placeIn(instance: Fields | null): string {
  return textAt(instance, 'domain') || textAt(instance, 'uri');
}

function lengthsOf(
  instance: Fields | null,
): Pick<MastodonServer, 'mostCharacters' | 'reservedPerUrl'> {
  const at = (name: string) => countAt(instance, 'configuration', 'statuses', name);
  return {
    // Pleroma and its kin have a word of their own.
    mostCharacters: at('max_characters') ?? countAt(instance, 'max_toot_chars') ?? MAX_CHARACTERS,
    reservedPerUrl: at('characters_reserved_per_url') ?? RESERVED_PER_URL,
  };
}

type OauthFacts = Omit<
  MastodonServer,
  'origin' | 'software' | 'mostCharacters' | 'reservedPerUrl' | 'asksToRead'
>;

/** Without metadata it is an older server, where all is at its usual place. */
function oauthOf(origin: string, metadata: Fields | null): OauthFacts {
  const at = (name: string, usual: string): string => {
    const url = textAt(metadata, name) || origin + usual;
    // Another's page would get the supporter's code, or give us a code of its own: RFC 9700, 4.4.
    if (URL.canParse(url) && new URL(url).origin === origin) return url;
    throw new LocatorRejected('not_one', `${name} is at another server`);
  };
  const has = (name: string, value: string): boolean => {
    const list = metadata?.[name];
    return Array.isArray(list) && list.includes(value);
  };
  return {
    scope: has('scopes_supported', 'profile') ? NEWER_SCOPE : OLDER_SCOPE,
    takesPkce: has('code_challenge_methods_supported', 'S256'),
    authorizeUrl: at('authorization_endpoint', '/oauth/authorize'),
    tokenUrl: at('token_endpoint', '/oauth/token'),
    revokeUrl: at('revocation_endpoint', '/oauth/revoke'),
  };
}

/**
 * Whether an account's posts cannot be read without a token. It is tried, with the account that the server names as its
 * contact; what cannot be tried now is known of some software.
 */
async function wantsToken(ask: Ask, software: string, instance: Fields | null): Promise<boolean> {
  const contact =
    idIn(valueAt(instance, 'contact', 'account')) ??
    idIn(valueAt(instance, 'contact_account')) ??
    SOMEBODY;
  const path = `/api/v1/accounts/${encodeURIComponent(contact)}/statuses?limit=1`;
  const response = await ask(path).catch(() => null);
  if (response?.status === 401) return true;
  // A page is some gateway's, and no word of the server's.
  if (response?.status === 403 && readObject(response.body)) return true;
  return asksToRead(software) && response?.status !== 200;
}

/** By nodeinfo, which a server need not have. Only what is at the same server is looked at. */
async function findSoftware(ask: Ask, origin: string): Promise<string> {
  try {
    const links = objectIn(await ask('/.well-known/nodeinfo'))?.links;
    const hrefs = Array.isArray(links) ? links.map((link) => textAt(link, 'href')) : [];
    const own = hrefs.find((href) => URL.canParse(href) && new URL(href).origin === origin);
    if (own === undefined) return UNKNOWN_SOFTWARE;
    const { pathname, search } = new URL(own);
    const name = textAt(objectIn(await ask(pathname + search)), 'software', 'name').toLowerCase();
    // Without the dot by nodeinfo's own rule, which Iceshrimp.NET does not keep.
    return /^[a-z0-9.-]{1,40}$/.test(name) ? name : UNKNOWN_SOFTWARE;
  } catch {
    return UNKNOWN_SOFTWARE;
  }
}

/** What is the matter with a server that did not answer as one. */
export function toLocatorRejected(error: unknown): Error {
  if (error instanceof LocatorRejected || !(error instanceof HttpRequestFailed))
    return error as Error;
  return new LocatorRejected(problemOf(error.code), error.code);
}

const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NODATA', 'EAI_NONAME', 'EAI_FAIL']);

function problemOf(code: string): LocatorProblem {
  if (NO_SUCH_NAME.has(code)) return 'not_found';
  return code === 'ENCODED' ? 'not_one' : 'unreachable';
}
