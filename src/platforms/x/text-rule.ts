import { cashtagsIn } from '../../domain/text/cashtags.ts';
import { countWeighted } from '../../domain/text/count.ts';
import type { TextRefusal, TextRule } from '../../domain/text-rule.ts';

/** X's weighted count, and at most one cashtag: X refuses a post with two. */
export const xTextRule: TextRule = {
  platform: 'x',
  label: 'X',
  limit: 280,
  measure: countWeighted,
  refuses,
};

function refuses(text: string): TextRefusal | null {
  const found = cashtagsIn(text);
  if (found.length < 2) return null;
  const message = `X takes one cashtag a post, and here are ${found.join(' ')}; write all but one of them without $`;
  return { kind: 'one_cashtag', most: 1, found: found.length, message };
}
