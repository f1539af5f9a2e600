import type { PGlite } from '@electric-sql/pglite';

/** Frontend messages of the extended protocol that do nothing visible until Sync: Parse, Bind, Describe, Execute, Close, Flush. */
const UNTIL_SYNC = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)));
const TERMINATE = 'X'.charCodeAt(0);

/** What a connection has asked for and not been answered. */
interface Waiting {
  handlerId: number;
  bytes: Uint8Array;
  onData: (data: Uint8Array) => void;
  resolve: (sent: number) => void;
  reject: (error: unknown) => void;
}

/**
 * Shares the one session of the embedded database among connections. What belongs together stays together: an extended
 * query from Parse to Sync runs as one piece, and a transaction keeps the session until it ends. The socket server's own
 * queue takes messages one by one, so that two connections bind to each other's statements, and it stops for good after
 * one failure (electric-sql/pglite issue 1046, open in pglite-socket 0.2.17); this stands in its place.
 */
export class SessionQueue {
  #database: PGlite;
  #waiting: Waiting[] = [];
  /** Messages of a connection that wait for their Sync. */
  #unfinished = new Map<number, Uint8Array[]>();
  /** The connection whose transaction is open. */
  #owner: number | null = null;
  #running = false;

  constructor(database: PGlite) {
    this.#database = database;
  }

  /** Takes one message of a connection; resolves with the bytes answered once it has run, or at once while it waits for its Sync. */
  async enqueue(
    handlerId: number,
    message: Uint8Array,
    onData: (data: Uint8Array) => void,
  ): Promise<number> {
    const [kind = TERMINATE] = message;
    if (kind === TERMINATE) return 0;
    const batch = this.#unfinished.get(handlerId) ?? [];
    batch.push(message);
    if (UNTIL_SYNC.has(kind)) {
      this.#unfinished.set(handlerId, batch);
      return 0;
    }
    this.#unfinished.delete(handlerId);
    const bytes = batch.length === 1 ? message : new Uint8Array(Buffer.concat(batch));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ handlerId, bytes, onData, resolve, reject });
      this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#take(); next; next = this.#take()) {
      const { bytes, onData, resolve, reject, handlerId } = next;
      let sent = 0;
      const onRawData = (data: Uint8Array): void => {
        sent += data.length;
        onData(data);
      };
      try {
        await this.#database.runExclusive(() =>
          this.#database.execProtocolRawStream(bytes, { onRawData }),
        );
        resolve(sent);
      } catch (error) {
        reject(error);
      }
      this.#owner = this.#database.isInTransaction() ? handlerId : null;
    }
    this.#running = false;
  }

  #take(): Waiting | undefined {
    if (this.#owner === null) return this.#waiting.shift();
    const at = this.#waiting.findIndex((entry) => entry.handlerId === this.#owner);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  getQueueLength(): number {
    return this.#waiting.length;
  }

  /** A connection is gone: so is what it had asked for. */
  clearQueueForHandler(handlerId: number): void {
    this.#unfinished.delete(handlerId);
    const gone = this.#waiting.filter((entry) => entry.handlerId === handlerId);
    this.#waiting = this.#waiting.filter((entry) => entry.handlerId !== handlerId);
    for (const entry of gone) entry.reject(new Error('The connection is gone'));
  }

  /** A connection is gone with its transaction open: it is rolled back, and the session is free. */
  async clearTransactionIfNeeded(handlerId: number): Promise<void> {
    if (this.#owner !== handlerId) return;
    await this.#database.exec('rollback');
    this.#owner = null;
    this.#run();
  }
}
