import { STATUS_CODES } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { Incoming, SimulatedResponse } from './platform.ts';

/**
 * HTTP/1.1 straight on node:net, as far as clients of an API need it: keep-alive, bodies by length or in
 * chunks, one request of a connection after the other. A burst must be limited by its sender and not by
 * the witness: on the 2-core reference machine a post costs it 60 us of CPU this way, and 120 us on
 * node:http (18,800 against 8,700 posts a second). It also gives what a fault needs: a connection that is
 * hung, reset or cut in the middle of an answer.
 */
export interface WireHandler {
  /** Must sooner or later use the connection to answer, hang or reset. */
  handle(incoming: Incoming, connection: WireConnection): void;
  /** The client left, or sent nonsense, before its request was whole. */
  abandoned(incoming: Incoming): void;
  /** What the Date of an answer is off by, and how old it says that it is. */
  dated(): Dated;
}

/** See `dateSkewSeconds` and `dateAgeSeconds` of the behaviour. */
export interface Dated {
  skewSeconds: number;
  ageSeconds: number;
}

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_BODY_BYTES = 128 * 1024 * 1024;
/** What clients are told; no connection is closed for being idle, whether for this long or longer. */
export const KEEP_ALIVE_SECONDS = 600;
const KEEP_ALIVE = `keep-alive: timeout=${KEEP_ALIVE_SECONDS}\r\n`;

/** Microseconds since 1970, by the one clock of this process. */
export function nowUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1_000);
}

interface Head {
  method: string;
  target: string;
  headers: Record<string, string>;
  /** Where the body begins. */
  end: number;
  /** Bytes of body, or 'chunked'. */
  length: number | 'chunked';
  last: boolean;
}

/** One client's connection. At most one of its requests is being answered at a time. */
export class WireConnection {
  readonly #socket: Socket;
  readonly #handler: WireHandler;
  #chunks: Buffer[] = [];
  #size = 0;
  #head: Head | undefined;
  #busy = false;
  #advancing = false;
  #last = false;
  #firstUs = 0;
  #latestUs = 0;
  #hangTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, handler: WireHandler) {
    this.#socket = socket;
    this.#handler = handler;
  }

  get idle(): boolean {
    return !this.#busy && this.#size === 0;
  }

  receive(chunk: Buffer) {
    this.#latestUs = nowUs();
    if (this.#size === 0) this.#firstUs = this.#latestUs;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#advance();
  }

  answer(answer: SimulatedResponse) {
    if (this.#socket.destroyed) return;
    this.#socket.write(serialize(answer, this.#last, this.#handler.dated()));
    this.#busy = false;
    if (this.#last) this.#socket.end();
    else this.#advance();
  }

  /** Half of the body, and then the end of the connection. */
  truncate(answer: SimulatedResponse) {
    const whole = Buffer.from(serialize(answer, this.#last, this.#handler.dated()));
    const half = whole.length - (Buffer.byteLength(answer.body) >> 1);
    this.#socket.end(whole.subarray(0, half), () => this.#socket.destroy());
  }

  /** How long it answers nothing before it cuts the connection. */
  hang(seconds: number) {
    this.#hangTimer = setTimeout(() => this.#socket.destroy(), seconds * 1_000);
  }

  get hung(): boolean {
    return this.#hangTimer !== undefined;
  }

  reset() {
    this.#socket.resetAndDestroy();
  }

  destroy() {
    this.#socket.destroy();
  }

  /** The client sends no more; what is being answered is still answered. */
  ended() {
    this.#last = true;
    if (!this.#busy) this.#socket.end();
  }

  closed() {
    clearTimeout(this.#hangTimer);
    if (this.#busy || this.#size === 0) return;
    const head = this.#head ?? { method: '-', target: '-', headers: {} };
    this.#handler.abandoned(incoming(this.#firstUs, head, ''));
  }

  /** Takes whole requests one after the other; a loop, since an answer may come at once. */
  #advance() {
    if (this.#advancing) return;
    this.#advancing = true;
    while (!this.#busy && this.#size > 0 && this.#take());
    this.#advancing = false;
  }

  /** False: more bytes are needed. */
  #take(): boolean {
    this.#head ??= this.#readHead();
    const head = this.#head;
    if (!head) return false;
    const { length } = head;
    if (length !== 'chunked' && this.#size < head.end + length) return false;
    const whole = this.#join();
    const body =
      length === 'chunked' ? readChunks(whole, head.end) : sliceBody(whole, head, length);
    if (body === 'incomplete') return this.#within(MAX_BODY_BYTES);
    if (body === 'wrong') return this.#refuse(400);
    this.#chunks = body.end < whole.length ? [whole.subarray(body.end)] : [];
    this.#size = whole.length - body.end;
    this.#head = undefined;
    this.#busy = true;
    this.#last ||= head.last;
    const atUs = this.#firstUs;
    this.#firstUs = this.#latestUs;
    this.#handler.handle(incoming(atUs, head, body.text), this);
    return true;
  }

  #readHead(): Head | undefined {
    const whole = this.#join();
    const end = whole.indexOf('\r\n\r\n');
    if (end < 0) {
      this.#within(MAX_HEAD_BYTES);
      return undefined;
    }
    const head = parseHead(whole.toString('latin1', 0, end), end + 4);
    if (!head || (head.length !== 'chunked' && head.length > MAX_BODY_BYTES)) {
      this.#refuse(head ? 413 : 400);
      return undefined;
    }
    if (head.headers.expect === '100-continue') this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    return head;
  }

  #within(limit: number): false {
    if (this.#size > limit) this.#refuse(413);
    return false;
  }

  #refuse(status: number): false {
    this.#socket.end(serialize({ status, headers: '', body: '' }, true, this.#handler.dated()));
    return false;
  }

  #join(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }
}

/** A server that speaks this; `dispose` answers what it can within a second and cuts the rest. */
export function createWire(handler: WireHandler) {
  const open = new Set<WireConnection>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new WireConnection(socket, handler);
    open.add(connection);
    socket.on('data', (chunk: Buffer) => connection.receive(chunk));
    socket.on('end', () => connection.ended());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      open.delete(connection);
      connection.closed();
    });
  });

  return {
    listen(host: string, port: number, backlog: number): Promise<number> {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port, backlog }, () => {
          server.removeListener('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      });
    },
    async dispose(drainMs: number) {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const connection of open) {
        if (connection.idle || connection.hung) connection.destroy();
        else connection.ended();
      }
      const cut = setTimeout(() => {
        for (const connection of open) connection.destroy();
      }, drainMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function incoming(
  atUs: number,
  { method, target, headers }: Pick<Head, 'method' | 'target' | 'headers'>,
  body: string,
): Incoming {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  return { atUs, method, path, query, headers, body };
}

/** RFC 9112, sections 3 and 5. Header names in lower case; of a repeated header the last counts. */
function parseHead(text: string, end: number): Head | undefined {
  const lines = text.split('\r\n');
  const [method, target, version] = (lines[0] ?? '').split(' ');
  if (!method || !target || !version?.startsWith('HTTP/1.')) return undefined;
  const headers: Record<string, string> = {};
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    const colon = line.indexOf(':');
    if (colon < 1) return undefined;
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const length = bodyLength(headers);
  if (length === undefined) return undefined;
  const connection = headers.connection?.toLowerCase();
  const last = version === 'HTTP/1.0' ? connection !== 'keep-alive' : connection === 'close';
  return { method, target, headers, end, length, last };
}

function bodyLength(headers: Record<string, string>): Head['length'] | undefined {
  if (headers['transfer-encoding'] !== undefined) {
    return headers['transfer-encoding'].toLowerCase() === 'chunked' ? 'chunked' : undefined;
  }
  const length = headers['content-length'];
  if (length === undefined) return 0;
  return /^\d{1,12}$/.test(length) ? Number(length) : undefined;
}

interface Body {
  text: string;
  end: number;
}

function sliceBody(whole: Buffer, head: Head, length: number): Body {
  const end = head.end + length;
  return { text: length === 0 ? '' : whole.toString('utf8', head.end, end), end };
}

/** RFC 9112, section 7.1; extensions and trailers are read over. */
function readChunks(whole: Buffer, start: number): Body | 'incomplete' | 'wrong' {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = whole.indexOf('\r\n', at);
    if (lineEnd < 0) return 'incomplete';
    const digits = /^[0-9a-f]{1,8}/i.exec(whole.toString('latin1', at, lineEnd))?.[0];
    if (digits === undefined) return 'wrong';
    const size = Number.parseInt(digits, 16);
    const from = lineEnd + 2;
    if (size === 0) {
      const end = endOfTrailers(whole, lineEnd);
      return end < 0 ? 'incomplete' : { text: Buffer.concat(parts).toString('utf8'), end };
    }
    if (whole.length < from + size + 2) return 'incomplete';
    parts.push(whole.subarray(from, from + size));
    at = from + size + 2;
  }
}

function endOfTrailers(whole: Buffer, lineEnd: number): number {
  const end = whole.indexOf('\r\n\r\n', lineEnd);
  return end < 0 ? -1 : end + 4;
}

let dateSecond = 0;
let dateLine = '';

function serialize(
  { status, headers, body }: SimulatedResponse,
  last: boolean,
  { skewSeconds, ageSeconds }: Dated,
): string {
  const second = Math.floor(Date.now() / 1_000 + skewSeconds - ageSeconds);
  if (second !== dateSecond) {
    dateSecond = second;
    dateLine = `date: ${new Date(second * 1_000).toUTCString()}\r\n`;
  }
  const ending = last ? 'connection: close\r\n' : KEEP_ALIVE;
  const length = Buffer.byteLength(body);
  const first = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`;
  const age = ageSeconds > 0 ? `age: ${Math.floor(ageSeconds)}\r\n` : '';
  return `${first}${headers}${dateLine}${age}${ending}content-length: ${length}\r\n\r\n${body}`;
}
