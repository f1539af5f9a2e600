import { graphError, INVALID_TOKEN, json } from '../graph/answers.ts';
import { fieldsOf } from '../graph/fields.ts';
import { type GraphCaller, isClient, type Token, type Tokens } from '../graph/tokens.ts';
import type { Route, SimulatedApp, SimulatedResponse, World } from '../platform.ts';

interface Parts {
  world: World;
  tokens: Tokens;
  apps: Map<string, SimulatedApp>;
}

/** POST /oauth/access_token: a code for a token of an hour. Its errors have a shape of their own. */
export function codeRoute({ tokens, apps }: Parts): Route<GraphCaller> {
  return {
    path: 'token',
    identify: (request) => ({
      account: tokens.ownerOfCode(fieldsOf(request).get('code') ?? ''),
    }),
    run(request) {
      const form = fieldsOf(request);
      const field = (name: string): string => form.get(name) ?? '';
      if (!isClient(apps, field('client_id'), field('client_secret'))) {
        return refused('Error validating client secret.', 'OAuthException', 1);
      }
      if (field('grant_type') !== 'authorization_code') {
        return refused('Unsupported grant type', 'OAuthException', 1);
      }
      const nowMs = request.atUs / 1_000;
      const token = tokens.redeem(field('code'), field('client_id'), field('redirect_uri'), nowMs);
      if (!token) return refused('This authorization code has been used.', 'OAuthException', 400);
      return json(200, { access_token: tokens.issue(token), user_id: token.account.id });
    },
  };
}

function refused(message: string, type: string, code: number): SimulatedResponse {
  return json(400, { error_type: type, code, error_message: message });
}

/** GET /access_token: a token of an hour for one of 60 days. */
export function exchangeRoute({ tokens, apps, world }: Parts): Route<GraphCaller> {
  return {
    path: 'token',
    identify: (request) => tokens.caller(request),
    run(request, { token }) {
      const form = fieldsOf(request);
      if (form.get('grant_type') !== 'th_exchange_token') return wrongGrantType();
      if (!token) return graphError(INVALID_TOKEN);
      if (!isClient(apps, token.clientId, form.get('client_secret') ?? '')) {
        return graphError({ message: 'Error validating client secret.', code: 1 });
      }
      return issued(tokens, world, token, request.atUs / 1_000);
    },
  };
}

/** GET /refresh_access_token: another 60 days, for a token that is a day old and has not ended. */
export function refreshRoute({ tokens, world }: Parts): Route<GraphCaller> {
  return {
    path: 'token',
    identify: (request) => tokens.caller(request),
    run(request, { token }) {
      if (fieldsOf(request).get('grant_type') !== 'th_refresh_token') return wrongGrantType();
      const nowMs = request.atUs / 1_000;
      if (!token?.long) return graphError(INVALID_TOKEN);
      if (nowMs < token.issuedMs + world.behaviour.refreshAfterSeconds * 1_000) {
        return graphError({ message: 'The token is too young to be refreshed', code: 100 });
      }
      return issued(tokens, world, token, nowMs);
    },
  };
}

function issued(tokens: Tokens, world: World, token: Token, nowMs: number): SimulatedResponse {
  return json(200, {
    access_token: tokens.issue(tokens.lengthened(token, nowMs)),
    token_type: 'bearer',
    expires_in: Math.round(world.behaviour.longTokenLifeSeconds),
  });
}

function wrongGrantType(): SimulatedResponse {
  return graphError({ message: 'Unsupported grant_type', code: 100 });
}
