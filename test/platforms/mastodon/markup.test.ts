import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readsAsMarkup } from '../../../src/platforms/mastodon/markup.ts';
import { isWordForWord } from '../../../src/platforms/mastodon/words.ts';
import { friendicaHtml, mfmHtml } from '../../../src/simulator/mastodon/markup.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

const ORIGIN = 'https://sharkey.example';
const KINDS = [
  ['sharkey', mfmHtml],
  ['friendica', friendicaHtml],
] as const;

describe('a text for a server that has a markup of its own', () => {
  it.each(KINDS)('B10 stands as it is where it has no such signs: %s', (software, htmlOf) => {
    for (const text of [
      'A hundred days ago, at 10:30:45, we said: never again!\n#100DaysOfInjustice https://example.org/a_b_c?d=*e*&f=1',
      'Сто дней назад мир узнал: в Чечне…\n«Мы помним» — и не молчим. #Право_на_голос',
      '百日前、世界は知った。「私たちは忘れない」#百日',
      'Mail @anna_b@social.example.org, 5 - 3 = 2, $100 (or more) & so on; 50% "now"',
    ]) {
      expect(readsAsMarkup(software, text), text).toBe(false);
      expect(isWordForWord(htmlOf(text, ORIGIN), text), text).toBe(true);
    }
  });

  it.each([
    ...['say *it* now', 'say **it, all of it** now', 'say _it_ now', 'say ~~it~~ now', 'a `b` c'],
    ...['<b>now</b>', 'one\n> two', '[here](https://example.org/x)', '$[tada now]', '\\(x\\)'],
    ...['I :heart_eyes: it', 'how to help search', 'see <https://example.org/x>'],
  ])('B10 is seen to be read otherwise by Sharkey and its kin: %j', (text) => {
    for (const software of ['sharkey', 'firefish', 'iceshrimp', 'iceshrimp.net']) {
      expect(readsAsMarkup(software, text), software).toBe(true);
    }
    expect(readsAsMarkup('mastodon', text)).toBe(false);
    expect(readsAsMarkup('hollo', text)).toBe(false);
  });

  it.each([
    ...['say *it* now', 'say _it_ now', '# now', '1. one\n2. two', 'a\n===', '- one\n- two'],
    ...['[b]now[/b]', '&copy; 2027', '    four blanks', 'a | b', '<b>now</b>', 'a\n\n\nb'],
  ])('B10 is seen to be read otherwise by Friendica: %j', (text) => {
    expect(readsAsMarkup('friendica', text)).toBe(true);
  });

  it.each(KINDS)('B10 never takes for plain what is shown otherwise: %s', (software, htmlOf) => {
    const sign = fc.constantFrom(...'*_`~#>-+=[](){}<>!&;:.\\$ \nab1'.split(''), 'é', '中');
    const part = fc.oneof(
      { weight: 9, arbitrary: sign },
      fc.constant(' https://example.org/a_b '),
      fc.constantFrom('<b>', '</b>', '[b]', '[/b]', '$[x ', '\\(', '\\)'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const text = parts.join('').trim();
        if (readsAsMarkup(software, text)) return;
        expect(isWordForWord(htmlOf(text, ORIGIN), text)).toBe(true);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
