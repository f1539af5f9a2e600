import { graphError, INVALID_TOKEN, json } from '../graph/answers.ts';
import { fieldsOf, tokenOf } from '../graph/fields.ts';
import {
  type GraphCaller,
  isClient,
  SHORT_LIFE_SECONDS,
  type Token,
  type Tokens,
} from '../graph/tokens.ts';
import type { Incoming, Route, SimulatedApp, SimulatedResponse, World } from '../platform.ts';
import { type Pages, userId } from './pages.ts';

interface Parts {
  world: World;
  tokens: Tokens;
  apps: Map<string, SimulatedApp>;
  pages: Pages;
}

/** GET and POST /oauth/access_token: a code for a token of an hour, or that for one of 60 days. */
export function tokenRoute(parts: Parts): Route<GraphCaller> {
  return {
    path: 'token',
    identify: (request) => ({ account: ownerOf(parts.tokens, request) }),
    run(request) {
      const form = fieldsOf(request);
      const clientId = form.get('client_id') ?? '';
      if (!isClient(parts.apps, clientId, form.get('client_secret') ?? '')) {
        return graphError({ message: 'Error validating client secret.', code: 1 });
      }
      const nowMs = request.atUs / 1_000;
      return form.get('grant_type') === 'fb_exchange_token'
        ? lengthen(parts, form.get('fb_exchange_token') ?? '', nowMs)
        : redeem(parts, form, clientId, nowMs);
    },
  };
}

function ownerOf(tokens: Tokens, request: Incoming) {
  const form = fieldsOf(request);
  const token = form.get('fb_exchange_token') ?? '';
  return (
    tokens.ownerOfCode(form.get('code') ?? '') ?? tokens.find(token, request.atUs / 1_000)?.account
  );
}

function redeem(
  { tokens }: Parts,
  form: URLSearchParams,
  clientId: string,
  nowMs: number,
): SimulatedResponse {
  const token = tokens.redeem(
    form.get('code') ?? '',
    clientId,
    form.get('redirect_uri') ?? '',
    nowMs,
  );
  if (!token) {
    const message = 'This authorization code has been used.';
    return graphError({ message, code: 100, subcode: 36009 });
  }
  return issued(tokens.issue(token), SHORT_LIFE_SECONDS);
}

function lengthen({ tokens, world }: Parts, secret: string, nowMs: number): SimulatedResponse {
  const token = tokens.find(secret, nowMs);
  if (!token) return graphError(INVALID_TOKEN);
  return issued(
    tokens.issue(tokens.lengthened(token, nowMs)),
    world.behaviour.longTokenLifeSeconds,
  );
}

function issued(token: string, seconds: number): SimulatedResponse {
  return json(200, {
    access_token: token,
    token_type: 'bearer',
    expires_in: Math.round(seconds),
  });
}

/** GET /debug_token: what a token is good for. The app asks in its own name, as ID|SECRET. */
export function debugRoute(parts: Parts): Route<GraphCaller> {
  const { tokens } = parts;
  return {
    path: 'me',
    identify: (request) => tokens.caller(request),
    run(request) {
      const [appId = '', secret = ''] = tokenOf(request).split('|');
      if (!isClient(parts.apps, appId, secret)) {
        return graphError({ message: '(#100) You must provide an app access token', code: 100 });
      }
      const asked = fieldsOf(request).get('input_token') ?? '';
      const token = tokens.find(asked, request.atUs / 1_000);
      if (!token) return json(200, { data: { is_valid: false, scopes: [] } });
      const { clientId, account, page, scope, endsMs } = token;
      return json(200, {
        data: {
          app_id: clientId,
          type: page === undefined ? 'USER' : 'PAGE',
          is_valid: true,
          user_id: userId(account),
          ...(page !== undefined && { profile_id: page }),
          expires_at: Number.isFinite(endsMs) ? Math.floor(endsMs / 1_000) : 0,
          scopes: scope.split(/[ ,]/),
          granular_scopes: granularScopes(parts, token),
        },
      });
    },
  };
}

/** For which pages each permission was given; without `target_ids`: for all. */
function granularScopes({ pages, world }: Parts, { account, scope }: Token): object[] {
  const named = pages.of(account).map(({ id }) => id);
  const targets = world.behaviour.facebook.allowsAllPages ? {} : { target_ids: named };
  const permissions = scope.split(/[ ,]/).filter((one) => one.startsWith('pages_'));
  return permissions.map((permission) => ({ scope: permission, ...targets }));
}
