/** Frontend messages of the extended protocol that do nothing visible until Sync: Parse, Bind, Describe, Execute, Close, Flush. */
const UNTIL_SYNC = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)));
const TERMINATE = 'X'.charCodeAt(0);

/**
 * Shares the one session of the embedded database among connections. What belongs together stays together: an extended
 * query from Parse to Sync runs as one piece, and a transaction keeps the session until it ends. The socket server's own
 * queue takes messages one by one, so that two connections bind to each other's statements, and it stops for good after
 * one failure (electric-sql/pglite issue 1046, open in pglite-socket 0.2.17); this stands in its place.
 */
export class SessionQueue {
  #database;
  /** @type {{ handlerId: number, bytes: Uint8Array, onData: (data: Uint8Array) => void, resolve: (sent: number) => void, reject: (error: unknown) => void }[]} */
  #waiting = [];
  /** Messages of a connection that wait for their Sync. @type {Map<number, Uint8Array[]>} */
  #unfinished = new Map();
  /** The connection whose transaction is open. @type {number | null} */
  #owner = null;
  #running = false;

  /** @param {import('@electric-sql/pglite').PGlite} database */
  constructor(database) {
    this.#database = database;
  }

  /**
   * Takes one message of a connection; resolves with the bytes answered once it has run, or at once while it waits for its Sync.
   * @param {number} handlerId @param {Uint8Array} message @param {(data: Uint8Array) => void} onData
   * @returns {Promise<number>}
   */
  async enqueue(handlerId, message, onData) {
    if (message[0] === TERMINATE) return 0;
    const batch = this.#unfinished.get(handlerId) ?? [];
    batch.push(message);
    if (UNTIL_SYNC.has(message[0])) {
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

  async #run() {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#take(); next; next = this.#take()) {
      const { bytes, onData, resolve, reject, handlerId } = next;
      let sent = 0;
      const onRawData = (data) => {
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

  #take() {
    if (this.#owner === null) return this.#waiting.shift();
    const at = this.#waiting.findIndex((entry) => entry.handlerId === this.#owner);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  getQueueLength() {
    return this.#waiting.length;
  }

  /** A connection is gone: so is what it had asked for. @param {number} handlerId */
  clearQueueForHandler(handlerId) {
    this.#unfinished.delete(handlerId);
    const gone = this.#waiting.filter((entry) => entry.handlerId === handlerId);
    this.#waiting = this.#waiting.filter((entry) => entry.handlerId !== handlerId);
    for (const entry of gone) entry.reject(new Error('The connection is gone'));
  }

  /** A connection is gone with its transaction open: it is rolled back, and the session is free. @param {number} handlerId */
  async clearTransactionIfNeeded(handlerId) {
    if (this.#owner !== handlerId) return;
    await this.#database.exec('rollback');
    this.#owner = null;
    this.#run();
  }
}
