import { describe, expect, it } from 'vitest';
import { composeMessage } from '../../src/actions/message/compose-message.ts';
import type { CampaignContent } from '../../src/domain/campaign.ts';
import { textOn } from '../../src/http/views/campaign-views.ts';
import { TEXT_RULES } from '../../src/platforms/index.ts';
import { tooLongWords } from '../../src/web/components/text-sheets.tsx';
import { countAnswer } from '../../src/web/count.ts';
import { LOCALES, translator } from '../../src/web/i18n.ts';

const content = { ownWords: true } as CampaignContent;

/** What words of one's own come to on a platform. */
function measured(platform: string, own: string) {
  const words = { textLocale: 'en', variant: 0, own, typed: {} };
  const rules = TEXT_RULES.filter((rule) => rule.platform === platform);
  return rules.map((rule) => textOn(composeMessage(content, words, rule)));
}

/** Why they are not taken, for somebody who reads this language. */
function why(platform: string, own: string, locale: string): string {
  return tooLongWords(measured(platform, own), locale, translator(locale));
}

const links = Array.from({ length: 6 }, (_, i) => `https://example.org/${i}`).join(' ');

describe('B15 words of one’s own that a network refuses, though they are short', () => {
  it.each(LOCALES)('are told the reason in %s, and no length', (locale) => {
    expect(why('x', 'Now $ABC and $DEF', locale)).toContain('$ABC');
    expect(why('x', 'Now $ABC and $DEF', locale)).not.toMatch(/\d|\{\{/);
    expect(why('threads', links, locale)).toMatch(/Threads.*5|5.*Threads/);
    expect(why('x', `Now $ABC ${'字'.repeat(150)}`, locale)).toMatch(/\d/);
    expect(why('x', 'Now $ABC', locale)).toBe('');
  });
});

describe('B3 B15 the count beside words of one’s own', () => {
  const family = '👨‍👩‍👧‍👦';
  it.each([
    ['x', '$ABC $DEF', 'X: 9 of 280 characters', 'X takes one cashtag'],
    ['threads', links, 'Threads: 131 of 500 bytes', 'Threads takes at most 5 links'],
    [
      'bluesky',
      family.repeat(140),
      'Bluesky: 140 of 300 characters',
      '3,000 bytes in a post, and this text has 3,500',
    ],
  ])('is the true one on %s where another rule is broken', (platform, text, words, reason) => {
    const own = { allowed: true, value: text, problem: null, on: measured(platform, text) };
    const { lengths, said } = countAnswer(own, 'en');
    expect(lengths).toEqual([{ platform, words, over: true }]);
    expect(said).toContain(reason);
    expect(said).not.toContain('too long');
  });

  it('is told with both rules where both are broken', () => {
    expect(why('x', `$ABC $DEF ${'x'.repeat(280)}`, 'en')).toMatch(
      /one cashtag.* 10 characters too long/,
    );
    expect(why('bluesky', family.repeat(301), 'en')).toMatch(/3,000 bytes.* 1 character too long/);
  });

  it.each(LOCALES)('names the bytes of a text with few characters in %s', (locale) => {
    const said = why('bluesky', family.repeat(140), locale);
    expect(said).toMatch(/byte|octet|байт|بايت/i);
    expect(said).not.toContain('{{');
  });
});
