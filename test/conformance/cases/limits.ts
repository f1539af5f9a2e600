import { expect } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import type { Bench } from '../bench.ts';

/** The end of a forced limit, ahead of now. */
export const RESET_SECONDS = 600;
/** Headers have whole seconds or minutes; and the test takes its time. */
const EARLY_MS = 1_000;
const LATE_MS = 61_000;

export const limitTests = {
  accountLimit: {
    'until the time that is named': (bench: Bench) => isLimited(bench, 'status429User', 'wait'),
  },
  appLimit: {
    'until the time that is named': (bench: Bench) => isLimited(bench, 'status429App', 'throttled'),
  },
};

async function isLimited(bench: Bench, fault: Fault, kind: 'wait' | 'throttled'): Promise<void> {
  await bench.control.behaviour({ forcedResetSeconds: RESET_SECONDS });
  const ordered = await bench.newOrder();
  const now = new Date();
  const outcome = await bench.postWith(fault, ordered);
  expect(outcome).toMatchObject({ kind });
  const reset =
    bench.subject.resetAt?.(now, kind).getTime() ?? now.getTime() + RESET_SECONDS * 1_000;
  expectUntil(outcome, reset);
  expect(await bench.postsOf(ordered.person)).toEqual([]);
  expect(await bench.post(ordered.order)).toMatchObject({ kind: 'posted' });
  await bench.control.behaviour({});
}

/** `reset`: epoch milliseconds; up to a minute later is as good. */
export function expectUntil(outcome: Outcome, reset: number): void {
  const until = 'until' in outcome ? outcome.until.getTime() : Number.NaN;
  expect(until).toBeGreaterThan(reset - EARLY_MS);
  expect(until).toBeLessThan(reset + LATE_MS);
}
