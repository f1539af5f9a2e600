import { describe, expect, test } from 'vitest';
import { xTextRule } from '../../../src/platforms/x/text-rule.ts';

const { measure, limit } = xTextRule;

describe('xTextRule', () => {
  test('takes 280', () => expect(limit).toBe(280));

  test.each([
    ['Latin', 'Hello', 5],
    ['a waving hand', 'Hello, world! 👋', 16],
    ['a family of four in one emoji', '👨‍👩‍👧‍👦', 2],
    ['a flag', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', 2],
    ['a skin tone', '👍🏿', 2],
    ['an emoji of 2024 (Unicode 16)', '🫩', 2],
    ['an emoji of 2025 (Unicode 17)', '🫪', 2],
    ['a heart on fire, of 2020', '❤️‍🔥', 2],
    ['Japanese', '日本語', 6],
    ['Korean', '한국', 4],
    ['Cyrillic', 'Привет', 6],
    ['Arabic', 'سلام', 4],
    ['Georgian', 'გამარჯობა', 9],
    ['Devanagari', 'नमस्ते', 6],
    ['an ellipsis', '…', 2],
    ['a euro sign', '€', 2],
    ['typographic quotes and dashes', '“’–—”', 5],
    ['a letter and its mark, which NFC makes one', 'e\u0301', 1],
    ['a long URL', `https://example.org/${'a'.repeat(300)}`, 23],
    ['a short URL', 'https://t.co', 23],
    ['a URL without a scheme', 'example.org', 23],
    ['two URLs and the blank between', 'https://example.org/1 https://example.net/2', 47],
    ['localhost, which X does not link', 'http://localhost', 16],
    ['a hashtag', '#Chechen100', 11],
    ['a line break', 'a\nb', 3],
    ['nothing', '', 0],
  ])('counts %s', (_, text, weight) => expect(measure(text)).toBe(weight));

  test.each([
    ['letters', 'a'.repeat(280), 'a'],
    ['emoji', '👨‍👩‍👧‍👦'.repeat(140), 'a'],
    ['CJK', '字'.repeat(140), 'a'],
    ['a URL', `${'a'.repeat(256)} https://example.org/${'b'.repeat(90)}`, ' '],
  ])('%s: 280 fit and one more does not', (_, text, more) => {
    expect(measure(text)).toBe(limit);
    expect(measure(`${more}${text}`)).toBe(limit + 1);
  });
});
