import { probeOfRefused } from '../account-refusal.ts';
import { type Asker, AskFailed } from '../ask.ts';
import { undecidedBy } from '../challenge.ts';
import type { Grant, Probe } from '../platform.ts';
import type { Answer } from '../sender.ts';
import { barredBy } from './barred.ts';
import { limitEnd, summaryOf, wantsReconnect } from './classify.ts';
import { bearerOf, readablePlace } from './grant.ts';
import { idIn, readObject } from './reading.ts';
import { takesNoText } from './software.ts';
import { publicStanding, standingOf, VERIFY_PATH } from './standing.ts';

/** Tries a grant with GET /api/v1/accounts/verify_credentials: docs.joinmastodon.org/methods/accounts. Never rejects. */
export async function probeGrant(
  asker: Asker,
  grant: Grant,
  accountId: string | null,
): Promise<Probe> {
  const authorization = bearerOf(grant);
  const place = readablePlace(grant);
  if (authorization === null || !place)
    return { kind: 'dead', detail: 'the grant is not readable' };
  if (takesNoText(place.software)) return probeOfRefused('no_text_posts', 'no_text_posts');
  try {
    const url = `${place.origin}${VERIFY_PATH}`;
    const headers = { authorization, accept: 'application/json' };
    const reply = await asker.ask({ method: 'GET', url, headers });
    const probe = classifyProbe({ kind: 'answer', ...reply }, new Date(), place.software);
    if (probe.kind !== 'barred') return probe;
    // "Disabled" is also said of one that has moved, which no time will mend.
    const standing = await publicStanding(asker, place, accountId);
    return standing === null ? probe : probeOfRefused(standing, `403 ${standing}`);
  } catch (error) {
    return undecidedBy(error, codeOf(error));
  }
}

/** A word for what kept a question from its answer; nothing of the server's, nor its name. */
export function codeOf(error: unknown): string {
  if (error instanceof AskFailed) return error.code;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'NO_ANSWER';
}

/** What an answer to verify_credentials says about the grant it was asked with; `software` of the server. Never throws. */
export function classifyProbe(answer: Answer, now: Date, software = ''): Probe {
  if (answer.kind === 'no_answer') return { kind: 'undecided', detail: String(answer.code) };
  const { status, headers } = answer;
  const body = readObject(answer.body);
  const detail = summaryOf(answer);
  if (status >= 200 && status < 300) {
    // A page of some gateway's is no proof of life.
    if (!body || idIn(body) === null) return { kind: 'undecided', detail };
    const standing = standingOf(body);
    return standing === null ? { kind: 'alive' } : probeOfRefused(standing, `200 ${standing}`);
  }
  if (status === 429) return { kind: 'throttled', until: limitEnd(headers, now), detail };
  // snac's refusals are empty, and this one is a 422; a page is some gateway's.
  const isBare = answer.body === '' && (status === 401 || status === 422);
  if (isBare || (status === 401 && body)) return { kind: 'dead', detail };
  if ((status === 403 || status === 422) && wantsReconnect(answer)) return { kind: 'dead', detail };
  if (status !== 403 || !body) return { kind: 'undecided', detail };
  const reason = barredBy(body, software);
  return probeOfRefused(reason, `403 ${reason}`);
}
