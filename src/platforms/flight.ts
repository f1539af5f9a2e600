import type { GivenUp, HttpAnswer } from './answer.ts';

/** What came back for a request, or how it failed to. */
export type Answer =
  | ({ kind: 'answer' } & HttpAnswer)
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

/** Whatever a request travels on. */
interface Carrier {
  /** Ends it, and the request on it. */
  fail(reason: Error): void;
}

/** One request on its way. */
export interface Flight {
  readonly request: PreparedRequest;
  /** Monotonic, ms; when it was handed in, then when its first byte was written. */
  since: number;
  /** A byte of it may have reached the other side. */
  left: boolean;
  /** What carries it; null while it waits for one. */
  line: Carrier | null;
  land(answer: Answer): void;
}

export function createFlight(request: PreparedRequest, land: (answer: Answer) => void): Flight {
  return { request, since: performance.now(), left: false, line: null, land };
}

/** True when it has waited too long: this process was held up, and somebody else may take the post for one in doubt. */
export function isOverdue(flight: Flight, longestWaitMs: number): boolean {
  return performance.now() - flight.since > longestWaitMs;
}

/** Not a byte of it has left. */
export function unsent(reason: GivenUp): Answer {
  return { kind: 'no_answer', left: false, code: reason.code };
}
