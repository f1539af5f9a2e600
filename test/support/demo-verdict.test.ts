import { expect, it } from 'vitest';
import { demoFaults } from './demo-verdict.ts';

const goal = { supporters: 500, seconds: 180 };
const good = {
  ...{ supporters: 500, posted: 500, refused: 0, unconfirmed: 0, lost: 0, doubled: 0, early: 0 },
  ...{ lateness_ms: { p50: 9, p99: 20, max: 31 }, moment: '2026-11-21T08:00:00Z', url: 'http://x' },
};
const run = (report: object, rest: object = {}) => ({
  code: 0,
  seconds: 60,
  stdout: `joining\n${JSON.stringify(report)}\n`,
  ...rest,
});

it('finds nothing wrong with a demo in which every post went out once', () => {
  expect(demoFaults(run(good), goal)).toEqual([]);
});

it.each([
  [{ posted: 499 }, 'posted is 499, not 500'],
  [{ supporters: 499 }, 'supporters is 499, not 500'],
  [{ lost: 1 }, 'lost is 1, not 0'],
  [{ doubled: 1 }, 'doubled is 1, not 0'],
  [{ early: 1 }, 'early is 1, not 0'],
  [{ refused: 1 }, 'refused is 1, not 0'],
  [{ unconfirmed: 1 }, 'unconfirmed is 1, not 0'],
  [{ early: undefined }, 'early is undefined, not 0'],
])('sees %j', (change, fault) => {
  expect(demoFaults(run({ ...good, ...change }), goal)).toEqual([fault]);
});

it('sees a bad exit, a slow run and a missing report', () => {
  expect(demoFaults(run(good, { code: 1 }), goal)).toEqual(['exit code 1']);
  expect(demoFaults(run(good, { seconds: 200 }), goal)).toEqual(['took 200 s, of 180 allowed']);
  for (const stdout of ['', 'done\n', `${JSON.stringify(good)}\nbye\n`, '500\n', 'null\n']) {
    expect(demoFaults(run(good, { stdout }), goal)).toEqual(['its last line is not a JSON object']);
  }
});
