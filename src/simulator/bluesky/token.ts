import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import { json, oauthError } from './answers.ts';
import { readForm } from './authorize.ts';
import type { Clients } from './clients.ts';
import type { Proofs } from './dpop.ts';
import type { BlueskyCaller, Grants, Proof, TokenPair } from './grants.ts';
import { makeDid } from './names.ts';
import { isEnded } from './xrpc.ts';

interface Parts {
  world: World;
  grants: Grants;
  clients: Clients;
  proofs: Proofs;
}

/** Where the authorization server's nonces count. */
const PLACE = 'oauth';
/** Not an account: the number is larger than that of any. */
const STRANGER = makeDid(0);

/** POST /oauth/par (RFC 9126). */
export function parRoute(parts: Parts): Route<BlueskyCaller> {
  return route(parts, 'authorize', (request, form, given) => {
    const fields = ['redirect_uri', 'scope', 'code_challenge'].map((name) => form.get(name) ?? '');
    const [redirectUri = '', scope = '', challenge = ''] = fields;
    const problem =
      parts.clients.redirectProblem(given.clientId, redirectUri) ?? requestProblem(form, scope);
    if (problem) return oauthError(400, 'invalid_request', problem);
    const refusal = pushRefusal(parts.world, scope);
    if (refusal) return refusal;
    const request_uri = parts.grants.push(
      {
        ...{ ...given, redirectUri, scope, challenge },
        state: form.get('state') ?? '',
        hint: form.get('login_hint') ?? '',
      },
      request.atUs / 1_000,
    );
    return json(201, { request_uri, expires_in: 299 });
  });
}

/** POST /oauth/token. */
export function tokenRoute(parts: Parts): Route<BlueskyCaller> {
  return route(parts, 'token', (request, form, given) => {
    const nowMs = request.atUs / 1_000;
    const [code, verifier] = [form.get('code') ?? '', form.get('code_verifier') ?? ''];
    switch (form.get('grant_type')) {
      case 'authorization_code': {
        const uri = form.get('redirect_uri') ?? '';
        return answer(parts, parts.grants.redeem(code, uri, verifier, given, nowMs), 'code');
      }
      case 'refresh_token': {
        const token = form.get('refresh_token') ?? '';
        const owner = parts.grants.owner(token);
        if (owner && isEnded(parts, owner)) return answer(parts, undefined, 'refresh token');
        return answer(parts, parts.grants.rotate(token, given, nowMs), 'refresh token');
      }
      default:
        return oauthError(400, 'unsupported_grant_type', 'Unsupported grant type');
    }
  });
}

/** POST /oauth/revoke (RFC 7009); no proof is asked for. An unknown token is answered like a known one. */
export function revokeRoute({ grants, clients }: Parts): Route<BlueskyCaller> {
  return {
    path: 'revoke',
    identify: (request) => ({ account: grants.owner(readForm(request).get('token') ?? '') }),
    run(request) {
      const form = readForm(request);
      const clientId = clients.read(form, request);
      if (clientId === undefined) return strangeClient();
      grants.revoke(form.get('token') ?? '', clientId);
      return json(200, {});
    },
  };
}

const PUSH_STATUS: Readonly<Record<string, number>> = {
  invalid_client: 401,
  server_error: 500,
  temporarily_unavailable: 503,
};

function pushRefusal({ behaviour }: World, scope: string): SimulatedResponse | undefined {
  const { refusesPush } = behaviour.bluesky;
  const isTaken = refusesPush === 'invalid_scope' && !/\brepo:/.test(scope);
  if (refusesPush === 'none' || isTaken) return undefined;
  return oauthError(
    PUSH_STATUS[refusesPush] ?? 400,
    refusesPush,
    'It is as the simulator was told',
  );
}

function requestProblem(form: URLSearchParams, scope: string): string | undefined {
  if (form.get('response_type') !== 'code') return 'response_type must be code';
  if (form.get('code_challenge_method') !== 'S256') return 'code_challenge_method must be S256';
  if (!/^[\w-]{43}$/.test(form.get('code_challenge') ?? '')) return 'code_challenge is missing';
  if (!(form.get('state') ?? '')) return 'state is missing';
  return scope.split(' ').includes('atproto') ? undefined : 'scope must have atproto in it';
}

/** The form of a client that has proven who it is, and that it holds its session's key. */
function route(
  { clients, grants, proofs }: Parts,
  path: 'authorize' | 'token',
  run: (request: Incoming, form: URLSearchParams, given: Proof) => SimulatedResponse,
): Route<BlueskyCaller> {
  const checked = (request: Incoming): SimulatedResponse => {
    const form = readForm(request);
    const proof = proofs.check(request, PLACE);
    if ('error' in proof) return oauthError(400, proof.error, 'Authorization server requires it');
    const clientId = clients.read(form, request);
    return clientId === undefined ? strangeClient() : run(request, form, { clientId, ...proof });
  };
  return {
    path,
    // No account for a request that has to come again for its nonce, so that it uses up no fault.
    identify: (request) => {
      if (proofs.wantsNonce(request, PLACE)) return {};
      const form = readForm(request);
      return { account: grants.owner(form.get('code') ?? form.get('refresh_token') ?? '') };
    },
    run: (request) => {
      const { headers, ...rest } = checked(request);
      return { ...rest, headers: headers + proofs.nonceLine(PLACE, request.atUs / 1_000) };
    },
  };
}

function strangeClient(): SimulatedResponse {
  return oauthError(401, 'invalid_client', 'Client authentication failed');
}

function answer({ world }: Parts, pair: TokenPair | undefined, what: string): SimulatedResponse {
  if (!pair) return oauthError(400, 'invalid_grant', `Invalid ${what}`);
  const sub = world.behaviour.bluesky.lie === 'account' ? STRANGER : pair.sub;
  return json(200, { ...pair, sub }, 'cache-control: no-store\r\n');
}
