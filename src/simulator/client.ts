import type { NewAccount, Post, Standing } from './accounts.ts';
import type { ApiPath, Behaviour, BehaviourChange, Fault } from './behaviour.ts';
import { signAs } from './nostr/sign.ts';
import type { GivenGrant, SimulatedApp } from './platform.ts';
import type { RecordEntry, Summary } from './record.ts';

export { pubkeyOf, signAs } from './nostr/sign.ts';
export { environmentFor, knownServer, PLATFORM_NAMES, type PlatformName } from './sites.ts';

export interface ControlledAccount {
  id: string;
  handle: string;
  suspended: boolean;
  locked: boolean;
  posts: number;
}

export interface AccountChange {
  suspended?: boolean;
  locked?: boolean;
  standing?: Standing;
  deleted?: boolean;
  revokeGrants?: boolean;
  expireAccessTokens?: boolean;
}

export type AccountsWanted = { count: number; prefix?: string } | { accounts: NewAccount[] };

export interface GrantsWanted {
  clientId: string;
  count: number;
  prefix?: string;
  scope?: string;
}

/** An account of the simulator and what it gave an app. */
export interface GrantedAccount extends GivenGrant {
  id: string;
  handle: string;
}

export type SimulatorControl = ReturnType<typeof createControlClient>;

const TIMEOUT_MS = 60_000;
const PAGE = 10_000;

/**
 * The control API of a running simulator; `url` is what it printed.
 * Every call throws an Error that carries the simulator's words when it is refused.
 */
export function createControlClient(url: string) {
  const base = new URL('/_control/', url);

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(path, base), {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  return {
    createAccounts: (wanted: AccountsWanted) =>
      call<{ id: string; handle: string }[]>('POST', 'accounts', wanted),
    /** Accounts that have authorized the app already; for tests and benches. At most 100 000 a call. */
    createGrants: (wanted: GrantsWanted) => call<GrantedAccount[]>('POST', 'grants', wanted),
    accounts: () => call<ControlledAccount[]>('GET', 'accounts'),
    /** By id or handle. */
    changeAccount: (account: string, change: AccountChange) =>
      call<ControlledAccount & { revoked: number; expired: number }>(
        'PATCH',
        `accounts/${encodeURIComponent(account)}`,
        change,
      ),
    registerApp: (app: SimulatedApp) => call<{ clientId: string }>('POST', 'apps', app),
    /** Whatever is left out goes back to its default. */
    behaviour: (change: BehaviourChange) => call<Behaviour>('PUT', 'behaviour', change),
    fault: (handle: string, path: ApiPath, fault: Fault, times = 1) =>
      call<unknown>('POST', 'faults', { handle, path, fault, times }),
    /** In order of arrival. */
    posts: () => call<Post[]>('GET', 'posts'),
    /** Everything after a sequence number, however long. `path`: a route name or an exact path. */
    async record(after = 0, path?: string): Promise<RecordEntry[]> {
      const found: RecordEntry[] = [];
      for (let from = after; ; ) {
        const query = new URLSearchParams({ after: String(from), limit: String(PAGE) });
        if (path !== undefined) query.set('path', path);
        const page = await call<{ entries: RecordEntry[]; last: number }>('GET', `record?${query}`);
        found.push(...page.entries);
        if (page.entries.length < PAGE) return found;
        from = page.last;
      }
    },
    clearRecord: () => call<unknown>('DELETE', 'record'),
    summary: () => call<Summary>('GET', 'summary'),
    reset: () => call<unknown>('POST', 'reset'),
  };
}

/**
 * What a person does on the consent page: decides, as this account, and is sent back.
 * @returns the address that the platform redirects to, with `code` and `state` or `error` and `state`.
 * @throws when the platform shows an error page instead.
 */
export async function decideConsent(
  authorizeUrl: string,
  handle: string,
  decision: 'allow' | 'deny' = 'allow',
): Promise<string> {
  const url = new URL(authorizeUrl);
  const form = new URLSearchParams(url.search);
  form.set('account', handle);
  form.set('decision', decision);
  const response = await fetch(new URL(url.pathname, url), {
    method: 'POST',
    body: form,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  const location = response.headers.get('location');
  if (response.status !== 302 || !location) {
    const reason = /<code>(.*?)<\/code>/.exec(text)?.[1] ?? text;
    throw new Error(`The consent page answered ${response.status}: ${reason}`);
  }
  return location;
}

/**
 * What a person does on our page that asks for a signature: signs what it shows, as this account, and sends it in.
 * `cookie`: of the browser that began to join. @returns where the page leads then; null where it does not.
 */
export async function signConsent(
  signUrl: string,
  handle: string,
  cookie: string,
): Promise<string | null> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const page = await fetch(signUrl, { headers: { cookie }, signal });
  const html = await page.text();
  const shown = /<textarea[^>]* id="unsigned"[^>]*>([^<]*)<\/textarea>/.exec(html)?.[1];
  const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1];
  const state = new URL(signUrl).searchParams.get('state') ?? '';
  if (shown === undefined || action === undefined) {
    throw new Error(`The page for signing answered ${page.status}`);
  }
  const code = JSON.stringify(signAs(handle, JSON.parse(unescapeHtml(shown))));
  const response = await fetch(new URL(action, signUrl), {
    method: 'POST',
    headers: { cookie },
    body: new URLSearchParams({ state, code }),
    redirect: 'manual',
    signal,
  });
  return response.headers.get('location');
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
