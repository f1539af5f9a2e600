import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalLocale, localeProblem } from '../../src/domain/locale.ts';
import { MACROLANGUAGE_MEMBERS } from '../../src/domain/locale-codes.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { spoiled, validate } from './campaign-example.ts';

describe('C8 the code of a language', () => {
  test.each([
    ['ua', 'a country, Ukraine; Ukrainian is uk'],
    ['cz', 'a country, Czechia; Czech is cs'],
    ['jp', 'a country, Japan; Japanese is ja'],
    ['gr', 'a country, Greece; Greek is el'],
    ['cn', 'a country, China; Chinese is zh'],
    ['dk', 'a country, Denmark; Danish is da'],
    ['us', 'a country, United States; English is en'],
    ['by', 'a country, Belarus; Belarusian is be, Russian is ru'],
    ['kz', 'a country, Kazakhstan; Kazakh is kk, Russian is ru'],
    ['se', 'a country, Sweden; Swedish is sv, Northern Sami is se-NO'],
    ['br', 'a country, Brazil; Portuguese is pt, Breton is br-FR'],
    ['br-BR', 'a country, Brazil'],
    ['ua-UA', 'a country, Ukraine'],
    ['eng', 'code for English; write en'],
    ['ukr', 'code for Ukrainian; write uk'],
    ['iw', 'code for Hebrew; write he'],
    ['in', 'code for Indonesian; write id'],
    ['en-UK', 'write en-GB'],
    ['en-EN', 'ends with EN, which is no country; write en alone'],
    ['en_US', 'write it like en-US'],
    ['english', 'not a language that is known; write en'],
    ['deutsch', 'write de'],
    ['русский', 'write it like ru'],
    ['mul', 'names no language: it stands for several languages at once; list each by its own'],
    ['und', 'names no language: it stands for a language that is not known; write the one it is'],
    ['zxx', 'names no language: it stands for what is in no language; write one like en'],
    ['mis', 'names no language: it stands for a language that has no code'],
    ['qaa', 'names no language that others know: qaa to qtz are for private use; write one like'],
    ['qtz-Latn', 'are for private use'],
    ['cel', 'names no single language: it stands for a group of them; write the one it is'],
    ['sgn', 'names no single language'],
    ['art', 'names no single language'],
    ['me', 'a country, Montenegro; Montenegrin is sr-ME, Serbian is sr'],
    ['kr', 'a country, South Korea; Korean is ko, Kanuri is kr-NG'],
    ['hk', 'a country, Hong Kong SAR China; Chinese is zh-Hant'],
    ['tw', 'write ak; if you mean Taiwan: Chinese is zh-Hant'],
    ['kw', 'a country, Kuwait; Arabic is ar, Cornish is kw-GB'],
    ['lu', 'a country, Luxembourg; Luxembourgish is lb, French is fr, Luba-Katanga is lu-CD'],
    ['sg', 'a country, Singapore; '],
    ['tn', 'a country, Tunisia; Arabic is ar, Tswana is tn-ZA'],
    ['sh', 'was the code for Serbo-Croatian and was given up; write sr-Latn, hr or bs'],
    ['sh-BA', 'write sr-Latn, hr or bs'],
    ['ji', 'code for Yiddish; write yi'],
    ['jw', 'code for Javanese; write jv'],
    ['mo', 'code for Romanian; write ro; if you mean Macao SAR China: Chinese is zh-Hant'],
    ['in', 'code for Indonesian; write id; if you mean India: '],
    ['bh', 'write bho; if you mean Bahrain: Arabic is ar'],
    ['en-ZZ', 'ends with ZZ, which is no country; write en alone'],
    ['en-XA', 'ends with XA, which is no country'],
    ['en-Zxxx', 'has Zxxx in it, which is no script; write en alone, or with one like zh-Hant'],
    ['en-Qaaa', 'has Qaaa in it, which is no script'],
    ['en_US.UTF-8', 'write it like en-US'],
    ['sr_RS@latin', 'write it like sr-Latn-RS'],
    ['C.UTF-8', 'write it like en or pt-BR'],
    ['xx', 'not a language that is known'],
    ['zh-yue', 'is not taken here: the language it ends with stands alone; write yue'],
    ['zh-yue-HK', 'write yue-HK'],
    ['ar-arz', 'write arz'],
    ['x-private', 'is not taken here: it says no language'],
    ['en-US-x-a', 'is not taken here: it says more than a language and a place; write en-US'],
    ['en-u-nu-arab', 'is not taken here: it says more than a language and a place; write en'],
    ['en-t-jp', 'write en'],
    ['i-klingon', 'is not taken here: it is of a form given up; write tlh'],
    ['i-enochian', 'is not taken here: it says no language'],
    ['en-GB-oed', 'write en-GB'],
    ['еn', 'is not in Latin letters alone: its "е" is the Cyrillic letter U+0435; write en'],
    ['pt-ВR', 'its "В" is the Cyrillic letter U+0412; write pt-BR'],
    ['οc', 'its "ο" is the Greek letter U+03BF; write oc'],
    ['ｅn', 'its "ｅ" is the full-width letter U+FF45; write en'],
    ['e--n', 'is not a BCP 47 language tag'],
  ])('refuses %s', (tag, mend) => {
    const problems = spoiled({ locales: ['en', 'pt-br', tag] });
    expect(problems[0]).toMatch(/^locales\[2\]: "/);
    expect(problems[0]).toContain(mend);
  });

  test.each(
    'en uk pt-br no nb nn zh-Hant zh-TW sr-Latn es-419 ckb hsb yue fil he id ar ca sv br-FR se-NO se-SE eu de-1996 sr-ME nah tlh en-EU ar-001 tn-BW kmr cmn-Hant prs lvs'.split(
      ' ',
    ),
  )('takes %s', (tag) => expect(localeProblem(tag)).toBeNull());

  test.each([
    ['br', ['fr', 'br'], '"br" is Breton; if you mean the country, Brazil: Portuguese is pt'],
    ['se', ['nb', 'se'], '"se" is Northern Sami; if you mean the country, Sweden: Swedish is sv'],
  ])(
    'C8 takes %s beside %j, which is spoken there, and says what else it could be',
    (tag, locales, warning) => {
      expect(localeProblem(tag, locales)).toBeNull();
      const texts = (text: string) => Object.fromEntries(locales.map((one) => [one, text]));
      const valid = validate({
        ...{ locales, title: texts('Quiet rivers'), story: texts('Why.') },
        ...{ messages: texts('Act now {{ link }}'), addressee: undefined, letter: undefined },
      });
      expect(valid.content.locales).toContain(tag);
      expect(valid.warnings).toContainEqual({ field: 'locales[1]', message: warning });
    },
  );

  test('C8 the code of a country stays one beside any other language', () => {
    for (const tag of ['br', 'se', 'ee']) {
      expect(localeProblem(tag, ['en', 'pt-BR', 'sv', 'et', tag])).not.toBeNull();
    }
    expect(localeProblem('br-BR', ['fr', 'br-BR'])).not.toBeNull();
  });

  test('C8 keeps a language that is one of a larger one as that', () => {
    const kmr = (text: string) => ({ en: 'Rivers', kmr: text });
    const texts = { title: kmr('Av'), story: kmr('Çima.'), messages: kmr('Av {{ link }}') };
    const { content, understood } = validate({ ...texts, locales: ['en', 'kmr'] });
    expect(content.locales).toEqual(['en', 'ku']);
    expect(content.title.ku).toBe('Av');
    expect(understood.mended).toContainEqual({ field: 'title.kmr', message: 'is kept as ku' });
  });

  test('takes what it says to write instead', () => {
    for (const tag of ['eng', 'iw', 'in', 'en-UK', 'sr-YU', 'sh', 'mo', 'tl', 'tw', 'nob', 'ger']) {
      const [, said = ''] = /; write ([^;]+)/.exec(localeProblem(tag) ?? '') ?? [];
      for (const meant of said.split(/, | or /)) {
        expect(localeProblem(meant), `${tag} ${meant}`).toBeNull();
      }
    }
  });

  test('takes no tag but in its own spelling, whatever the case', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_-]{1,4}$/);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        const tag = parts.join('-');
        const [first = ''] = tag.toLowerCase().split('-');
        const isOwn =
          MACROLANGUAGE_MEMBERS.has(first) ||
          canonicalLocale(tag)?.toLowerCase() === tag.toLowerCase();
        expect(isOwn || localeProblem(tag) !== null, tag).toBe(true);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
