import type { HttpClient, HttpResponse } from '../../outbound/http-client.ts';
import {
  AccountRefused,
  AccountUnfit,
  AppRefused,
  AskedToWait,
  GrantRefused,
  OutOfOrder,
} from '../platform.ts';
import { identityFailure } from '../refusal.ts';
import { isGraphAppProblem, isLimit, isLocked, isTokenEnded } from './classify.ts';
import {
  asObject,
  type GraphError,
  parseGraphJson,
  readGraphError,
  summariseGraphError,
} from './error-body.ts';
import { namedRegain } from './regain.ts';

/** Meta said no. The message holds code words only. */
export class GraphRefused extends Error {
  override readonly name = 'GraphRefused';
  readonly error: GraphError;
  readonly reply: HttpResponse;
  constructor(response: HttpResponse, error: GraphError) {
    super(`answered ${summariseGraphError(response.status, error)}`);
    this.reply = response;
    this.error = error;
  }
}

export type GraphFields = Readonly<Record<string, string>>;

/** Everything but posts, at one of Meta's APIs. */
export interface Graph {
  /** @throws HttpRequestFailed when there is no answer. */
  request(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    fields: GraphFields,
  ): Promise<HttpResponse>;
  /**
   * The fields of an answer. @throws GraphRefused when Meta says no; HttpRequestFailed when there is no answer; AppRefused, AskedToWait or
   * OutOfOrder when it is another's, such as a gateway's.
   */
  read(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    fields: GraphFields,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** `base`: the API's address, without a slash at its end. Fields go into the query, those of a POST into the body. */
export function createGraph(http: HttpClient, base: string): Graph {
  const ask: Graph['request'] = (method, path, fields) => {
    const form = new URLSearchParams(fields).toString();
    const headers = { accept: 'application/json' };
    if (method !== 'POST') return http.request({ method, url: `${base}${path}?${form}`, headers });
    const typed = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    return http.request({ method, url: `${base}${path}`, headers: typed, body: form });
  };
  return {
    request: ask,
    read: async (method, path, fields) => {
      const response = await ask(method, path, fields);
      const { status, body } = response;
      const error = readGraphError(body);
      if (status >= 400 && error) throw new GraphRefused(response, error);
      const parsed = asObject(parseGraphJson(body));
      if (status < 200 || status >= 300 || !parsed) {
        throw status === 429
          ? identityFailure(`answered ${status}`, response)
          : new OutOfOrder(`answered ${status}`);
      }
      return parsed;
    },
  };
}

/** A code that is used up or has ended; `100` with a subcode of its own, or 400 at the token endpoint of Threads. */
const CODE_ENDED = new Set([36007, 36008, 36009]);
const THREADS_CODE_ENDED = 400;

/**
 * Refusals of a token or a code become GrantRefused, and others what they are about. A refusal of the app's own keys is none of the
 * grant: taken for one, a wrong secret would end every pledge of the instance.
 */
export async function refusable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw toMeaning(error);
  }
}

/** The same once a code has been taken: what is refused then is the account, and to begin anew would not mend it. */
export async function refusableOnceTaken<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await refusable(ask);
  } catch (error) {
    const isOver = error instanceof GrantRefused && !(error instanceof AccountUnfit);
    throw isOver ? new AccountRefused(error.message) : error;
  }
}

/** What a refusal of Meta's is about, as an error of the contract; any other error is given back. */
export function toMeaning(refused: unknown): unknown {
  if (!(refused instanceof GraphRefused)) return refused;
  const { message, error, reply: response } = refused;
  const isWrongKey = error.code === WRONG_KEY && response.status < 500;
  if (isGraphAppProblem(error) || isWrongKey) return new AppRefused(message);
  if (isLocked(error)) return new AccountUnfit('account_locked', null);
  if (isGrantOver(error)) return new GrantRefused(message);
  if (isLimit(error) || response.status === 429) {
    return new AskedToWait(message, namedRegain(response.headers, new Date()));
  }
  // A code that means no particular thing.
  return error.isTransient || response.status >= 500
    ? new OutOfOrder(message)
    : new AccountRefused(message);
}

/** "Error validating client secret"; with 5xx it is "an unknown error". */
const WRONG_KEY = 1;

function isGrantOver(error: GraphError): boolean {
  if (error.code === THREADS_CODE_ENDED) return true;
  return isTokenEnded(error) || (error.code === 100 && CODE_ENDED.has(error.subcode));
}

/** The token in an answer of a token endpoint, and when it ends. `askedAt`: epoch milliseconds. */
export function readGraphToken(
  answer: Readonly<Record<string, unknown>>,
  askedAt: number,
): { token: string; expiresAt: Date | null } {
  const { access_token: token, expires_in: seconds } = answer;
  if (typeof token !== 'string' || token === '')
    throw new OutOfOrder('There is no token in the answer');
  const ends = typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds);
  return { token, expiresAt: ends ? new Date(askedAt + seconds * 1_000) : null };
}
