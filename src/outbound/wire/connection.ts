import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Crash } from '../../crash.ts';
import { type InFlightRequest, isOverdue, type SendResult } from './in-flight.ts';
import {
  ConnectionFailed,
  createResponseParser,
  type ParsedResponse,
  type ResponseParser,
} from './response-parser.ts';

interface ConnectionOptions {
  crash: Crash;
  lookup?: LookupFunction | undefined;
}

/** How long an idle connection is reused where the host does not say: one that it has closed unseen leaves a post in doubt. */
const IDLE_MS = 8_000;
const MAX_IDLE_MS = 60_000;

/** What a connection reports to the pool that owns it. */
export interface ConnectionEvents {
  /** A request that has waited longer for its connection must not be sent any more. Milliseconds. */
  readonly maxWaitMs: number;
  /** Its first byte is about to be written. */
  started(pending: InFlightRequest): void;
  /** It has ended; afterwards `connection` is free, or gone. */
  ended(pending: InFlightRequest, result: SendResult, connection: Connection): void;
  /** Its connection is gone, and nothing was on it. */
  lost(connection: Connection): void;
}

/**
 * One connection, which takes one request at a time. Any error closes it, so that no later request is sent on it. Nothing is
 * repeated. A request of ours is a few hundred bytes in one write, and its answer as a rule one read, which is
 * why this costs a third of what a client library for all of HTTP does: measured, 32 against 75 to 100 us of CPU a post.
 */
export class Connection {
  readonly #events: ConnectionEvents;
  readonly #crash: Crash;
  readonly #host: string;
  readonly #socket: Socket;
  #isReady = false;
  #isGone = false;
  #request: InFlightRequest | null = null;
  #reader: ResponseParser | null = null;
  #idleUntil = 0;

  constructor(events: ConnectionEvents, origin: URL, { crash, lookup }: ConnectionOptions) {
    this.#events = events;
    this.#crash = crash;
    this.#host = origin.host;
    this.#socket = openSocket(origin, lookup, () => {
      this.#isReady = true;
      this.#writeRequest();
    });
    this.#socket.on('data', (chunk) => this.#read((parser) => parser.push(chunk)));
    this.#socket.on('end', () => this.#read((parser) => parser.end()));
    this.#socket.on('error', (error) => this.fail(error));
    this.#socket.on('close', () => this.fail(new ConnectionFailed('CLOSED')));
  }

  /** Sends a request as soon as the connection is established. */
  send(pending: InFlightRequest): void {
    pending.connection = this;
    if (this.#isGone) {
      this.#events.ended(pending, toNoAnswer(pending, new ConnectionFailed('CLOSED')), this);
      return;
    }
    this.#request = pending;
    if (this.#isReady) this.#writeRequest();
  }

  /** Whether a post may be sent on it: it is idle, and not for too long. */
  isFresh(): boolean {
    return !this.#isGone && performance.now() < this.#idleUntil;
  }

  /** Closes it and fails its request. What has not been written by now never will be. */
  fail(reason: Error): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#socket.destroy();
    const pending = this.#request;
    this.#request = null;
    if (!pending) this.#events.lost(this);
    else this.#events.ended(pending, toNoAnswer(pending, reason), this);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  #writeRequest(): void {
    const pending = this.#request;
    if (!pending) return;
    if (isOverdue(pending, this.#events.maxWaitMs)) {
      this.fail(new ConnectionFailed('TIMEOUT'));
      return;
    }
    pending.maybeSent = true;
    this.#reader = createResponseParser();
    this.#events.started(pending);
    writeBytes(this.#socket, encodeRequest(pending.request, this.#host), pending, this.#crash);
  }

  #read(step: (parser: ResponseParser) => ParsedResponse | null): void {
    if (this.#isGone) return;
    const parser = this.#reader;
    try {
      // Bytes without a request, or the host closed an idle connection.
      if (!parser) throw new ConnectionFailed('UNASKED');
      const response = step(parser);
      if (response) this.#resolve(response, parser);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #resolve(response: ParsedResponse, parser: ResponseParser): void {
    const pending = this.#request as InFlightRequest;
    this.#request = null;
    this.#reader = null;
    this.#idleUntil = performance.now() + Math.min(parser.keepAliveMs() ?? IDLE_MS, MAX_IDLE_MS);
    if (!parser.isReusable()) {
      this.#isGone = true;
      this.#socket.destroy();
    }
    this.#events.ended(pending, { kind: 'answer', ...response }, this);
  }
}

function openSocket(origin: URL, lookup: LookupFunction | undefined, ready: () => void): Socket {
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

function toNoAnswer({ maybeSent: left }: InFlightRequest, reason: Error): SendResult {
  const { code } = reason as NodeJS.ErrnoException;
  return {
    kind: 'no_answer',
    left,
    code: typeof code === 'string' && code !== '' ? code : reason.name,
  };
}

/** The request as it goes over the wire (RFC 9112, 3). Its headers have been checked where they were put together. */
function encodeRequest(
  { method, path, headers, body }: InFlightRequest['request'],
  host: string,
): Buffer {
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
function writeBytes(
  socket: Socket,
  bytes: Buffer,
  { request }: InFlightRequest,
  crash: Crash,
): void {
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
