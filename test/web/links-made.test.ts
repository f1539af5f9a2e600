import { describe, expect, test } from 'vitest';
import { linksMadeWords } from '../../src/web/components/links-made.tsx';
import { translator } from '../../src/web/i18n.ts';

const said = (locale: string, on: { label: string; leavesNames?: true }[]) =>
  linksMadeWords({ text: 'It is over.So we go.', on, locale, t: translator(locale) });
const MASTODON = { label: 'Mastodon', leavesNames: true } as const;

describe('C6 a name that becomes a link', () => {
  test('is told with the networks where it does', () => {
    const on = [{ label: 'X' }, MASTODON, { label: 'Bluesky' }];
    expect(said('en', on)).toBe(
      '“over.So” becomes a link to https://over.so on X or Bluesky. If you do not mean that site, put a blank behind the full stop.',
    );
  });

  test.each('ar de en es fr it ru uk'.split(' '))('names the one network in %s', (locale) => {
    expect(said(locale, [{ label: 'LinkedIn' }])).toContain(' LinkedIn');
    expect(said(locale, [{ label: 'LinkedIn' }])).not.toContain('{{');
  });

  test('is not told where Mastodon alone is meant, which leaves it a text', () => {
    expect(said('en', [MASTODON])).toBe('');
  });
});
