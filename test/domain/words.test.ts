import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CampaignContent } from '../../src/domain/campaign.ts';
import { textHash } from '../../src/domain/consent.ts';
import { InputError, type ProblemKind } from '../../src/domain/errors.ts';
import {
  checkOwnWords,
  ownLimit,
  renderWords,
  textLocaleIn,
  toWordings,
} from '../../src/domain/words.ts';
import { TEXT_RULES } from '../../src/platforms/index.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { validate } from './campaign-example.ts';

const content: CampaignContent = {
  ...validate().content,
  variants: { en: ['Hear us. {{ link }}', 'Hear {{ name | default: "me" }}.'] },
  ownWords: true,
};
const chosen = { textLocale: 'en', variant: 0, own: null, typed: {} };

/** Which sentence it is refused with; null where it is taken. */
function refusal(action: () => unknown): ProblemKind | null {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]?.kind ?? null;
    throw error;
  }
  return null;
}
const MOST = ownLimit([]);
const refused = (typed: string) => refusal(() => checkOwnWords(typed, MOST));

describe('checkOwnWords', () => {
  test.each([
    'A voice.',
    'Строка\n\nи ещё одна.',
    'صوتي، لا صوت غيري.',
    'می\u200cخواهم', // Persian, with a joiner of no width
    'שלום \u200fעולם',
    '👩\u200d👩\u200d👧 and ❤\ufe0f\u200d🔥 and 🏳\ufe0f\u200d🌈',
    '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
    '1\ufe0f\u20e3',
    '葛\u{e0100}',
  ])('takes %j to the byte', (text) => {
    expect(checkOwnWords(text, MOST)).toBe(text.normalize('NFC'));
  });

  test.each([
    ['One.\nLos r\uFFFDos', [], { line: 2, seen: 'Los r\uFFFDos' }],
    ['Ã¼ber alle FlÃ¼sse', ['de'], { line: 1 }],
    ['Ð¡Ð²Ð¾Ð±Ð¾Ð´Ð°', ['ru'], { line: 1 }],
    ['Ñâîáîäà', ['en', 'ru'], { line: 1 }],
    ['?????? ??? ????', ['ru'], { line: 1 }],
    ['Fl=C3=BCsse', ['de'], { line: 1 }],
  ])('C2 refuses %j, in which letters are lost or read wrongly', (typed, locales, place) => {
    try {
      checkOwnWords(typed, MOST, locales);
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).problems).toMatchObject([
        { field: 'own', kind: 'own_damaged', values: place },
      ]);
    }
  });

  test.each([
    'Really? Yes?! No??',
    'Où ça ? Là-bas, à l’été.',
    'Straße, Flüsse, Łódź, Žďár',
    'See https://example.org/a?b=c%20d',
    'ПОЧЕМУ МОЛЧИМ? СВОБОДУ',
  ])('C2 takes the letters of other languages: %j', (text) => {
    expect(checkOwnWords(text, MOST, ['ru', 'de', 'ar'])).toBe(text);
  });

  test('makes one text of the ways to write it', () => {
    expect(checkOwnWords('  Zoe\u0308\r\nand\rI\tsay \n', MOST)).toBe('Zoë\nand\nI say');
  });

  test.each([
    ['', 'own_empty'],
    [' \n\t ', 'own_empty'],
    ['\u200b', 'own_empty'],
    ['\u2060\u00ad\u3164', 'own_empty'],
    ['x'.repeat(MOST + 1), 'own_too_long'],
    ['x'.repeat(100_000), 'own_too_long'],
    ['a\0b', 'own_character'],
    ['a\ud800b', 'own_character'],
    ['\udc00', 'own_character'],
    ['a\u202eb', 'own_character'],
    ['a\u2066b\u2069', 'own_character'],
    ['a\ufeffb', 'own_character'],
    ['a\u2028b', 'own_character'],
    ['a\ufffeb', 'own_character'],
    ['a\u200d\u200db', 'own_character'],
    ['a\u200b\u200cb', 'own_character'],
    ['a\ufe0f\ufe0fb', 'own_character'],
    // A text in hiding, in tags.
    ['a\u{e0041}\u{e0042}', 'own_character'],
    ['🏴'.concat('\u{e0067}'.repeat(40)), 'own_character'],
  ] as const)('refuses %j: %s', (text, kind) => {
    expect(refused(text)).toBe(kind);
  });

  test('B3 allows as many code points as the most generous platform takes, within bounds', () => {
    const limitOn = (...names: string[]) =>
      ownLimit(TEXT_RULES.filter(({ platform }) => names.includes(platform)));
    expect(limitOn()).toBe(2_000);
    expect(limitOn('x', 'mastodon')).toBe(2_000);
    expect(limitOn('x', 'linkedin')).toBe(3_000);
    expect(limitOn('linkedin', 'nostr')).toBe(5_000);
    expect(limitOn('facebook')).toBe(10_000);
    // Two UTF-16 units each.
    expect(checkOwnWords('😀'.repeat(3_000), 3_000)).toHaveLength(6_000);
    expect(refusal(() => checkOwnWords('😀'.repeat(3_001), 3_000))).toBe('own_too_long');
  });

  test('says where the character is', () => {
    try {
      checkOwnWords('one\ntwo\u202e', MOST);
    } catch (error) {
      const [problem] = (error as InputError).problems;
      expect(problem?.values).toEqual({ code: 'U+202E', line: 2, column: 4 });
      return;
    }
    throw new Error('It was taken');
  });

  test('whatever it takes is posted to the byte, under the hash of just that', () => {
    const alphabet = fc.constantFrom(
      ...['a', ' ', '\n', '\r', 'é', 'e\u0301', 'ж', 'ش', '😀', '👩', '\u200d', '\u200c', '\ufe0f'],
      ...[
        '\u202e',
        '\0',
        '\ud800',
        '\udc00',
        '\u00ad',
        '{{ name }}',
        '{% if %}',
        '#',
        '@',
        '\u{e0067}',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: alphabet, maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, (typed) => {
        fc.pre(refused(typed) === null);
        const own = checkOwnWords(typed, MOST);
        // Checked again, shown, and posted: the same bytes each time.
        expect(checkOwnWords(own, MOST)).toBe(own);
        const posted = renderWords(content, { ...chosen, own });
        expect(Buffer.from(posted)).toEqual(Buffer.from(own));
        expect(textHash(posted)).toBe(textHash(own));
        expect(posted).not.toMatch(/\p{Cs}/u);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

describe('renderWords', () => {
  test('gives the wording that was chosen', () => {
    expect(renderWords(content, { ...chosen, variant: 1 })).toBe(
      'Hear us. https://example.org/rivers',
    );
    const typed = { name: 'Zoë' };
    expect(renderWords(content, { ...chosen, variant: 2, typed })).toBe('Hear Zoë.');
  });

  test('takes nothing that is not there, and no own words where there are none', () => {
    expect(refusal(() => renderWords(content, { ...chosen, variant: 3 }))).toBe('wording_gone');
    expect(refusal(() => renderWords(content, { ...chosen, textLocale: 'fr' }))).toBe(
      'wording_gone',
    );
    const closed = { ...content, ownWords: false };
    expect(refusal(() => renderWords(closed, { ...chosen, own: 'Mine' }))).toBe('own_closed');
  });

  test('reads no template in what a supporter wrote', () => {
    const own = '{{ link }} {% for i in (1..9) %}';
    expect(renderWords(content, { ...chosen, own })).toBe(own);
  });
});

test('a language that is asked for is one of the campaign’s, whatever the string', () => {
  for (const wanted of ['fr', '', 'constructor', '__proto__', 'toString', '\0', 'en-GB']) {
    expect(toWordings(content, wanted)).toEqual([]);
    expect(textLocaleIn(content, wanted)).toBe('en');
  }
  expect(textLocaleIn(content, 'pt-BR')).toBe('pt-BR');
  expect(toWordings(content, 'en')).toHaveLength(3);
});
