import { expect } from 'vitest';
import type { Bench } from '../bench.ts';
import type { Lack } from '../subject.ts';

const WARNING = 'Torture *and* <killings> & “100 days”';

/** Posts with a content warning and reads both back. */
export async function isWarned(bench: Bench): Promise<void> {
  const { person, order } = await bench.newOrder();
  const warned = { ...order, contentWarning: WARNING };
  const since = new Date();
  const outcome = await bench.post(warned);
  expect(outcome).toMatchObject({ kind: 'posted' });
  expect(outcome).not.toHaveProperty('detail');
  const posts = await bench.postsOf(person);
  expect(posts.map(({ spoiler_text, text }) => [spoiler_text, text])).toEqual([
    [WARNING, order.text],
  ]);
  expect(await bench.look(warned, since)).toMatchObject({ kind: 'found', id: posts[0]?.id });
}

export const warningTests = {
  warning: {
    'it stands before the text, which is found again': isWarned,
    'it counts with the text, by its rule and by the platform': async (bench: Bench) => {
      const { textRule } = bench.platform;
      const left = textRule.limit - (textRule.measureWarning?.(WARNING) ?? 0);
      expect(left).toBeLessThan(textRule.limit);
      const { person, order } = await bench.newOrder('a'.repeat(left + 1));
      const warned = { ...order, contentWarning: WARNING };
      expect(await bench.post(warned)).toMatchObject({ kind: 'refused', reason: 'text_invalid' });
      expect(await bench.postsOf(person)).toEqual([]);
      const fitting = await bench.newOrder('a'.repeat(left));
      const outcome = await bench.post({ ...fitting.order, contentWarning: WARNING });
      expect(outcome).toMatchObject({ kind: 'posted' });
    },
  },
};

/** A campaign's content warning is not asked of this platform, and would change nothing. */
export const NO_WARNING: Lack = {
  why: 'posts go out without one',
  proof: async (bench) => {
    expect(bench.platform.textRule.measureWarning).toBeUndefined();
    const { person, order } = await bench.newOrder();
    const outcome = await bench.post({ ...order, contentWarning: WARNING });
    expect(outcome).toMatchObject({ kind: 'posted' });
    const posts = await bench.postsOf(person);
    expect(posts.map(({ spoiler_text, text }) => [spoiler_text, text])).toEqual([
      [undefined, order.text],
    ]);
  },
};
