import { type Asker, AskFailed, type Reply } from './ask.ts';
import { isTokenEnded } from './graph-classify.ts';
import {
  asObject,
  type GraphError,
  parseJson,
  readGraphError,
  summaryOf,
} from './graph-error-body.ts';
import { GrantRefused } from './platform.ts';

/** Meta said no. The message holds code words only. */
export class GraphRefused extends Error {
  override readonly name = 'GraphRefused';
  readonly error: GraphError;
  constructor(status: number, error: GraphError) {
    super(`answered ${summaryOf(status, error)}`);
    this.error = error;
  }
}

export type Fields = Readonly<Record<string, string>>;

/** Everything but posts, at one of Meta's APIs. */
export interface Graph {
  /** @throws AskFailed when there is no answer. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, fields: Fields): Promise<Reply>;
  /** The fields of an answer. @throws GraphRefused when Meta says no, AskFailed when there is no answer to speak of. */
  read(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    fields: Fields,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** `base`: the API's address, without a slash at its end. Fields go into the query, those of a POST into the body. */
export function createGraph(asker: Asker, base: string): Graph {
  const ask: Graph['ask'] = (method, path, fields) => {
    const form = new URLSearchParams(fields).toString();
    const headers = { accept: 'application/json' };
    if (method !== 'POST') return asker.ask({ method, url: `${base}${path}?${form}`, headers });
    const typed = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    return asker.ask({ method, url: `${base}${path}`, headers: typed, body: form });
  };
  return {
    ask,
    read: async (method, path, fields) => {
      const { status, body } = await ask(method, path, fields);
      const error = readGraphError(body);
      if (status >= 400 && error) throw new GraphRefused(status, error);
      const parsed = asObject(parseJson(body));
      if (status < 200 || status >= 300 || !parsed) throw new AskFailed(`ANSWERED_${status}`);
      return parsed;
    },
  };
}

/** A code that is used up or has ended; `100` with a subcode of its own, or 400 at the token endpoint of Threads. */
const CODE_ENDED = new Set([36007, 36008, 36009]);
const THREADS_CODE_ENDED = 400;

/**
 * Refusals of a token or a code become GrantRefused; what the network does stays what it is, and so does a refusal of the app's
 * own keys: taken for one of the grant, a wrong secret would end every pledge of the instance.
 */
export async function refusable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GraphRefused && isGrantOver(error.error)) {
      throw new GrantRefused(error.message);
    }
    throw error;
  }
}

function isGrantOver(error: GraphError): boolean {
  if (error.code === THREADS_CODE_ENDED) return true;
  return isTokenEnded(error) || (error.code === 100 && CODE_ENDED.has(error.subcode));
}

/** The token in an answer of a token endpoint, and when it ends. `askedAt`: epoch milliseconds. */
export function readToken(
  answer: Readonly<Record<string, unknown>>,
  askedAt: number,
): { token: string; expiresAt: Date | null } {
  const { access_token: token, expires_in: seconds } = answer;
  if (typeof token !== 'string' || token === '') throw new AskFailed('NO_TOKEN');
  const ends = typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds);
  return { token, expiresAt: ends ? new Date(askedAt + seconds * 1_000) : null };
}
