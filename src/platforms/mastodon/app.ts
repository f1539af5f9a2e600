import { LocatorRejected } from '../../domain/account-locator.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import type { PlatformNotes } from '../platform.ts';
import { objectIn, readObject, textAt } from './reading.ts';
import { type MastodonServer, toLocatorRejected } from './server.ts';

/** Our app at one server, for one address to come back to. */
export interface App {
  clientId: string;
  clientSecret: string;
  /** What it was registered for: a server that has learnt new scopes since knows it by these. */
  scope: string;
}

export interface Apps {
  /** @throws LocatorRejected when the server would not take the app, or not answer. */
  find(server: MastodonServer, redirectUri: string): Promise<App>;
  /** The server knows this app no more: the next one to ask gets a new one. */
  forget(origin: string, redirectUri: string, clientId: string): Promise<void>;
}

interface AppsDeps {
  http: HttpClient;
  notes: PlatformNotes;
  /** Shown to supporters beside the app's name. */
  baseUrl: () => string;
}

/** How long an app that was seen alive is taken for alive: a supporter with a dead one is lost on the server's error page. */
const SEEN_MS = 10 * 60_000;
const MAX_SEEN = 1_000;

/**
 * Apps are registered where they are needed and kept; before 4.3 servers swept those away that were not used.
 * docs.joinmastodon.org/methods/apps.
 */
export function createApps(deps: AppsDeps): Apps {
  const seen = new Map<string, number>();
  const finding = new Map<string, Promise<App>>();
  const find = async (key: string, server: MastodonServer, redirectUri: string): Promise<App> => {
    const note = await deps.notes.read(key);
    const known = readApp(note);
    // One that may not ask for what the server has come to want of readers is of no use any more.
    const isWide = known !== null && (!server.asksToRead || mayRead(known.scope));
    if (known && isWide && (isRecent(seen.get(key)) || !(await isGone(deps.http, server, known)))) {
      remember(seen, key);
      return known;
    }
    if (known && note !== null) await deps.notes.forget(key, note);
    const fresh = await register(deps, server, redirectUri);
    const kept = readApp(await deps.notes.saveIfAbsent(key, JSON.stringify(fresh)));
    remember(seen, key);
    return kept ?? fresh;
  };
  return {
    find: (server, redirectUri) => {
      const key = appKey(server.origin, redirectUri);
      const running = finding.get(key);
      if (running) return running;
      const started = find(key, server, redirectUri).finally(() => finding.delete(key));
      finding.set(key, started);
      return started;
    },
    forget: async (origin, redirectUri, clientId) => {
      const key = appKey(origin, redirectUri);
      seen.delete(key);
      const note = await deps.notes.read(key);
      if (note !== null && readApp(note)?.clientId === clientId) {
        await deps.notes.forget(key, note);
      }
    },
  };
}

function appKey(origin: string, redirectUri: string): string {
  return `app|${origin}|${redirectUri}`;
}

function isRecent(at: number | undefined): boolean {
  return at !== undefined && performance.now() - at < SEEN_MS;
}

function remember(seen: Map<string, number>, key: string): void {
  if (isRecent(seen.get(key))) return;
  seen.delete(key);
  seen.set(key, performance.now());
  if (seen.size <= MAX_SEEN) return;
  const [oldest] = seen.keys();
  if (oldest !== undefined) seen.delete(oldest);
}

function readApp(note: string | null): App | null {
  const clientId = textAt(note === null ? null : readObject(note), 'clientId');
  return clientId === '' ? null : (JSON.parse(note as string) as App);
}

/** `redirect_uris` as text: lists are newer, and not every server takes one. */
async function register(
  { http, baseUrl }: AppsDeps,
  server: MastodonServer,
  redirectUri: string,
): Promise<App> {
  const form = {
    client_name: 'Tocsin',
    redirect_uris: redirectUri,
    scopes: server.scope,
    website: baseUrl(),
  };
  const response = await http
    .request(formTo(`${server.origin}/api/v1/apps`, form))
    .catch((error) => {
      throw toLocatorRejected(error);
    });
  const answer = objectIn(response);
  const clientId = textAt(answer, 'client_id');
  const clientSecret = textAt(answer, 'client_secret');
  const isOne = [clientId, clientSecret].every((part) => /^[\x21-\x7e]{1,500}$/.test(part));
  if (isOne) return { clientId, clientSecret, scope: server.scope };
  const isBusy = response.status >= 500 || response.status === 429;
  throw new LocatorRejected(isBusy ? 'unreachable' : 'not_one', `apps: ${response.status}`);
}

/** Whether a scope is enough to read an account's posts. */
export function mayRead(scope: string): boolean {
  return /(^|[\s,])read(:statuses)?([\s,]|$)/.test(scope);
}

/** Only what the server says plainly is believed; whatever else it answers, the supporter may try. */
async function isGone(http: HttpClient, { tokenUrl }: MastodonServer, app: App): Promise<boolean> {
  const form = {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.clientSecret,
  };
  const response = await http.request(formTo(tokenUrl, form)).catch(() => null);
  return response !== null && isInvalidClient(response.status, response.body);
}

/** RFC 6749, 5.2. */
export function isInvalidClient(status: number, body: string): boolean {
  return (
    (status === 400 || status === 401) && textAt(readObject(body), 'error') === 'invalid_client'
  );
}

/** A form, as OAuth has it. */
export function formTo(url: string, fields: Readonly<Record<string, string>>) {
  return {
    method: 'POST' as const,
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(fields).toString(),
  };
}
