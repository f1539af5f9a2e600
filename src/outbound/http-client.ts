import { Agent, request as send } from 'undici';
import { LocatorRejected } from '../domain/account-locator.ts';
import { Challenged, isChallenge } from './challenge.ts';
import type { Guard } from './ssrf-guard.ts';
import type { ResponseObserver } from './wire/network-clock.ts';
import { USER_AGENT } from './wire/user-agent.ts';

/** One question over HTTP that is not a post: tokens, identities, discovery, timelines. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpResponse {
  status: number;
  /** By their names in lower case; of a header that came more than once, all of it with commas. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Asks with one limit on its time and one on its answer; follows no redirect, and takes no compressed answer. */
export interface HttpClient {
  /**
   * @throws HttpRequestFailed when there is no answer, or one that is too long or encoded; Challenged when a shield before the server
   * answers in its place. Every other answer is returned, whatever its status.
   */
  request(question: HttpRequest): Promise<HttpResponse>;
  /** The same, as `fetch` of the libraries that take one. */
  fetch: typeof globalThis.fetch;
  dispose(): void;
}

/** There was no answer to speak of. `code` is a word for the log: never the address, nor what was said. */
export class HttpRequestFailed extends Error {
  override readonly name = 'HttpRequestFailed';
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export interface HttpClientOptions {
  timeoutMs: number;
  /** Where supporters name the servers; null for a platform whose addresses are the operator's configuration. */
  guard: Guard | null;
  maxBytes?: number;
  /** Told of every answer, for its Date. */
  onResponse?: ResponseObserver | undefined;
}

const DEFAULT_MAX_BYTES = 512 * 1024;

/** Connections that outlive a question are kept for the next one to the same host. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { timeoutMs, guard, maxBytes: mostBytes = DEFAULT_MAX_BYTES } = options;
  const agent = new Agent({
    connect: { timeout: timeoutMs, ...(guard && { lookup: guard.lookup }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: 16 * 1024,
    allowH2: false,
  });
  const ask = async ({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> => {
    // undici does not look an address up, so that a literal one would pass by the guard.
    if (guard) guardLiteral(guard, url);
    try {
      const sentAt = performance.now();
      const answer = await send(url, {
        method,
        dispatcher: agent,
        signal: AbortSignal.timeout(timeoutMs),
        headers: { 'user-agent': USER_AGENT, ...headers, 'accept-encoding': 'identity' },
        ...(body !== undefined && { body }),
      });
      const flat = flatten(answer.headers);
      options.onResponse?.(new URL(url).origin, flat, sentAt, performance.now());
      const encoding = flat['content-encoding'];
      if (encoding && encoding.toLowerCase() !== 'identity') {
        // An error event without a listener would end this process.
        answer.body.on('error', () => undefined).destroy();
        throw new HttpRequestFailed('ENCODED');
      }
      const reply = {
        status: answer.statusCode,
        headers: flat,
        body: await readAll(answer.body, mostBytes),
      };
      if (isChallenge(reply)) throw new Challenged();
      return reply;
    } catch (error) {
      throw toRequestFailed(error);
    }
  };
  return { request: ask, fetch: toFetch(ask), dispose: () => void agent.destroy() };
}

function guardLiteral(guard: Guard, url: string): void {
  const { protocol, host, origin } = new URL(url);
  if (guard.isOurOrigin(origin)) return;
  if (protocol !== 'https:') throw new LocatorRejected('private', 'not https');
  guard.origin(host);
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

async function readAll(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  most: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) {
      body.destroy();
      throw new HttpRequestFailed('LONG_ANSWER');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toRequestFailed(error: unknown): Error {
  if (error instanceof HttpRequestFailed || error instanceof LocatorRejected) return error;
  const cause = (error as Error).cause;
  if (cause instanceof LocatorRejected) return cause;
  const { code, name } = error as NodeJS.ErrnoException;
  // A time limit's code is a number.
  return new HttpRequestFailed(typeof code === 'string' && code !== '' ? code : name);
}

/** Whole answers, small ones: enough for an OAuth library. */
function toFetch(ask: HttpClient['request']): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    const { status, headers, body } = await ask({
      method: request.method as HttpRequest['method'],
      url: request.url,
      headers: Object.fromEntries(request.headers),
      ...(hasBody && { body: await request.text() }),
    });
    const empty = status === 204 || status === 304;
    const response = new Response(empty ? null : body, { status, headers: { ...headers } });
    Object.defineProperty(response, 'url', { value: request.url });
    return response;
  };
}
