import { type Asker, AskFailed } from '../ask.ts';
import type { Grant, Probe } from '../platform.ts';
import type { Answer } from '../sender.ts';
import { limitEnd, summaryOf, wantsReconnect } from './classify.ts';
import { bearerOf, type GrantPlace, placeOf } from './grant.ts';
import { VERIFY_PATH } from './oauth.ts';
import { idIn, readObject } from './reading.ts';

/** Tries a grant with GET /api/v1/accounts/verify_credentials: docs.joinmastodon.org/methods/accounts. Never rejects. */
export async function probeGrant(asker: Asker, grant: Grant): Promise<Probe> {
  const authorization = bearerOf(grant);
  const place = readablePlace(grant);
  if (authorization === null || !place)
    return { kind: 'dead', detail: 'the grant is not readable' };
  try {
    const url = `${place.origin}${VERIFY_PATH}`;
    const headers = { authorization, accept: 'application/json' };
    const reply = await asker.ask({ method: 'GET', url, headers });
    return classifyProbe({ kind: 'answer', ...reply }, new Date());
  } catch (error) {
    return { kind: 'undecided', detail: codeOf(error) };
  }
}

function readablePlace(grant: Grant): GrantPlace | null {
  try {
    return placeOf(grant);
  } catch {
    return null;
  }
}

/** A word for what kept a question from its answer; nothing of the server's, nor its name. */
export function codeOf(error: unknown): string {
  if (error instanceof AskFailed) return error.code;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'NO_ANSWER';
}

/** What an answer to verify_credentials says about the grant it was asked with. Never throws. */
export function classifyProbe(answer: Answer, now: Date): Probe {
  if (answer.kind === 'no_answer') return { kind: 'undecided', detail: String(answer.code) };
  const { status, headers } = answer;
  const body = readObject(answer.body);
  const detail = summaryOf(answer);
  if (status >= 200 && status < 300) {
    // A page of some gateway's is no proof of life.
    return idIn(body) === null ? { kind: 'undecided', detail } : { kind: 'alive' };
  }
  if (status === 429) return { kind: 'throttled', until: limitEnd(headers, now), detail };
  // snac's refusals are empty, and this one is a 422; a page is some gateway's.
  const isBare = answer.body === '' && (status === 401 || status === 422);
  if (isBare || (status === 401 && body)) return { kind: 'dead', detail };
  if ((status === 403 || status === 422) && wantsReconnect(answer)) return { kind: 'dead', detail };
  // A login that is disabled or waits for approval may be mended in time.
  return { kind: 'undecided', detail };
}
