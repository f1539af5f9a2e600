import { describe, expect, it } from 'vitest';
import { createLookups, LookupsBusy } from '../../../src/actions/join/lookups.ts';
import { type LocatorProblem, LocatorRejected } from '../../../src/domain/account-locator.ts';

describe('A7 servers that visitors name', () => {
  function asking() {
    let now = 0;
    let asked = 0;
    const lookups = createLookups(() => now);
    const ask = async (name: string, problem: LocatorProblem | null): Promise<string> => {
      try {
        return await lookups.ask('mastodon', name, async () => {
          asked += 1;
          if (problem !== null) throw new LocatorRejected(problem, 'no');
          return 'there';
        });
      } catch (error) {
        return error instanceof LocatorRejected ? error.problem : String(error);
      }
    };
    return { ask, asked: () => asked, later: (ms: number) => (now += ms) };
  }

  it('A7 are asked three times while they lead nowhere, and then not for a while', async () => {
    const { ask, asked, later } = asking();
    for (let i = 0; i < 10; i++) expect(await ask('a', 'not_found')).toBe('not_found');
    expect(asked()).toBe(3);
    // Others are asked as before.
    expect(await ask('b', null)).toBe('there');
    later(4 * 60_000);
    expect(await ask('a', null)).toBe('not_found');
    later(2 * 60_000);
    expect(await ask('a', null)).toBe('there');
    expect(asked()).toBe(5);
  });

  it('A7 rest for a minute where they did not answer, and not for a text that is too long', async () => {
    const { ask, asked, later } = asking();
    for (let i = 0; i < 10; i++) await ask('a', 'unreachable');
    expect(asked()).toBe(3);
    later(61_000);
    expect(await ask('a', null)).toBe('there');
    for (let i = 0; i < 10; i++) await ask('c', 'text_too_long');
    expect(asked()).toBe(14);
  });

  it('A7 are asked a hundred at once at most', async () => {
    const lookups = createLookups(() => 0);
    let answer = (): void => undefined;
    const silent = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const asked = Array.from({ length: 100 }, (_, i) => lookups.ask('x', `${i}`, () => silent));
    await expect(lookups.ask('x', 'late', () => silent)).rejects.toThrow(LookupsBusy);
    answer();
    await Promise.all(asked);
    await expect(lookups.ask('x', 'late', () => silent)).resolves.toBeUndefined();
  });
});
