import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import type { PreparedPost } from './platform.ts';

/** What posts through a sender to `origin`, and how to end it. */
export interface Rehearsal {
  post: PreparedPost;
  dispose(): void;
}

/** Posts on their way at a time. */
const WIDTH = 32;

/**
 * Posts `count` times to a server of our own in this process, which takes everything with the same `answer`. Node compiles
 * what it has run a few thousand times: without this, the first seconds of a burst cost two and a half times the CPU of the rest.
 * Nothing leaves this machine. Rejects when no port of 127.0.0.1 can be had.
 */
export async function rehearse(
  count: number,
  answer: string,
  prepare: (origin: string) => Rehearsal,
): Promise<void> {
  const sockets = new Set<Socket>();
  const bytes = Buffer.from(answer);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // The body ends every request, and it is JSON.
    socket.on('data', (chunk) => chunk.at(-1) === CLOSING_BRACE && socket.write(bytes));
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const rehearsal = prepare(`http://127.0.0.1:${port}`);
  let left = count;
  const poster = async (): Promise<void> => {
    while (left-- > 0) await rehearsal.post();
  };
  await Promise.all(Array.from({ length: WIDTH }, poster));
  rehearsal.dispose();
  for (const socket of sockets) socket.destroy();
  server.close();
}

const CLOSING_BRACE = '}'.charCodeAt(0);
