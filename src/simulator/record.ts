import { closeSync, fsync, fsyncSync, openSync, write, writeSync } from 'node:fs';
import type { Post } from './accounts.ts';
import type { ApiPath, Fault } from './behaviour.ts';

/** The path that a request was counted under. */
export type RecordedPath = ApiPath | 'authorize' | 'status' | 'other';

/**
 * One request as the platform saw it. `at_us`: arrival, microseconds since 1970. `status`: what was answered,
 * null where nothing was (hung, reset, or the client left). Never a token, never a query string.
 */
export interface RecordEntry {
  seq: number;
  at_us: number;
  method: string;
  path: string;
  route: RecordedPath;
  status: number | null;
  account: string | null;
  handle: string | null;
  fault?: Fault;
  /** The id of the accepted post. */
  post?: string;
  text?: string;
  spoiler_text?: string;
}

export interface Summary {
  requests: number;
  posts: number;
  /** Counts by path, then by status; `none` stands for "never answered". */
  paths: Partial<Record<RecordedPath, Record<string, number>>>;
}

/** A post is on disk at most this long after it was accepted. */
const FLUSH_MS = 50;

export type PlatformRecord = ReturnType<typeof createRecord>;

/**
 * The witness: every request in the order in which its answer was decided, appended and never changed.
 * With a file, also as JSON lines there.
 * @throws when the file cannot be opened for appending.
 */
export function createRecord(file?: string) {
  let entries: RecordEntry[] = [];
  let posts: Post[] = [];
  let seq = 0;
  const disk = file === undefined ? undefined : createLineFile(file);

  return {
    /** In memory when this returns. */
    add(entry: Omit<RecordEntry, 'seq'>, post?: Post) {
      const numbered: RecordEntry = { seq: ++seq, ...entry };
      entries.push(numbered);
      if (post) posts.push(post);
      disk?.append(numbered);
    },
    after(from: number, limit: number, path?: string): RecordEntry[] {
      const found: RecordEntry[] = [];
      for (let i = firstAfter(entries, from); i < entries.length && found.length < limit; i++) {
        const entry = entries[i] as RecordEntry;
        if (path === undefined || entry.route === path || entry.path === path) found.push(entry);
      }
      return found;
    },
    /** In order of arrival. */
    posts: (): Post[] => posts.toSorted((a, b) => a.at_us - b.at_us),
    summary: (): Summary => summarize(entries, posts.length),
    /** Forgets what was seen; sequence numbers go on, and a file keeps its lines. */
    clear() {
      entries = [];
      posts = [];
    },
    /** Puts everything on disk. */
    close: () => disk?.close(),
  };
}

/** Sequence numbers have no gaps, so the place of one can be computed. */
function firstAfter(entries: RecordEntry[], from: number): number {
  const first = entries[0]?.seq ?? 0;
  return Math.max(0, from - first + 1);
}

function summarize(entries: RecordEntry[], posts: number): Summary {
  const paths: Summary['paths'] = {};
  for (const { route, status } of entries) {
    paths[route] ??= {};
    const counts = paths[route];
    const name = status === null ? 'none' : String(status);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return { requests: entries.length, posts, paths };
}

/** Lines are made and synced in batches, so that a burst costs no system call a request. */
function createLineFile(file: string) {
  const handle = openSync(file, 'a');
  let waiting: RecordEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  function takeLines(): Buffer {
    const lines = waiting.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    waiting = [];
    return Buffer.from(lines);
  }

  function arm() {
    if (!timer && !busy && waiting.length > 0) timer = setTimeout(flush, FLUSH_MS);
  }

  function flush() {
    timer = undefined;
    busy = true;
    writeAll(handle, takeLines(), (error) => {
      if (error) throw error;
      fsync(handle, () => {
        busy = false;
        if (closing) closing();
        else arm();
      });
    });
  }

  let closing: (() => void) | undefined;

  return {
    append(entry: RecordEntry) {
      waiting.push(entry);
      arm();
    },
    async close() {
      clearTimeout(timer);
      if (busy) {
        await new Promise<void>((resolve) => {
          closing = resolve;
        });
      }
      const rest = takeLines();
      for (let at = 0; at < rest.length; ) at += writeSync(handle, rest, at);
      fsyncSync(handle);
      closeSync(handle);
    },
  };
}

/** write(2) may take only a part. */
function writeAll(handle: number, bytes: Buffer, done: (error: Error | null) => void) {
  write(handle, bytes, 0, bytes.length, null, (error, written) => {
    if (error || written === bytes.length) return done(error);
    writeAll(handle, bytes.subarray(written), done);
  });
}
