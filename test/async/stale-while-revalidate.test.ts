import { beforeEach, describe, expect, it } from 'vitest';
import {
  createStaleWhileRevalidate,
  type StaleWhileRevalidate,
} from '../../src/async/stale-while-revalidate.ts';
import { NotFoundError } from '../../src/domain/errors.ts';

const FRESH_MS = 500;

/** Something that is being made, for the test to finish. */
interface Making {
  finish(value: string): void;
  fail(error: Error): void;
}

describe('what was made a moment ago', () => {
  let nowMs: number;
  let cache: StaleWhileRevalidate<string>;
  let makings: Making[];
  beforeEach(() => {
    nowMs = 1_000;
    makings = [];
    cache = createStaleWhileRevalidate({
      freshMs: () => FRESH_MS,
      maxEntries: 2,
      now: () => nowMs,
    });
  });

  const make = (): Promise<string> =>
    new Promise((resolve, reject) => {
      makings.push({ finish: resolve, fail: reject });
    });
  const ask = (key = 'a'): Promise<string> => cache.get(key, make);
  const last = (): Making => makings.at(-1) as Making;
  /** Whether it is given without anything being finished for it. */
  const atOnce = (asked: Promise<string>): Promise<string> =>
    Promise.race([asked, new Promise<string>((resolve) => setImmediate(resolve, 'waits'))]);

  async function put(value: string, key?: string): Promise<void> {
    const asked = ask(key);
    last().finish(value);
    await asked;
  }

  it('is made once for everybody who asks at the same time', async () => {
    const asked = Array.from({ length: 1_000 }, () => ask());
    last().finish('one');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['one']));
    expect(makings).toHaveLength(1);
  });

  it('is given as it is while it is fresh, then while a new one is made, then waited for', async () => {
    await put('old');
    nowMs += FRESH_MS - 1;
    expect(await ask()).toBe('old');
    expect(makings).toHaveLength(1);
    nowMs += 1;
    expect(await atOnce(ask())).toBe('old');
    expect(await atOnce(ask())).toBe('old');
    expect(makings).toHaveLength(2);
    nowMs += FRESH_MS;
    const waiting = ask();
    expect(await atOnce(waiting)).toBe('waits');
    last().finish('new');
    expect(await waiting).toBe('new');
    expect(makings).toHaveLength(2);
  });

  it('is as old as when its making began', async () => {
    const asked = ask();
    nowMs += FRESH_MS;
    last().finish('slow');
    expect(await asked).toBe('slow');
    void ask();
    expect(makings).toHaveLength(2);
  });

  it('is given for a minute while no new one can be had, with a pause between the tries', async () => {
    await put('old');
    nowMs += 10_000;
    const waiting = ask();
    last().fail(new Error('the database is away'));
    expect(await waiting).toBe('old');
    expect(await atOnce(ask())).toBe('old');
    expect(makings).toHaveLength(2);
    nowMs += 50_001;
    const late = ask();
    last().fail(new Error('the database is away'));
    await expect(late).rejects.toThrow('the database is away');
  });

  it('is not waited for longer than a moment where there is an old one, and then not at all', async () => {
    await put('old');
    nowMs += 10_000;
    expect(await ask()).toBe('old');
    expect(await atOnce(ask())).toBe('old');
    expect(makings).toHaveLength(2);
    last().finish('new');
    await expect.poll(() => ask()).toBe('new');
  });

  it('is gone as soon as it is not there any more', async () => {
    await put('old');
    nowMs += 10_000;
    const waiting = ask();
    last().fail(new NotFoundError('There is no such campaign'));
    await expect(waiting).rejects.toThrow(NotFoundError);
    const again = ask();
    last().fail(new Error('the database is away'));
    await expect(again).rejects.toThrow('the database is away');
  });

  it('is forgotten when there are too many, the oldest first', async () => {
    await put('a', 'a');
    await put('b', 'b');
    await put('c', 'c');
    expect(makings).toHaveLength(3);
    expect(await atOnce(ask('b'))).toBe('b');
    expect(await atOnce(ask('a'))).toBe('waits');
  });
});
