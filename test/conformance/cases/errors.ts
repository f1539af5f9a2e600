import { expect } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { type Bench, freshText, orderOf } from '../bench.ts';
import type { Row, Subject } from '../subject.ts';
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
  const text = freshText();
  const outcome =
    typeof answered === 'string'
      ? await bench.postWith(answered, await bench.newOrder(text))
      : await postTo(bench, await answered(), text);
  expect(outcome).toMatchObject(rest);
  if (seconds !== undefined) expectUntil(outcome, now + seconds * 1_000);
  if ('detail' in outcome) {
    expect(outcome.detail).toMatch(DETAIL);
    expect(outcome.detail).not.toContain(text);
  }
}

/** A post at a network of its own. */
async function postTo(bench: Bench, url: string, text: string): Promise<Outcome> {
  const platform = await bench.connect(url);
  const { account, grant, staged = null } = await bench.subject.stranger(url);
  return platform.prepare(orderOf(account, grant, staged, text))();
}
