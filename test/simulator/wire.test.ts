import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { authorize } from './support.ts';

let simulator: Network;
let token: string;

beforeAll(async () => {
  simulator = await startNetwork();
});
beforeEach(async () => {
  await simulator.control.reset();
  token = (await authorize(simulator.url, 'anna')).access_token;
});

function raw() {
  const { hostname, port } = new URL(simulator.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  return { socket, received: () => received, ended: once(socket, 'end') };
}

function head(...more: string[]) {
  return [
    'POST /2/tweets HTTP/1.1',
    'Host: x',
    'User-Agent: test',
    `AUTHORIZATION: Bearer ${token}`,
    ...more,
    '',
    '',
  ].join('\r\n');
}

function whole(text: string, ...more: string[]) {
  const body = JSON.stringify({ text });
  return `${head(`Content-Length: ${Buffer.byteLength(body)}`, ...more)}${body}`;
}

const texts = async () => (await simulator.control.posts()).map(({ text }) => text);

describe('the wire', () => {
  test('takes a request byte by byte', async () => {
    const { socket, ended, received } = raw();
    for (const byte of Buffer.from(whole('Звон', 'Connection: close'))) {
      socket.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await ended;
    expect(received()).toMatch(/^HTTP\/1\.1 201 Created\r\n[\s\S]*connection: close/);
    expect(await texts()).toEqual(['Звон']);
  });

  test('answers requests that were sent ahead, in order', async () => {
    const { socket, ended, received } = raw();
    socket.write(whole('One') + whole('Two') + whole('Two') + whole('Three', 'Connection: close'));
    await ended;
    expect(received().match(/HTTP\/1\.1 \d+/g)).toEqual(
      [201, 201, 403, 201].map((status) => `HTTP/1.1 ${status}`),
    );
    expect(await texts()).toEqual(['One', 'Two', 'Three']);
  });

  test('takes a body in chunks, and keeps the connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (const text of ['One 🔔', 'Two 🔔']) {
      const sending = request(`${simulator.url}/2/tweets`, {
        method: 'POST',
        agent,
        headers: { authorization: `Bearer ${token}`, 'user-agent': 'test' },
      });
      const body = Buffer.from(JSON.stringify({ text }));
      for (let i = 0; i < body.length; i += 5) sending.write(body.subarray(i, i + 5));
      sending.end();
      const [response] = await once(sending, 'response');
      ports.add(sending.socket?.localPort);
      expect(response.statusCode).toBe(201);
      response.resume();
      await once(response, 'end');
    }
    agent.destroy();
    expect(ports.size).toBe(1);
    expect(await texts()).toEqual(['One 🔔', 'Two 🔔']);
  });

  test('lets a client that waits for it go on', async () => {
    const { socket, ended, received } = raw();
    const [first, body] = whole('Hello', 'Expect: 100-continue', 'Connection: close').split(
      '\r\n\r\n',
    );
    socket.write(`${first}\r\n\r\n`);
    await expect.poll(received).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(body ?? '');
    await ended;
    expect(received()).toContain('201 Created');
  });

  test('answers a client that has finished sending', async () => {
    await simulator.control.behaviour({ latency: { kind: 'fixed', medianMs: 50 } });
    const { socket, ended, received } = raw();
    socket.end(whole('Hello'));
    await ended;
    expect(received()).toContain('201 Created');
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nnonsense\r\n\r\n'],
    ['a length that is none', 'POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n'],
    ['a chunk that is none', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('refuses %s', async (_what, text) => {
    const { socket, ended, received } = raw();
    socket.write(text);
    await ended;
    expect(received()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });

  test('records a client that left in the middle', async () => {
    const { socket } = raw();
    socket.end(whole('Hello').slice(0, -5));
    await expect
      .poll(async () =>
        // What other tests left behind may be recorded only now.
        (await simulator.control.record(0, 'other')).filter(({ path }) => path === '/2/tweets'),
      )
      .toMatchObject([{ method: 'POST', path: '/2/tweets', status: null }]);
    expect(await texts()).toEqual([]);
  });
});
