import { isChallenge, undecidedByChallenge } from '../../outbound/challenge.ts';
import { retryAt } from '../../outbound/retry-after.ts';
import type { Sender, SendResult } from '../../outbound/wire/sender.ts';
import { bearerHeaders } from '../bearer.ts';
import type { Grant, Probe } from '../platform.ts';
import { nextMidnight, UNNAMED_WAIT_MS } from './classify.ts';
import { isAppProblem, parseJson, readErrorBody, summariseError } from './error-body.ts';
import { readSub } from './oauth.ts';

/**
 * Tries a grant with GET /v2/userinfo. It is not under the versioned API, so a version that has been sunset does not show
 * here. `base`: see basePath.
 */
export async function probeGrant(sender: Sender, base: string, grant: Grant): Promise<Probe> {
  const headers = bearerHeaders(grant);
  if (!headers) return { kind: 'dead', detail: 'the token is not readable' };
  const path = `${base}/v2/userinfo`;
  const result = await sender.send({ method: 'GET', path, headers, body: null });
  return classifyProbe(result, new Date());
}

/** What an answer to GET /v2/userinfo says about the grant it was asked with. Never throws. */
export function classifyProbe(result: SendResult, now: Date): Probe {
  if (result.kind === 'no_answer') return { kind: 'undecided', detail: result.code };
  if (isChallenge(result)) return undecidedByChallenge(result);
  const data = parseJson(result.body);
  const body = readErrorBody(data);
  const detail = summariseError(result.status, body);
  if (result.status >= 200 && result.status < 300) {
    // A page of some gateway's is no proof of life.
    return readSub(data) === null ? { kind: 'undecided', detail } : { kind: 'alive' };
  }
  if (isAppProblem(result.status, body)) return { kind: 'app_problem', detail };
  if (result.status === 429) {
    const ofTheDay = body.message.includes('APPLICATION DAY limit');
    const end = ofTheDay ? nextMidnight(now) : retryAt(result.headers, now, UNNAMED_WAIT_MS);
    return { kind: 'throttled', until: end, detail };
  }
  const refused = result.status === 401 && (body.parsed || result.body === '');
  return refused ? { kind: 'dead', detail } : { kind: 'undecided', detail };
}
