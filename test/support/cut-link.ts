import { createServer, connect as netConnect, type Socket } from 'node:net';
import { atEnd } from './at-end.ts';
import { freePort } from './free-port.ts';

/** A way to a database that loses the answer to one statement, and everything else with it. */
export interface CutLink {
  url: string;
  /**
   * Cuts when the database has answered the next statement that matches, and lets nobody in for `awayMs`. `after`: not before a statement
   * that matches it has come by the same connection.
   */
  loseAnswer(to: RegExp, awayMs: number, after?: RegExp): void;
  /** Whether an answer was lost. */
  hasCut(): boolean;
}

/** Begins a way to the database at `url`; it ends with the test or file that asked for it. */
export async function startCutLink(url: string): Promise<CutLink> {
  const to = new URL(url);
  const sockets = new Set<Socket>();
  let next: { statements: readonly RegExp[]; awayMs: number } | null = null;
  let isAway = false;
  let cuts = 0;
  const cut = (awayMs: number): void => {
    cuts += 1;
    isAway = true;
    for (const socket of sockets) socket.destroy();
    setTimeout(() => {
      isAway = false;
    }, awayMs).unref();
  };
  const server = createServer((near) => {
    if (isAway) return void near.destroy();
    const far = netConnect(Number(to.port), to.hostname);
    let losing: number | null = null;
    let mine: typeof next = null;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      const awaited = mine ?? next;
      const [first, ...rest] = awaited?.statements ?? [];
      if (awaited && first?.test(bytes.toString('latin1'))) {
        next = null;
        mine = { ...awaited, statements: rest };
        if (rest.length === 0) losing = awaited.awayMs;
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (losing === null) near.write(bytes);
      else cut(losing);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  atEnd(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return {
    url: through.href,
    loseAnswer: (statement, awayMs, after) => {
      next = { statements: after ? [after, statement] : [statement], awayMs };
    },
    hasCut: () => cuts > 0,
  };
}
