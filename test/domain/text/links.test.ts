import fc from 'fast-check';
import twitterText from 'twitter-text';
import { describe, expect, it } from 'vitest';
import { countWeighted } from '../../../src/domain/text/count.ts';
import { linksIn } from '../../../src/domain/text/links.ts';
import { findFacets } from '../../../src/platforms/bluesky/facets.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

const LINK = 'https://example.org/petition';
const found = (text: string) => linksIn(text).map((link) => link.text);

/** What stands before and after a link in the languages of the interface, and in those of East Asia. */
const OPENING = [
  '',
  ' ',
  '„',
  '“',
  '‘',
  '«',
  '«\u00a0',
  '‹',
  '(',
  '[',
  '「',
  '『',
  '《',
  '（',
  '—',
  '… ',
  '،',
  '؟ ',
  '¡',
  '¿',
  'ждём:',
  '愿',
  '\u200f',
];
const CLOSING = [
  ...[
    '',
    ' ',
    '“',
    '”',
    '’',
    '»',
    '\u00a0»',
    '›',
    ')',
    ']',
    '」',
    '』',
    '》',
    '）',
    '—now',
    '…',
    '.',
    ',',
    ';',
    ':',
    '!',
    '?',
    ').',
  ],
  ...[
    '، ثم',
    '؛',
    '؟',
    '۔',
    '。',
    '、',
    '！',
    '？',
    '」お願い',
    'お願い',
    '請',
    '서명',
    '\n',
    '’s page',
    '”.',
    '»,',
    '\u200f',
  ],
];

describe('B1 a link', () => {
  it.each([
    ['https://example.org/petition، ثم', LINK],
    ['„https://example.org/petition“', LINK],
    ['https://example.org/petition—now', LINK],
    ['「https://example.org/petition」お願い', LINK],
    ["https://example.org's page", 'https://example.org'],
    ['(https://en.wikipedia.org/wiki/Bell_(tool)).', 'https://en.wikipedia.org/wiki/Bell_(tool)'],
    ['‹https://example.org/a?b=c#d›!', 'https://example.org/a?b=c#d'],
  ])('ends where it ends, in %s', (text, link) => {
    expect(found(text)).toEqual([link]);
    const [facet] = findFacets(text);
    const { byteStart = 0, byteEnd = 0 } = facet?.index ?? {};
    expect(Buffer.from(text).subarray(byteStart, byteEnd).toString()).toBe(link);
    expect(facet?.features).toEqual([
      { $type: 'app.bsky.richtext.facet#link', uri: new URL(link).href },
    ]);
  });

  it('takes in no sign of punctuation of any language of the interface, before or after', () => {
    const path = fc.constantFrom(
      '',
      '/',
      '/petition',
      '/a/b_c',
      '/a?b=c&d=e',
      '/wiki/Bell_(tool)',
      '/a-b',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...OPENING),
        fc.constantFrom('https://example.org', 'https://rivers.kids', 'https://www.пример.рф'),
        path,
        fc.constantFrom(...CLOSING),
        (before, host, rest, after) => {
          const link = host + rest;
          expect(found(before + link + after)).toEqual([link]);
        },
      ),
      { numRuns: 3 * FUZZ_RUNS },
    );
  });

  it('is what X finds, whatever the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(...OPENING, ...CLOSING),
      fc.constantFrom(
        'https://',
        'http://',
        'example.org',
        't.co/ab',
        '/a',
        '.',
        '@',
        '#',
        '$',
        '-',
        '(',
        ')',
        '?b=',
        '_',
        'e.де.com',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const theirs = twitterText.extractUrlsWithIndices(text);
        const ours = linksIn(text);
        // Where one of several names without a scheme begins, twitter-text looks for it anew and may find another.
        expect(ours).toHaveLength(theirs.length);
        const schemed = theirs.filter(({ url }) => /^https?:/i.test(url));
        expect(ours.filter((one) => one.hasScheme).map(({ start, end }) => [start, end])).toEqual(
          schemed.map(({ indices }) => indices),
        );
      }),
      { numRuns: 3 * FUZZ_RUNS },
    );
  });
});

describe('B14 the list of top-level domains', () => {
  it.each([
    'kids',
    'music',
    'amazon',
    'web',
    'hotel',
    'org',
    'рф',
    'онлайн',
    'みんな',
    'アマゾン',
    'xn--p1ai',
  ])('has .%s, so that X counts such a link as 23', (ending) => {
    const link = `https://rivers.${ending}/${'a'.repeat(60)}`;
    expect(found(`See ${link}, please`)).toEqual([link]);
    expect(countWeighted(link)).toBe(23);
  });

  it('makes no link of a name whose parts are longer than any in DNS', () => {
    for (const [letter, fits] of [
      ['a', 63],
      ['ж', 57],
    ] as const) {
      const of = (length: number) => `https://${letter.repeat(length)}.kids/x`;
      expect(found(of(fits))).toEqual([of(fits)]);
      expect(found(of(fits + 1))).toEqual([]);
      // Never less than X counts: what is no link is counted sign by sign.
      expect(countWeighted(of(fits + 1))).toBeGreaterThanOrEqual(of(fits + 1).length);
    }
  });

  it('has no more than there are', () => {
    expect(found('https://rivers.local/x https://rivers.example a.b')).toEqual([]);
  });
});
