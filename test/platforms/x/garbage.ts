import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a sick network does with a post, and what is known of that post then. */
export interface Garbage {
  name: string;
  treat(socket: Socket): void;
  /** The outcome's kind, and its reason where it is a refusal. */
  expected: string;
}

type Then = 'keep' | 'end' | 'reset';

/** Treats a request, once it is here, with these bytes, and then lets the connection be, ends it or resets it. */
function afterRequest(act: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', () => act(socket));
  };
}

function says(bytes: string | Buffer, then: Then): (socket: Socket) => void {
  return afterRequest((socket) => {
    if (then === 'end') socket.end(bytes);
    else socket.write(bytes, () => then === 'reset' && socket.resetAndDestroy());
  });
}

const CREATED = '{"data":{"id":"1234567890","text":"We ring the bell together."}}';
const JSON_TYPE = 'content-type: application/json\r\n';
const HTML = '<!doctype html><title>Oh</title><h1>Something of a gateway</h1>';

function answer(status: string, body: string | Buffer, headers = JSON_TYPE): Buffer {
  const content = Buffer.from(body as string);
  const head = `HTTP/1.1 ${status}\r\n${headers}content-length: ${content.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}

function chunked(...lines: string[]): string {
  return `HTTP/1.1 201 Created\r\n${JSON_TYPE}transfer-encoding: chunked\r\n\r\n${lines.join('')}`;
}

const inOneChunk = `${CREATED.length.toString(16)}\r\n${CREATED}\r\n`;
const whole = answer('201 Created', CREATED);

/** Writes a little, again and again, until the other side has had enough. */
function dripping(first: string, drop: string, everyMs: number): (socket: Socket) => void {
  return afterRequest((socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(drop), everyMs);
    socket.once('close', () => clearInterval(timer));
  });
}

/** Writes as fast as it is read. */
function flooding(first: string, block: string | Buffer): (socket: Socket) => void {
  return afterRequest((socket) => {
    socket.write(first);
    const pour = (): void => {
      for (let i = 0; !socket.destroyed && i < 10_000; i++) {
        if (!socket.write(block)) return;
      }
    };
    socket.on('drain', pour);
    pour();
  });
}

const kinds: [string, (socket: Socket) => void, string][] = [
  // Answers that are whole.
  ['201 with an id', says(whole, 'keep'), 'posted'],
  ['200 with an id', says(answer('200 OK', CREATED), 'keep'), 'posted'],
  ['two answers at once', says(Buffer.concat([whole, whole]), 'keep'), 'posted'],
  ['201 and the connection closed', says(whole, 'end'), 'posted'],
  ['201 byte by byte in chunks', says(chunked(inOneChunk, '0\r\n\r\n'), 'keep'), 'posted'],
  ['201 after 103', says(`HTTP/1.1 103 Early Hints\r\n\r\n${whole}`, 'keep'), 'posted'],
  ['201 as HTML, but with an id', says(answer('201 Created', CREATED, ''), 'keep'), 'posted'],
  ['201 up to the end of the connection', says(`HTTP/1.1 201 \r\n\r\n${CREATED}`, 'end'), 'posted'],
  [
    '201 with Latin-1 in its text',
    says(answer('201 Created', Buffer.from(`${CREATED.slice(0, -3)}\xe9"}}`, 'latin1')), 'keep'),
    'posted',
  ],
  ['201 without an id', says(answer('201 Created', '{"data":{}}'), 'keep'), 'unknown'],
  [
    '201 with a number for an id',
    says(answer('201 Created', '{"data":{"id":5}}'), 'keep'),
    'unknown',
  ],
  [
    '201 with words for an id',
    says(answer('201 Created', '{"data":{"id":"../5"}}'), 'keep'),
    'unknown',
  ],
  [
    '201 with an endless id',
    says(answer('201 Created', `{"data":{"id":"${'9'.repeat(500)}"}}`), 'keep'),
    'unknown',
  ],
  [
    '201 with errors and no data',
    says(answer('201 Created', '{"errors":[{"code":1}]}'), 'keep'),
    'unknown',
  ],
  ['200 with a gateway’s page', says(answer('200 OK', HTML), 'keep'), 'unknown'],
  ['200 with nothing', says(answer('200 OK', ''), 'keep'), 'unknown'],
  ['204', says('HTTP/1.1 204 No Content\r\n\r\n', 'keep'), 'unknown'],
  ['205', says(answer('205 Reset Content', ''), 'keep'), 'unknown'],
  ['206 with half', says(answer('206 Partial Content', CREATED.slice(0, 30)), 'keep'), 'unknown'],
  [
    'JSON that nests 30,000 deep',
    says(answer('201 Created', '['.repeat(30_000)), 'keep'),
    'unknown',
  ],
  [
    'JSON about prototypes',
    says(answer('201 Created', '{"__proto__":{"data":{"id":"7"}}}'), 'keep'),
    'unknown',
  ],
  ['UTF-16', says(answer('201 Created', Buffer.from(CREATED, 'utf16le')), 'keep'), 'unknown'],
  ['nothing but zeros', says(answer('201 Created', Buffer.alloc(1_000)), 'keep'), 'unknown'],
  // Compressed, though we asked for none.
  [
    'gzip',
    says(answer('201 Created', gzipSync(CREATED), 'content-encoding: gzip\r\n'), 'keep'),
    'unknown',
  ],
  [
    'a gzip bomb of 64 MB',
    says(answer('201 Created', bomb(), 'content-encoding: gzip\r\n'), 'keep'),
    'unknown',
  ],
  [
    'gzip in capitals, twice',
    says(
      answer('201 Created', CREATED, 'Content-Encoding: GZIP\r\ncontent-encoding: br\r\n'),
      'keep',
    ),
    'unknown',
  ],
  [
    'what says gzip and is not',
    says(answer('500 No', CREATED, 'content-encoding: gzip\r\n'), 'keep'),
    'unknown',
  ],
  [
    'identity, and it says so',
    says(answer('201 Created', CREATED, 'content-encoding: Identity\r\n'), 'keep'),
    'posted',
  ],
  // Redirects are not followed.
  [
    '301 elsewhere',
    says(answer('301 Moved', '', 'location: http://127.0.0.1:9/\r\n'), 'keep'),
    'unknown',
  ],
  ['302 to itself', says(answer('302 Found', '{}', 'location: /2/tweets\r\n'), 'keep'), 'unknown'],
  [
    '303 with an id',
    says(answer('303 See Other', CREATED, 'location: /2/tweets/5\r\n'), 'keep'),
    'unknown',
  ],
  [
    '307',
    says(answer('307 Temporary Redirect', '{}', 'location: /2/tweets\r\n'), 'keep'),
    'unknown',
  ],
  ['308 in HTML', says(answer('308 Permanent Redirect', HTML), 'keep'), 'unknown'],
  // Refusals.
  [
    '400 of X’s',
    says(answer('400 Bad Request', '{"title":"Invalid Request"}'), 'keep'),
    'refused text_invalid',
  ],
  ['400 of a gateway’s', says(answer('400 Bad Request', HTML), 'keep'), 'unknown'],
  ['401', says(answer('401 Unauthorized', '{"status":401}'), 'keep'), 'reconnect'],
  ['402', says(answer('402 Payment Required', ''), 'keep'), 'refused app_problem'],
  ['403 for a machine', says(answer('403 Forbidden', HTML), 'keep'), 'unknown'],
  [
    '403 duplicate',
    says(answer('403 Forbidden', '{"detail":"duplicate content."}'), 'keep'),
    'refused duplicate',
  ],
  ['407 of a proxy’s', says(answer('407 Proxy Authentication Required', HTML), 'keep'), 'unknown'],
  ['408 of a gateway’s', says(answer('408 Request Timeout', HTML), 'end'), 'unknown'],
  ['413 of X’s', says(answer('413 Too Large', '{}'), 'keep'), 'refused text_invalid'],
  ['418', says(answer('418 Teapot', ''), 'keep'), 'unknown'],
  ['429 without a word', says(answer('429 Too Many Requests', ''), 'keep'), 'wait'],
  [
    '429 with a wait of thirty years',
    says(answer('429 Too Many Requests', '{}', 'retry-after: 1000000000\r\n'), 'keep'),
    'wait',
  ],
  [
    '429 of the app',
    says(answer('429 Too Many Requests', '{}', 'x-app-limit-24hour-remaining: 0\r\n'), 'keep'),
    'throttled',
  ],
  // Failures.
  ['500 of X’s', says(answer('500 Internal Server Error', '{"status":500}'), 'keep'), 'unknown'],
  ['500 with an id in it', says(answer('500 Internal Server Error', CREATED), 'keep'), 'unknown'],
  ['502', says(answer('502 Bad Gateway', HTML), 'keep'), 'unknown'],
  ['503 of X’s', says(answer('503 Service Unavailable', '{"status":503}'), 'keep'), 'unknown'],
  ['503 of a gateway’s', says(answer('503 Service Unavailable', HTML), 'end'), 'unknown'],
  ['504', says(answer('504 Gateway Timeout', ''), 'end'), 'unknown'],
  ['520', says(answer('520 Unknown', HTML), 'keep'), 'unknown'],
  ['a status of 999', says(answer('999 Denied', '{}'), 'keep'), 'unknown'],
  ['a status of 2010', says(answer('2010 Created', CREATED), 'keep'), 'unknown'],
  ['a status of 0', says(answer('000 Nothing', CREATED), 'keep'), 'unknown'],
  // 1xx.
  ['100 that nobody asked for', says(`HTTP/1.1 100 Continue\r\n\r\n${whole}`, 'keep'), 'unknown'],
  [
    '101',
    says('HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n', 'keep'),
    'unknown',
  ],
  ['102 and the end', says('HTTP/1.1 102 Processing\r\n\r\n', 'end'), 'unknown'],
  ['a storm of 102', flooding('', 'HTTP/1.1 102 Processing\r\n\r\n'), 'unknown'],
  [
    'a storm of 103 with headers',
    flooding('', `HTTP/1.1 103 Hints\r\nlink: ${'x'.repeat(1_000)}\r\n\r\n`),
    'unknown',
  ],
  // Headers.
  [
    'a header of 1 MB',
    says(`HTTP/1.1 201 Created\r\nx: ${'a'.repeat(1 << 20)}\r\n\r\n`, 'keep'),
    'unknown',
  ],
  [
    '10,000 headers',
    says(`HTTP/1.1 201 Created\r\n${'a: b\r\n'.repeat(10_000)}\r\n${CREATED}`, 'keep'),
    'unknown',
  ],
  [
    'headers without end',
    flooding('HTTP/1.1 201 Created\r\n', 'x-more: and more\r\n'.repeat(100)),
    'unknown',
  ],
  [
    'a header by the name of __proto__',
    says(answer('201 Created', CREATED, '__proto__: x\r\nconstructor: y\r\n'), 'keep'),
    'posted',
  ],
  ['zeros in a header', says(answer('201 Created', CREATED, 'x: a\0b\r\n'), 'keep'), 'unknown'],
  ['a header without a name', says(answer('201 Created', CREATED, ': x\r\n'), 'keep'), 'unknown'],
  // Lengths.
  ['less than its length, and closed', says(whole.subarray(0, -9), 'end'), 'unknown'],
  ['less than its length, and reset', says(whole.subarray(0, -9), 'reset'), 'unknown'],
  ['less than its length, and silence', says(whole.subarray(0, -9), 'keep'), 'unknown'],
  [
    'an endless length',
    says(`HTTP/1.1 201 Created\r\ncontent-length: 99999999999999\r\n\r\n${CREATED}`, 'end'),
    'unknown',
  ],
  [
    'a length below zero',
    says(`HTTP/1.1 201 Created\r\ncontent-length: -5\r\n\r\n${CREATED}`, 'keep'),
    'unknown',
  ],
  ['two lengths', says(answer('201 Created', CREATED, 'content-length: 3\r\n'), 'keep'), 'unknown'],
  [
    'a length of words',
    says(`HTTP/1.1 201 Created\r\ncontent-length: many\r\n\r\n${CREATED}`, 'keep'),
    'unknown',
  ],
  [
    'a body of 100 MB',
    flooding(
      `HTTP/1.1 201 Created\r\ncontent-length: ${100 << 20}\r\n\r\n`,
      Buffer.alloc(1 << 16, 32),
    ),
    'unknown',
  ],
  [
    'an id behind 70 KB of blanks',
    says(answer('201 Created', ' '.repeat(70_000) + CREATED), 'keep'),
    'unknown',
  ],
  // Chunks.
  [
    'chunks without end',
    flooding(chunked(), '400\r\n'.concat(' '.repeat(1_024), '\r\n')),
    'unknown',
  ],
  ['a chunk of no size', says(chunked('zz\r\n', CREATED), 'keep'), 'unknown'],
  ['a chunk of all sizes', says(chunked('ffffffffffffffffff\r\n', CREATED), 'keep'), 'unknown'],
  ['a chunk cut short', says(chunked(inOneChunk.slice(0, 20)), 'end'), 'unknown'],
  ['chunks without the last', says(chunked(inOneChunk), 'end'), 'unknown'],
  [
    'chunks and a length',
    says(
      `HTTP/1.1 201 Created\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n${inOneChunk}0\r\n\r\n`,
      'keep',
    ),
    'unknown',
  ],
  [
    'trailers without end',
    flooding(chunked(inOneChunk, '0\r\n'), 'x-more: and more\r\n'.repeat(100)),
    'unknown',
  ],
  // What is no HTTP, or no answer.
  ['words', says('Go away.\n', 'keep'), 'unknown'],
  ['words and the end', says('Go away.\n', 'end'), 'unknown'],
  ['HTTP/0.9', says(CREATED, 'end'), 'unknown'],
  ['HTTP/2', says(Buffer.from('00001204000000000000', 'hex'), 'keep'), 'unknown'],
  ['HTTP/9.9', says(whole.toString().replace('1.1', '9.9'), 'keep'), 'unknown'],
  ['TLS', says(Buffer.from('15030100020228', 'hex'), 'end'), 'unknown'],
  [
    'noise',
    says(Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7_919) % 256)), 'keep'),
    'unknown',
  ],
  ['silence', afterRequest(() => undefined), 'unknown'],
  ['the end', says('', 'end'), 'unknown'],
  ['a reset', says('', 'reset'), 'unknown'],
  ['half a status line and a reset', says('HTTP/1.1 20', 'reset'), 'unknown'],
  ['a status line and the end', says('HTTP/1.1 201 Created\r\n', 'end'), 'unknown'],
  [
    'a reset before the body is read',
    (socket) => socket.once('readable', () => socket.resetAndDestroy()),
    'unknown',
  ],
  ['a slow loris in the status line', dripping('HTTP/1.1 201', ' ', 20), 'unknown'],
  ['a slow loris in the headers', dripping('HTTP/1.1 201 Created\r\n', 'x: y\r\n', 20), 'unknown'],
  [
    'a slow loris in the body',
    dripping('HTTP/1.1 201 Created\r\ncontent-length: 9999\r\n\r\n', ' ', 20),
    'unknown',
  ],
  ['a slow loris of 102', dripping('', 'HTTP/1.1 102 Processing\r\n\r\n', 50), 'unknown'],
];

function bomb(): Buffer {
  return gzipSync(Buffer.alloc(64 << 20), { level: 1 });
}

export const GARBAGE: readonly Garbage[] = kinds.map(([name, treat, expected]) => ({
  name,
  treat,
  expected,
}));
