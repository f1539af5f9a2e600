import { probeOfRefused } from '../account-refusal.ts';
import { bearerHeaders } from '../bearer.ts';
import { isChallenge, undecidedByChallenge } from '../challenge.ts';
import type { Grant, Probe } from '../platform.ts';
import { until } from '../retry-after.ts';
import type { Answer, Sender } from '../sender.ts';
import { barredBy, idOf, UNNAMED_WAIT_MS } from './classify.ts';
import { isAppProblem, parseJson, readErrorBody, summaryOf } from './error-body.ts';

/** Tries a grant with GET /2/users/me, docs.x.com/x-api/users/get-my-user. One read of a user is paid for. `base`: see basePath. */
export async function probeGrant(sender: Sender, base: string, grant: Grant): Promise<Probe> {
  const headers = bearerHeaders(grant);
  if (!headers) return { kind: 'dead', detail: 'the token is not readable' };
  const path = `${base}/2/users/me`;
  const answer = await sender.send({ method: 'GET', path, headers, body: null });
  return classifyProbe(answer, new Date());
}

/** What an answer to GET /2/users/me says about the grant it was asked with. Never throws. */
export function classifyProbe(answer: Answer, now: Date): Probe {
  if (answer.kind === 'no_answer') return { kind: 'undecided', detail: answer.code };
  if (isChallenge(answer)) return undecidedByChallenge(answer);
  const body = readErrorBody(parseJson(answer.body));
  const detail = summaryOf(answer.status, body);
  if (answer.status >= 200 && answer.status < 300) {
    // A page of some gateway's is no proof of life.
    return idOf(answer.body) === null ? { kind: 'undecided', detail } : { kind: 'alive' };
  }
  if (isAppProblem(answer.status, body)) return { kind: 'app_problem', detail };
  if (answer.status === 429) {
    return { kind: 'throttled', until: until(answer.headers, now, UNNAMED_WAIT_MS), detail };
  }
  const barred = barredBy(answer.status, body);
  if (barred) return probeOfRefused(barred, detail);
  const refused = answer.status === 401 && (body.parsed || answer.body === '');
  return refused || body.codes.includes(89)
    ? { kind: 'dead', detail }
    : { kind: 'undecided', detail };
}
