import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createFairShare, SHARE } from '../../src/http/limits/fair-share.ts';
import { atEnd } from '../support/at-end.ts';
import { waitFor } from '../support/wait-for.ts';

/** A server whose requests say which network they are of, and end when they are told to. */
async function startServer(share: { running: number; holdMs: number }) {
  const fair = createFairShare(share);
  const begun: { path: string; end: () => void }[] = [];
  const came: string[] = [];
  const server = createServer((incoming, response) => {
    const [, network = '', path = ''] = (incoming.url ?? '').split('/');
    came.push(path);
    fair.enter(network, response, () => begun.push({ path, end: () => response.end(path) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const send = (network: string, path: string) => {
    const sent = request({ host: '127.0.0.1', port, path: `/${network}/${path}`, agent: false });
    sent.on('error', () => undefined);
    const answer = new Promise<number>((resolve) => {
      sent.on('response', (response: IncomingMessage) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
    });
    sent.end();
    return { sent, answer };
  };
  const all = (count: number) =>
    waitFor(() => came.length >= count, { what: `${count} requests to come` });
  const ends = (count: number) =>
    waitFor(() => begun.length >= count, { what: `${count} requests to begin` });
  return { begun, send, all, ends };
}

/** Longer than any test takes. */
const NEVER = 600_000;

it('S17 handles few requests of one network at a time, the others in their order, and other networks’ at once', async () => {
  const { begun, send, all, ends } = await startServer({ running: 2, holdMs: NEVER });
  const answers: Promise<number>[] = [];
  for (let n = 0; n < 5; n++) {
    answers.push(send('flood', `f${n}`).answer);
    await all(n + 1);
  }
  answers.push(send('other', 'honest').answer);
  await all(6);
  expect(begun.map(({ path }) => path)).toEqual(['f0', 'f1', 'honest']);
  for (let n = 0; n < 6; n++) {
    await ends(n + 1);
    begun[n]?.end();
  }
  expect(await Promise.all(answers)).toEqual(Array(6).fill(200));
  expect(begun.map(({ path }) => path)).toEqual(['f0', 'f1', 'honest', 'f2', 'f3', 'f4']);
});

it('S17 goes on where a request waits for something itself', async () => {
  const { begun, send, ends } = await startServer({ running: 1, holdMs: 20 });
  for (let n = 0; n < 4; n++) send('one', `${n}`);
  // None of them ends, and yet all begin.
  await ends(4);
  expect(begun).toHaveLength(4);
});

it('S17 begins nothing for those who have gone away while they waited', async () => {
  const { begun, send, all, ends } = await startServer({ running: 1, holdMs: NEVER });
  send('one', 'first');
  await all(1);
  const gone = send('one', 'gone');
  await all(2);
  const stays = send('one', 'stays');
  await all(3);
  gone.sent.destroy();
  await new Promise<void>((resolve) => gone.sent.once('close', () => resolve()));
  // The server hears of it before it hears of anything that comes later.
  await send('other', 'later').sent;
  await all(4);
  begun[0]?.end();
  await ends(3);
  begun.find(({ path }) => path === 'stays')?.end();
  expect(await stays.answer).toBe(200);
  expect(begun.map(({ path }) => path)).not.toContain('gone');
});

it('S17 leaves room for a browser and its assets', () => {
  // Browsers open six connections to a server (HTTP/1.1).
  expect(SHARE.running).toBeGreaterThanOrEqual(6);
});
