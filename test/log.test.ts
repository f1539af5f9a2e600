import { expect, it } from 'vitest';
import { createRepeats } from '../src/log.ts';
import { startProcess } from './support/process.ts';

it('E1 tells of the same trouble once, and then once a minute how often it came', () => {
  let now = 0;
  const repeats = createRepeats(() => now);
  expect(repeats('connect ECONNREFUSED 127.0.0.1:7001')).toBe(0);
  for (let i = 0; i < 11_876; i++)
    expect(repeats(`connect ECONNREFUSED 127.0.0.1:${i}`)).toBeNull();
  expect(repeats('MOVED 1200 127.0.0.1:7002')).toBe(0);
  now = 61_000;
  expect(repeats('connect ECONNREFUSED 127.0.0.1:7001')).toBe(11_876);
  expect(repeats('connect ECONNREFUSED 127.0.0.1:7001')).toBeNull();
  now = 200_000;
  expect(repeats('connect ECONNREFUSED 127.0.0.1:7001')).toBe(1);
});

it('E1 holds to that whoever logs it', async () => {
  const child = await startProcess({ args: ['test/support/fixtures/log-again.ts'] });
  await child.exit;
  const lines = child.output().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'connection trouble',
    'sweep failed',
    'another',
    'no error',
    'no error',
    'last',
  ]);
});
