/** By their names in lower case; a list where a header came more than once. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A whole answer to a request. */
export interface ParsedResponse {
  status: number;
  headers: ResponseHeaders;
  body: string;
}

/** An end that we make ourselves; `code` is a word for the ledger. */
export class ConnectionFailed extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Reads the one answer that a connection has to give next. */
export interface ResponseParser {
  /** Takes what has come. Returns the answer once it is whole. @throws ConnectionFailed when it is none. */
  push(chunk: Buffer): ParsedResponse | null;
  /** The other side has ended the connection. Returns the answer if that was its end. @throws ConnectionFailed */
  end(): ParsedResponse;
  /** After the answer: whether the connection may carry another request. */
  isReusable(): boolean;
  /** After the answer: for how long the server says it keeps the connection, in ms; null when it does not say. */
  keepAliveMs(): number | null;
}

/** Longer heads and bodies are not read any further. Bytes. */
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 64 * 1024;
/** More than this many 1xx answers, and there will be no other. */
const MAX_INFORMATIONAL = 32;

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
/** Field lines of printable characters and tabs, each with its end (RFC 9112, 2.2 and 5). */
const LINES = /^(?:[\t -~\x80-\xff]+\r\n)+$/;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const END_OF_HEAD = '\r\n\r\n';

interface Head {
  minor: string;
  status: number;
  headers: Record<string, string | string[]>;
  /** Bytes of the body; `chunked`, or `close` where its end is the connection's. */
  length: number | 'chunked' | 'close';
}

/**
 * A reader of HTTP/1.1 answers (RFC 9112) for small answers on connections of our own. It takes what the rules allow and gives
 * up on all else: an answer that can be read in two ways proves nothing about a post.
 */
export function createResponseParser(): ResponseParser {
  let bytes: Buffer = Buffer.alloc(0);
  let head: Head | null = null;
  let informational = 0;
  let isWhole = false;

  const readHead = (): boolean => {
    for (;;) {
      const end = bytes.indexOf(END_OF_HEAD);
      if (end > MAX_HEAD_BYTES || (end < 0 && bytes.length > MAX_HEAD_BYTES))
        throw new ConnectionFailed('LONG_HEAD');
      if (end < 0) {
        refuseStrangers(bytes);
        return false;
      }
      const read = parseHead(bytes.toString('latin1', 0, end + 2));
      bytes = bytes.subarray(end + END_OF_HEAD.length);
      if (read.status >= 200) {
        head = read;
        return true;
      }
      // 100 answers a question that we never ask, and after 101 it is not HTTP any more.
      if (read.status <= 101) throw new ConnectionFailed('UNASKED_1XX');
      informational++;
      if (informational > MAX_INFORMATIONAL) throw new ConnectionFailed('ONLY_1XX');
    }
  };
  const finish = ({ status, headers }: Head, body: Buffer, used: number): ParsedResponse => {
    isWhole = true;
    bytes = bytes.subarray(used);
    return { status, headers, body: body.toString('utf8') };
  };
  const readBody = (known: Head): ParsedResponse | null => {
    const { length } = known;
    if (length === 'chunked') {
      const read = unchunk(bytes);
      return read && finish(known, read.body, read.used);
    }
    if (bytes.length > MAX_BODY_BYTES) throw new ConnectionFailed('LONG_ANSWER');
    if (length === 'close' || bytes.length < length) return null;
    return finish(known, bytes.subarray(0, length), length);
  };
  return {
    push: (chunk) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      if (!head && !readHead()) return null;
      return head && readBody(head);
    },
    end: () => {
      if (head?.length !== 'close') throw new ConnectionFailed('ANSWER_CUT_SHORT');
      return finish(head, bytes, bytes.length);
    },
    isReusable: () => isWhole && bytes.length === 0 && head !== null && isKeptAlive(head),
    keepAliveMs: () => {
      const seconds = /(?:^|[\s,])timeout=(\d{1,6})/i.exec(
        String(head?.headers['keep-alive'] ?? ''),
      );
      return seconds ? Number(seconds[1]) * 1_000 : null;
    },
  };
}

/** What does not begin as an answer does need not be waited for. */
function refuseStrangers(bytes: Buffer): void {
  const begun = bytes.toString('latin1', 0, Math.min(bytes.length, 7));
  if (!'HTTP/1.'.startsWith(begun)) throw new ConnectionFailed('NOT_HTTP');
}

/** `text`: all lines of a head, each with its end. */
function parseHead(text: string): Head {
  if (!LINES.test(text)) throw new ConnectionFailed('MALFORMED_HEAD');
  const lines = text.slice(0, -2).split('\r\n');
  const status = STATUS_LINE.exec(lines[0] ?? '');
  if (!status) throw new ConnectionFailed('NOT_HTTP');
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let i = 1; i < lines.length; i++) addField(headers, lines[i] as string);
  const code = Number(status[2]);
  return {
    minor: status[1] as string,
    status: code,
    headers,
    length: contentLength(code, headers),
  };
}

function addField(headers: Record<string, string | string[]>, line: string): void {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon);
  if (colon < 1 || !NAME.test(name)) throw new ConnectionFailed('MALFORMED_HEAD');
  const key = name.toLowerCase();
  const value = line.slice(colon + 1).trim();
  const before = headers[key];
  headers[key] = before === undefined ? value : [...[before].flat(), value];
}

/** RFC 9112, 6.3. Two lengths, or a length beside a coding, could be read in two ways. */
function contentLength(status: number, headers: ResponseHeaders): Head['length'] {
  const {
    'content-length': length,
    'transfer-encoding': coding,
    'content-encoding': encoding,
  } = headers;
  // We ask for none. Inflating one could fill the memory.
  if (encoding !== undefined && String(encoding).toLowerCase() !== 'identity')
    throw new ConnectionFailed('ENCODED_ANSWER');
  if (coding !== undefined) {
    if (length !== undefined || String(coding).toLowerCase() !== 'chunked')
      throw new ConnectionFailed('UNCLEAR_LENGTH');
    return 'chunked';
  }
  if (status === 204 || status === 304) return 0;
  if (length === undefined) return 'close';
  if (typeof length !== 'string' || !/^\d{1,9}$/.test(length))
    throw new ConnectionFailed('UNCLEAR_LENGTH');
  if (Number(length) > MAX_BODY_BYTES) throw new ConnectionFailed('LONG_ANSWER');
  return Number(length);
}

/** RFC 9112, 9.3. */
function isKeptAlive({ minor, headers, length }: Head): boolean {
  const asked = String(headers.connection ?? '').toLowerCase();
  if (length === 'close' || asked.includes('close')) return false;
  return minor === '1' || asked.includes('keep-alive');
}

/** A body in chunks (RFC 9112, 7.1), or null while it is not whole. */
function unchunk(bytes: Buffer): { body: Buffer; used: number } | null {
  if (bytes.length > 2 * MAX_BODY_BYTES) throw new ConnectionFailed('LONG_ANSWER');
  const parts: Buffer[] = [];
  let length = 0;
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return refuseLongLine(bytes, at);
    const size = /^([0-9a-f]{1,8})[ \t]*(?:;[\t -~\x80-\xff]*)?$/i.exec(
      bytes.toString('latin1', at, end),
    );
    if (!size) throw new ConnectionFailed('MALFORMED_CHUNK');
    const count = Number.parseInt(size[1] as string, 16);
    at = end + 2;
    if (count === 0) {
      const used = endOfTrailer(bytes, at);
      return used === null ? null : { body: Buffer.concat(parts), used };
    }
    length += count;
    if (length > MAX_BODY_BYTES) throw new ConnectionFailed('LONG_ANSWER');
    if (bytes.length < at + count + 2) return null;
    parts.push(bytes.subarray(at, at + count));
    at += count;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) throw new ConnectionFailed('MALFORMED_CHUNK');
    at += 2;
  }
}

const CR = 13;
const LF = 10;
/** A size with its extensions. */
const MAX_CHUNK_LINE_BYTES = 1_024;

function refuseLongLine(bytes: Buffer, at: number): null {
  if (bytes.length - at > MAX_CHUNK_LINE_BYTES) throw new ConnectionFailed('MALFORMED_CHUNK');
  return null;
}

/** Where the message ends after the last chunk: at an empty line, with or without trailers before it. */
function endOfTrailer(bytes: Buffer, at: number): number | null {
  if (bytes.length - at > MAX_HEAD_BYTES) throw new ConnectionFailed('LONG_HEAD');
  if (bytes[at] === CR && bytes[at + 1] === LF) return at + 2;
  const end = bytes.indexOf(END_OF_HEAD, at);
  return end < 0 ? null : end + END_OF_HEAD.length;
}
