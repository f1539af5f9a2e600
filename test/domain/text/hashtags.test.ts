import fc from 'fast-check';
import twitterText from 'twitter-text';
import { describe, expect, it } from 'vitest';
import { bareHashtag, hashtagProblem, hashtagsIn } from '../../../src/domain/text/hashtags.ts';
import { findFacets } from '../../../src/platforms/bluesky/facets.ts';
import { little } from '../../../src/platforms/linkedin/little.ts';
import { createTemplate } from '../../../src/platforms/nostr/event.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

const WIDE = [
  'می‌خواهیم_آزادی',
  'Col·laboració',
  'ශ්‍රී_ලංකාව',
  'क्षमा',
  'স্বাধীনতা',
  'ประชาธิปไตย',
  'Свобода',
  '自由・平和',
  'שלום',
  'Freiheit2030',
  '2030Jahre',
  'ꓡꓲꓢꓴ',
];
const tags = (text: string) => hashtagsIn(text).map(({ tag }) => tag);
const onBluesky = (text: string) =>
  findFacets(text).flatMap(({ features: [one] }) => ('tag' in one ? [one.tag] : []));
const onNostr = (text: string) => createTemplate(text, new Date(0)).tags.map(([, tag]) => tag);

describe('B2 a hashtag', () => {
  it.each([
    ['„#Freiheit“', ['Freiheit']],
    ['«#Свобода»', ['Свобода']],
    ['Join:#Freedom', ['Freedom']],
    ["#Freedom’s and #Freedom's", ['Freedom', 'Freedom']],
    ['「#自由」（#平和）', ['自由', '平和']],
    ['#حرية، #عدالة؟', ['حرية', 'عدالة']],
    ['#1 of a#b, &#39; #️⃣ ##x #a#b', []],
  ])('is found in %s on every network', (text, expected) => {
    expect(tags(text)).toEqual(expected);
    expect(onBluesky(text)).toEqual(expected);
    expect(onNostr(text)).toEqual([...new Set(expected.map((tag) => tag.toLowerCase()))]);
    expect(little(text).match(/\{hashtag\|/g)?.length ?? 0).toBe(expected.length);
  });
});

describe('B9 a hashtag of any script', () => {
  it.each(WIDE)('is taken, and comes back whole: #%s', (tag) => {
    expect(hashtagProblem(tag)).toBeNull();
    expect(tags(`x #${tag}, y`)).toEqual([tag]);
    expect(onBluesky(`x #${tag}.`)).toEqual([tag]);
    expect(onNostr(`x «#${tag}»`)).toEqual([tag.toLowerCase()]);
  });

  it('is as wide as on X', () => {
    const sign = fc.oneof(
      fc.constantFrom(...'#＃&_·・1aж字\u200c\u200d\ufe0f ："’،://'),
      fc.constantFrom(...WIDE),
      // Letters that X's list of 2018 has; what is newer is a letter here alone.
      fc.string({ unit: 'binary-ascii', maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 10 }), (signs) => {
        const text = signs.join('');
        const here = new Set(tags(text));
        // A second # beside the first is the one thing that X takes and others do not.
        for (const { hashtag, indices } of twitterText.extractHashtagsWithIndices(text)) {
          if (!/[#＃]/.test(text[indices[0] - 1] ?? '')) expect(here).toContain(hashtag);
        }
      }),
      { numRuns: 3 * FUZZ_RUNS },
    );
  });

  it('is refused with what it would become', () => {
    expect(hashtagProblem(bareHashtag('##x'))).toBe('"##x" has one # too many; write #x or x');
    expect(hashtagProblem(bareHashtag('＃#x'))).toContain('has one # too many; write #x or x');
    expect(hashtagProblem(bareHashtag('##'))).toContain('has one # too many; write one and a word');
    expect(hashtagProblem('b-c')).toMatch(/would not become a hashtag but #b;/);
    expect(hashtagProblem('a#b')).not.toBeNull();
    expect(hashtagProblem('2027')).toMatch(/at least one letter/);
  });
});

describe('B12 a link', () => {
  it.each([
    'https://example.org/a?b=#Section',
    'https://example.org/#Section',
    'https://example.org/a#Section, and',
    'example.org/a#Section',
  ])('has no hashtag in it: %s', (text) => {
    expect(tags(text)).toEqual([]);
    expect(onBluesky(text)).toEqual([]);
    expect(onNostr(text)).toEqual([]);
    expect(little(text)).not.toContain('{hashtag|');
    expect(tags(`${text} #Section`)).toEqual(['Section']);
  });
});
