import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mastodonTextRule,
  measureForMastodon,
  measureStrictly,
} from '../../../src/platforms/mastodon/text-rule.ts';
import { isSameText } from '../../../src/platforms/mastodon/words.ts';
import { htmlOf } from '../../../src/simulator/mastodon/html.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

const LINK = `https://example.org/${'a'.repeat(300)}`;

describe('how long a text is', () => {
  const rows: [string, number][] = [
    ['', 0],
    ['abc', 3],
    [LINK, 23],
    [`See ${LINK} now`, 31],
    ['example.org/abc', 15],
    ['@anna@social.example.org hello', 11],
    ['👩‍👩‍👧👍🏽', 2],
    ['сто дней', 8],
    ['กำลัง', 3],
    ['e\u0301', 1],
  ];
  for (const [text, length] of rows) {
    it(`${text.slice(0, 30)}: ${length}`, () =>
      expect(mastodonTextRule.measure(text)).toBe(length));
  }

  it('takes the server’s own price of a link, and elsewhere the strictest count', () => {
    expect(measureForMastodon(`See ${LINK}`, 40)).toBe(44);
    expect(measureStrictly('👩‍👩‍👧')).toBe(5);
  });
});

describe('whether a server shows our text', () => {
  const texts = [
    'Read it: https://example.org/100days?a=1&b=2#here — now. #100DaysOfInjustice',
    'Read it on example.org/100days now.',
    `(${LINK}), and https://example.org/b.`,
    'We ring the bell together.\nAll of us.\n\nAnd again.',
    'Freedom & justice < silence > "fear" &amp; so on, it’s <b>ours</b>',
    'Zoe\u0308 et Cafe\u0301',
    '  We ring the bell.  ',
    '日本 👩‍👩‍👧 Всем #ПравоНаГолос',
    'Thanks @anna@social.example.org and @ben, all.',
    'https://example.org/only',
  ];
  for (const text of texts) {
    it(text.slice(0, 40), () => {
      for (const shorten of [false, true]) {
        expect(isSameText(htmlOf(text, 'https://a.example', shorten), text)).toBe(true);
      }
      expect(isSameText(htmlOf(`${text} And more.`, 'https://a.example', false), text)).toBe(false);
    });
  }

  const shown: [string, string, boolean][] = [
    [
      '<p>Thanks <span class="h-card"><a href="x">@<span>anna</span></a></span>!</p>',
      'Thanks @anna@b.example!',
      true,
    ],
    ['<p>We <em>ring</em> the bell</p>', 'We *ring* the bell', true],
    [
      '<p>Go: <a href="https://example.org/a).">example.org/…</a> now, all of us</p>',
      'Go: https://example.org/a). now, all of us',
      true,
    ],
    ['<p>short</p>', 'other', false],
    ['<p>&#128276; &#x1F514;</p>', '🔔 🔔', true],
    ['', 'text', false],
    ['<p>cut &lt', 'cut &lt', true],
  ];
  for (const [html, text, same] of shown) {
    it(`${html}: ${same}`, () => expect(isSameText(html, text)).toBe(same));
  }

  it('reads whatever a server sends, in time', () => {
    const bombs = ['<'.repeat(60_000), '<a '.repeat(20_000), '&#'.repeat(30_000), 'x'.repeat(1e6)];
    const startedAt = performance.now();
    for (const bomb of bombs) expect(isSameText(bomb, 'our text')).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof isSameText(text, text)).toBe('boolean');
        expect(isSameText(htmlOf(text, 'https://a.example', false), text)).toBe(true);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
