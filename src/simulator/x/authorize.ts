import { isSimulatedHandle, type SimulatedAccount } from '../accounts.ts';
import type { Incoming, Route, SimulatedApp, SimulatedResponse, World } from '../platform.ts';
import { HTML_TYPE } from './answers.ts';
import type { Consent, Grants, XCaller } from './grants.ts';
import { consentPage, errorPage } from './pages.ts';

interface Parts {
  world: World;
  grants: Grants;
  apps: Map<string, SimulatedApp>;
}

/** The accounts that the chooser lists; any other can be typed. */
const CHOOSER = 25;
const MAX_STATE = 500;

/**
 * /i/oauth2/authorize: GET shows the consent page, POST of its form decides. The form carries the same
 * parameters, `account` (handle or id) and `decision` (allow or deny), and is answered with 302 to the app.
 * An unknown handle becomes an account, so that a person who tries things out needs no set-up.
 */
export function authorizeRoute(parts: Parts): Route<XCaller> {
  return {
    path: 'authorize',
    identify: (request) => ({ account: parts.world.accounts.find(hintOf(readGiven(request))) }),
    run(request, caller) {
      const given = readGiven(request);
      const consent = readConsent(given, parts.apps);
      if (typeof consent === 'string') return page(400, errorPage(consent));
      if (request.method === 'GET') return ask(parts, given, consent, caller.account);
      return decide(parts, request, given, consent, caller);
    },
  };
}

function ask(
  { apps, world }: Parts,
  given: URLSearchParams,
  consent: Consent,
  chosen?: SimulatedAccount,
) {
  const name = apps.get(consent.clientId)?.name ?? consent.clientId;
  const accounts = world.accounts.first(CHOOSER).map(({ handle }) => handle);
  return page(200, consentPage({ name, consent, given, accounts, chosen, hint: hintOf(given) }));
}

function decide(
  { grants, world }: Parts,
  request: Incoming,
  given: URLSearchParams,
  consent: Consent,
  caller: XCaller,
): SimulatedResponse {
  const state = given.get('state') ?? '';
  const decision = given.get('decision');
  if (decision === 'deny') return redirect(consent, { error: 'access_denied', state });
  if (decision !== 'allow') return page(400, errorPage('decision must be allow or deny'));
  caller.account ??= signUp(world, hintOf(given));
  if (!caller.account) {
    return page(400, errorPage('account must be a handle: letters, digits, _, up to 15'));
  }
  const code = grants.newCode(caller.account, consent, request.atUs / 1_000);
  return redirect(consent, { state, code });
}

function signUp(world: World, hint: string): SimulatedAccount | undefined {
  const handle = hint.replace(/^@/, '');
  return isSimulatedHandle(handle) ? world.accounts.create({ handle }) : undefined;
}

/** The form goes before the query. */
function readGiven({ method, query, body }: Incoming): URLSearchParams {
  const given = new URLSearchParams(query);
  if (method !== 'POST') return given;
  for (const [name, value] of new URLSearchParams(body)) given.set(name, value);
  return given;
}

function hintOf(given: URLSearchParams): string {
  return given.get('account') || given.get('login_hint') || '';
}

/** The request for consent, or what is wrong with it. docs.x.com, OAuth 2.0 authorization code with PKCE. */
function readConsent(given: URLSearchParams, apps: Map<string, SimulatedApp>): Consent | string {
  const clientId = given.get('client_id');
  if (!clientId) return 'client_id is missing';
  const redirectUri = given.get('redirect_uri');
  if (!redirectUri) return 'redirect_uri is missing';
  if (!URL.canParse(redirectUri)) return 'redirect_uri is not an address';
  const registered = apps.get(clientId)?.redirectUris;
  if (registered && !registered.includes(redirectUri)) {
    return 'redirect_uri is not one that the app registered';
  }
  if (given.get('response_type') !== 'code') return 'response_type must be code';
  const state = given.get('state') ?? '';
  if (!state || state.length > MAX_STATE) return `state must have 1 to ${MAX_STATE} characters`;
  const challenge = given.get('code_challenge');
  if (!challenge) return 'code_challenge is missing';
  const method = readMethod(given.get('code_challenge_method'));
  if (!method) return 'code_challenge_method must be S256 or plain';
  const scope = given.get('scope')?.trim();
  if (!scope) return 'scope is missing';
  return { clientId, redirectUri, scope, challenge, method };
}

/** twitter-api-v2 writes s256. */
function readMethod(text: string | null): Consent['method'] | undefined {
  if (text === 'S256' || text === 's256') return 'S256';
  return text === 'plain' ? 'plain' : undefined;
}

function redirect(consent: Consent, fields: Record<string, string>): SimulatedResponse {
  const target = new URL(consent.redirectUri);
  for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value);
  return { status: 302, headers: `location: ${target.href}\r\n`, body: '' };
}

/** No form-action in the policy: browsers would apply it to the redirect as well. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const PAGE = `${HTML_TYPE}content-security-policy: ${POLICY}\r\ncache-control: no-store\r\n`;

export function page(status: number, body: string): SimulatedResponse {
  return { status, headers: PAGE, body };
}
