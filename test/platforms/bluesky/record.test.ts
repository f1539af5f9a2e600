import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFacets } from '../../../src/platforms/bluesky/facets.ts';
import { parseDidRecords } from '../../../src/platforms/bluesky/identities.ts';
import { postRecord, recordKey } from '../../../src/platforms/bluesky/record.ts';
import { blueskyTextRule } from '../../../src/platforms/bluesky/text-rule.ts';

const MOMENT = new Date('2030-03-01T12:00:00.250Z');
const LETTERS = '234567abcdefghijklmnopqrstuvwxyz';

/** The part of the text that each facet is about, by its bytes, and what it is. */
function shown(text: string): [string, string][] {
  const bytes = Buffer.from(text);
  return findFacets(text).map(({ index, features: [feature] }) => [
    bytes.subarray(index.byteStart, index.byteEnd).toString('utf8'),
    'tag' in feature ? feature.tag : feature.uri,
  ]);
}

describe('a post’s record', () => {
  it('has a key that is the same for the same delivery and in the second of the moment', () => {
    const key = recordKey('delivery-1', MOMENT);
    expect(key).toMatch(/^[234567a-j][234567a-z]{12}$/);
    expect(recordKey('delivery-1', MOMENT)).toBe(key);
    let value = 0n;
    for (const letter of key) value = value * 32n + BigInt(LETTERS.indexOf(letter));
    expect(value >> 10n).toBeGreaterThanOrEqual(
      BigInt(Date.parse('2030-03-01T12:00:00Z')) * 1_000n,
    );
    expect(value >> 10n).toBeLessThan(BigInt(Date.parse('2030-03-01T12:00:01Z')) * 1_000n);
    const many = new Set(Array.from({ length: 2_000 }, (_, nth) => recordKey(`d${nth}`, MOMENT)));
    expect(many.size).toBe(2_000);
  });

  it('says the moment and the language', () => {
    expect(postRecord('Hello', 'pt-BR', MOMENT)).toEqual({
      $type: 'app.bsky.feed.post',
      text: 'Hello',
      createdAt: '2030-03-01T12:00:00.250Z',
      langs: ['pt-BR'],
    });
  });

  it.each([
    ['Zoë #Freiheit!', [['#Freiheit', 'Freiheit']]],
    [
      '日本 #自由 and #свобода_2030.',
      [
        ['#自由', '自由'],
        ['#свобода_2030', 'свобода_2030'],
      ],
    ],
    [
      '👩‍👩‍👧 see https://example.org/a?b=c#d.',
      [['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d']],
    ],
    [
      '(https://en.wikipedia.org/wiki/Bell_(tool))',
      [['https://en.wikipedia.org/wiki/Bell_(tool)', 'https://en.wikipedia.org/wiki/Bell_(tool)']],
    ],
    ['go to example.org/now, please', [['example.org/now', 'https://example.org/now']]],
    ['#1 of #️⃣ and a#b, @zoe.bsky.social', []],
    ['', []],
  ] as [string, [string, string][]][])('finds links and tags in %j', (text, expected) => {
    // A bare handle is a name of the web, too; without its @ it would be a link.
    const found = shown(text).filter(([part]) => !part.includes('zoe.'));
    expect(found).toEqual(expected);
  });

  it('makes facets that lie in the text, in order, and do not overlap', () => {
    const parts = fc.constantFrom(
      '#tag ',
      ' https://a.example/б ',
      'ж',
      '👍🏽',
      ' ',
      '(',
      ').',
      '＃日 ',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(parts).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let end = 0;
        for (const { index } of findFacets(text)) {
          expect(index.byteStart).toBeGreaterThanOrEqual(end);
          expect(index.byteEnd).toBeGreaterThan(index.byteStart);
          end = index.byteEnd;
        }
        expect(end).toBeLessThanOrEqual(Buffer.byteLength(text));
      }),
    );
  });

  it('B3 is measured in characters as people see them, and refused by its bytes', () => {
    const { measure, limit, refuses } = blueskyTextRule;
    expect(measure('👩‍👩‍👧'.repeat(10))).toBe(10);
    expect(measure('ñ'.repeat(300))).toBe(limit);
    expect(refuses?.('👩‍👩‍👧‍👦'.repeat(120))).toBeNull();
    expect(measure('👩‍👩‍👧‍👦'.repeat(140))).toBe(140);
    expect(refuses?.('👩‍👩‍👧‍👦'.repeat(140))).toMatchObject({ most: 3_000, found: 3_500 });
  });
});

describe('the DNS records of a handle', () => {
  const did = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa';
  it.each([
    [[['v=spf1'], [`did=${did}`]], did],
    [[['did=did:plc:', 'aaaaaaaaaaaaaaaaaaaaaaaa']], did],
    [[[`did=${did}`], [`did=${did.replace('aa', 'bb')}`]], null],
    [[['did=nonsense']], null],
    [[], null],
  ])('%j lead to %s', (records, expected) => {
    expect(parseDidRecords(records)).toBe(expected);
  });
});
