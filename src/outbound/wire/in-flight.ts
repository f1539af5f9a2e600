import type { ConnectionFailed, ParsedResponse } from './response-parser.ts';

/** What came back for a request, or how it failed to. */
export type SendResult =
  | ({ kind: 'answer' } & ParsedResponse)
  /** `left`: a byte of the request may have reached the other side. `code`: a word for the ledger. */
  | { kind: 'no_answer'; left: boolean; code: string };

/** A request put together ahead of time: sending it costs no more than the write. */
export interface PreparedRequest {
  method: 'GET' | 'POST';
  path: string;
  /** Flat: name, value, name, value. Without host and content-length, which are the sender's. */
  headers: readonly string[];
  /** Turned into bytes when it leaves, so that posts of the same words can share one. */
  body: string | null;
  /** How long its answer may take, where its host is known to be slower than others. Milliseconds. */
  timeoutMs?: number;
}

/** The connection that a request is on. */
interface FailableConnection {
  /** Ends it, and the request on it. */
  fail(reason: Error): void;
}

/** One request on its way. */
export interface InFlightRequest {
  readonly request: PreparedRequest;
  /** Monotonic, ms; when it was handed in, then when its first byte was written. */
  since: number;
  /** A byte of it may have reached the other side. */
  maybeSent: boolean;
  /** Null while it waits for one. */
  connection: FailableConnection | null;
  resolve(result: SendResult): void;
}

export function createInFlightRequest(
  request: PreparedRequest,
  land: (result: SendResult) => void,
): InFlightRequest {
  return { request, since: performance.now(), maybeSent: false, connection: null, resolve: land };
}

/** True when it has waited too long: this process was held up, and another worker may treat the post as one in doubt. */
export function isOverdue(pending: InFlightRequest, longestWaitMs: number): boolean {
  return performance.now() - pending.since > longestWaitMs;
}

/** Not a byte of it has left. */
export function toUnsent(reason: ConnectionFailed): SendResult {
  return { kind: 'no_answer', left: false, code: reason.code };
}
