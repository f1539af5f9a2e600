import { isSimulatedHandle } from '../accounts.ts';
import { page } from '../graph/consent.ts';
import { escapeHtml } from '../html.ts';
import type { Route, SimulatedResponse, World } from '../platform.ts';
import { type Form, fieldsOf } from './forms.ts';
import { allows, type Consent, type Grants, type MastodonCaller } from './grants.ts';

interface Parts {
  world: World;
  grants: Grants;
}

/** The code is shown for the person to copy. */
export const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';
const LABEL = 'Mastodon';

/**
 * /oauth/authorize: GET shows the consent page, POST of its form (the same parameters, `account`, and `decision`: allow or
 * deny) is answered with 302 to the app. An unknown handle becomes an account.
 */
export function authorizeRoute(parts: Parts): Route<MastodonCaller> {
  return {
    path: 'authorize',
    identify: (request) => ({ account: parts.world.accounts.find(hintOf(fieldsOf(request))) }),
    run(request, caller) {
      const given = fieldsOf(request);
      const consent = readConsent(parts.grants, given);
      if (typeof consent === 'string') return problem(consent);
      const scopes = parts.grants.app(consent.clientId)?.scopes ?? [];
      const { state } = given;
      if (!consent.scope.split(' ').every((scope) => allows(scopes, scope))) {
        return back(consent, { error: 'invalid_scope', state });
      }
      if (request.method === 'GET') return ask(parts, given, consent);
      if (given.decision === 'deny') {
        const keepsState = parts.world.behaviour.mastodon.software !== 'hollo';
        return back(consent, { error: 'access_denied', ...(keepsState && { state }) });
      }
      if (given.decision !== 'allow') return problem('decision must be allow or deny');
      const handle = hintOf(given).replace(/^@/, '');
      if (isSimulatedHandle(handle)) caller.account ??= parts.world.accounts.create({ handle });
      if (!caller.account) return problem('account must be a handle');
      const code = parts.grants.newCode(caller.account, consent, request.atUs / 1_000);
      return consent.redirectUri === OUT_OF_BAND ? shown(code) : back(consent, { code, state });
    },
  };
}

function hintOf(given: Form): string {
  return given.account ?? '';
}

/** The request for consent, or what is wrong with it. docs.joinmastodon.org/methods/oauth, authorize. */
function readConsent(grants: Grants, given: Form): Consent | string {
  const app = grants.app(given.client_id ?? '');
  if (!app) return 'Client authentication failed due to unknown client';
  const redirectUri = given.redirect_uri ?? '';
  if (!URL.canParse(redirectUri)) return 'redirect_uri is not an address';
  if (app.redirectUris && !app.redirectUris.includes(redirectUri)) {
    return 'The redirect uri included is not valid';
  }
  if (given.response_type !== 'code') return 'response_type must be code';
  const challenge = given.code_challenge ?? '';
  if (challenge !== '' && given.code_challenge_method !== 'S256') {
    return 'code_challenge_method must be S256';
  }
  const scope = (given.scope ?? 'read').trim();
  return { clientId: app.clientId, redirectUri, scope, challenge };
}

function ask({ grants, world }: Parts, given: Form, consent: Consent): SimulatedResponse {
  const name = grants.app(consent.clientId)?.name ?? consent.clientId;
  const chosen = given.account ?? world.accounts.first(1)[0]?.handle ?? '';
  const hidden = Object.entries(given).filter(
    ([field]) => !['account', 'decision'].includes(field),
  );
  const inputs = hidden.map(
    ([field, value]) =>
      `<input type="hidden" name="${escapeHtml(field)}" value="${escapeHtml(value ?? '')}">`,
  );
  const body = `<p>It asks for: ${escapeHtml(consent.scope)}</p>
<form method="post" action="/oauth/authorize">${inputs.join('\n')}
<label for="account">Account</label>
<input id="account" name="account" value="${escapeHtml(chosen)}" required autocomplete="off">
<button name="decision" value="allow">Authorize</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</form>`;
  return page(200, LABEL, `Authorize ${name}`, body);
}

function shown(code: string): SimulatedResponse {
  const input = `<input class="oauth-code" readonly value="${code}">`;
  return page(200, LABEL, 'Authorization code', `<p>Copy it into the app:</p>${input}`);
}

/** Said to the person, never to the app, whose address may be the thing that is wrong. */
function problem(reason: string): SimulatedResponse {
  return page(400, LABEL, 'Something went wrong', `<p><code>${escapeHtml(reason)}</code></p>`);
}

function back({ redirectUri }: Consent, fields: Form): SimulatedResponse {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  return { status: 302, headers: `location: ${target.href}\r\n`, body: '' };
}
