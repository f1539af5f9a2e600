import { describe, expect, it } from 'vitest';
import { countWeighted } from '../../../src/domain/text/count.ts';
import { linksIn } from '../../../src/domain/text/links.ts';

const LINK = 'https://example.org/petition';

describe('A7 a long text without blanks', () => {
  // A search that takes the square of the length would take more than the time that a test has.
  const LENGTH = 120_000;
  it.each([
    ['of short names', '日本.'],
    ['of short names in Latin letters', 'a.'],
    ['of names in Arabic', 'ا.'],
    ['of one long name', '日'],
    ['of names with hyphens', 'a-日.'],
    ['of names that end as no address does', '日.com@'],
    ['of beginnings of addresses', 'http://a.'],
    ['of addresses in one', 'https://a.com/?'],
    ['of one long path', 'a.b/c('],
  ])('%s is looked through', (_, part) => {
    const text = `${part.repeat(LENGTH / part.length)}日.`;
    expect(linksIn(`${text} ${LINK}`).at(-1)?.text).toBe(LINK);
    expect(countWeighted(text)).toBeGreaterThan(0);
  });
});
