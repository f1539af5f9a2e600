import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createCrash } from '../../../src/crash.ts';
import {
  createSender,
  type PreparedRequest,
  type Sender,
  type SenderOptions,
} from '../../../src/outbound/wire/sender.ts';
import { rawNetwork } from '../../platforms/x/support.ts';
import { atEnd } from '../../support/at-end.ts';
import { freePort } from '../../support/free-port.ts';
import { startProcess } from '../../support/process.ts';
import { tempFolder } from '../../support/temp.ts';
import { waitFor } from '../../support/wait-for.ts';

function senderTo(origin: string, change: Partial<SenderOptions> = {}): Sender {
  const sender = createSender({
    origin,
    probePath: '/',
    timeoutMs: 5_000,
    connections: 64,
    crash: createCrash(''),
    ...change,
  });
  atEnd(() => sender.dispose());
  return sender;
}

const post = (words: string): PreparedRequest => ({
  method: 'POST',
  path: '/post',
  headers: ['content-type', 'text/plain'],
  body: words,
});

const ok = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

interface Arrival {
  socket: Socket;
  /** The number of its connection, from 1. */
  connection: number;
  method: string;
  body: string;
}

/** A network that hands every whole request to `answer`, and remembers it. */
async function network(answer: (arrival: Arrival, arrivals: Arrival[]) => void) {
  const arrivals: Arrival[] = [];
  let connections = 0;
  const url = await rawNetwork((socket) => {
    connections++;
    const connection = connections;
    let read = '';
    socket.on('data', (chunk) => {
      read += chunk.toString();
      const [head = '', body] = read.split('\r\n\r\n', 2);
      const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
      if (body === undefined || body.length < length) return;
      read = '';
      const arrival = { socket, connection, method: head.split(' ')[0] ?? '', body };
      arrivals.push(arrival);
      answer(arrival, arrivals);
    });
  });
  return { url, arrivals, connections: () => connections };
}

describe('warm connections', () => {
  it('are opened ahead, counted, and used', async () => {
    const { url, arrivals, connections } = await network(({ socket, body }) =>
      socket.write(ok(body)),
    );
    const sender = senderTo(url);
    const ms = await sender.openConnections(20);
    expect(ms).toBeGreaterThan(0);
    expect(connections()).toBe(20);
    expect(new Set(arrivals.map(({ connection }) => connection)).size).toBe(20);
    expect(await sender.openConnections(30)).toBeGreaterThan(0);
    expect(await sender.openConnections(10)).toBeGreaterThan(0);
    expect(connections()).toBe(30);
    const words = Array.from({ length: 30 }, (_, i) => `post ${i}`);
    const answers = await Promise.all(words.map((word) => sender.send(post(word))));
    expect(answers.map((result) => result.kind === 'answer' && result.body)).toEqual(words);
    expect(connections()).toBe(30);
  });

  it('are no more than allowed; what is beyond waits its turn', async () => {
    const { url, connections } = await network(({ socket, body }) => socket.write(ok(body)));
    const sender = senderTo(url, { connections: 3 });
    expect(await sender.openConnections(50)).toBeGreaterThan(0);
    const words = Array.from({ length: 40 }, (_, i) => `post ${i}`);
    const answers = await Promise.all(words.map((word) => sender.send(post(word))));
    expect(answers.map((result) => result.kind === 'answer' && result.body)).toEqual(words);
    expect(connections()).toBe(3);
  });

  it('are not had where nobody answers', async () => {
    const nobody = senderTo(`http://127.0.0.1:${await freePort()}`);
    expect(await nobody.openConnections(10)).toBeNull();
    const silent = await rawNetwork(() => undefined);
    expect(await senderTo(silent, { timeoutMs: 200 }).openConnections(10)).toBeNull();
  });

  it('tells how long an answer takes, without the handshakes', async () => {
    const { url } = await network(({ socket }) => {
      setTimeout(() => socket.write(ok('')), 60);
    });
    const ms = await senderTo(url).openConnections(8);
    expect(ms).toBeGreaterThanOrEqual(59);
    expect(ms).toBeLessThan(1_000);
  });
});

describe('a connection that goes away', () => {
  it('while it rests costs nothing: the next post takes another', async () => {
    let closed = 0;
    const { url, arrivals, connections } = await network(({ socket, body }) => {
      socket.once('close', () => closed++);
      socket.write(ok(body), () => socket.end());
    });
    const sender = senderTo(url, { connections: 1 });
    for (const words of ['one', 'two', 'three']) {
      expect(await sender.send(post(words))).toMatchObject({ kind: 'answer', body: words });
      await waitFor(() => closed === arrivals.length);
    }
    expect(arrivals.map(({ body }) => body)).toEqual(['one', 'two', 'three']);
    expect(connections()).toBe(3);
  });

  it('under a post leaves it in doubt, and is never made good by sending it again', async () => {
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const { url, arrivals } = await network(({ socket, body }, { length }) => {
        if (length === 2) socket[leave]();
        else socket.write(ok(body));
      });
      const sender = senderTo(url, { connections: 1 });
      expect(await sender.send(post('one'))).toMatchObject({ kind: 'answer' });
      expect(await sender.send(post('two'))).toMatchObject({ kind: 'no_answer', left: true });
      expect(await sender.send(post('three'))).toMatchObject({ kind: 'answer', body: 'three' });
      expect(arrivals.map(({ body }) => body)).toEqual(['one', 'two', 'three']);
    }
  });

  it('before its handshake leaves the post unsent', async () => {
    const sender = senderTo(`http://127.0.0.1:${await freePort()}`, { connections: 2 });
    const posts = Array.from({ length: 10 }, (_, i) => sender.send(post(`post ${i}`)));
    for (const result of await Promise.all(posts)) {
      expect(result).toEqual({ kind: 'no_answer', left: false, code: 'ECONNREFUSED' });
    }
  });
});

describe('an answer', () => {
  it('that nobody asked for is given to nobody', async () => {
    let twice = 0;
    const { url, arrivals } = await network(({ socket, body }) => {
      // The second answer comes while the connection rests.
      socket.write(ok(body), () => socket.write(ok(`${body}, once more`), () => twice++));
    });
    const sender = senderTo(url, { connections: 1 });
    for (const words of ['one', 'two', 'three', 'four']) {
      const result = await sender.send(post(words));
      if (result.kind === 'answer') expect(result.body).toBe(words);
      else expect(result.left).toBe(true);
      await waitFor(() => twice === arrivals.length);
    }
  });

  it('that only ever announces another is given up soon', async () => {
    const { url } = await network(({ socket }) => {
      socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100));
    });
    const result = await senderTo(url).send(post('words'));
    expect(result).toEqual({ kind: 'no_answer', left: true, code: 'ONLY_1XX' });
  });

  it('that comes too late is not taken for that of the next post', async () => {
    let isLate = false;
    const answerLate = (socket: Socket, body: string): void => {
      isLate = true;
      socket.write(ok(body));
    };
    const { url, arrivals } = await network(({ socket, body }) => {
      if (body === 'slow') setTimeout(answerLate, 1_200, socket, body);
      else socket.write(ok(body));
    });
    const sender = senderTo(url, { connections: 1, timeoutMs: 600 });
    const late = await sender.send(post('slow'));
    expect(late).toEqual({ kind: 'no_answer', left: true, code: 'TIMEOUT' });
    for (let after = 0; after < 5; after += isLate ? 1 : 0) {
      const words = `quick ${arrivals.length}`;
      expect(await sender.send(post(words))).toMatchObject({ kind: 'answer', body: words });
      await waitForTurns(3);
    }
    expect(arrivals.filter(({ body }) => body === 'slow')).toHaveLength(1);
  });

  it('that is here already is read before time is up, however long this process was held up', async () => {
    const answered = join(await tempFolder('answered'), 'yes');
    const serve = `const server = require('node:http').createServer((request, response) => {
      response.end('here', () => {
        if (request.method === 'POST') require('node:fs').writeFileSync('${answered}', '');
      });
    }).listen(0, '127.0.0.1', () => console.log('port ' + server.address().port))`;
    const other = await startProcess({ args: ['-e', serve] });
    const [, port] = await other.line(/^port (\d+)$/);
    const sender = senderTo(`http://127.0.0.1:${port}`, { timeoutMs: 400 });
    await sender.openConnections(1);
    const answer = sender.send(post('held up'));
    await waitForTurns(3);
    // Until time is up and the answer is on its way, whichever is later; but not for ever.
    const [heldUntil, given] = [performance.now() + 500, performance.now() + 20_000];
    while (performance.now() < heldUntil || (!existsSync(answered) && performance.now() < given));
    expect(await answer).toMatchObject({ kind: 'answer', body: 'here' });
  });
});

/** Turns of the event loop. */
async function waitForTurns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a post that is given up', () => {
  it('while it waits for a connection never leaves', async () => {
    const { url, arrivals } = await network(() => undefined);
    const sender = senderTo(url, { connections: 1, timeoutMs: 200 });
    const [first, ...others] = await Promise.all(
      ['one', 'two', 'three'].map((words) => sender.send(post(words))),
    );
    expect(first).toEqual({ kind: 'no_answer', left: true, code: 'TIMEOUT' });
    for (const other of others) {
      expect(other).toEqual({ kind: 'no_answer', left: false, code: 'TIMEOUT' });
    }
    const fourth = await sender.send(post('four'));
    expect(fourth).toMatchObject({ left: true });
    expect(arrivals.map(({ body }) => body)).toEqual(['one', 'four']);
  });

  it('by our own end is in doubt, or unsent when it waited, and so is what comes after', async () => {
    const { url, arrivals } = await network(() => undefined);
    const sender = senderTo(url, { connections: 1 });
    const posts = ['one', 'two'].map((words) => sender.send(post(words)));
    await waitFor(() => arrivals.length === 1);
    sender.dispose();
    const codes = (await Promise.all([...posts, sender.send(post('three'))])).map((result) =>
      result.kind === 'no_answer' ? result.left : result.kind,
    );
    expect(codes).toEqual([true, false, false]);
    expect(arrivals).toHaveLength(1);
  });
});

describe('a crash', () => {
  const WORDS = JSON.stringify({ text: 'We ring the bell together.' });

  /** What the bodies of its posts looked like when the process had died at this point, and what it had said by then. */
  async function dieAt(point: string): Promise<{ bodies: string[]; said: string }> {
    const bodies: string[] = [];
    let ended = 0;
    const url = await rawNetwork((socket) => {
      let read = '';
      socket.on('close', () => {
        const rest = read.split('\r\n\r\n')[1];
        if (read.startsWith('POST')) bodies.push(rest ?? 'no head');
        ended++;
      });
      socket.on('data', (chunk) => {
        read += chunk.toString();
        if (read.startsWith('GET')) {
          read = '';
          socket.write(ok(''));
        } else if (read.endsWith(WORDS)) {
          bodies.push(WORDS);
          read = '';
          socket.write(ok('{"data":{"id":"7"}}'));
        }
      });
    });
    const child = await startProcess({
      args: ['test/platforms/fixtures/post.ts', url, point, '5'],
    });
    expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL' });
    await waitFor(() => ended > 0);
    return { bodies, said: child.stdout() };
  }

  it('after the first byte: the head and one byte of the body', async () => {
    expect(await dieAt('after-first-byte:1')).toEqual({ bodies: ['{'], said: '' });
    const third = await dieAt('after-first-byte:3');
    expect(third).toEqual({ bodies: [WORDS, WORDS, '{'], said: 'posted\nposted\n' });
  });

  it('in the middle of the body', async () => {
    const half = WORDS.slice(0, Math.ceil(WORDS.length / 2));
    expect(await dieAt('mid-body:2')).toEqual({ bodies: [WORDS, half], said: 'posted\n' });
  });

  it('after the answer, before anybody has heard of it', async () => {
    expect(await dieAt('after-answer:2')).toEqual({ bodies: [WORDS, WORDS], said: 'posted\n' });
  });
});

describe('a host that nothing is sent to', () => {
  it('E9 wakes nobody: a timer runs while a request is under way, and no longer', async () => {
    const { url } = await network(({ socket, body }) => socket.write(ok(body)));
    const [began, ended] = [
      vi.spyOn(globalThis, 'setInterval'),
      vi.spyOn(globalThis, 'clearInterval'),
    ];
    const running = () => {
      const timers = new Set(began.mock.results.map(({ value }) => value));
      for (const [timer] of ended.mock.calls) timers.delete(timer);
      return timers.size;
    };
    atEnd(() => vi.restoreAllMocks());
    const sender = senderTo(url);
    expect(running()).toBe(0);
    for (const word of ['one', 'two']) {
      const answer = sender.send(post(word));
      expect(running()).toBe(1);
      expect((await answer).kind).toBe('answer');
      await waitFor(() => running() === 0, { what: 'the end of the timer' });
    }
  });
});
