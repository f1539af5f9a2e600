import fc from 'fast-check';
import twitterText from 'twitter-text';
import { describe, expect, test } from 'vitest';
import { checkSupporterField } from '../../src/domain/template.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { problemsOf } from './problems.ts';

const refused = (value: string) => problemsOf(() => checkSupporterField('name', value)).length > 0;

describe('checkSupporterField', () => {
  test.each([
    'Zoë',
    'O’Brien',
    "N'Djamena",
    'Jean-Luc',
    'J. R. R. Tolkien',
    'Martin Luther King Jr.',
    'Нижний Новгород',
    'محمد',
    'नई दिल्ली',
    '日本',
    'Lviv 2',
    '',
  ])('takes "%s" as it is', (value) => expect(checkSupporterField('name', value)).toBe(value));

  test('tidies blanks and composes letters', () => {
    expect(checkSupporterField('place', '  Saint \u00a0 Denis ')).toBe('Saint Denis');
    expect(checkSupporterField('name', 'Zoe\u0308')).toBe('Zoë');
  });

  test.each([
    'example.org',
    'https://a',
    '@someone',
    '＠someone',
    '#tag',
    '＃tag',
    '$TSLA',
    'a\nb',
    'a\tb',
    'a\u202eb',
    'a\u200bb',
    'a\u3164b',
    '1\ufe0f\u20e3',
    '🙂',
    '<b>',
    'a_b',
    'a/b',
    '.com',
    'a..b',
    '\u0301a',
    'x\u0331\u0330\u032d\u0332\u0333x',
    '{{ link }}',
  ])('refuses %j', (value) => expect(refused(value)).toBe(true));

  test('takes thirty characters and not one more', () => {
    expect(refused('字'.repeat(30))).toBe(false);
    expect(refused('𠀀'.repeat(30))).toBe(false);
    expect(problemsOf(() => checkSupporterField('place', 'x'.repeat(31)))).toEqual([
      'place: has 31 characters; 30 are the most',
    ]);
  });

  test('nothing that passes becomes a link, a mention, a hashtag or a cashtag', () => {
    const near = fc.constantFrom(
      ..."abcé字ж1. -'’@#/:$＠＃。.com.org.www".split(''),
      'com',
      '.co',
      'http',
      '://',
      'bit.ly',
    );
    const value = fc.oneof(
      fc.array(near, { maxLength: 20 }).map((parts) => parts.join('')),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
    );
    fc.assert(
      fc.property(value, (typed) => {
        fc.pre(!refused(typed));
        const text = checkSupporterField('name', typed);
        expect(twitterText.extractEntitiesWithIndices(`I, ${text}, agree`)).toEqual([]);
        expect(twitterText.extractEntitiesWithIndices(text)).toEqual([]);
        expect(checkSupporterField('name', text)).toBe(text);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
