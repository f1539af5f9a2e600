import { describe, expect, it } from 'vitest';
import { composeMessage } from '../../src/actions/compose-message.ts';
import type { CampaignContent } from '../../src/domain/campaign.ts';
import { textOn } from '../../src/http/views.ts';
import { TEXT_RULES } from '../../src/platforms/index.ts';
import { tooLongWords } from '../../src/web/components/text-sheets.tsx';
import { LOCALES, translator } from '../../src/web/i18n.ts';

const content = { ownWords: true } as CampaignContent;

/** Why words of one's own are not taken, for somebody who reads this language. */
function why(platform: string, own: string, locale: string): string {
  const words = { textLocale: 'en', variant: 0, own, typed: {} };
  const rules = TEXT_RULES.filter((rule) => rule.platform === platform);
  const on = rules.map((rule) => composeMessage(content, words, rule));
  return tooLongWords(on.map(textOn), translator(locale));
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
