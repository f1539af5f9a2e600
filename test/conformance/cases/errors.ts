import { expect } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { PostOrder } from '../../../src/platforms/platform.ts';
import { type Bench, strangersOrder } from '../bench.ts';
import type { Answered, Row, Subject } from '../subject.ts';
import { expectUntil } from './limits.ts';

/** Code words, statuses and counts, and short. Never what the platform says in prose, nor what was posted. */
const DETAIL = /^[\w.:’ -]{1,100}$/;

export function errorTests({ rows }: Subject) {
  const names = rows.map(([what]) => what);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two rows are called "${twice}"`);
  const tests = rows.map((row) => [row[0], (bench: Bench) => answersWith(bench, row)] as const);
  return { errors: Object.fromEntries(tests) };
}

async function answersWith(bench: Bench, [, answered, expected]: Row): Promise<void> {
  const { ahead, ...rest } = expected;
  const seconds = typeof ahead === 'function' ? ahead() : ahead;
  const now = Date.now();
  const { outcome, order } = await outcomeOf(bench, answered);
  expect(outcome).toMatchObject(rest);
  if (seconds !== undefined) expectUntil(outcome, now + seconds * 1_000);
  if ('detail' in outcome) {
    expect(outcome.detail).toMatch(DETAIL);
    expect(outcome.detail).not.toContain(order.text);
  }
}

async function outcomeOf(
  bench: Bench,
  answered: Answered,
): Promise<{ outcome: Outcome; order: PostOrder }> {
  if (typeof answered === 'string') {
    const ordered = await bench.newOrder();
    return { outcome: await bench.postWith(answered, ordered), order: ordered.order };
  }
  if (typeof answered === 'object') {
    const { order } = await answered.order(bench);
    const outcome = await bench.post(order);
    await bench.control.behaviour({});
    return { outcome, order };
  }
  const url = await answered();
  const platform = await bench.connect(url);
  const order = await strangersOrder(bench.subject, url);
  return { outcome: await platform.prepare(order)(), order };
}
