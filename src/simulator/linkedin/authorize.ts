import { isSimulatedHandle, type SimulatedAccount } from '../accounts.ts';
import type { Incoming, Route, SimulatedApp, SimulatedResponse, World } from '../platform.ts';
import { HTML_TYPE } from './answers.ts';
import type { Consent, Grants, LinkedinCaller } from './grants.ts';
import { consentPage, errorPage } from './pages.ts';

interface Parts {
  world: World;
  grants: Grants;
  apps: Map<string, SimulatedApp>;
}

/** The accounts that the chooser lists; any other can be typed. */
const CHOOSER = 25;

/**
 * /oauth/v2/authorization: GET shows the consent page, POST of its form decides: the same parameters, `account` and
 * `decision`. An unknown handle becomes an account. learn.microsoft.com, Authorization Code Flow, step 2.
 */
export function authorizeRoute(parts: Parts): Route<LinkedinCaller> {
  const { world, apps } = parts;
  return {
    path: 'authorize',
    identify: (request) => ({
      account: world.accounts.find(readGiven(request).get('account') ?? ''),
    }),
    run(request, caller) {
      const given = readGiven(request);
      const consent = readConsent(given, apps);
      if (typeof consent === 'string') return page(400, errorPage(consent));
      if (request.method === 'POST') return decide(parts, request, given, consent, caller);
      const app = apps.get(consent.clientId)?.name ?? consent.clientId;
      const accounts = world.accounts.first(CHOOSER).map(({ handle }) => handle);
      const { scopes } = consent;
      return page(200, consentPage({ app, scopes, given, accounts, chosen: caller.account }));
    },
  };
}

function decide(
  { grants, world }: Parts,
  request: Incoming,
  given: URLSearchParams,
  consent: Consent,
  caller: LinkedinCaller,
): SimulatedResponse {
  const state = given.get('state') ?? '';
  const decision = given.get('decision');
  if (decision === 'deny') {
    const error_description = 'The user cancelled the authorization';
    return redirect(consent, { error: 'user_cancelled_authorize', error_description, state });
  }
  if (decision !== 'allow') return page(400, errorPage('decision must be allow or deny'));
  caller.account ??= signUp(world, given.get('account') ?? '');
  if (!caller.account) {
    return page(400, errorPage('account must be a handle: letters, digits, _, up to 15'));
  }
  const code = grants.newCode(caller.account, consent, request.atUs / 1_000);
  return redirect(consent, { code, state });
}

function signUp(world: World, handle: string): SimulatedAccount | undefined {
  return isSimulatedHandle(handle) ? world.accounts.create({ handle }) : undefined;
}

/** The form goes before the query. */
function readGiven({ method, query, body }: Incoming): URLSearchParams {
  const given = new URLSearchParams(query);
  if (method !== 'POST') return given;
  for (const [name, value] of new URLSearchParams(body)) given.set(name, value);
  return given;
}

/** The request for consent, or what is wrong with it. */
function readConsent(given: URLSearchParams, apps: Map<string, SimulatedApp>): Consent | string {
  const clientId = given.get('client_id');
  if (!clientId) return 'client_id is missing';
  const redirectUri = given.get('redirect_uri');
  if (!redirectUri || !URL.canParse(redirectUri)) return 'redirect_uri is missing or no address';
  const registered = apps.get(clientId)?.redirectUris;
  if (registered && !registered.includes(redirectUri)) {
    return 'The redirect_uri does not match the registered value';
  }
  if (given.get('response_type') !== 'code') return 'response_type must be code';
  const scopes = (given.get('scope') ?? '').split(' ').filter(Boolean);
  return scopes.length > 0 ? { clientId, redirectUri, scopes } : 'scope is missing';
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
