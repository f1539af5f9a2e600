import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkUpdate } from '../../src/domain/campaign-update.ts';
import { damagedTexts, damageIn } from '../../src/domain/damaged-text.ts';
import { WINDOWS_1252 } from '../../src/domain/text/code-pages.ts';
import { example, spoiled } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

const damage = (locale: string, text: string) =>
  damagedTexts({ messages: { [locale]: text } }, [locale]).map(({ message }) => message);

/** Every text of the interface in a language. */
function interfaceTexts(locale: string): string[] {
  const path = new URL(`../../src/web/locales/${locale}.json`, import.meta.url);
  const all = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value as object).flatMap(all);
  return all(JSON.parse(readFileSync(path, 'utf8')));
}

/** Names of countries in a language, and sentences of five of them, from CLDR. */
function countryNames(locale: string): string[] {
  const regions =
    'AD AF BR CI CN DE EG ES FR GB GR HK IL IN IR JP KR KZ MX PL RO RS RU SE TR TW UA US VN ZA';
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const words = regions.split(' ').map((region) => names.of(region) ?? '');
  const list = new Intl.ListFormat(locale);
  return [...words, ...words.map((_, index) => list.format(words.slice(index, index + 5)))];
}

const INTERFACE = 'ar de en es fr it ru uk'.split(' ');
const OTHERS =
  'am az be bg ca cs cy da el eo et fa fi he hi hr hu hy is ja ka km ko lt lv mk mt nb nl pl ps pt ro sk sl sr sr-Latn sv ta th tr ur vi yo zh zh-Hant'.split(
    ' ',
  );
const PAGES =
  'windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 windows-874 koi8-r ibm866 macintosh x-mac-cyrillic gbk shift_jis big5 euc-kr'.split(
    ' ',
  );

describe('C2 a text that was read in another code page', () => {
  test.each([
    ['ru', 'РЎРІРѕР±РѕРґР°', 'UTF-8 that was once read as Windows-1251'],
    ['uk', 'РЎРІРѕР±РѕРґР° {{ link }}', 'UTF-8 that was once read as Windows-1251'],
    ['ru', 'п║п╡п╬п╠п╬п╢п╟', 'UTF-8 that was once read as KOI8-R'],
    ['ar', 'ظ‚ظپظˆط§', 'UTF-8 that was once read as Windows-1256'],
    ['zh', '浠婂ぉ鍜屾垜浠', 'UTF-8 that was once read as GBK'],
    ['ja', '莉雁､ｩ', 'UTF-8 that was once read as Shift_JIS'],
    ['pl', 'wolnoĹ›Ä‡', 'UTF-8 that was once read as Windows-1250'],
    ['fr', 'le mĂŞme jour', 'UTF-8 that was once read as Windows-1250'],
    ['fr', 'Tch茅', 'UTF-8 that was once read as GBK'],
    ['de', 'GrГјГџe', 'UTF-8 that was once read as Windows-1251'],
    ['en', 'Don‚Äôt', 'UTF-8 that was once read as Mac Roman'],
    ['en', 'Don鈥檛', 'UTF-8 that was once read as GBK'],
    ['ru', 'Ñâîáîäà ñëîâà', 'windows-1251 that was once read as Windows-1252'],
    ['ar', 'ÍÑíÉ ÇáÊÚÈíÑ', 'windows-1256 that was once read as Windows-1252'],
    ['zh', '½ñÌìÎÒÃÇ', 'gbk that was once read as Windows-1252'],
    ['ru', 'уЧПВПДБ', 'koi8-r that was once read as Windows-1251'],
    ['ru', 'яБНАНДЮ', 'windows-1251 that was once read as KOI8-R'],
    ['el', 'Ξ•Ξ»ΞµΟ…ΞΈΞµΟΞ―Ξ±', 'UTF-8 that was once read as Windows-1253'],
    ['th', 'เธชเธงเธฑเธชเธ”เธต', 'UTF-8 that was once read as Windows-874'],
    ['fr', 'l’├⌐t├⌐', 'UTF-8 that was once read as code page 437'],
    ['pl', 'Bêdziemy ¿¹daæ œledztwa', 'windows-1250 that was once read as Windows-1252'],
    ['cs', 'Nebudeme mlèet, pøíštì už ne', 'windows-1250 that was once read as Windows-1252'],
    [
      'tr',
      'Ýstanbul’da doðru barýþ ve özgürlük',
      'windows-1254 that was once read as Windows-1252',
    ],
    ['lt', 'Ðimtà dienø laukiame, netylësime', 'windows-1257 that was once read as Windows-1252'],
    ['de', 'F³r alle Fl³sse, gr÷▀er als wir', 'windows-1252 that was once read as code page 850'],
  ])('is refused in %s: %s', (locale, text, what) => {
    expect(damage(locale, text)).toHaveLength(1);
    expect(damage(locale, text)[0]).toContain(`holds ${what}, “`);
    expect(damage(locale, text)[0]).toMatch(/\(line 1 of this text\); write it again, in a file/);
  });

  test.each([...INTERFACE, ...OTHERS])('is not what anything in %s is taken for', (locale) => {
    const texts = INTERFACE.includes(locale) ? interfaceTexts(locale) : countryNames(locale);
    const written = texts.flatMap((text) => [text, text.toLocaleUpperCase(locale)]);
    expect(written.length).toBeGreaterThan(50);
    expect(written.filter((text) => damage(locale, text).length > 0)).toEqual([]);
  });

  test.each(PAGES)(
    'is found by any text of ten letters of another script in UTF-8, read as %s',
    (page) => {
      const decoder = new TextDecoder(page);
      for (const locale of ['ar', 'ru', 'uk', 'zh', 'ja', 'ko', 'el', 'fa']) {
        const texts = INTERFACE.includes(locale) ? interfaceTexts(locale) : countryNames(locale);
        const long = texts.filter((text) => (text.match(/[^\0-\x7f]/g)?.length ?? 0) >= 10);
        const taken = long.filter((text, index) => {
          if (index % 4 > 0) return false;
          const read = decoder.decode(Buffer.from(text));
          return damage(locale, read).length === 0;
        });
        expect(taken, locale).toEqual([]);
      }
    },
  );

  const high = Array.from({ length: 128 }, (_, index) => 128 + index);
  const read = (page: string, byte: number) => new TextDecoder(page).decode(Uint8Array.of(byte));
  /** Names of countries and languages, with the letters that a page has. */
  const wordsIn = (locale: string, bytes: ReadonlyMap<string, number>) => {
    const names = new Intl.DisplayNames(locale, { type: 'language' });
    const languages = 'ar cs de el es fr hu ja lt pl ru tr vi uk'.split(' ');
    const words = [
      ...countryNames(locale).slice(0, 30),
      ...languages.map((one) => names.of(one) ?? ''),
    ];
    return words.filter((word) => [...word].every((sign) => sign <= '\x7f' || bytes.has(sign)));
  };

  test.each([
    ...['pl', 'cs', 'sk', 'hr', 'bs', 'sr-Latn'].map((one) => [one, 'windows-1250']),
    ...['tr', 'az'].map((one) => [one, 'windows-1254']),
    ...['lt', 'lv'].map((one) => [one, 'windows-1257']),
    ...['mt', 'eo'].map((one) => [one, 'iso-8859-3']),
    ...['de', 'fr', 'es', 'pt', 'ca', 'is'].map((one) => [one, 'macintosh']),
  ] as [string, string][])(
    'is found in %s, written in %s and read as Windows-1252',
    (locale, page) => {
      const bytes = new Map(high.map((byte) => [read(page, byte), byte]));
      const text = wordsIn(locale, bytes).join(', ');
      // Node takes Windows-1252 for Latin-1 within 0x80 to 0x9F.
      const taken = text.replace(/[^\0-\x7f]/g, (sign) => {
        const byte = bytes.get(sign) ?? 0;
        return WINDOWS_1252[byte - 0x80] ?? read('windows-1252', byte);
      });
      expect(damage(locale, text)).toEqual([]);
      expect(damage(locale, taken).join()).toContain('that was once read as Windows-1252');
    },
  );

  test('is not what words in one of several languages are taken for', () => {
    const danish = 'Jørgen købte æbler på Ærø, søen var høj';
    const icelandic = 'Það er þörf á að býða ekki: þetta er þjóðin';
    expect(damageIn(danish, ['lt', 'da'])).toBeNull();
    expect(damageIn(icelandic, ['tr', 'is'])).toBeNull();
    expect(damageIn('Ðimtà dienø laukiame, netylësime', ['lt', 'en'])).not.toBeNull();
  });

  test('is refused in what has no language, and in a language beside others', () => {
    const locales = ['en', 'ru'];
    const changes = {
      locales,
      title: { en: 'Free', ru: 'Свобода' },
      story: { en: 'Words.', ru: 'Слова.' },
      messages: { en: 'A {{ link }}', ru: 'Свобода\n\nРЎРІРѕР±РѕРґР° {{ link }}' },
      organiser: { name: 'РЎРІРѕР±РѕРґР°' },
    };
    const problems = spoiled(changes);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'organiser.name',
      'messages.ru',
    ]);
    expect(problems[1]).toMatch(/\(line 3 of this text\)/);
  });

  test('is refused in an update', () => {
    const update = () => checkUpdate({ text: { ru: 'Итог:\nРЎРІРѕР±РѕРґР°' } }, ['ru']);
    expect(problemsOf(update).join()).toMatch(/^text\.ru: holds UTF-8 .*\(line 2 of this text\)/);
  });
});

describe('C2 letters that are lost, or packed for the way', () => {
  test.each([
    ['ru', '+BCEEMgQ+', 'holds letters in UTF-7'],
    ['fr', 'Tch+AOk-', 'holds letters in UTF-7'],
    ['fr', 'Tch=C3=A9', 'holds letters in quoted-printable'],
    ['fr', 'Tch%C3%A9', 'holds letters in percent signs'],
    ['ru', '?????? ????', 'has lost letters: question marks'],
    ['fr', 'd?tat l?ann?e', 'holds a question mark within a word'],
    ['es', 'LA MA?ANA', 'holds a question mark within a word'],
  ])('are refused in %s: %s', (locale, text, what) => {
    expect(damage(locale, text).join()).toContain(what);
  });

  test.each([
    ['en', 'Why? Because. What??? Now!'],
    ['en', 'https://example.org/a?b=caf%C3%A9 and example.org/?q=a'],
    ['fr', 'Quoi ??? Non ?! /campagnes?liste=passees'],
    ['zh', '你好?我们'],
    ['en', 'LGBTQI+Rights, +Freedom, a+b=c, call +4915112345678'],
    ['zh', 'LGBTQI+Rights +Freedom 50%80%'],
    ['en', '100% = 50%+50%'],
    ['ru', 'SMSка, ГОСТ, МВД РФ, ФСБ, «ЕЁ» СЁ, ПРЕДПРИЯТИЕ, сВОБОДА'],
    ['pl', 'Solidarni z: Peña, François, Søren, Zoë. Dość milczenia!'],
    ['pl', 'José Peña i María Núñez, 25 m², 30 °C, 5 €'],
    ['cs', 'Søren Kierkegaard, Michèle Obama'],
    ['tr', 'Ljubljana’dan Þórunn, São Paulo’dan Ana'],
    ['de', 'Łódź, Kraków, Beşiktaş und Nuñez, 5 m², §218'],
    ['hu', 'Beyoncé, Björk és Müller'],
    ['lt', 'Ana Peña, Søren, Zoë'],
    ['fr', 'Le nº 1, la ½ journée, Łukasz, Peña, Núñez, 20 ° à l’ombre'],
    ['th', 'เธอ เธค เนย เนบ เธน'],
    ['el', 'Ελευθερία και ειρήνη: Ω, Ά!'],
    ['he', 'שׁוב ׳אף אחד׳ לא ענה, צה״ל'],
    ['vi', 'Tự do cho tất cả, ÀÂÃ, đêm'],
  ])('are not seen in %s: %s', (locale, text) => {
    expect(damage(locale, text)).toEqual([]);
  });

  test('are not seen in the placeholders of a template', () => {
    const messages = { ...example.messages, en: '{% if name %}{{ name }}{% endif %} {{ link }}' };
    expect(spoiled({ messages })).toEqual([]);
  });
});
