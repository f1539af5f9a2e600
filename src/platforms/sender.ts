import type { LookupFunction } from 'node:net';
import type { Crash } from '../crash.ts';
import { GivenUp } from './answer.ts';
import {
  type Answer,
  createFlight,
  type Flight,
  isOverdue,
  type PreparedRequest,
  unsent,
} from './flight.ts';
import { Line, type Tower } from './line.ts';
import type { Heard } from './network-clock.ts';
import { USER_AGENT } from './user-agent.ts';

export type { AnswerHeaders } from './answer.ts';
export type { Answer, PreparedRequest } from './flight.ts';

/** Warm connections to one host, for prepared requests. */
export interface Sender {
  /** Never rejects. */
  send(request: PreparedRequest): Promise<Answer>;
  /**
   * Opens up to `count` connections by asking for `warmPath` on each. Tells the median time of an answer on a warm connection,
   * in ms; null when none came.
   */
  warm(count: number): Promise<number | null>;
  /** Ends everything: what is under way is answered with `no_answer`. */
  dispose(): void;
}

export interface SenderOptions {
  /** Scheme, host and port. */
  origin: string;
  /** What to ask for when connections are opened: must change nothing at the other side. */
  warmPath: string;
  /** How long a request may wait for its connection, and again how long for its answer, unless it says longer itself. */
  timeoutMs: number;
  /** The most connections at a time. */
  connections: number;
  crash: Crash;
  /** Told of every answer, for its Date. */
  heard?: Heard | undefined;
  /** Looks names up in place of the system, where supporters name the server: see guard.ts. */
  lookup?: LookupFunction;
}

/** How often requests that have run out of time are looked for. */
const PATROL_MS = 100;
/** Handshakes at a time: what a listening queue of the usual length takes. */
const WARM_AT_A_TIME = 256;
const WARM_SAMPLES = 5;

/**
 * Each connection carries one request at a time, and a request that is to wait for one waits here, where giving it up leaves
 * nothing behind. Nothing is repeated: a request whose connection breaks before an answer ends as `no_answer` and `left`.
 */
export function createSender(options: SenderOptions): Sender {
  const lines = new Lines(options);
  return {
    send: (request) => sendOn(lines, request),
    warm: (count) => warm(lines, options, Math.min(count, options.connections)),
    dispose: () => lines.dispose(),
  };
}

function sendOn(lines: Lines, request: PreparedRequest, on?: Line): Promise<Answer> {
  return new Promise((resolve) => lines.depart(createFlight(request, resolve), on));
}

/** The connections, the flights on them, and those that wait for one. */
class Lines implements Tower {
  /** As long as the most patient request to this host. */
  longestWaitMs: number;
  readonly #options: SenderOptions;
  readonly #origin: URL;
  readonly #open = new Set<Line>();
  /** The one used last is the surest to be alive, so it is taken first: from the end. */
  readonly #free: Line[] = [];
  /** Both in the order of their `since`, so that the patrol looks at the oldest only. */
  readonly #waiting = new Set<Flight>();
  readonly #flying = new Set<Flight>();
  /** Null while nothing waits or flies, so that a host that nothing is sent to wakes nobody. */
  #patrol: NodeJS.Timeout | null = null;
  #disposed = false;

  constructor(options: SenderOptions) {
    this.longestWaitMs = options.timeoutMs;
    this.#options = options;
    this.#origin = new URL(options.origin);
  }

  /** Sends it off: on the line `on`, on a free one, or on the first that comes free. */
  depart(flight: Flight, on?: Line): void {
    if (this.#disposed) {
      flight.land(unsent(new GivenUp('DISPOSED')));
      return;
    }
    this.longestWaitMs = Math.max(this.longestWaitMs, flight.request.timeoutMs ?? 0);
    this.#patrol ??= startPatrol(() => this.#endOverdue());
    const line = on ?? this.#takeFree() ?? this.#create(this.#options.connections);
    if (!line) {
      this.#waiting.add(flight);
      return;
    }
    this.#flying.add(flight);
    line.carry(flight);
  }

  started(flight: Flight): void {
    flight.since = performance.now();
    this.#flying.delete(flight);
    this.#flying.add(flight);
  }

  ended(flight: Flight, answer: Answer, line: Line): void {
    this.#flying.delete(flight);
    const answered = answer.kind === 'answer';
    if (answered) {
      if (flight.request.method === 'POST') this.#options.crash('after-answer');
      this.#options.heard?.(this.#options.origin, answer.headers, flight.since, performance.now());
    }
    if (line.isGone) this.#open.delete(line);
    flight.land(answer);
    if (this.#waiting.size > 0) this.#next(line.isGone ? undefined : line);
    else if (!line.isGone) this.#free.push(line);
  }

  lost(line: Line): void {
    this.#open.delete(line);
  }

  /** A new line, up to `count` of them, and then the one that has rested the longest; undefined: all are busy. */
  coldest(count: number): Line | undefined {
    const fresh = this.#create(count);
    if (fresh) return fresh;
    for (;;) {
      const line = this.#free.shift();
      if (!line?.isGone) return line;
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#endPatrol();
    const reason = new GivenUp('DISPOSED');
    for (const flight of this.#waiting) flight.land(unsent(reason));
    this.#waiting.clear();
    for (const line of [...this.#open]) line.fail(reason);
    this.#free.length = 0;
  }

  #endOverdue(): void {
    const latest = performance.now() - this.longestWaitMs;
    const reason = new GivenUp('TIMEOUT');
    for (const set of [this.#waiting, this.#flying]) {
      for (const flight of set) {
        if (flight.since > latest) break;
        set.delete(flight);
        if (flight.line) flight.line.fail(reason);
        else flight.land(unsent(reason));
      }
    }
    if (this.#waiting.size + this.#flying.size === 0) this.#endPatrol();
  }

  #endPatrol(): void {
    if (this.#patrol) clearInterval(this.#patrol);
    this.#patrol = null;
  }

  /** A line has come free, or gone; whoever waits the longest has it, or a new one. */
  #next(line?: Line): void {
    const [flight] = this.#waiting;
    if (!flight) {
      if (line) this.#free.push(line);
      return;
    }
    this.#waiting.delete(flight);
    if (isOverdue(flight, this.longestWaitMs)) {
      flight.land(unsent(new GivenUp('TIMEOUT')));
      this.#next(line);
    } else this.depart(flight, line);
  }

  #takeFree(): Line | undefined {
    for (;;) {
      const line = this.#free.pop();
      if (!line || line.isFresh()) return line;
      line.fail(new GivenUp('RESTED_TOO_LONG'));
    }
  }

  #create(most: number): Line | undefined {
    if (this.#open.size >= most || this.#disposed) return undefined;
    const line = new Line(this, this.#origin, this.#options);
    this.#open.add(line);
    return line;
  }
}

/**
 * One timer for all requests: one each would cost as much as the request. When this process has been held up, answers may lie
 * unread in their sockets; setImmediate comes after they have been read.
 */
function startPatrol(endOverdue: () => void): NodeJS.Timeout {
  return setInterval(() => setImmediate(endOverdue), PATROL_MS).unref();
}

async function warm(lines: Lines, options: SenderOptions, count: number): Promise<number | null> {
  const headers = ['accept-encoding', 'identity', 'user-agent', USER_AGENT];
  const request: PreparedRequest = { method: 'GET', path: options.warmPath, headers, body: null };
  let left = count;
  const openSome = async (): Promise<void> => {
    while (left > 0) {
      left--;
      const line = lines.coldest(count);
      // What cannot be reached is not tried over and over.
      if (!line || (await sendOn(lines, request, line)).kind === 'no_answer') return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, WARM_AT_A_TIME) }, openSome));
  const sample = async (): Promise<number[]> => {
    const startedAt = performance.now();
    const answer = await sendOn(lines, request);
    return answer.kind === 'answer' ? [performance.now() - startedAt] : [];
  };
  const samples = Array.from({ length: Math.min(count, WARM_SAMPLES) }, sample);
  const took = (await Promise.all(samples)).flat().sort((a, b) => a - b);
  return took[Math.floor(took.length / 2)] ?? null;
}
