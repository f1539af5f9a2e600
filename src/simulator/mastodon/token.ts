import type { Incoming, Route, SimulatedResponse } from '../platform.ts';
import { failure, invalidClient, json, oauthError } from './answers.ts';
import { type Form, fieldsOf } from './forms.ts';
import {
  allows,
  type Grants,
  type MastodonCaller,
  type RegisteredApp,
  type Token,
} from './grants.ts';
import type { MastodonDeps } from './parts.ts';
import { says } from './refusals.ts';

/** POST /api/v1/apps: docs.joinmastodon.org/methods/apps. Redirect addresses: one a line, or a list. */
export function appsRoute({ grants }: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'apps',
    identify: () => ({}),
    run(request) {
      const form = fieldsOf(request);
      const redirectUris = (form.redirect_uris ?? '').split(/\s+/).filter(Boolean);
      const name = form.client_name ?? '';
      if (name === '' || !redirectUris.length || !redirectUris.every((uri) => URL.canParse(uri))) {
        return failure(
          422,
          "Validation failed: Redirect URI must be an absolute URI, Name can't be blank",
        );
      }
      const scopes = (form.scopes ?? 'read').split(/\s+/).filter(Boolean);
      const website = form.website || null;
      return json(200, shownApp(grants.register({ name, website, redirectUris, scopes }), true));
    },
  };
}

/** GET /api/v1/apps/verify_credentials. */
export function verifyAppRoute({ grants, world }: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'apps',
    identify: grants.caller,
    run(_request, { token }) {
      const app = token && grants.app(token.clientId);
      return app ? json(200, shownApp(app, false)) : says(world.behaviour.mastodon, 'badToken');
    },
  };
}

function shownApp(app: RegisteredApp, withKeys: boolean) {
  const { id, name, website, scopes, clientId, clientSecret } = app;
  const redirectUris = app.redirectUris ?? [];
  return {
    ...{ id, name, website, scopes, redirect_uris: redirectUris },
    redirect_uri: redirectUris.join('\n'),
    vapid_key: '',
    ...(withKeys && {
      ...{ client_id: clientId, client_secret: clientSecret, client_secret_expires_at: 0 },
    }),
  };
}

/** POST /oauth/token, as a form or JSON: docs.joinmastodon.org/methods/oauth. */
export function tokenRoute({ grants }: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'token',
    identify: (request) => ({ account: grants.ownerOfCode(fieldsOf(request).code ?? '') }),
    run(request) {
      const form = fieldsOf(request);
      const app = clientOf(grants, request, form);
      if (!app) return invalidClient();
      const nowMs = request.atUs / 1_000;
      if (form.grant_type === 'client_credentials') return forApp(grants, app, form, nowMs);
      if (form.grant_type !== 'authorization_code') {
        return oauthError(400, 'unsupported_grant_type', 'The grant type is not supported.');
      }
      const given = { clientId: app.clientId, redirectUri: form.redirect_uri ?? '' };
      const token = grants.redeem(form.code ?? '', given, form.code_verifier ?? '', nowMs);
      return token ? shownToken(token) : invalidGrant();
    },
  };
}

function invalidGrant(): SimulatedResponse {
  const words =
    'The provided authorization grant is invalid, expired, revoked, or of another client.';
  return oauthError(400, 'invalid_grant', words);
}

function forApp(grants: Grants, app: RegisteredApp, form: Form, nowMs: number): SimulatedResponse {
  const scope = form.scope ?? 'read';
  // Without a scope it is the server's default, cut to what the app has.
  const has = scope.split(' ').every((one) => allows(app.scopes, one));
  if (!has && form.scope !== undefined) {
    return oauthError(400, 'invalid_scope', 'The requested scope is invalid.');
  }
  return shownToken(grants.issue(null, app.clientId, has ? scope : app.scopes.join(' '), nowMs));
}

function shownToken({ value, scope, createdMs }: Token): SimulatedResponse {
  const created_at = Math.floor(createdMs / 1_000);
  const body = { access_token: value, token_type: 'Bearer', scope, created_at };
  return json(200, body, 'cache-control: no-store\r\n');
}

/** POST /oauth/revoke: 200 for tokens that are gone, 403 for those of others. */
export function revokeRoute({ grants }: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'revoke',
    identify: (request) => ({ account: grants.ownerOfToken(fieldsOf(request).token ?? '') }),
    run(request) {
      const form = fieldsOf(request);
      const app = clientOf(grants, request, form);
      const isOurs = app && grants.revoke(form.token ?? '', app.clientId);
      if (isOurs) return json(200, {});
      const words = 'You are not authorized to revoke this token';
      return oauthError(403, 'unauthorized_client', words);
    },
  };
}

/** In the form, or in a Basic header. */
function clientOf(grants: Grants, { headers }: Incoming, form: Form): RegisteredApp | undefined {
  const basic = /^basic (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const plain = Buffer.from(basic, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  const [id, secret] =
    colon > 0
      ? [plain.slice(0, colon), plain.slice(colon + 1)]
      : [form.client_id ?? '', form.client_secret ?? ''];
  const app = grants.app(id);
  return app && (app.clientSecret === null || app.clientSecret === secret) ? app : undefined;
}
