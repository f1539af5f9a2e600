import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { limitBodies } from '../../src/http/limits/body-deadline.ts';
import { createNetworks } from '../../src/http/limits/network.ts';
import { capSockets } from '../../src/http/limits/sockets.ts';
import { atEnd } from '../support/at-end.ts';
import { waitFor } from '../support/wait-for.ts';

/** Listens on this machine; gives its port. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface Line {
  socket: Socket;
  closed: boolean;
  text: string;
}

/** A connection on which this much has been said. */
async function dial(port: number, said: string): Promise<Line> {
  const socket = connect(port, '127.0.0.1');
  const line: Line = { socket, closed: false, text: '' };
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    line.text += String(data);
  });
  socket.on('close', () => {
    line.closed = true;
  });
  atEnd(() => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('close', () => resolve());
  });
  if (said !== '') socket.write(said);
  return line;
}

const WHOLE = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';
const HALF_HEADERS = 'GET / HTTP/1.1\r\nhost:';
const HALF_BODY = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf';

describe('A7 connections', () => {
  const unknown = () => null;

  it.each([
    ['nothing', ''],
    ['half their headers', HALF_HEADERS],
    ['half a body', HALF_BODY],
  ])('A7 that hold %s make room for those that send whole requests', async (_what, said) => {
    const server = createServer((request, response) => {
      if (request.method === 'GET') response.end('answered');
    });
    capSockets(server, unknown, { total: 20, perNetwork: 20 });
    const port = await listening(server);
    const lines: Line[] = [];
    for (let i = 0; i < 60; i++) lines.push(await dial(port, said));
    for (let i = 0; i < 20; i++) {
      const honest = await dial(port, WHOLE);
      await waitFor(() => honest.text.includes('answered') || honest.closed);
      expect(honest.text).toContain('answered');
    }
    await waitFor(() => lines.filter(({ closed }) => !closed).length <= 20);
  });

  it('A7 that wait for an answer of ours are never closed for others', async () => {
    const waiting: (() => void)[] = [];
    const server = createServer((_request, response) => {
      waiting.push(() => response.end('answered'));
    });
    capSockets(server, unknown, { total: 5, perNetwork: 5 });
    const port = await listening(server);
    const honest: Line[] = [];
    for (let i = 0; i < 5; i++) honest.push(await dial(port, WHOLE));
    await waitFor(() => waiting.length === 5);
    const late = await dial(port, WHOLE);
    await waitFor(() => late.closed);
    for (const answer of waiting) answer();
    await waitFor(() => honest.every(({ text }) => text.includes('answered')));
    expect(honest.map(({ closed }) => closed)).toEqual(Array(5).fill(false));
  });

  it('A7 of one network leave the others theirs', async () => {
    const server = createServer((_request, response) => response.end('answered'));
    let from = 'flood';
    capSockets(server, () => from, { total: 100, perNetwork: 10 });
    const port = await listening(server);
    const flood: Line[] = [];
    for (let i = 0; i < 50; i++) flood.push(await dial(port, HALF_HEADERS));
    await waitFor(() => flood.filter(({ closed }) => !closed).length === 10);
    from = 'other';
    const honest = await dial(port, WHOLE);
    await waitFor(() => honest.text.includes('answered'));
    expect(flood.filter(({ closed }) => !closed)).toHaveLength(10);
  });

  it('A7 with half a body end with 408, and at once where they were answered without it', async () => {
    const app = fastify();
    limitBodies(app, 300);
    app.post('/', async () => 'taken');
    app.post(
      '/refused',
      { onRequest: async (_request, reply) => reply.code(401).send('no') },
      async () => '',
    );
    await app.ready();
    const port = await listening(app.server);
    const head = 'host: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":';
    const half = await dial(port, `POST / HTTP/1.1\r\n${head}`);
    await waitFor(() => half.closed);
    expect(half.text).toMatch(/^HTTP\/1\.1 408 /);
    expect(half.text).toMatch(/connection: close/i);
    const refused = await dial(port, `POST /refused HTTP/1.1\r\n${head}`);
    await waitFor(() => refused.closed);
    expect(refused.text).toMatch(/^HTTP\/1\.1 401 /);
    const whole = await dial(
      port,
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
    );
    await waitFor(() => whole.text.includes('taken'));
  });
});

describe('A7 networks', () => {
  const at = (trusted: string[] = []) => createNetworks(trusted);

  it('A7 are /24 of IPv4 and /48 of IPv6, however they are written', () => {
    const of = at();
    const same = (a: string, b: string) => of(a) === of(b);
    expect(same('203.0.113.1', '203.0.113.254')).toBe(true);
    expect(same('203.0.113.1', '::ffff:203.0.113.9')).toBe(true);
    expect(same('203.0.113.1', '203.0.114.1')).toBe(false);
    expect(same('2a00:1:2:3::1', '2a00:1:2:ffff::9')).toBe(true);
    // As some proxies pass them on.
    expect(of('203.0.113.1')).not.toBeNull();
    expect(same('203.0.113.1', '203.0.113.9:4711')).toBe(true);
    expect(same('2a00:1:2:3::1', '[2a00:1:2:3::9]:4711')).toBe(true);
    expect(same('2a00:1:2:3::1', '[2a00:1:2:3::9]')).toBe(true);
    expect(of('127.0.0.1:4711')).toBeNull();
    expect(same('2a00:1:2:3::1', '2a00:1:3:3::1')).toBe(false);
  });

  it('A7 are none that is known for this machine and for trusted proxies', () => {
    const of = at(['10.1.0.0/16', '2a00:9::1', 'uniquelocal']);
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.1.2.3']) {
      expect([address, of(address)]).toEqual([address, null]);
    }
    expect([of('2a00:9::1'), of('192.168.3.4'), of('fd00::1'), of(''), of('unix')]).toEqual(
      Array(5).fill(null),
    );
    expect(of('2a00:9::2')).not.toBeNull();
    expect(at()('10.1.2.3')).not.toBeNull();
  });

  it('A7 are told apart for a day, and by this process alone', () => {
    let now = 0;
    const of = createNetworks([], () => now);
    const first = of('203.0.113.1');
    now += 86_399_999;
    expect(of('203.0.113.1')).toBe(first);
    now += 1;
    expect(of('203.0.113.1')).not.toBe(first);
    expect(at()('203.0.113.1')).not.toBe(at()('203.0.113.1'));
  });
});
