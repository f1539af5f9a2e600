import type { Client, Dispatcher } from 'undici';

/** What came back for a request, or how it failed to. */
export type Answer =
  | { kind: 'answer'; status: number; headers: AnswerHeaders; body: string }
  /** `left`: a byte of the request may have reached the other side. `code`: a word for the ledger. */
  | { kind: 'no_answer'; left: boolean; code: string };

/** By their names in lower case; a list where a header came more than once. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A request put together ahead of time: sending it costs no more than the write. */
export interface PreparedRequest {
  method: 'GET' | 'POST';
  path: string;
  /** Flat: name, value, name, value. */
  headers: readonly string[];
  body: Buffer | null;
}

/** An end that we make ourselves. */
export class GivenUp extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** More than this many 1xx answers, and there will be no other. */
const MOST_INFORMATIONAL = 32;

/** What a flight tells whoever sent it off. */
export interface Tower {
  /** A flight that has waited longer for its connection must not leave any more. Milliseconds. */
  readonly longestWaitMs: number;
  /** Its first byte is about to be written. */
  started(flight: Flight): void;
  /** It has ended; with an answer, its connection can take another. */
  ended(flight: Flight, answer: Answer): void;
}

/** One request on its way. Nothing in here may throw: undici would take it for an error of its client. */
export class Flight implements Dispatcher.DispatchHandler {
  /** Monotonic, ms; when it was handed in, then when its first byte was written. */
  since = performance.now();
  client: Client | null = null;
  readonly request: PreparedRequest;
  readonly land: (answer: Answer) => void;
  readonly #tower: Tower;
  #controller: Dispatcher.DispatchController | null = null;
  #informational = 0;
  #status = 0;
  #headers: AnswerHeaders = {};
  #chunks: Buffer[] = [];

  constructor(tower: Tower, request: PreparedRequest, land: (answer: Answer) => void) {
    this.#tower = tower;
    this.request = request;
    this.land = land;
  }

  /** Ends it. What has not been written by now never will be. */
  abort(reason: GivenUp): void {
    if (this.#controller) this.#controller.abort(reason);
    // Destroying a client fails what waits in it at once, without writing it.
    else if (this.client) this.client.destroy(reason, () => undefined);
    else this.#fail(reason);
  }

  /** True when it has waited too long: this process was held up, and somebody else may take the post for one in doubt. */
  isOverdue(): boolean {
    return performance.now() - this.since > this.#tower.longestWaitMs;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isOverdue()) {
      controller.abort(new GivenUp('TIMEOUT'));
      return;
    }
    this.#controller = controller;
    this.#tower.started(this);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: AnswerHeaders,
  ): void {
    if (status < 200) {
      this.#informational++;
      if (this.#informational > MOST_INFORMATIONAL) controller.abort(new GivenUp('ONLY_1XX'));
      return;
    }
    this.#status = status;
    this.#headers = headers;
    // We ask for none. Inflating one could fill the memory.
    const encoding = String(headers['content-encoding'] ?? 'identity').trim();
    if (encoding.toLowerCase() !== 'identity') controller.abort(new GivenUp('ENCODED_ANSWER'));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const chunks = this.#chunks;
    const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const body = whole?.toString('utf8') ?? '';
    const answer = { status: this.#status, headers: this.#headers, body };
    this.#tower.ended(this, { kind: 'answer', ...answer });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    const left = this.#controller !== null;
    this.#tower.ended(this, { kind: 'no_answer', left, code: codeOf(error) });
  }
}

function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && code !== '' ? code : error.name;
}
