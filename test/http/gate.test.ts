import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { createGate, LIMITS } from '../../src/http/limits/gate.ts';
import { createWorkProofs } from '../../src/http/limits/proof.ts';
import { createTurns, type Turns } from '../../src/http/limits/turns.ts';
import { atEnd } from '../support/at-end.ts';

/** A gate whose clock stands still, before a page on which something is begun and left unfinished. */
async function crowdedGate(
  networkOf: (address: string) => string | null = (address) => address,
  willing?: Turns,
) {
  let now = 1_000_000;
  const clock = () => now;
  const gate = createGate({
    networkOf,
    proofs: createWorkProofs('secret'),
    turns: willing ?? createTurns('secret', clock),
    now: clock,
  });
  const app = fastify({ trustProxy: true });
  await app.register((await import('@fastify/formbody')).default);
  app.post('/begin', async (request, reply) => {
    const admission = await gate.begin(request, reply, 'join');
    if (admission === null) return reply;
    const { id = '' } = (request.body ?? {}) as { id?: string };
    admission.keepUnder(id === '' ? randomUUID() : id);
    return 'begun';
  });
  atEnd(() => app.close());
  const begin = async (address: string, turn = '', id = '') => {
    const answer = await app.inject({
      ...{ method: 'POST', url: '/begin', payload: String(new URLSearchParams({ turn, id })) },
      headers: {
        'x-forwarded-for': address,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    const next = /name="turn" value="([^"]*)"/.exec(answer.body)?.[1] ?? '';
    return { status: answer.statusCode, next, wait: Number(answer.headers['retry-after'] ?? 0) };
  };
  return { gate, begin, later: (seconds: number) => (now += seconds * 1_000) };
}

describe('A7 the gate', () => {
  it('A7 lets 200 people of one address in within two minutes, at once and without scripts', async () => {
    const { begin, later } = await crowdedGate();
    let waiting: { turn: string; at: number }[] = [];
    let begun = 0;
    let now = 0;
    const come = async (turn: string, id: string) => {
      const { status, next, wait } = await begin('203.0.113.9', turn, id);
      if (status === 200) begun += 1;
      else {
        // Nobody is sent away: each has a turn.
        expect(next).not.toBe('');
        waiting.push({ turn: next, at: now + wait });
      }
    };
    for (let i = 0; i < 200; i++) await come('', `a${i}`);
    expect(begun).toBe(59);
    while (waiting.length > 0 && now < 600) {
      now += 1;
      later(1);
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const [i, { turn }] of due.entries()) await come(turn, `b${now}-${i}`);
    }
    expect(begun).toBe(200);
    expect(now).toBeLessThanOrEqual(120);
  });

  it('A7 frees a place when it is finished, and when its time is over', async () => {
    const { gate, begin, later } = await crowdedGate();
    for (let i = 0; i < 59; i++) expect((await begin('a', '', `id${i}`)).status).toBe(200);
    expect((await begin('a')).status).toBe(429);
    gate.finish('id7');
    expect((await begin('a', '', 'more')).status).toBe(200);
    expect((await begin('a')).status).toBe(429);
    later(LIMITS.lifeMs / 1_000 - 1);
    expect((await begin('a')).status).toBe(429);
    later(2);
    expect((await begin('a')).status).toBe(200);
  });

  it('A7 holds those whose network is not known to the number for all alone', async () => {
    const { begin } = await crowdedGate(() => null);
    const answers = await Promise.all(Array.from({ length: 500 }, () => begin('127.0.0.1')));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('A7 begins nothing more of a network with a thousand that are unfinished, whatever it proves', async () => {
    const willing = { take: () => null, read: () => null, redeem: () => true };
    const { begin } = await crowdedGate(undefined, willing);
    const answers: number[] = [];
    for (let i = 0; i < LIMITS.networkMax; i++) answers.push((await begin('flood')).status);
    expect(answers).toEqual(Array(LIMITS.networkMax).fill(200));
    const { status, next, wait } = await begin('flood');
    expect([status, next]).toEqual([429, '']);
    expect(wait).toBeGreaterThan(60);
    expect((await begin('other')).status).toBe(200);
  });
});
