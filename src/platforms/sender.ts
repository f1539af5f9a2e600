import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Crash, CrashPoint } from '../crash.ts';
import { type Answer, Flight, GivenUp, type PreparedRequest, type Tower } from './flight.ts';

export type { Answer, AnswerHeaders, PreparedRequest } from './flight.ts';

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
  /** How long a request may wait for its connection, and again how long for its answer, to the last byte of it. */
  timeoutMs: number;
  /** The most connections at a time. */
  connections: number;
  crash: Crash;
}

/** An answer longer than this is not read any further. Bytes. */
const LONGEST_ANSWER = 64 * 1024;
/** How often requests that have run out of time are looked for. */
const PATROL_MS = 100;
/** Without a word from the host, an idle connection is trusted for so long: what it closes unseen costs a post in doubt. */
const IDLE_MS = 8_000;
const LONGEST_IDLE_MS = 60_000;
/** Handshakes at a time: what a listening queue of the usual length takes. */
const WARM_AT_A_TIME = 256;
const WARM_SAMPLES = 5;

/**
 * A prepared request on a warm undici connection costs a third of the CPU of a client library's own way. Each connection
 * carries one request at a time, and a request that is to wait for one waits here, where giving it up leaves nothing behind.
 * undici repeats nothing of ours: a request whose connection breaks before an answer ends as `no_answer` and `left`.
 */
export function createSender(options: SenderOptions): Sender {
  const lines = new Lines(options);
  return {
    send: (request) => sendOn(lines, request),
    warm: (count) => warm(lines, options, Math.min(count, options.connections)),
    dispose: () => lines.dispose(),
  };
}

function sendOn(lines: Lines, request: PreparedRequest, on?: Client): Promise<Answer> {
  return new Promise((resolve) => lines.depart(new Flight(lines, request, resolve), on));
}

/** The connections, the flights on them, and those that wait for one. */
class Lines implements Tower {
  readonly longestWaitMs: number;
  readonly #options: SenderOptions;
  readonly #connector: buildConnector.connector;
  readonly #open = new Set<Client>();
  /** The one used last is the surest to be alive, so it is taken first: from the end. */
  readonly #free: Client[] = [];
  /** Both in the order of their `since`, so that the patrol looks at the oldest only. */
  readonly #waiting = new Set<Flight>();
  readonly #flying = new Set<Flight>();
  readonly #patrol: NodeJS.Timeout;
  #disposed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.longestWaitMs = options.timeoutMs;
    this.#connector = buildConnector({ timeout: options.timeoutMs });
    this.#patrol = startPatrol([this.#waiting, this.#flying], options.timeoutMs);
  }

  /** Sends it off: on the connection `on`, on a free one, or on the first that comes free. */
  depart(flight: Flight, on?: Client): void {
    if (this.#disposed) {
      flight.abort(new GivenUp('DISPOSED'));
      return;
    }
    const client = on ?? this.#free.pop() ?? this.#create(this.#options.connections);
    if (!client) {
      this.#waiting.add(flight);
      return;
    }
    flight.client = client;
    this.#flying.add(flight);
    client.dispatch(dispatchOf(flight.request, this.#options.crash), flight);
  }

  started(flight: Flight): void {
    flight.since = performance.now();
    this.#flying.delete(flight);
    this.#flying.add(flight);
  }

  ended(flight: Flight, answer: Answer): void {
    this.#waiting.delete(flight);
    this.#flying.delete(flight);
    const answered = answer.kind === 'answer';
    if (answered && flight.request.method === 'POST') this.#options.crash('after-answer');
    flight.land(answer);
    const { client } = flight;
    if (!client) return;
    // Whatever went wrong on a connection, the next request is not to meet it.
    if (!answered) this.#discard(client);
    // undici is still at the end of the answer here.
    if (this.#waiting.size > 0) queueMicrotask(() => this.#next(answered ? client : undefined));
    else if (answered) this.#free.push(client);
  }

  /** A new connection, up to `count` of them, and then the one that has rested the longest; undefined: all are busy. */
  coldest(count: number): Client | undefined {
    return this.#create(count) ?? this.#free.shift();
  }

  dispose(): void {
    this.#disposed = true;
    clearInterval(this.#patrol);
    for (const flight of [...this.#waiting, ...this.#flying]) flight.abort(new GivenUp('DISPOSED'));
    for (const client of this.#open) this.#discard(client);
    this.#free.length = 0;
  }

  /** A line has come free; whoever waits the longest has it. */
  #next(client?: Client): void {
    const [flight] = this.#waiting;
    if (flight) {
      this.#waiting.delete(flight);
      if (flight.isOverdue()) {
        flight.abort(new GivenUp('TIMEOUT'));
        this.#next(client);
      } else this.depart(flight, client);
    } else if (client) this.#free.push(client);
  }

  #create(most: number): Client | undefined {
    if (this.#open.size >= most || this.#disposed) return undefined;
    const client = createClient(this.#options.origin, this.#connector);
    this.#open.add(client);
    return client;
  }

  #discard(client: Client): void {
    this.#open.delete(client);
    if (!client.destroyed) client.destroy(() => undefined);
  }
}

function createClient(origin: string, connector: buildConnector.connector): Client {
  return new Client(origin, {
    connect: connector,
    pipelining: 1,
    // The patrol keeps time.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: LONGEST_IDLE_MS,
    maxResponseSize: LONGEST_ANSWER,
  });
}

/**
 * One timer for all requests: one each would cost as much as the request. When this process has been held up, answers may lie
 * unread in their sockets; setImmediate comes after they have been read.
 */
function startPatrol(flights: readonly Set<Flight>[], timeoutMs: number): NodeJS.Timeout {
  const endOverdue = (): void => {
    const latest = performance.now() - timeoutMs;
    for (const set of flights) {
      for (const flight of set) {
        if (flight.since > latest) break;
        flight.abort(new GivenUp('TIMEOUT'));
      }
    }
  };
  return setInterval(() => setImmediate(endOverdue), PATROL_MS).unref();
}

/** The request as undici takes it; with a body that ends this process on its way, when a test wants that of this one. */
function dispatchOf(request: PreparedRequest, crash: Crash): Dispatcher.DispatchOptions {
  const { method, path, body } = request;
  const headers = request.headers as string[];
  if (method === 'GET' || body === null) return { method, path, headers };
  for (const point of ['after-first-byte', 'mid-body'] as const) {
    if (crash.isNext(point)) {
      const length = ['content-length', String(body.length)];
      const dying = dieWithin(body, point, crash) as unknown as Buffer;
      return { method, path, headers: [...headers, ...length], body: dying };
    }
    crash(point);
  }
  return { method, path, headers, body };
}

/** undici takes any async iterable, whatever its types say, and asks for the next part when it has written the one before. */
async function* dieWithin(body: Buffer, point: CrashPoint, crash: Crash): AsyncGenerator<Buffer> {
  const end = point === 'mid-body' ? Math.ceil(body.length / 2) : 1;
  yield body.subarray(0, end);
  // Once around the loop, so that it is out of this process.
  await new Promise((resolve) => setImmediate(resolve));
  crash(point);
  yield body.subarray(end);
}

async function warm(lines: Lines, options: SenderOptions, count: number): Promise<number | null> {
  const headers = ['accept-encoding', 'identity'];
  const request: PreparedRequest = { method: 'GET', path: options.warmPath, headers, body: null };
  let left = count;
  const openSome = async (): Promise<void> => {
    while (left > 0) {
      left--;
      const client = lines.coldest(count);
      // What cannot be reached is not tried over and over.
      if (!client || (await sendOn(lines, request, client)).kind === 'no_answer') return;
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
