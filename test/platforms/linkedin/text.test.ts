import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { little } from '../../../src/platforms/linkedin/little.ts';
import { linkedinTextRule } from '../../../src/platforms/linkedin/text-rule.ts';
import { readLittle } from '../../../src/simulator/linkedin/little.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

describe('a text in "little" format', () => {
  const rows: [string, string][] = [
    ['Plain words, nothing more.', 'Plain words, nothing more.'],
    ['#Tag', '{hashtag|\\#|Tag}'],
    ['Now: #100Days, #Свобода!', 'Now: {hashtag|\\#|100Days}, {hashtag|\\#|Свобода}!'],
    ['#free_us', '{hashtag|\\#|free\\_us}'],
    ['#100 a#b ##x https://e.org/#part', '\\#100 a\\#b \\#\\#x https://e.org/\\#part'],
    [
      '(a) [b] {c} <d> e|f @g *h* ~i~ \\',
      '\\(a\\) \\[b\\] \\{c\\} \\<d\\> e\\|f \\@g \\*h\\* \\~i\\~ \\\\',
    ],
    ['https://e.org/a_b?c=(d)', 'https://e.org/a\\_b?c=\\(d\\)'],
    ['@[Acme](urn:li:organization:1)', '\\@\\[Acme\\]\\(urn:li:organization:1\\)'],
    ['👩‍👩‍👧 日本\nمرحبا', '👩‍👩‍👧 日本\nمرحبا'],
  ];
  for (const [text, written] of rows) {
    it(JSON.stringify(text), () => {
      expect(little(text)).toBe(written);
    });
  }

  it('is read by LinkedIn as the text that it was, whatever that is', () => {
    const sign = fc.constantFrom(
      ...'\\|{}@[]()<>#*_~ \nabЖ日9',
      '#tag',
      '{hashtag|\\#|x}',
      '👩‍👩‍👧',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(sign).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        expect(readLittle(little(any))).toBe(any);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('counts with what escapes it', () => {
    expect(linkedinTextRule.measure('a_b #c')).toBe('a\\_b {hashtag|\\#|c}'.length);
    expect(linkedinTextRule.limit).toBe(3_000);
  });
});
