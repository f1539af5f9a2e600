import type { Incoming, Route, SimulatedApp, SimulatedResponse } from '../platform.ts';
import { forced, json, oauthError } from './answers.ts';
import type { Grants, TokenPair, XCaller } from './grants.ts';

const BAD_CODE = 'Value passed for the authorization code was invalid.';
const BAD_TOKEN = 'Value passed for the token was invalid.';

interface Parts {
  grants: Grants;
  apps: Map<string, SimulatedApp>;
}

/** POST /2/oauth2/token, as JSON or as a form. */
export function tokenRoute(parts: Parts): Route<XCaller> {
  return {
    path: 'token',
    identify(request) {
      const form = readForm(request);
      return { account: parts.grants.owner(form.code ?? form.refresh_token ?? '') };
    },
    run(request) {
      const client = basicClient(parts.apps, request);
      if (typeof client !== 'string') return client;
      const form = readForm(request);
      const nowMs = request.atUs / 1_000;
      if (form.grant_type === 'authorization_code') return redeem(parts, form, client, nowMs);
      if (form.grant_type === 'refresh_token') return refresh(parts, form, client, nowMs);
      return oauthError(400, 'unsupported_grant_type', 'The grant type is not supported.');
    },
  };
}

/** POST /2/oauth2/revoke. An unknown token is answered like a known one (RFC 7009, 2.2). */
export function revokeRoute(parts: Parts): Route<XCaller> {
  return {
    path: 'revoke',
    identify: (request) => ({ account: parts.grants.holder(readForm(request).token ?? '') }),
    run(request) {
      const client = basicClient(parts.apps, request);
      if (typeof client !== 'string') return client;
      const { token } = readForm(request);
      if (!token) return oauthError(400, 'invalid_request', 'Missing required parameter [token].');
      parts.grants.revoke(token, client);
      return json(200, { revoked: true });
    },
  };
}

function redeem({ grants }: Parts, form: Form, clientId: string, nowMs: number): SimulatedResponse {
  for (const name of ['code', 'code_verifier', 'redirect_uri']) {
    if (!form[name]) {
      return oauthError(400, 'invalid_request', `Missing required parameter [${name}].`);
    }
  }
  const proof = {
    clientId,
    redirectUri: form.redirect_uri ?? '',
    verifier: form.code_verifier ?? '',
  };
  const pair = grants.redeem(form.code ?? '', proof, nowMs);
  return pair ? tokens(pair) : oauthError(400, 'invalid_request', BAD_CODE);
}

function refresh(
  { grants }: Parts,
  form: Form,
  clientId: string,
  nowMs: number,
): SimulatedResponse {
  const pair = grants.rotate(form.refresh_token ?? '', clientId, nowMs);
  if (pair === 'dead') return forced('status400InvalidGrant');
  if (pair === 'invalid') return oauthError(400, 'invalid_request', BAD_TOKEN);
  return tokens(pair);
}

function tokens(pair: TokenPair): SimulatedResponse {
  return json(200, pair, 'cache-control: no-store\r\n');
}

/** The client id, or the refusal. An app that was never registered may come with any secret. */
function basicClient(
  apps: Map<string, SimulatedApp>,
  request: Incoming,
): string | SimulatedResponse {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  const missing = oauthError(401, 'unauthorized_client', 'Missing valid authorization header');
  if (scheme?.toLowerCase() !== 'basic' || !value) return missing;
  const plain = Buffer.from(value, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  if (colon < 1 || colon === plain.length - 1) return missing;
  const id = decode(plain.slice(0, colon));
  const wanted = apps.get(id)?.clientSecret;
  if (wanted !== undefined && wanted !== decode(plain.slice(colon + 1))) return missing;
  return id;
}

/** RFC 6749, 2.3.1: id and secret are form-encoded inside the header; a plain one stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Form = Record<string, string | undefined>;

/** Fields that are not text are left out. */
function readForm({ headers, body }: Incoming): Form {
  if (!headers['content-type']?.startsWith('application/json')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    const fields = Object.entries(JSON.parse(body) as Record<string, unknown>);
    return Object.fromEntries(
      fields.filter((field): field is [string, string] => typeof field[1] === 'string'),
    );
  } catch {
    return {};
  }
}
