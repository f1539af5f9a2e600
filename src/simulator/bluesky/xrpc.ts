import type { SimulatedAccount } from '../accounts.ts';
import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import {
  challenge,
  deactivated,
  json,
  limited,
  page,
  scopeMissing,
  takedown,
  xrpcError,
} from './answers.ts';
import type { Proofs } from './dpop.ts';
import type { BlueskyCaller, BlueskyGrant, Grants } from './grants.ts';
import type { Limits } from './limits.ts';
import { findAccountByName, makeDid, toHandle } from './names.ts';
import { postPage } from './pages.ts';
import { POST, type PostRecords, readWanted } from './records.ts';

interface Parts {
  world: World;
  grants: Grants;
  proofs: Proofs;
  limits: Limits;
  records: PostRecords;
}

/** Where the account server's nonces count. */
const PLACE = 'pds';
/** Everybody who asks is at one address. */
const EVERYBODY = '';
const MAY_POST = ['repo:app.bsky.feed.post?action=create', 'transition:generic'];
export const POST_PAGE = /^\/profile\/(did:plc:[a-z2-7]{24})\/post\/([2-7a-z]{13})$/;

/** POST com.atproto.repo.createRecord. */
export function createRoute(parts: Parts): Route<BlueskyCaller> {
  const { records, limits } = parts;
  return {
    path: 'posts',
    identify: (request) => identify(parts, request),
    run: (request) =>
      asGranted(parts, request, (grant, headers) => {
        const { account, scope } = grant;
        if (account.suspended) return takedown();
        if (account.locked) return deactivated();
        const wanted = readWanted(request.body);
        if (!wanted) return xrpcError(400, 'InvalidRequest', 'Input must have a record', headers);
        if (findAccountByName(parts.world.accounts, wanted.repo) !== account) {
          return xrpcError(403, 'AccountNotFound', 'Not this account', headers);
        }
        const given = scope.split(' ');
        const missing = `repo:${wanted.collection}?action=create`;
        if (wanted.collection !== POST || !MAY_POST.some((one) => given.includes(one))) {
          return scopeMissing(missing, headers);
        }
        for (const name of ['recordsPerAccountHour', 'recordsPerAccountDay'] as const) {
          const taken = limits.take(name, account.id, request.atUs / 1_000);
          if (!taken.allowed) return limited(taken.headers);
        }
        return records.create(account, wanted, request, headers);
      }),
  };
}

/** GET com.atproto.server.getSession. */
export function sessionRoute(parts: Parts): Route<BlueskyCaller> {
  return {
    path: 'me',
    identify: (request) => identify(parts, request),
    run: (request) =>
      asGranted(parts, request, ({ account }, headers) => {
        if (account.suspended) return takedown();
        const did = parts.world.behaviour.bluesky.lie === 'account' ? makeDid(0) : account.id;
        const state = account.locked ? { active: false, status: 'deactivated' } : { active: true };
        return json(200, { did, handle: toHandle(account), ...state }, headers);
      }),
  };
}

/** Its tokens work no more. */
export function isEnded({ world }: Pick<Parts, 'world'>, account: SimulatedAccount): boolean {
  return account.deleted || (account.suspended && !world.behaviour.bluesky.namesTakedown);
}

/** GET com.atproto.sync.getRepoStatus, without a login. */
export function repoStatusRoute(parts: Parts): Route<BlueskyCaller> {
  return {
    path: 'discovery',
    identify: ({ query }) => ({
      account: parts.world.accounts.byId(new URLSearchParams(query).get('did') ?? ''),
    }),
    run: (request, { account }) =>
      admitted(parts, request, (headers) => {
        if (!account || account.deleted) {
          return xrpcError(400, 'RepoNotFound', 'Could not find repo', headers);
        }
        const status = account.suspended ? 'takendown' : account.locked ? 'deactivated' : null;
        const state = status === null ? { active: true } : { active: false, status };
        return json(200, { did: account.id, ...state }, headers);
      }),
  };
}

/** GET com.atproto.repo.getRecord, without a login. */
export function recordRoute(parts: Parts): Route<BlueskyCaller> {
  return {
    path: 'timeline',
    identify: ({ query }) => {
      const repo = new URLSearchParams(query).get('repo') ?? '';
      return { account: findAccountByName(parts.world.accounts, repo) };
    },
    run: (request) => admitted(parts, request, (headers) => parts.records.read(request, headers)),
  };
}

/** GET /profile/DID/post/KEY: a post's own page. */
export function postPageRoute({ records }: Parts): Route<BlueskyCaller> {
  return {
    path: 'status',
    identify: () => ({}),
    run: ({ path }) => {
      const [, did, key] = POST_PAGE.exec(path) ?? [];
      const post = records.post(`at://${did}/${POST}/${key}`);
      return page(post ? 200 : 404, postPage(post));
    },
  };
}

/** GET /xrpc/_health. */
export const healthRoute: Route<BlueskyCaller> = {
  path: 'other',
  identify: () => ({}),
  run: () => json(200, { version: '0.4.217' }),
};

/** Whose token it is. None for a request that has to come again for its nonce, so that it uses up no fault. */
function identify({ grants, proofs }: Parts, request: Incoming): BlueskyCaller {
  if (proofs.wantsNonce(request, PLACE)) return {};
  return { account: grants.owner(tokenIn(request.headers.authorization)) };
}

function tokenIn(authorization = ''): string {
  return /^dpop (\S+)$/i.exec(authorization)?.[1] ?? '';
}

/** Counts it among the requests of its address. */
function admitted(
  { limits }: Parts,
  { atUs }: Incoming,
  run: (headers: string) => SimulatedResponse,
): SimulatedResponse {
  const { allowed, headers } = limits.take('xrpcPerAddress', EVERYBODY, atUs / 1_000);
  return allowed ? run(headers) : limited(headers);
}

/** Carries out what a grant's holder asks for, with a proof that holds; every answer brings the newest nonce. */
function asGranted(
  parts: Parts,
  request: Incoming,
  run: (grant: BlueskyGrant, headers: string) => SimulatedResponse,
): SimulatedResponse {
  const { authorization } = request.headers;
  if (!authorization) return xrpcError(401, 'AuthMissing', 'Authentication Required');
  const nowMs = request.atUs / 1_000;
  const nonce = parts.proofs.nonceLine(PLACE, nowMs);
  return admitted(parts, request, (limits) => {
    const token = tokenIn(authorization);
    const headers = limits + nonce;
    if (token === '') return xrpcError(400, 'InvalidToken', 'Malformed token', headers);
    const proof = parts.proofs.check(request, PLACE, token);
    if ('error' in proof) return challenge(proof.error, 'DPoP proof not accepted', headers);
    const grant = parts.grants.grantOf(token, nowMs);
    if (!grant || grant.key !== proof.key || isEnded(parts, grant.account)) {
      return challenge('invalid_token', 'Token is invalid', headers);
    }
    return run(grant, headers);
  });
}
