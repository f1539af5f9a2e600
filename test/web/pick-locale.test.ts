import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { direction } from '../../src/web/i18n.ts';
import { interfaceAlone, LOCALES, pickLanguages, pickLocale } from '../../src/web/index.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';

describe('pickLocale', () => {
  test.each([
    ['ru-RU,ru;q=0.9,en;q=0.8', undefined, 'ru'],
    ['en;q=0.5, fr-CH;q=0.9', undefined, 'fr'],
    ['nl-NL,nl;q=0.9,it;q=0.1', undefined, 'it'],
    ['nl', undefined, 'en'],
    ['*', undefined, 'en'],
    ['', undefined, 'en'],
    [undefined, undefined, 'en'],
    ['ru', 'it', 'it'],
    ['ru', 'IT-ch', 'it'],
    ['ru', 'xx', 'ru'],
    ['ru;q=0, fr', undefined, 'fr'],
    ['ru;q=bad, it', undefined, 'it'],
    [';;,,q=1,=', undefined, 'en'],
    ['fr', '../../etc', 'fr'],
  ])('%s with wish %s gives %s', (header, wanted, expected) => {
    expect(pickLocale(header, wanted)).toBe(expected);
  });

  test('C3 goes by language and script, whatever else a tag has', () => {
    expect(pickLocale('zh-Hant-CN-x-private1', undefined, ['en', 'zh-Hant'])).toBe('zh-Hant');
    expect(pickLocale('zh-x-hant', undefined, ['en', 'zh'])).toBe('zh');
    expect(pickLocale('de-DE-u-co-phonebk', undefined, ['en', 'de'])).toBe('de');
  });

  const CHINESE = ['en', 'zh-Hans', 'zh-Hant'];
  test.each([
    ['zh-TW,zh;q=0.9,en;q=0.8', CHINESE, 'zh-Hant'],
    ['zh-HK', CHINESE, 'zh-Hant'],
    ['zh-MO,en;q=0.5', CHINESE, 'zh-Hant'],
    ['zh-CN', CHINESE, 'zh-Hans'],
    ['zh-SG,en', CHINESE, 'zh-Hans'],
    ['zh', CHINESE, 'zh-Hans'],
    ['cmn-TW', CHINESE, 'zh-Hant'],
    ['yue', CHINESE, 'zh-Hant'],
    ['yue-Hans', CHINESE, 'zh-Hans'],
    // Another script of the first wish is read more easily than a lower wish.
    ['zh-TW,en;q=0.8', ['en', 'zh-Hans'], 'zh-Hans'],
    ['sr-Latn-RS,en', ['en', 'sr', 'sr-Latn'], 'sr-Latn'],
    ['sr,en', ['en', 'sr-Latn', 'sr-Cyrl'], 'sr-Cyrl'],
    ['sh,en', ['en', 'sr-Cyrl', 'sr-Latn'], 'sr-Latn'],
    ['uz-Cyrl', ['uz', 'uz-Cyrl'], 'uz-Cyrl'],
    ['nb-NO,en', ['en', 'no'], 'no'],
    ['nn,en', ['en', 'nb'], 'nb'],
    ['nn,en', ['nb', 'nn'], 'nn'],
    ['no,en', ['en', 'nn', 'nb'], 'nn'],
    ['arz,en', ['en', 'ar'], 'ar'],
    ['iw,en', ['en', 'he'], 'he'],
    ['in,en', ['en', 'id'], 'id'],
    ['prs,en', ['en', 'fa'], 'fa'],
    ['pt-AO,en', ['en', 'pt-BR', 'pt-PT'], 'pt-PT'],
    ['pt-PT,en', ['en', 'pt-BR', 'pt-PT'], 'pt-PT'],
    ['pt', ['en', 'pt-BR'], 'pt-BR'],
    // Beside one of a country, one without is for all other countries.
    ['pt-PT', ['pt-BR', 'pt'], 'pt'],
    ['pt-AO', ['pt-BR', 'pt'], 'pt'],
    ['pt-BR', ['pt', 'pt-BR'], 'pt-BR'],
    ['es-MX', ['es-ES', 'es'], 'es'],
    ['es-MX', ['es', 'es-419'], 'es-419'],
    ['en-GB', ['en-US', 'en'], 'en'],
    ['en-US', ['en-GB', 'en'], 'en'],
    ['fr-BE', ['fr-CA', 'fr'], 'fr'],
    ['de-AT', ['de-CH', 'de'], 'de'],
    ['pt, fr', ['en', 'pt-BR', 'fr'], 'pt-BR'],
    ['en-AU,en-GB;q=0.9', ['en-US', 'en-GB'], 'en-GB'],
    ['yue-HK', ['zh-Hant', 'zh-HK'], 'zh-HK'],
    ['zh-HK', ['yue', 'zh-Hant'], 'zh-Hant'],
    ['ar-DZ', ['ar-EG', 'ar-MA'], 'ar-MA'],
    ['de-CH,fr;q=0.9', ['fr', 'de'], 'de'],
  ])('C3 %s of %j gives %s', (header, available, expected) => {
    expect(pickLocale(header, undefined, available)).toBe(expected);
    // The same wish in a link, beside a browser of another language.
    const [wish] = header.split(',');
    expect(pickLocale('ka', wish, available)).toBe(expected);
  });

  test('C3 gives each language of a campaign to those who ask for it, however it is written', () => {
    for (const tag of CHINESE) {
      for (const written of [tag, tag.toLowerCase(), tag.toUpperCase()]) {
        expect(pickLocale('ka', written, CHINESE)).toBe(tag);
      }
    }
  });

  test('does not choke on a header made to be long', () => {
    expect(LOCALES).toContain(pickLocale('a-'.repeat(100_000), 'b-'.repeat(1000)));
    expect(pickLocale('ru', undefined, [])).toBe('en');
  });
});

/** Where we differ from CLDR: another script of the first wish is read more easily than a lower wish. */
const SCRIPT_FIRST = ['zh-TW, en', 'zh-Hant-CN, en, en'];

describe('C3 language matching as CLDR tests it', () => {
  const cases = readFileSync(`${import.meta.dirname}/fixtures/locale-matching.txt`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(';').map((part) => part.trim()) as [string, string, string]);

  test('has cases', () => expect(cases.length).toBeGreaterThan(80));

  test.each(cases)('of %s for %s gives %s', (supported, desired, expected) => {
    const available = supported.split(', ');
    const given = SCRIPT_FIRST.includes(desired) ? 'zh-Hans-CN' : expected;
    expect(pickLocale(desired, undefined, available)).toBe(given);
    // Weights say the same as the order.
    const [first, ...others] = desired.split(', ').reverse();
    const weighed = others.map((tag, index) => `${tag};q=0.${index + 1}`);
    expect(pickLocale([`${first};q=0.05`, ...weighed].join(', '), undefined, available)).toBe(
      given,
    );
  });
});

describe('C3 the languages of a page about a campaign', () => {
  const TAGS =
    'en de fr it ru uk ar es zh-Hans zh-Hant zh-TW zh pt-BR pt-PT pl he fa kk de-CH nb no nn yue sr-Latn'.split(
      ' ',
    );
  const tag = fc.constantFrom(...TAGS);
  const header = fc.uniqueArray(fc.constantFrom(...TAGS, 'xx', '*'), { maxLength: 5 });
  const visit = fc.record({
    header: header.map((wishes) => wishes.join(',')),
    wanted: fc.option(tag, { nil: undefined }),
    spoken: fc.uniqueArray(tag, { minLength: 1, maxLength: 5 }),
  });
  interface Visit {
    header: string;
    wanted: string | undefined;
    spoken: string[];
  }
  const holds = (check: (one: Visit) => void) =>
    fc.assert(fc.property(visit, check), { numRuns: FUZZ_RUNS });

  test('are those that each would be chosen by itself', () => {
    holds(({ header, wanted, spoken }) => {
      const { locale, textLocale } = pickLanguages(header, wanted, spoken);
      const [ours, last] = [LOCALES, LOCALES.toReversed()].map((available) =>
        pickLocale(header, wanted, available),
      );
      // Of no wish that the interface can meet, the words go with the text.
      expect(locale).toBe(ours === last ? ours : pickLocale(undefined, textLocale));
      expect(textLocale).toBe(pickLocale(header, wanted, spoken));
    });
  });

  test('are had again, both, by the same browser with what links carry', () => {
    holds(({ header, wanted, spoken }) => {
      const first = pickLanguages(header, wanted, spoken);
      expect(pickLanguages(header, first.lang, spoken)).toEqual(first);
    });
  });

  test('give the same text to whoever is sent the address and wishes for nothing', () => {
    holds(({ header, wanted, spoken }) => {
      const { textLocale, shareLang } = pickLanguages(header, wanted, spoken);
      expect(pickLanguages(undefined, shareLang, spoken)).toMatchObject({ textLocale, shareLang });
    });
  });

  test('are among those that the menu has', () => {
    holds(({ header, wanted, spoken }) => {
      const { lang, shareLang } = pickLanguages(header, wanted, spoken);
      const menu = [...spoken, ...interfaceAlone(spoken)];
      expect(menu).toContain(lang);
      expect(menu).toContain(shareLang);
      expect(new Set(menu).size).toBe(menu.length);
      // No language of the interface is lost by it.
      for (const one of LOCALES) {
        expect(menu.map((tag) => pickLocale(undefined, tag))).toContain(one);
      }
    });
  });
});

describe('the direction of a language', () => {
  test.each(
    'ar fa he ur yi ckb ug ps sd dv ks ku-Arab az-Arab uz-Arab pa-Arab ms-Arab rhg nqo syr'.split(
      ' ',
    ),
  )('%s is from right to left', (tag) => expect(direction(tag)).toBe('rtl'));
  test.each('en ru ar-Latn he-Latn ug-Cyrl az uz ku ms pa zh-Hant ka hy am ja'.split(' '))(
    '%s is from left to right',
    (tag) => expect(direction(tag)).toBe('ltr'),
  );
});
