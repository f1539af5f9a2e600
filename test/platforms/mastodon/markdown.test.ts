import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { linksIn } from '../../../src/domain/text/links.ts';
import { escapeMarkdown, statusFor } from '../../../src/platforms/mastodon/markdown.ts';
import { isSameText } from '../../../src/platforms/mastodon/words.ts';
import { markdownHtml, textOfHtml } from '../../../src/simulator/mastodon/markdown.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

const ORIGIN = 'https://hollo.example';
const shown = (text: string): string => markdownHtml(escapeMarkdown(text), ORIGIN);
/** Without the blanks at the ends of lines, which are not seen. */
const linesOf = (text: string): string => text.trim().replace(/[ \t]*(\n)[ \t]*/g, '$1');
/** As such a server shows it: percent-encoded signs of a link are decoded, where it leads to stays the same. */
function asShown(text: string): string {
  let shownText = '';
  let from = 0;
  for (const { start, end, hasScheme } of linksIn(text)) {
    const link = text.slice(start, end);
    shownText += text.slice(from, start) + (hasScheme ? reader.normalizeLinkText(link) : link);
    from = end;
  }
  return shownText + text.slice(from);
}
const reader = new MarkdownIt();
const hrefsOf = (html: string): string[] =>
  [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));

describe('a text for a server that reads every post as Markdown', () => {
  const texts = [
    '*a* _b_ **c** __d__ ~~e~~ `f` ^g^ ==h==',
    '1. x > y <b>z</b> [x](https://example.org/y) ![p](q) &amp; &#65; \\',
    '# head\n> quote\n- one\n+ two\n* three\n1) four\n---\n===\n| a | b |\n|---|---|\n```\ncode',
    'One line\nand the next\n\nand a paragraph\n    and four blanks',
    '    four blanks at the beginning\n\ttab',
    'a\\\nb\\',
    '(c) (tm) "quotes" \'single\' -- --- ... +-',
    '[x]: https://example.org/a\n\n[x]',
    'www.example.org example.org/a info@example.org',
    ':smile: @anna @anna_b@social.example.org!',
    'Всем! *Право* на _голос_. «Да» — нет… ¡Hola! 「です」、。',
    '#100DaysOfInjustice #a_b #_a_ and _b_ #СтоДнейБезПравосудия, C# #1 ##x #مئة_يوم',
    'Read it (https://example.org/a_b_c*d*?x=1&y=_2_#z), now.',
    'https://example.org/a. https://example.org/b! *https://example.org/c*',
  ];
  for (const text of texts) {
    it(JSON.stringify(text), () => {
      const html = shown(text);
      expect(textOfHtml(html).replace(/\s+/g, ' ')).toBe(text.replace(/\s+/g, ' ').trim());
      expect(html).not.toMatch(/<(?!\/?(?:p|br|a|span)\b)/);
      expect(isSameText(html, text)).toBe(true);
      const links = linksIn(text).filter(({ hasScheme }) => hasScheme);
      expect(hrefsOf(html).filter((href) => !/\/tags\/|^mailto:/.test(href))).toEqual(
        links.map((link) => link.text),
      );
    });
  }

  it('keeps line ends, paragraphs and hashtags', () => {
    expect(textOfHtml(shown('One\ntwo\r\nthree\n\nfour\n \nfive'))).toBe(
      'One\ntwo\nthree\n\nfour\n\nfive',
    );
    expect(hrefsOf(shown('#One, (#two) #сто_дней'))).toEqual(
      ['One', 'two', 'сто_дней'].map((tag) => `${ORIGIN}/tags/${encodeURIComponent(tag)}`),
    );
    expect(hrefsOf(shown('C#x is no tag, nor is a#b'))).toEqual([]);
  });

  it.each([
    'a\n\n\nb',
    'a\n\n\n\nb',
    'a\n\n\n*b*\n\nc\n\n\n\n# d',
    'https://example.org/a\n\n\n#b',
  ])('B10 keeps several blank lines: %j', (text) => {
    expect(textOfHtml(shown(text))).toBe(text);
    expect(textOfHtml(markdownHtml(text, ORIGIN))).not.toBe(text);
  });

  it('would be formatted if it went out as it is', () => {
    const text = '*a* _b_ 1. x > y';
    expect(textOfHtml(markdownHtml(text, ORIGIN))).toBe('a b 1. x > y');
    expect(statusFor('hollo', text)).toBe('\\*a\\* \\_b\\_ 1\\. x \\> y');
    for (const software of ['mastodon', 'gotosocial', 'hometown', 'unknown']) {
      expect(statusFor(software, text)).toBe(text);
    }
  });

  it.each(['https://example.org/%D0%B6?c=%20', 'https://example.org/a_b?c=*d*%ab'])(
    'leads where it says, though a link is shown decoded: %s',
    (link) => {
      const html = shown(`Read ${link} now`);
      expect(hrefsOf(html)).toEqual([link]);
      expect(isSameText(html, `Read ${link} now`)).toBe(true);
      expect(textOfHtml(html)).toBe(`Read ${asShown(link)} now`);
    },
  );

  it('stands there as it is, whatever it is', () => {
    const sign = fc.constantFrom(
      ...'*_`~#>-+=|[](){}<>!&;:.\\"\'/@$%^ \n\t1ab'.split(''),
      'é',
      '中',
    );
    const link = fc.constant('https://example.org/a_b?c=*d*');
    const text = fc.array(fc.oneof({ weight: 9, arbitrary: sign }, link), { maxLength: 40 });
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        const html = shown(whole);
        expect(textOfHtml(html).replace(/\s+/g, '')).toBe(asShown(whole).replace(/\s+/g, ''));
        expect(linesOf(textOfHtml(html))).toBe(linesOf(asShown(whole)));
        expect(html).not.toMatch(/<(?!\/?(?:p|br|a|span)\b)/);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
