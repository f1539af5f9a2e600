import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Crash } from '../crash.ts';
import { type AnswerReader, createAnswerReader, GivenUp, type HttpAnswer } from './answer.ts';
import { type Answer, type Flight, isOverdue } from './flight.ts';

interface LineOptions {
  crash: Crash;
  lookup?: LookupFunction | undefined;
}

/** Without a word from the host, an idle connection is trusted for so long: what it closes unseen costs a post in doubt. */
const IDLE_MS = 8_000;
const LONGEST_IDLE_MS = 60_000;

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

/**
 * One connection, which carries one request at a time. Whatever goes wrong on it is its end: the next request is not to meet
 * it. It repeats nothing. A request of ours is a few hundred bytes in one write, and its answer as a rule one read, which is
 * why this costs a third of what a client library for all of HTTP does: measured, 32 against 75 to 100 us of CPU a post.
 */
export class Line {
  readonly #tower: Tower;
  readonly #crash: Crash;
  readonly #host: string;
  readonly #socket: Socket;
  #isReady = false;
  #isGone = false;
  #flight: Flight | null = null;
  #reader: AnswerReader | null = null;
  #restsUntil = 0;

  constructor(tower: Tower, origin: URL, { crash, lookup }: LineOptions) {
    this.#tower = tower;
    this.#crash = crash;
    this.#host = origin.host;
    this.#socket = open(origin, lookup, () => {
      this.#isReady = true;
      this.#leave();
    });
    this.#socket.on('data', (chunk) => this.#read((reader) => reader.push(chunk)));
    this.#socket.on('end', () => this.#read((reader) => reader.end()));
    this.#socket.on('error', (error) => this.fail(error));
    this.#socket.on('close', () => this.fail(new GivenUp('CLOSED')));
  }

  /** Carries a request as soon as the connection stands. */
  carry(flight: Flight): void {
    flight.line = this;
    if (this.#isGone) {
      this.#tower.ended(flight, noAnswer(flight, new GivenUp('CLOSED')), this);
      return;
    }
    this.#flight = flight;
    if (this.#isReady) this.#leave();
  }

  /** Whether a post may be trusted to it: it rests, and not for too long. */
  isFresh(): boolean {
    return !this.#isGone && performance.now() < this.#restsUntil;
  }

  /** Ends it, and what it carries. What has not been written by now never will be. */
  fail(reason: Error): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#socket.destroy();
    const flight = this.#flight;
    this.#flight = null;
    if (!flight) this.#tower.lost(this);
    else this.#tower.ended(flight, noAnswer(flight, reason), this);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  #leave(): void {
    const flight = this.#flight;
    if (!flight) return;
    if (isOverdue(flight, this.#tower.longestWaitMs)) {
      this.fail(new GivenUp('TIMEOUT'));
      return;
    }
    flight.left = true;
    this.#reader = createAnswerReader();
    this.#tower.started(flight);
    write(this.#socket, bytesOf(flight.request, this.#host), flight, this.#crash);
  }

  #read(step: (reader: AnswerReader) => HttpAnswer | null): void {
    if (this.#isGone) return;
    const reader = this.#reader;
    try {
      // An answer to nothing, or the end of a rest.
      if (!reader) throw new GivenUp('UNASKED');
      const answer = step(reader);
      if (answer) this.#land(answer, reader);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #land(answer: HttpAnswer, reader: AnswerReader): void {
    const flight = this.#flight as Flight;
    this.#flight = null;
    this.#reader = null;
    this.#restsUntil = performance.now() + Math.min(reader.keptMs() ?? IDLE_MS, LONGEST_IDLE_MS);
    if (!reader.isReusable()) {
      this.#isGone = true;
      this.#socket.destroy();
    }
    this.#tower.ended(flight, { kind: 'answer', ...answer }, this);
  }
}

function open(origin: URL, lookup: LookupFunction | undefined, ready: () => void): Socket {
  const isTls = origin.protocol === 'https:';
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const port = Number(origin.port || (isTls ? 443 : 80));
  const to = { host, port, ...(lookup && { lookup }) };
  const socket = isTls
    ? connectTls({ ...to, ...serverName(host), ALPNProtocols: ['http/1.1'] }, ready)
    : connect(to, ready);
  return socket.setNoDelay(true).setKeepAlive(true);
}

/** An address is no name (RFC 6066, 3). */
function serverName(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

function noAnswer({ left }: Flight, reason: Error): Answer {
  const { code } = reason as NodeJS.ErrnoException;
  return {
    kind: 'no_answer',
    left,
    code: typeof code === 'string' && code !== '' ? code : reason.name,
  };
}

/** The request as it goes over the wire (RFC 9112, 3). Its headers have been checked where they were put together. */
function bytesOf({ method, path, headers, body }: Flight['request'], host: string): Buffer {
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  if (body === null) return Buffer.from(`${head}\r\n`, 'latin1');
  const length = Buffer.byteLength(body);
  head += `content-length: ${length}\r\n\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + length);
  bytes.write(head, 'latin1');
  bytes.write(body, head.length);
  return bytes;
}

/** In one write; in two when a test wants this process to end between them. */
function write(socket: Socket, bytes: Buffer, { request }: Flight, crash: Crash): void {
  const { body } = request;
  if (request.method === 'POST' && body !== null) {
    for (const point of ['after-first-byte', 'mid-body'] as const) {
      if (crash.isNext(point)) {
        const length = Buffer.byteLength(body);
        const rest = point === 'mid-body' ? Math.floor(length / 2) : length - 1;
        socket.write(bytes.subarray(0, bytes.length - rest), () => crash(point));
        return;
      }
      crash(point);
    }
  }
  socket.write(bytes);
}
