import { describe, expect, test } from 'vitest';
import { storyHtml } from '../../src/web/index.ts';

describe('storyHtml', () => {
  test('shows raw HTML as text', () => {
    const html = storyHtml('<script>alert(1)</script> <b onclick="x()">bold</b>');
    expect(html).not.toMatch(/<script|<b/);
    expect(html).toContain('&lt;script&gt;');
  });

  test('lets no dangerous address through', () => {
    const html = storyHtml(
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil.example) <javascript:alert(1)>',
    );
    expect(html).not.toMatch(/href="(javascript|data|\/\/)/i);
  });

  test('marks links, and keeps their address', () => {
    expect(storyHtml('[report](https://example.org/a?b=1&c=2)')).toBe(
      '<p><a href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow">report</a></p>\n',
    );
  });

  test.each([
    ['„https://example.org/petition“', 'https://example.org/petition'],
    ['https://example.org/petition، ثم', 'https://example.org/petition'],
    ['https://example.org/petition—now', 'https://example.org/petition'],
    ['「https://rivers.kids/petition」お願い', 'https://rivers.kids/petition'],
    ['(see example.org/petition).', 'https://example.org/petition'],
    ['write to us@example.org, please', 'mailto:us@example.org'],
  ])('B1 ends a bare link where a post does: %s', (story, href) => {
    expect(storyHtml(story).match(/href="[^"]*"/g)).toEqual([`href="${href}"`]);
  });

  test('loads no picture', () => {
    expect(storyHtml('![alt](https://tracker.example/1.gif) after')).not.toMatch(/<img|tracker/);
  });

  test('puts headings below those of the page', () => {
    const html = storyHtml('# One\n\n## Two\n\n### Three\n\n###### Six');
    expect(html.match(/<h\d/g)).toEqual(['<h3', '<h4', '<h5', '<h6']);
    expect(html).not.toMatch(/<h[12]/);
  });

  test.each<[story: string, shown: string[]]>([
    ['# One\n\n## Two\n\n# Three', ['h3', 'h4', 'h3']],
    ['## One\n\n### Two', ['h3', 'h4']],
    ['### One\n\n##### Two\n\n### Three', ['h3', 'h4', 'h3']],
    ['One\n===\n\nTwo\n---\n\n### Three', ['h3', 'h4', 'h5']],
    ['- one\n  # Two\n\n## Three', ['h3', 'h4']],
    ['##### One\n\n###### Two', ['h3', 'h4']],
  ])('C4 keeps the levels of headings apart and skips none: %j', (story, shown) => {
    expect([...storyHtml(story).matchAll(/<(h\d)>/g)].map(([, tag]) => tag)).toEqual(shown);
  });

  test('C4 gives more levels than the page has the last one', () => {
    const html = storyHtml('# A\n## B\n### C\n#### D\n##### E');
    expect(html.match(/<h\d/g)).toEqual(['<h3', '<h4', '<h5', '<h6', '<h6']);
  });

  test('gives the same again when asked again', () => {
    expect(storyHtml('*once*')).toBe(storyHtml('*once*'));
  });
});
