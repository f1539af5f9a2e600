import { bearerHeaders } from '../bearer.ts';
import { isChallenge, undecidedByChallenge } from '../challenge.ts';
import type { Grant, Probe } from '../platform.ts';
import { until } from '../retry-after.ts';
import type { Answer, Sender } from '../sender.ts';
import { nextMidnight, UNNAMED_WAIT_MS } from './classify.ts';
import { isAppProblem, parseJson, readErrorBody, summaryOf } from './error-body.ts';
import { subOf } from './oauth.ts';

/**
 * Tries a grant with GET /v2/userinfo. It is not under the versioned API, so a version that has been sunset does not show
 * here. `base`: see basePath.
 */
export async function probeGrant(sender: Sender, base: string, grant: Grant): Promise<Probe> {
  const headers = bearerHeaders(grant);
  if (!headers) return { kind: 'dead', detail: 'the token is not readable' };
  const path = `${base}/v2/userinfo`;
  const answer = await sender.send({ method: 'GET', path, headers, body: null });
  return classifyProbe(answer, new Date());
}

/** What an answer to GET /v2/userinfo says about the grant it was asked with. Never throws. */
export function classifyProbe(answer: Answer, now: Date): Probe {
  if (answer.kind === 'no_answer') return { kind: 'undecided', detail: answer.code };
  if (isChallenge(answer)) return undecidedByChallenge(answer);
  const data = parseJson(answer.body);
  const body = readErrorBody(data);
  const detail = summaryOf(answer.status, body);
  if (answer.status >= 200 && answer.status < 300) {
    // A page of some gateway's is no proof of life.
    return subOf(data) === null ? { kind: 'undecided', detail } : { kind: 'alive' };
  }
  if (isAppProblem(answer.status, body)) return { kind: 'app_problem', detail };
  if (answer.status === 429) {
    const ofTheDay = body.message.includes('APPLICATION DAY limit');
    const end = ofTheDay ? nextMidnight(now) : until(answer.headers, now, UNNAMED_WAIT_MS);
    return { kind: 'throttled', until: end, detail };
  }
  const refused = answer.status === 401 && (body.parsed || answer.body === '');
  return refused ? { kind: 'dead', detail } : { kind: 'undecided', detail };
}
