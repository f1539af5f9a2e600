import { describe, expect, test } from 'vitest';
import { more, spoiled, validate } from './campaign-example.ts';

describe('what a campaign may have besides', () => {
  test('comes back tidied', () => {
    expect(validate(more).content).toMatchObject({
      addressee: { en: 'To the river board', 'pt-BR': 'À junta do rio' },
      letter: { en: 'Dear board,\n\nplease.', 'pt-BR': 'Por favor.' },
      picture: { alt: more.picture.alt, credit: 'Ana' },
      sources: more.sources,
      donation: 'https://example.org/give',
      variants: more.variants,
      ownWords: true,
    });
  });

  test('is not there when it is left out', () => {
    const left = 'addressee letter picture sources donation variants ownWords reminders'.split(' ');
    expect(Object.keys(validate({ own_words: false }).content)).toEqual(
      expect.not.arrayContaining(left),
    );
  });

  test('shows each variant on each platform, after the message of its language', () => {
    const previews = validate(more).previews.map(({ locale, variant, platform }) => [
      locale,
      variant,
      platform,
    ]);
    expect(previews).toEqual([
      ['en', 0, 'x'],
      ['en', 1, 'x'],
      ['en', 2, 'x'],
      ['pt-BR', 0, 'x'],
      ['pt-BR', 1, 'x'],
    ]);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['addressee in one locale only', { addressee: { en: 'x' } }, /^addressee\.pt-BR: is missing/],
    [
      'addressee in two lines',
      { addressee: { en: 'a\nb', 'pt-BR': 'x' } },
      /^addressee\.en: must be a single line/,
    ],
    ['letter in one locale only', { letter: { en: 'x' } }, /^letter\.pt-BR: is missing/],
    [
      'letter with a picture',
      { letter: { en: '![a](b)', 'pt-BR': 'x' } },
      /^letter\.en: shows a picture/,
    ],
    [
      'alt in one locale only',
      { picture: { alt: { en: 'x' } } },
      /^picture\.alt\.pt-BR: is missing/,
    ],
    [
      'alt in a language too many',
      { picture: { alt: { ...more.picture.alt, fr: 'x' } } },
      /^picture\.alt\.fr: is not one of/,
    ],
    [
      'alt of 501',
      { picture: { alt: { ...more.picture.alt, en: 'a'.repeat(501) } } },
      /^picture\.alt\.en: .*500.*cut 1/,
    ],
    [
      'credit that is blank',
      { picture: { ...more.picture, credit: ' ' } },
      /^picture\.credit: is empty/,
    ],
    ['picture as a file', { picture: 'river.jpg' }, /^picture: must be a mapping/],
    [
      'picture with its file',
      { picture: { ...more.picture, file: 'river.jpg' } },
      /^picture\.file: is not a field/,
    ],
    [
      'source without a title',
      { sources: [{ url: 'https://example.org' }] },
      /^sources\[0\]\.title: is missing/,
    ],
    [
      'source that runs',
      { sources: [...more.sources, { title: 'x', url: 'javascript:alert(1)' }] },
      /^sources\[1\]\.url: .*https/,
    ],
    [
      'source twice',
      { sources: [...more.sources, ...more.sources] },
      /^sources\[1\]\.url: is listed twice/,
    ],
    ['31 sources', { sources: Array(31).fill(0) }, /^sources: has 31 entries; 30 are the most/],
    ['donation without TLS', { donation: 'http://example.org' }, /^donation: .*https/],
    ['own words that are a word', { own_words: 'yes' }, /^own_words: must be true or false/],
    ['own words in another spelling', { ownWords: true }, /^ownWords: .*did you mean `own_words`/],
    ['variants as a list', { variants: ['x'] }, /^variants: must be a mapping/],
    ['variants in one locale only', { variants: { en: ['x'] } }, /^variants\.pt-BR: is missing/],
    [
      'variants that are none',
      { variants: { ...more.variants, en: [] } },
      /^variants\.en: has too few entries; give a list of 1 to 10 texts/,
    ],
    [
      'eleven variants',
      { variants: { ...more.variants, en: Array.from('abcdefghijk') } },
      /^variants\.en: has 11 entries/,
    ],
    [
      'variant with an unknown placeholder',
      { variants: { ...more.variants, en: ['a', '{{ lnk }}'] } },
      /^variants\.en\[1\]: .*`lnk`.*link/,
    ],
    [
      'variant that is blank',
      { variants: { ...more.variants, en: ['a', 'b', ' '] } },
      /^variants\.en\[2\]: is empty/,
    ],
    [
      'variant that is too long with the longest name',
      { variants: { ...more.variants, en: [`{{ name }}${'a'.repeat(221)}`] } },
      /^variants\.en\[0\]: is too long in en on X: 281 with the longest name/,
    ],
    [
      'variant like the message',
      { variants: { ...more.variants, 'pt-BR': ['Escute. {{hashtags}} {{link}}'] } },
      /^variants\.pt-BR\[0\]: says the same as messages\.pt-BR/,
    ],
    [
      'variant like another, past what is never seen',
      { variants: { ...more.variants, en: ['a', 'b', '{% comment %}x{% endcomment %}a'] } },
      /^variants\.en\[2\]: says the same as variants\.en\[0\]/,
    ],
  ])('is refused: %s', (_, changes, problem) => {
    const problems = spoiled(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});
