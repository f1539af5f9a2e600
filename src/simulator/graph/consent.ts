import { isSimulatedHandle } from '../accounts.ts';
import { escapeHtml, simulatedPage } from '../html.ts';
import type { Incoming, Route, SimulatedApp, SimulatedResponse, World } from '../platform.ts';
import { fieldsOf } from './fields.ts';
import type { Consent, GraphCaller, Tokens } from './tokens.ts';

interface Parts {
  world: World;
  tokens: Tokens;
  apps: Map<string, SimulatedApp>;
  /** As people call the network. */
  label: string;
  /** What stands at the end of the address that people are sent back to. */
  suffix: string;
}

const MAX_STATE = 500;
/** No form-action in the policy: browsers would apply it to the redirect as well. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const HEADERS = `content-type: text/html; charset=utf-8\r\ncontent-security-policy: ${POLICY}\r\ncache-control: no-store\r\n`;

/**
 * GET shows the consent page, POST of its form decides: the same parameters, `account` and `decision` (allow or deny), answered
 * with 302 to the app. An unknown handle becomes an account.
 */
export function consentRoute(parts: Parts): Route<GraphCaller> {
  const hintOf = (request: Incoming): string => (fieldsOf(request).get('account') ?? '').trim();
  return {
    path: 'authorize',
    identify: (request) => ({ account: parts.world.accounts.find(hintOf(request)) }),
    run(request, caller) {
      const given = fieldsOf(request);
      const consent = readConsent(given, parts.apps);
      if (typeof consent === 'string') return problem(parts.label, consent);
      if (request.method === 'GET') return ask(parts, given, consent, request.path);
      const state = given.get('state') ?? '';
      const decision = given.get('decision');
      if (decision === 'deny') return back(parts, consent, { ...DENIED, state });
      if (decision !== 'allow') return problem(parts.label, 'decision must be allow or deny');
      const handle = hintOf(request).replace(/^@/, '');
      if (isSimulatedHandle(handle)) caller.account ??= parts.world.accounts.create({ handle });
      if (!caller.account) return problem(parts.label, 'account must be a handle');
      const code = parts.tokens.newCode(caller.account, consent, request.atUs / 1_000);
      return back(parts, consent, { code, state });
    },
  };
}

const DENIED = {
  error: 'access_denied',
  error_reason: 'user_denied',
  error_description: 'Permissions error',
};

function back(
  parts: Parts,
  { redirectUri }: Consent,
  fields: Record<string, string>,
): SimulatedResponse {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value);
  return { status: 302, headers: `location: ${target.href}${parts.suffix}\r\n`, body: '' };
}

/** The request for consent, or what is wrong with it. */
function readConsent(given: URLSearchParams, apps: Map<string, SimulatedApp>): Consent | string {
  const clientId = given.get('client_id');
  if (!clientId) return 'client_id is missing';
  const redirectUri = given.get('redirect_uri') ?? '';
  if (!URL.canParse(redirectUri)) return 'redirect_uri is not an address';
  const registered = apps.get(clientId)?.redirectUris;
  if (registered && !registered.includes(redirectUri)) {
    return 'redirect_uri is not one that the app registered';
  }
  if ((given.get('response_type') ?? 'code') !== 'code') return 'response_type must be code';
  const state = given.get('state') ?? '';
  if (!state || state.length > MAX_STATE) return `state must have 1 to ${MAX_STATE} characters`;
  const scope = given.get('scope')?.trim();
  return scope ? { clientId, redirectUri, scope } : 'scope is missing';
}

function ask(
  parts: Parts,
  given: URLSearchParams,
  consent: Consent,
  path: string,
): SimulatedResponse {
  const name = parts.apps.get(consent.clientId)?.name ?? consent.clientId;
  const chosen = given.get('account') ?? parts.world.accounts.first(1)[0]?.handle ?? '';
  const kept = [...given].filter(([field]) => field !== 'account' && field !== 'decision');
  const hidden = kept.map(
    ([field, value]) =>
      `<input type="hidden" name="${escapeHtml(field)}" value="${escapeHtml(value)}">`,
  );
  return page(
    200,
    parts.label,
    `Authorize ${name}`,
    `<p>It asks for: ${escapeHtml(consent.scope)}</p>
<form method="post" action="${escapeHtml(path)}">${hidden.join('\n')}
<label for="account">Account</label>
<input id="account" name="account" value="${escapeHtml(chosen)}" required autocomplete="off">
<button name="decision" value="allow">Authorize app</button>
<button name="decision" value="deny" formnovalidate>Cancel</button>
</form>`,
  );
}

/** Said to the person, never to the app, whose address may be the thing that is wrong. */
function problem(label: string, reason: string): SimulatedResponse {
  return page(400, label, 'Something went wrong', `<p><code>${escapeHtml(reason)}</code></p>`);
}

/** A page of the network's. `body` is HTML. */
export function page(
  status: number,
  label: string,
  title: string,
  body: string,
): SimulatedResponse {
  const html = simulatedPage(label, title, `<h1>${escapeHtml(title)}</h1>\n${body}`);
  return { status, headers: HEADERS, body: html };
}

/** A post as anybody sees it, or that there is none. */
export function postPage(label: string, post: { handle: string; text: string } | undefined) {
  if (!post) return page(404, label, 'There is no such post', '');
  return page(200, label, post.handle, `<p class="post">${escapeHtml(post.text)}</p>`);
}
