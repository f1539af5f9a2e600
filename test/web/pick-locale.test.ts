import { describe, expect, test } from 'vitest';
import { LOCALES, pickLocale } from '../../src/web/index.ts';

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
    ['pt-AO,en', ['en', 'pt-BR', 'pt-PT'], 'pt-BR'],
    ['pt-PT,en', ['en', 'pt-BR', 'pt-PT'], 'pt-PT'],
    ['pt', ['en', 'pt-BR'], 'pt-BR'],
    ['pt, fr', ['en', 'pt-BR', 'fr'], 'pt-BR'],
    ['en-AU,en-GB;q=0.9', ['en-US', 'en-GB'], 'en-US'],
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
