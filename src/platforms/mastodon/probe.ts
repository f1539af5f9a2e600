import { undecidedBy } from '../../outbound/challenge.ts';
import { type HttpClient, HttpRequestFailed } from '../../outbound/http-client.ts';
import type { SendResult } from '../../outbound/wire/sender.ts';
import { probeOfRefused } from '../account-refusal.ts';
import type { Grant, Probe } from '../platform.ts';
import { barredBy } from './barred.ts';
import { limitEnd, summariseError, wantsReconnect } from './classify.ts';
import { toBearer, tryGrantServer } from './grant.ts';
import { type MisskeyMeaning, misskeyMeaning } from './misskey.ts';
import { idIn, readObject } from './reading.ts';
import { takesNoText } from './software.ts';
import { publicStanding, readStanding, VERIFY_PATH } from './standing.ts';

/** Tries a grant with GET /api/v1/accounts/verify_credentials: docs.joinmastodon.org/methods/accounts. Never rejects. */
export async function probeGrant(
  http: HttpClient,
  grant: Grant,
  accountId: string | null,
): Promise<Probe> {
  const authorization = toBearer(grant);
  const server = tryGrantServer(grant);
  if (authorization === null || !server)
    return { kind: 'dead', detail: 'the grant is not readable' };
  if (takesNoText(server.software)) return probeOfRefused('no_text_posts', 'no_text_posts');
  try {
    const url = `${server.origin}${VERIFY_PATH}`;
    const headers = { authorization, accept: 'application/json' };
    const response = await http.request({ method: 'GET', url, headers });
    const probe = classifyProbe({ kind: 'answer', ...response }, new Date(), server.software);
    if (probe.kind !== 'barred') return probe;
    // "Disabled" is also said of one that has moved, which no time will mend.
    const standing = await publicStanding(http, server, accountId);
    return standing === null ? probe : probeOfRefused(standing, `403 ${standing}`);
  } catch (error) {
    return undecidedBy(error, toCode(error));
  }
}

/** A word for what kept a question from its answer; nothing of the server's, nor its name. */
export function toCode(error: unknown): string {
  if (error instanceof HttpRequestFailed) return error.code;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'NO_ANSWER';
}

/** What an answer to verify_credentials says about the grant it was asked with; `software` of the server. Never throws. */
export function classifyProbe(result: SendResult, now: Date, software = ''): Probe {
  if (result.kind === 'no_answer') return { kind: 'undecided', detail: String(result.code) };
  const { status, headers } = result;
  const body = readObject(result.body);
  const detail = summariseError(result);
  if (status >= 200 && status < 300) {
    // A page of some gateway's is no proof of life.
    if (!body || idIn(body) === null) return { kind: 'undecided', detail };
    const standing = readStanding(body);
    return standing === null ? { kind: 'alive' } : probeOfRefused(standing, `200 ${standing}`);
  }
  const meant = status < 500 ? misskeyMeaning(body) : null;
  if (meant !== null) return probeOfMisskey(meant, detail, limitEnd(headers, now));
  if (status === 429) return { kind: 'throttled', until: limitEnd(headers, now), detail };
  // snac's refusals are empty, and this one is a 422; a page is some gateway's.
  const isBare = result.body === '' && (status === 401 || status === 422);
  if (isBare || (status === 401 && body)) return { kind: 'dead', detail };
  if ((status === 403 || status === 422) && wantsReconnect(result)) return { kind: 'dead', detail };
  if (status !== 403 || !body) return { kind: 'undecided', detail };
  const reason = barredBy(body, software);
  return probeOfRefused(reason, `403 ${reason}`);
}

function probeOfMisskey(meant: MisskeyMeaning, detail: string, until: Date): Probe {
  if (meant === 'later') return { kind: 'throttled', until, detail };
  if (meant === 'reconnect') return { kind: 'dead', detail };
  // Nothing was posted, so that it says nothing of a text.
  if (meant === 'failed' || meant === 'text_invalid') return { kind: 'undecided', detail };
  return probeOfRefused(meant, `${detail} ${meant}`);
}
