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

  test('shortens a range from the right, single letters with what they introduce', () => {
    expect(pickLocale('zh-Hant-CN-x-private1', undefined, ['en', 'zh-Hant'])).toBe('zh-Hant');
    expect(pickLocale('zh-x-hant', undefined, ['en', 'zh'])).toBe('zh');
  });

  test('takes a relative before a stranger, and a true match before a relative', () => {
    expect(pickLocale('pt', undefined, ['en', 'pt-BR'])).toBe('pt-BR');
    expect(pickLocale('pt, fr', undefined, ['en', 'pt-BR', 'fr'])).toBe('fr');
  });

  test('does not choke on a header made to be long', () => {
    expect(LOCALES).toContain(pickLocale('a-'.repeat(100_000), 'b-'.repeat(1000)));
    expect(pickLocale('ru', undefined, [])).toBe('en');
  });
});
