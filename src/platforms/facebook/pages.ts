import type { FacebookConfig } from '../../../config/platforms.ts';
import { HttpRequestFailed } from '../../outbound/http-client.ts';
import { isGraphId, isPermission } from '../meta/classify.ts';
import { asObject } from '../meta/error-body.ts';
import { type Graph, GraphRefused, refusable, toMeaning } from '../meta/graph.ts';
import type { Choice, Grant } from '../platform.ts';
import { appCredentials, credentials } from './proof.ts';

/** Entries that one sheet of a list holds, and the most sheets that are turned. */
const SHEET = 100;
const MAX_SHEETS = 5;
/** The most portfolios that are looked into, and the most pages that are asked for one by one. */
const MAX_PORTFOLIOS = 50;
const MAX_NAMED = 100;
/** Requests under way at a time. */
const WIDTH = 8;
/** Any of them allows posting to a page; a list without tasks is one of the old kind, in which everybody could. */
const MAY_POST = ['CREATE_CONTENT', 'MANAGE', 'PROFILE_PLUS_CREATE_CONTENT'];
const PAGE_FIELDS = 'id,name,access_token';

type Entry = Readonly<Record<string, unknown>>;

/** What one way to look for pages has found. `hidden`: some may be missing, since a part of it could not be read. */
interface Found {
  entries: readonly Entry[];
  hidden: readonly unknown[];
}

interface PageReader {
  read(path: string, fields?: Record<string, string>): Promise<Entry>;
}

/**
 * The pages that the person may post to, each with a grant that has no end. Beside it the person's own token is kept, with which
 * everything can be taken back: only of who certainly has one page, since of several another may still be pledged.
 *
 * /me/accounts leaves out pages that somebody looks after through a business portfolio. Those are named in the token's granular
 * scopes, where people picked them one by one, and listed by the portfolios, where the person has given `business_management`,
 * which is asked only of who misses a page and agrees to it. Reported: github.com/trypostit/trypost/pull/301, github.com/getopenpost/openpost/issues/216.
 */
export async function choices(
  graph: Graph,
  config: FacebookConfig,
  grant: Grant,
): Promise<readonly Choice[]> {
  const reader: PageReader = {
    read: (path, fields = {}) =>
      graph.read('GET', path, { ...fields, ...credentials(config, grant.accessToken) }),
  };
  const [listed, ofPortfolios, named] = await Promise.all([
    refusable(() => readList(reader, '/me/accounts', `${PAGE_FIELDS},tasks`)),
    pagesOfPortfolios(reader),
    grantedIds(graph, config, grant),
  ]);
  const byId = new Map<string, Entry>();
  for (const entry of [...listed, ...ofPortfolios.entries]) keepBetter(byId, entry);
  const bare = [...byId.keys()].filter((id) => typeof byId.get(id)?.access_token !== 'string');
  const unseen = named.ids.filter((id) => !byId.has(id));
  const asked = await askEach(reader, [...bare, ...unseen].slice(0, MAX_NAMED));
  for (const entry of asked.entries) keepBetter(byId, entry);
  const found = [...byId.values()].flatMap((entry) => choiceOf(entry, grant));
  const hidden = [...ofPortfolios.hidden, ...named.hidden, ...asked.hidden];
  // "There is none" takes an answer of all.
  const unread = hidden.find((error) => !isNotShown(error));
  if (found.length === 0 && unread !== undefined) throw toMeaning(unread);
  const [only] = found;
  if (found.length !== 1 || !only || hidden.length > 0) return found;
  return [{ ...only, grant: { ...only.grant, extra: { userToken: grant.accessToken } } }];
}

/** All sheets of a list. An address of the next sheet is not followed: only its cursor is used. */
async function readList(reader: PageReader, path: string, fields: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  let after = '';
  for (let turned = 0; turned < MAX_SHEETS; turned++) {
    const cursor: Record<string, string> = after === '' ? {} : { after };
    const answer = await reader.read(path, { fields, limit: String(SHEET), ...cursor });
    if (!Array.isArray(answer.data)) throw new HttpRequestFailed('NO_LIST');
    const sheet = (answer.data as unknown[]).map(asObject);
    entries.push(...sheet.filter((entry) => entry !== null));
    const next = nextCursor(answer.paging);
    if (next === null || next === after) break;
    after = next;
  }
  return entries;
}

function nextCursor(value: unknown): string | null {
  const paging = asObject(value);
  if (paging?.next === undefined) return null;
  const cursor = asObject(paging.cursors)?.after;
  return typeof cursor === 'string' && cursor !== '' ? cursor : null;
}

/** One portfolio that does not answer, or shows nothing, hides no page of the others. */
async function pagesOfPortfolios(reader: PageReader): Promise<Found> {
  let portfolios: string[];
  try {
    const all = await readList(reader, '/me/businesses', 'id');
    portfolios = all.flatMap(({ id }) => (isGraphId(id) ? id : [])).slice(0, MAX_PORTFOLIOS);
  } catch (error) {
    // Without the permission there is nothing that we were to see.
    return { entries: [], hidden: isNotShown(error) ? [] : [error] };
  }
  const edges = portfolios.flatMap((id) => [`/${id}/owned_pages`, `/${id}/client_pages`]);
  return collect(edges, (edge) => readList(reader, edge, PAGE_FIELDS));
}

/** No permission, no such list for this app, or a page that is gone: asking again would change nothing. */
function isNotShown(error: unknown): boolean {
  if (!(error instanceof GraphRefused)) return false;
  const { code } = error.error;
  return isPermission(error.error) || code === 100 || code === 3;
}

/** The pages for which the person has allowed posts, where they picked them by name. */
async function grantedIds(
  graph: Graph,
  config: FacebookConfig,
  grant: Grant,
): Promise<{ ids: readonly string[]; hidden: readonly unknown[] }> {
  const fields = { input_token: grant.accessToken, ...appCredentials(config) };
  try {
    const { data } = await graph.read('GET', '/debug_token', fields);
    const scopes = asObject(data)?.granular_scopes;
    const given = (Array.isArray(scopes) ? (scopes as unknown[]) : []).map(asObject);
    // A permission without targets is for all pages: what others name is then what the person picked.
    const targets = NAMING_SCOPES.map((name) =>
      targetsOf(given.find((one) => one?.scope === name)),
    );
    return { ids: targets.find((ids) => ids.length > 0) ?? [], hidden: [] };
  } catch (error) {
    return { ids: [], hidden: [error] };
  }
}

/** Permissions that are given page by page, the one that posts first. */
const NAMING_SCOPES = ['pages_manage_posts', 'pages_show_list', 'pages_read_engagement'] as const;

function targetsOf(scope: Entry | null | undefined): string[] {
  const targets = Array.isArray(scope?.target_ids) ? (scope.target_ids as unknown[]) : [];
  return [...new Set(targets.filter(isGraphId))];
}

/** Pages by their ids, for their names and tokens. */
function askEach(reader: PageReader, ids: readonly string[]): Promise<Found> {
  return collect(ids, async (id) => [await reader.read(`/${id}`, { fields: PAGE_FIELDS })]);
}

/** Reads each of these, a few at a time; one that fails takes nothing from the others. */
async function collect(
  paths: readonly string[],
  read: (path: string) => Promise<readonly Entry[]>,
): Promise<Found> {
  const entries: Entry[] = [];
  const hidden: unknown[] = [];
  for (let from = 0; from < paths.length; from += WIDTH) {
    const results = await Promise.allSettled(paths.slice(from, from + WIDTH).map(read));
    for (const result of results) {
      if (result.status === 'fulfilled') entries.push(...result.value);
      else hidden.push(result.reason);
    }
  }
  return { entries, hidden };
}

/** Of two entries for one page, one that has its token; of two such, what was read first, which has its tasks. */
function keepBetter(byId: Map<string, Entry>, entry: Entry): void {
  if (!isGraphId(entry.id)) return;
  const known = byId.get(entry.id);
  if (typeof known?.access_token === 'string') return;
  byId.set(entry.id, { ...known, ...entry });
}

function choiceOf(page: Entry, grant: Grant): Choice[] {
  const { id, name, access_token: accessToken, tasks } = page;
  if (!isGraphId(id) || typeof accessToken !== 'string') return [];
  if (Array.isArray(tasks) && !MAY_POST.some((task) => tasks.includes(task))) return [];
  const { scope } = grant;
  return [
    {
      account: { id, handle: typeof name === 'string' ? name : id },
      grant: { accessToken, refreshToken: null, expiresAt: null, scope },
    },
  ];
}
