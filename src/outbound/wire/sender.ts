import type { LookupFunction } from 'node:net';
import type { Crash } from '../../crash.ts';
import { Connection, type ConnectionEvents } from './connection.ts';
import {
  createInFlightRequest,
  type InFlightRequest,
  isOverdue,
  type PreparedRequest,
  type SendResult,
  toUnsent,
} from './in-flight.ts';
import type { ResponseObserver } from './network-clock.ts';
import { ConnectionFailed } from './response-parser.ts';
import { USER_AGENT } from './user-agent.ts';

export type { PreparedRequest, SendResult } from './in-flight.ts';
export type { ResponseHeaders } from './response-parser.ts';

/** Warm connections to one host, for prepared requests. */
export interface Sender {
  /** Never rejects. */
  send(request: PreparedRequest): Promise<SendResult>;
  /**
   * Opens up to `count` connections by asking for `probePath` on each. Tells the median time of an answer on a warm connection,
   * in ms; null when none came.
   */
  openConnections(count: number): Promise<number | null>;
  /** Ends everything: what is under way is answered with `no_answer`. */
  dispose(): void;
}

export interface SenderOptions {
  /** Scheme, host and port. */
  origin: string;
  /** What to ask for when connections are opened: must change nothing at the other side. */
  probePath: string;
  /** How long a request may wait for its connection, and again how long for its answer, unless it says longer itself. */
  timeoutMs: number;
  /** The most connections at a time. */
  connections: number;
  crash: Crash;
  /** Told of every answer, for its Date. */
  onResponse?: ResponseObserver | undefined;
  /** Looks names up in place of the system, where supporters name the server: see guard.ts. */
  lookup?: LookupFunction;
}

/** How often requests that have run out of time are looked for. */
const TIMEOUT_SWEEP_MS = 100;
/** Handshakes at a time: what a listening queue of the usual length takes. */
const HANDSHAKES_AT_ONCE = 256;
const WARM_SAMPLES = 5;

/**
 * Each connection carries one request at a time, and a request that is to wait for one waits here, where giving it up leaves
 * nothing behind. Nothing is repeated: a request whose connection breaks before an answer ends as `no_answer` and `left`.
 */
export function createSender(options: SenderOptions): Sender {
  const pool = new ConnectionPool(options);
  return {
    send: (request) => sendOn(pool, request),
    openConnections: (count) => warm(pool, options, Math.min(count, options.connections)),
    dispose: () => pool.dispose(),
  };
}

function sendOn(
  pool: ConnectionPool,
  request: PreparedRequest,
  on?: Connection,
): Promise<SendResult> {
  return new Promise((resolve) => pool.dispatch(createInFlightRequest(request, resolve), on));
}

/** The connections, the requests on them, and those that wait for one. */
class ConnectionPool implements ConnectionEvents {
  /** As long as the most patient request to this host. */
  maxWaitMs: number;
  readonly #options: SenderOptions;
  readonly #origin: URL;
  readonly #open = new Set<Connection>();
  /** The one used last is the surest to be alive, so it is taken first: from the end. */
  readonly #free: Connection[] = [];
  /** Both in the order of their `since`, so that the timeout sweep looks at the oldest only. */
  readonly #waiting = new Set<InFlightRequest>();
  readonly #inFlight = new Set<InFlightRequest>();
  /** Null while nothing waits or is in flight, so that an idle host costs no timer. */
  #timeoutSweep: NodeJS.Timeout | null = null;
  #disposed = false;

  constructor(options: SenderOptions) {
    this.maxWaitMs = options.timeoutMs;
    this.#options = options;
    this.#origin = new URL(options.origin);
  }

  /** Sends it on the connection `on`, on a free one, or on the first that comes free. */
  dispatch(pending: InFlightRequest, on?: Connection): void {
    if (this.#disposed) {
      pending.resolve(toUnsent(new ConnectionFailed('DISPOSED')));
      return;
    }
    this.maxWaitMs = Math.max(this.maxWaitMs, pending.request.timeoutMs ?? 0);
    this.#timeoutSweep ??= startTimeoutSweep(() => this.#failOverdue());
    const connection = on ?? this.#takeFree() ?? this.#create(this.#options.connections);
    if (!connection) {
      this.#waiting.add(pending);
      return;
    }
    this.#inFlight.add(pending);
    connection.send(pending);
  }

  started(pending: InFlightRequest): void {
    pending.since = performance.now();
    this.#inFlight.delete(pending);
    this.#inFlight.add(pending);
  }

  ended(pending: InFlightRequest, result: SendResult, connection: Connection): void {
    this.#inFlight.delete(pending);
    const answered = result.kind === 'answer';
    if (answered) {
      if (pending.request.method === 'POST') this.#options.crash('after-answer');
      this.#options.onResponse?.(
        this.#options.origin,
        result.headers,
        pending.since,
        performance.now(),
      );
    }
    if (connection.isGone) this.#open.delete(connection);
    pending.resolve(result);
    if (this.#waiting.size > 0) this.#next(connection.isGone ? undefined : connection);
    else if (!connection.isGone) this.#free.push(connection);
  }

  lost(connection: Connection): void {
    this.#open.delete(connection);
  }

  /** A new connection, up to `count` of them, and then the one idle the longest; undefined: all are busy. */
  coldest(count: number): Connection | undefined {
    const fresh = this.#create(count);
    if (fresh) return fresh;
    for (;;) {
      const connection = this.#free.shift();
      if (!connection?.isGone) return connection;
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#stopTimeoutSweep();
    const reason = new ConnectionFailed('DISPOSED');
    for (const pending of this.#waiting) pending.resolve(toUnsent(reason));
    this.#waiting.clear();
    for (const connection of [...this.#open]) connection.fail(reason);
    this.#free.length = 0;
  }

  #failOverdue(): void {
    const latest = performance.now() - this.maxWaitMs;
    const reason = new ConnectionFailed('TIMEOUT');
    for (const set of [this.#waiting, this.#inFlight]) {
      for (const pending of set) {
        if (pending.since > latest) break;
        set.delete(pending);
        if (pending.connection) pending.connection.fail(reason);
        else pending.resolve(toUnsent(reason));
      }
    }
    if (this.#waiting.size + this.#inFlight.size === 0) this.#stopTimeoutSweep();
  }

  #stopTimeoutSweep(): void {
    if (this.#timeoutSweep) clearInterval(this.#timeoutSweep);
    this.#timeoutSweep = null;
  }

  /** A connection has come free, or gone; the request that waits the longest has it, or a new one. */
  #next(connection?: Connection): void {
    const [pending] = this.#waiting;
    if (!pending) {
      if (connection) this.#free.push(connection);
      return;
    }
    this.#waiting.delete(pending);
    if (isOverdue(pending, this.maxWaitMs)) {
      pending.resolve(toUnsent(new ConnectionFailed('TIMEOUT')));
      this.#next(connection);
    } else this.dispatch(pending, connection);
  }

  #takeFree(): Connection | undefined {
    for (;;) {
      const connection = this.#free.pop();
      if (!connection || connection.isFresh()) return connection;
      connection.fail(new ConnectionFailed('RESTED_TOO_LONG'));
    }
  }

  #create(most: number): Connection | undefined {
    if (this.#open.size >= most || this.#disposed) return undefined;
    const connection = new Connection(this, this.#origin, this.#options);
    this.#open.add(connection);
    return connection;
  }
}

/**
 * One timer for all requests: one each would cost as much as the request. When this process has been held up, answers may lie
 * unread in their sockets; setImmediate comes after they have been read.
 */
function startTimeoutSweep(endOverdue: () => void): NodeJS.Timeout {
  return setInterval(() => setImmediate(endOverdue), TIMEOUT_SWEEP_MS).unref();
}

async function warm(
  pool: ConnectionPool,
  options: SenderOptions,
  count: number,
): Promise<number | null> {
  const headers = ['accept-encoding', 'identity', 'user-agent', USER_AGENT];
  const request: PreparedRequest = { method: 'GET', path: options.probePath, headers, body: null };
  let left = count;
  const openSome = async (): Promise<void> => {
    while (left > 0) {
      left--;
      const connection = pool.coldest(count);
      // What cannot be reached is not tried over and over.
      if (!connection || (await sendOn(pool, request, connection)).kind === 'no_answer') return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, HANDSHAKES_AT_ONCE) }, openSome));
  const sample = async (): Promise<number[]> => {
    const startedAt = performance.now();
    const result = await sendOn(pool, request);
    return result.kind === 'answer' ? [performance.now() - startedAt] : [];
  };
  const samples = Array.from({ length: Math.min(count, WARM_SAMPLES) }, sample);
  const took = (await Promise.all(samples)).flat().sort((a, b) => a - b);
  return took[Math.floor(took.length / 2)] ?? null;
}
