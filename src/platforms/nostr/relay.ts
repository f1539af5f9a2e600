import { type RawData, WebSocket } from 'ws';
import type { Crash } from '../../crash.ts';
import { USER_AGENT } from '../../outbound/wire/user-agent.ts';

/** What one relay said to an event, or why it said nothing. */
export type RelayAnswer =
  | { kind: 'taken' }
  /** It may take it later. `word`: the prefix of its answer. */
  | { kind: 'later'; word: string }
  /** It finds fault with the event's time: by its clock it is not the moment yet, or long past. */
  | { kind: 'untimely'; word: string }
  /** It will never take it. */
  | { kind: 'refused'; word: string }
  /** The event has left, and nothing came back. */
  | { kind: 'silent' }
  /** Not a byte of it has left. */
  | { kind: 'unsent'; word: string };

/** Whether a relay has an event. */
export type HasEvent = 'held' | 'missing' | 'unknown';

/** One relay that the operator has named: one socket, shared by everything this process has for it. */
export interface Relay {
  /** Sends an event, or has it wait for a place. `stop` gives it up and tells how far it came. */
  publish(id: string, frame: string, done: (answer: RelayAnswer) => void): { stop(): void };
  /** Asks for an event by its id. */
  holds(id: string): Promise<HasEvent>;
  /** Connects, unless it is, and asks for a sign of life. Its time in ms; null when there is none. */
  reach(): Promise<number | null>;
  dispose(): void;
}

export interface RelayOptions {
  url: string;
  timeoutMs: number;
  crash: Crash;
}

/** Events that a relay has been sent and has not answered. More wait here, where giving one up leaves nothing behind. */
const MAX_IN_FLIGHT = 128;
/** The longest message that is read. Bytes. */
const MAX_MESSAGE = 64 * 1024;
/** A connection that failed is not tried again at once. */
const REST_MS = 1_000;

interface Waiting {
  id: string;
  frame: string;
  sent: boolean;
  done(answer: RelayAnswer): void;
}

export function createRelay(options: RelayOptions): Relay {
  return new RelayConnection(options);
}

/** Prefixes of NIP-01 and what they mean for an event that cannot change. An answer without one says little, so: later. */
const FOR_EVER = new Set(['blocked', 'restricted', 'pow', 'invalid', 'auth-required', 'mute']);

/** Reads ["OK", id, taken, message], NIP-01. Never throws. */
export function readOk(taken: boolean, message: string): RelayAnswer {
  const word = /^([a-z-]{2,20}):/.exec(message)?.[1] ?? 'error';
  if (taken || word === 'duplicate') return { kind: 'taken' };
  if (word === 'invalid' && ABOUT_TIME.test(message)) return { kind: 'untimely', word };
  if (word === 'blocked' && ABOUT_MEMBERS.test(message))
    return { kind: 'refused', word: 'restricted' };
  return FOR_EVER.has(word) ? { kind: 'refused', word } : { kind: 'later', word: known(word) };
}

/**
 * Words of relays for an event from what is their future or their distant past: NIP-01's example ("event creation date is too
 * far off"), strfry ("created_at too late", "too early"), khatru ("too much in the future", "too old"), nostr-rs-relay.
 */
const ABOUT_TIME =
  /created[ _]?at|creation (?:date|time)|timestamp|\b(?:date|clock|future|past)\b|too (?:old|new|early|late)\b/i;

/** Relays that take posts of members only often say that the author is blocked, who has only not paid, or is not on a list. */
const ABOUT_MEMBERS =
  /\bpa(?:y|ys|id|yment)\b|subscri|invoice|\bsats\b|white-?list|allow-?list|not (?:admitted|allowed to|a member)|web of trust/i;

/** What goes into the ledger is one of the protocol's words. */
function known(word: string): string {
  return word === 'rate-limited' ? word : 'error';
}

class RelayConnection implements Relay {
  readonly #options: RelayOptions;
  #socket: WebSocket | null = null;
  #restUntil = 0;
  #isDisposed = false;
  /** By the id of the event; two posts of one event are one event. */
  readonly #flying = new Map<string, Waiting[]>();
  readonly #queue = new Set<Waiting>();
  readonly #questions = new Map<string, { id: string; done(held: HasEvent): void }>();
  readonly #opening = new Set<() => void>();
  #asked = 0;
  #reaching: Promise<number | null> | null = null;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  publish(id: string, frame: string, done: (answer: RelayAnswer) => void): { stop(): void } {
    const waiting: Waiting = { id, frame, sent: false, done };
    if (!this.#connect()) {
      done({ kind: 'unsent', word: 'NO_RELAY' });
      return { stop: () => undefined };
    }
    this.#queue.add(waiting);
    this.#flow();
    return { stop: () => this.#giveUp(waiting) };
  }

  async holds(id: string): Promise<HasEvent> {
    if (!(await this.#open())) return 'unknown';
    this.#asked += 1;
    const name = `q${this.#asked}`;
    const held = await within<HasEvent>(this.#options.timeoutMs, 'unknown', (done) => {
      this.#questions.set(name, { id, done });
      this.#send(JSON.stringify(['REQ', name, { ids: [id], limit: 1 }]));
    });
    if (this.#questions.delete(name)) this.#send(JSON.stringify(['CLOSE', name]));
    return held;
  }

  reach(): Promise<number | null> {
    this.#reaching ??= this.#ping().finally(() => {
      this.#reaching = null;
    });
    return this.#reaching;
  }

  async #ping(): Promise<number | null> {
    if (!(await this.#open())) return null;
    const socket = this.#socket;
    const startedAt = performance.now();
    let hear = (_lives: boolean): void => undefined;
    const pong = (): void => hear(true);
    const closed = (): void => hear(false);
    const lives = await within<boolean>(this.#options.timeoutMs, false, (done) => {
      hear = done;
      socket?.once('pong', pong).once('close', closed).ping();
    });
    socket?.off('pong', pong).off('close', closed);
    // A connection that says nothing any more would swallow posts.
    if (!lives) socket?.terminate();
    return lives ? performance.now() - startedAt : null;
  }

  dispose(): void {
    this.#isDisposed = true;
    const socket = this.#socket;
    this.#lost();
    socket?.terminate();
  }

  /** True when there is a connection, or soon will be. */
  #connect(): boolean {
    if (this.#isDisposed) return false;
    if (this.#socket) return true;
    if (performance.now() < this.#restUntil) return false;
    const socket = new WebSocket(this.#options.url, {
      handshakeTimeout: this.#options.timeoutMs,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
      followRedirects: false,
      headers: { 'user-agent': USER_AGENT },
    });
    this.#socket = socket;
    socket.on('open', () => {
      for (const tell of this.#opening) tell();
      this.#flow();
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#hear(data);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (this.#socket === socket) this.#lost();
    });
    return true;
  }

  /** Whether a connection stands, after waiting for it. */
  #open(): Promise<boolean> {
    if (!this.#connect()) return Promise.resolve(false);
    if (this.#isOpen()) return Promise.resolve(true);
    let tell = (): void => undefined;
    const opened = within<boolean>(this.#options.timeoutMs, false, (done) => {
      tell = () => done(this.#isOpen());
      this.#opening.add(tell);
    });
    return opened.finally(() => this.#opening.delete(tell));
  }

  #isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends as many of those that wait as there is room for. */
  #flow(): void {
    if (!this.#isOpen()) return;
    for (const waiting of this.#queue) {
      if (this.#flying.size >= MAX_IN_FLIGHT) return;
      this.#queue.delete(waiting);
      waiting.sent = true;
      const others = this.#flying.get(waiting.id);
      if (others) others.push(waiting);
      else {
        this.#flying.set(waiting.id, [waiting]);
        this.#send(waiting.frame);
        this.#options.crash('after-first-byte');
      }
    }
  }

  #send(frame: string): void {
    // A failure to send ends the socket, which tells everybody.
    this.#socket?.send(frame, () => undefined);
  }

  #hear(data: RawData): void {
    const message = parse(data);
    if (!message) return;
    const [type, name, ...rest] = message;
    if (typeof name !== 'string') return;
    if (type === 'OK') {
      const words = typeof rest[1] === 'string' ? rest[1] : '';
      this.#answered(name, readOk(rest[0] === true, words));
    } else if (type === 'EOSE') this.#answerQuestion(name, 'missing');
    else if (type === 'CLOSED') this.#answerQuestion(name, 'unknown');
    else if (type === 'EVENT' && isEvent(rest[0], this.#questions.get(name)?.id)) {
      this.#answerQuestion(name, 'held');
    }
  }

  #answered(id: string, answer: RelayAnswer): void {
    const posts = this.#flying.get(id);
    if (!posts) return;
    this.#flying.delete(id);
    this.#options.crash('after-answer');
    for (const { done } of posts) done(answer);
    this.#flow();
  }

  #answerQuestion(name: string, held: HasEvent): void {
    // Asked for one event by its id: whatever comes first decides.
    this.#questions.get(name)?.done(held);
  }

  #giveUp(waiting: Waiting): void {
    if (this.#queue.delete(waiting)) {
      waiting.done({ kind: 'unsent', word: 'TIMEOUT' });
      return;
    }
    const posts = this.#flying.get(waiting.id);
    if (!posts?.includes(waiting)) return;
    const left = posts.filter((post) => post !== waiting);
    if (left.length > 0) this.#flying.set(waiting.id, left);
    else this.#flying.delete(waiting.id);
    waiting.done({ kind: 'silent' });
    this.#flow();
  }

  /** The connection has gone: what it carried is in doubt, what waited for it is not. */
  #lost(): void {
    this.#socket = null;
    this.#restUntil = performance.now() + REST_MS;
    const flying = [...this.#flying.values()].flat();
    const queued = [...this.#queue];
    this.#flying.clear();
    this.#queue.clear();
    for (const { done } of flying) done({ kind: 'silent' });
    for (const { done } of queued) done({ kind: 'unsent', word: 'NO_RELAY' });
    for (const { done } of this.#questions.values()) done('unknown');
    for (const tell of this.#opening) tell();
  }
}

function isEvent(value: unknown, id: string | undefined): boolean {
  return id !== undefined && (value as { id?: unknown } | null)?.id === id;
}

function parse(data: RawData): unknown[] | null {
  try {
    const value: unknown = JSON.parse(String(data));
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** What `begin` comes to, or `otherwise` when it takes too long. */
function within<T>(
  ms: number,
  otherwise: T,
  begin: (done: (value: T) => void) => void,
): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, otherwise);
    begin((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
