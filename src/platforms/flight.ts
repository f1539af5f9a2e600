import type { GivenUp, HttpAnswer } from './answer.ts';
import type { Line } from './line.ts';

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
  body: Buffer | null;
}

/** One request on its way. */
export interface Flight {
  readonly request: PreparedRequest;
  /** Monotonic, ms; when it was handed in, then when its first byte was written. */
  since: number;
  /** A byte of it may have reached the other side. */
  left: boolean;
  /** What carries it; null while it waits for one. */
  line: Line | null;
  land(answer: Answer): void;
}

/** What a line tells whoever gave it something to carry. */
export interface Tower {
  /** A flight that has waited longer for its connection must not leave any more. Milliseconds. */
  readonly longestWaitMs: number;
  /** Its first byte is about to be written. */
  started(flight: Flight): void;
  /** It has ended; afterwards `line` is free, or gone. */
  ended(flight: Flight, answer: Answer, line: Line): void;
  /** Its connection is gone, and nothing was on it. */
  lost(line: Line): void;
}

export function createFlight(request: PreparedRequest, land: (answer: Answer) => void): Flight {
  return { request, since: performance.now(), left: false, line: null, land };
}

/** True when it has waited too long: this process was held up, and somebody else may take the post for one in doubt. */
export function isOverdue(flight: Flight, { longestWaitMs }: Tower): boolean {
  return performance.now() - flight.since > longestWaitMs;
}

/** Not a byte of it has left. */
export function unsent(reason: GivenUp): Answer {
  return { kind: 'no_answer', left: false, code: reason.code };
}
