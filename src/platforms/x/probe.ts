import { isChallenge, undecidedByChallenge } from '../../outbound/challenge.ts';
import { retryAt } from '../../outbound/retry-after.ts';
import type { Sender, SendResult } from '../../outbound/wire/sender.ts';
import { probeOfRefused } from '../account-refusal.ts';
import { bearerHeaders } from '../bearer.ts';
import type { Grant, Probe } from '../platform.ts';
import { barredBy, readPostId, UNNAMED_WAIT_MS } from './classify.ts';
import { isAppProblem, parseJson, readErrorBody, summariseError } from './error-body.ts';

/** Tries a grant with GET /2/users/me, docs.x.com/x-api/users/get-my-user. One read of a user is paid for. `base`: see basePath. */
export async function probeGrant(sender: Sender, base: string, grant: Grant): Promise<Probe> {
  const headers = bearerHeaders(grant);
  if (!headers) return { kind: 'dead', detail: 'the token is not readable' };
  const path = `${base}/2/users/me`;
  const result = await sender.send({ method: 'GET', path, headers, body: null });
  return classifyProbe(result, new Date());
}

/** What an answer to GET /2/users/me says about the grant it was asked with. Never throws. */
export function classifyProbe(result: SendResult, now: Date): Probe {
  if (result.kind === 'no_answer') return { kind: 'undecided', detail: result.code };
  if (isChallenge(result)) return undecidedByChallenge(result);
  const body = readErrorBody(parseJson(result.body));
  const detail = summariseError(result.status, body);
  if (result.status >= 200 && result.status < 300) {
    // A page of some gateway's is no proof of life.
    return readPostId(result.body) === null ? { kind: 'undecided', detail } : { kind: 'alive' };
  }
  if (isAppProblem(result.status, body)) return { kind: 'app_problem', detail };
  if (result.status === 429) {
    return { kind: 'throttled', until: retryAt(result.headers, now, UNNAMED_WAIT_MS), detail };
  }
  const barred = barredBy(result.status, body);
  if (barred) return probeOfRefused(barred, detail);
  const refused = result.status === 401 && (body.parsed || result.body === '');
  return refused || body.codes.includes(89)
    ? { kind: 'dead', detail }
    : { kind: 'undecided', detail };
}
