import { Challenged, isChallenge, undecidedByChallenge } from '../../outbound/challenge.ts';
import type { SendResult } from '../../outbound/wire/sender.ts';
import { probeOfRefused } from '../account-refusal.ts';
import {
  AccountUnfit,
  AppRefused,
  type Grant,
  GrantRefused,
  OutOfOrder,
  type Probe,
} from '../platform.ts';
import { identityFailure } from '../refusal.ts';
import { barredBy, isProofRefused, limitEnd } from './classify.ts';
import { readError, summariseError } from './error-words.ts';
import type { Identities, Identity } from './identities.ts';
import { parseObject } from './json.ts';
import { inactiveFor } from './repo-status.ts';
import { openSession } from './session.ts';
import { SESSION_PATH, type Xrpc } from './xrpc.ts';

/**
 * Tries a grant with com.atproto.server.getSession, and looks whether the account has moved to another server since: its
 * session stays behind then.
 */
export async function probeGrant(xrpc: Xrpc, identities: Identities, grant: Grant): Promise<Probe> {
  const session = openSession(grant);
  const ask = session && askSession(xrpc, grant);
  if (!session || !ask) return { kind: 'dead', detail: 'the grant is not readable' };
  const [result, identity] = await Promise.all([
    ask(),
    // The directory has its own bad days; the session then speaks for itself.
    identities.ofDid(session.did).catch(() => null),
  ]);
  const probe = classifyProbe(result, session.did, new Date());
  const hasMoved = identity !== null && identity.pds !== session.pds;
  return probe.kind === 'alive' && hasMoved ? { kind: 'dead', detail: 'moved' } : probe;
}

/** What an answer to getSession says about the grant it was asked with. Never throws. */
export function classifyProbe(result: SendResult, did: string, now: Date): Probe {
  if (result.kind === 'no_answer') return { kind: 'undecided', detail: result.code };
  const { status, headers, body } = result;
  if (isChallenge(result)) return undecidedByChallenge(result);
  const error = readError(body);
  const detail = summariseError(status, error);
  if (status === 200) {
    const session = parseObject(body);
    if (session?.did !== did) return { kind: 'undecided', detail: '200 without this account' };
    if (session.active === false) return probeInactive(session.status);
    return { kind: 'alive' };
  }
  if (status === 429) return { kind: 'throttled', until: limitEnd(headers, now), detail };
  if (isProofRefused(error)) {
    return { kind: 'app_problem', detail: `${detail}: a wrong clock, or the app` };
  }
  const reason = barredBy(error);
  if (reason) return probeOfRefused(reason, detail);
  if (error.error === 'use_dpop_nonce') return { kind: 'undecided', detail };
  const isStale = status === 400 && /^(?:Expired|Invalid)Token$/.test(error.error);
  const isRefused = (status === 401 || status === 403) && (error.isTheirs || body === '');
  return isStale || isRefused ? { kind: 'dead', detail } : { kind: 'undecided', detail };
}

/** `status`: why a session says that its account is not active, com.atproto.server.getSession. */
function probeInactive(status: unknown): Probe {
  const detail = '200 inactive';
  const reason = inactiveFor(status);
  return reason === null ? { kind: 'undecided', detail } : probeOfRefused(reason, detail);
}

/**
 * Whose grant it is: the account of the session, which must still be at the server that says so.
 * @throws GrantRefused; AccountUnfit; OutOfOrder where the server answers nothing that can be read
 */
export async function readAccount(
  xrpc: Xrpc,
  identities: Identities,
  grant: Grant,
): Promise<Identity> {
  const session = openSession(grant);
  const ask = session && askSession(xrpc, grant);
  if (!session || !ask) throw new GrantRefused('The grant is not readable');
  const result = await ask();
  if (result.kind === 'no_answer') throw new Error(`The server did not answer: ${result.code}`);
  if (isChallenge(result)) throw new Challenged();
  const { status, body } = result;
  if (status !== 200) throw findRefusal(result);
  const did = parseObject(body)?.did;
  if (typeof did !== 'string') throw new OutOfOrder('The server named no account');
  const identity = await identities.ofDid(session.did);
  // A server speaks for the accounts that it has, and for no other.
  if (did !== session.did || identity.pds !== session.pds) {
    throw new GrantRefused('The server speaks for another account');
  }
  return identity;
}

/** The reasons that a post is refused for hold for the question whose the account is, too. */
function findRefusal(response: Extract<SendResult, { kind: 'answer' }>): Error {
  const refusal = readError(response.body);
  const words = `The server answered ${summariseError(response.status, refusal)}`;
  if (isProofRefused(refusal)) return new AppRefused(words);
  const reason = barredBy(refusal);
  if (reason) return new AccountUnfit(reason, null);
  return response.status === 400 ? new GrantRefused(words) : identityFailure(words, response);
}

function askSession(xrpc: Xrpc, grant: Grant): (() => Promise<SendResult>) | null {
  const session = openSession(grant);
  const call = { method: 'GET', path: SESSION_PATH, body: null } as const;
  return session && xrpc.prepare(session, grant.accessToken, call);
}
