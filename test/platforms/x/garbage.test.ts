import { createServer } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { atEnd } from '../../support/at-end.ts';
import { GARBAGE } from './garbage.ts';
import { loneOrder, rawNetwork, xAt } from './support.ts';

/** Long enough for an answer on a busy machine, short enough to wait for. */
const HURRIED_MS = 400;
const MAX_GROWTH = 50 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Objects, and the bytes outside of the heap. */
function taken(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What is in use when all that can go has gone. */
function inUse(): number {
  collect();
  return taken();
}

async function postTo(url: string): Promise<Outcome> {
  return xAt(url, { timeoutMs: HURRIED_MS }).prepare(loneOrder)();
}

function named(outcome: Outcome): string {
  return outcome.kind === 'refused' ? `refused ${outcome.reason}` : outcome.kind;
}

describe('garbage from the network', () => {
  let before = 0;
  beforeAll(() => {
    before = inUse();
  });
  afterAll(() => {
    expect(inUse() - before).toBeLessThan(MAX_GROWTH);
  });

  it('is of a hundred kinds', () => {
    expect(new Set(GARBAGE.map(({ name }) => name)).size).toBe(GARBAGE.length);
    expect(GARBAGE.length).toBeGreaterThanOrEqual(100);
  });

  for (const { name, treat, expected } of GARBAGE) {
    it(`${name}: ${expected}`, async () => {
      const now = Date.now();
      const outcome = await postTo(await rawNetwork(treat));
      expect(named(outcome)).toBe(expected);
      if ('detail' in outcome) expect(outcome.detail).toMatch(/^[\w .:’-]{1,100}$/);
      if ('until' in outcome) {
        expect(outcome.until.getTime()).toBeGreaterThan(now);
        expect(outcome.until.getTime() - now).toBeLessThan(25 * 3_600_000);
      }
      // Collecting takes its time, so it is left until there is something to collect.
      if (taken() - before > MAX_GROWTH) expect(inUse() - before).toBeLessThan(MAX_GROWTH);
    });
  }
});

describe('a handshake that fails', () => {
  const asTls = (url: string): string => url.replace('http:', 'https:');

  it('leaves a post unsent: no TLS at the other side, silence, an end or a reset', async () => {
    const networks = [
      await rawNetwork((socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n'))),
      await rawNetwork(() => undefined),
      await rawNetwork((socket) => socket.end()),
      await rawNetwork((socket) => socket.once('data', () => socket.resetAndDestroy())),
    ];
    for (const network of networks) {
      expect(await postTo(asTls(network))).toEqual({
        kind: 'not_sent',
        detail: expect.any(String),
      });
    }
  });

  it('leaves a post unsent: nothing in common', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    atEnd(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await postTo(`https://127.0.0.1:${port}`)).toMatchObject({ kind: 'not_sent' });
  });
});
