import { expect, it } from 'vitest';
import { lengthWords, unfitWords } from '../../src/web/components/text-sheets.tsx';
import { LOCALES, translator } from '../../src/web/i18n.ts';
import { textOn } from './join-samples.ts';

it.each(LOCALES)('a text is measured in what its network counts, in %s', (locale) => {
  const t = translator(locale);
  const threads = textOn({ label: 'Threads', length: 507, limit: 500, unit: 'bytes' });
  const x = textOn({ length: 287, limit: 280 });
  const unitOf = (words: string) => words.replaceAll(/[\d\s٠-٩]|Threads|X/gu, '');
  expect(unitOf(lengthWords(threads, locale, t))).not.toBe(unitOf(lengthWords(x, locale, t)));
  expect(unitOf(unfitWords(threads, locale, t))).not.toBe(unitOf(unfitWords(x, locale, t)));
  for (const words of [lengthWords(threads, locale, t), unfitWords(threads, locale, t)]) {
    expect(words).toMatch(/byte|octet|байт|بايت/i);
  }
});

it('a text of a network whose limit nobody knows is not measured', () => {
  const unknown = { label: 'Telegram', length: 7, limit: null, unit: 'characters' } as const;
  expect(lengthWords(unknown, 'en', translator('en'))).toBe('Telegram');
});
