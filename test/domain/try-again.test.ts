import { expect, test } from 'vitest';
import { type Closing, closingFor, type TryAgain } from '../../src/domain/try-again.ts';

const NOW = Date.UTC(2026, 10, 30, 16, 30);
const inMinutes = (minutes: number) => NOW + minutes * 60_000;
const until = (minutes: number) => ({ wait: new Date(inMinutes(minutes)) });

test.each<[what: string, TryAgain, closesIn: number, Closing | null]>([
  ['at once, and joining is about to close', 'at_once', 1, null],
  ['in a few minutes, with time enough', 'in_minutes', 30, null],
  ['in a few minutes, which may be too many', 'in_minutes', 4, 'soon'],
  ['after a wait, long before the end', until(14), 60, null],
  ['after a wait that ends shortly before', until(14), 15, 'soon'],
  ['after a wait until the very end', until(14), 14, 'too_late'],
  ['after a wait that ends later', until(14), 7, 'too_late'],
  ['after a wait that was over already', until(-14), 7, null],
  ['after a wait of nobody knows how long, with time enough', { wait: null }, 60, null],
  ['after a wait of nobody knows how long, near the end', { wait: null }, 14, 'soon'],
])('a second try %s', (_what, again, closesIn, closing) => {
  const end = { now: NOW, closesAt: inMinutes(closesIn) };
  expect(closingFor(again, { ...end, isJoinable: true })).toBe(closing);
  expect(closingFor(again, { ...end, isJoinable: false })).toBe('closed');
});
