import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cardFonts, renderCard, showable } from '../../src/web/cards/card.ts';
import { showsAll } from '../../src/web/cards/faces.ts';
import { assetsDir, LOCALES } from '../../src/web/index.ts';
import type { CardView } from '../../src/web/views/share.ts';
import { CARDS, cardView } from './share-samples.ts';

/** Width and height as they stand in a PNG's first chunk. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describe('cards', () => {
  test.each(Object.keys(CARDS))('%s: is drawn whole', async (locale) => {
    const card = await renderCard(cardView(locale));
    expect(sizeOf(card)).toEqual([1200, 630]);
    // A blank sheet of this size takes a few kilobytes.
    expect(card.length).toBeGreaterThan(12_000);
  });

  test.each(LOCALES)(
    '%s: the house’s faces have every character that its cards can hold',
    async (locale) => {
      const fonts = await cardFonts();
      const words = JSON.parse(
        readFileSync(`${assetsDir}/../locales/${locale}.json`, 'utf8'),
      ) as Record<'state' | 'campaign' | 'result', Record<string, string>>;
      const { title, organiser } = cardView(locale);
      const lines = [title, organiser, ...Object.values(words.state), '0123456789'];
      for (const [key, line] of Object.entries(words.campaign)) {
        if (key.startsWith('joined') || key === 'by') lines.push(line.replace(/\{\{.*?\}\}/g, ''));
      }
      for (const line of lines) {
        for (const face of ['display', 'text'] as const) {
          const wanted = line
            .normalize('NFC')
            .replace(/\p{Zs}+/gu, ' ')
            .trim();
          expect(showable(fonts, face, line).replace(/\p{Zs}+/gu, ' '), face).toBe(wanted);
        }
      }
    },
  );

  test('joins Arabic letters', async () => {
    const { renderer } = await cardFonts();
    const widthOf = async (text: string): Promise<number> => {
      const style = { fontFamily: 'display', fontSize: 100, direction: 'rtl' } as const;
      const { runs } = await renderer.measure({ type: 'text', text, style });
      return runs.reduce((sum, run) => sum + run.width, 0);
    };
    // Without joining, a word is as wide as its letters one by one.
    const joined = await widthOf('العدالة');
    const apart = await widthOf([...'العدالة'].join('\u200c'));
    expect(joined).toBeGreaterThan(100);
    expect(Math.abs(joined - apart)).toBeGreaterThan(10);
  });

  test('leaves out what no face can show', async () => {
    const fonts = await cardFonts();
    expect(showable(fonts, 'display', 'Stop 🚨 the  👩‍👩‍👧 dam')).toBe('Stop the dam');
    expect(showable(fonts, 'display', 'non\u2011stop')).toMatch(/^non[-\u2011]stop$/);
    expect(showable(fonts, 'display', '\u202egnp.exe')).toBe('gnp.exe');
  });

  test('names the organiser where a title is in letters that no face has', async () => {
    const card = await renderCard(cardView('en', { title: '停止水坝', textLocale: 'zh' }));
    const organiser = await renderCard(
      cardView('en', { title: cardView('en').organiser, textLocale: 'en' }),
    );
    expect(card.equals(organiser)).toBe(true);
  });

  test.each([
    ['fa', 'ویوسای آرام'],
    ['kk', 'Тыныш Вйоса өзені'],
    ['vi', 'Dòng sông tĩnh lặng'],
    ['yo', 'Odò tó dákẹ́'],
    ['he', 'ויוסה שקטה'],
    ['el', 'Ήσυχος Αώος'],
  ])('shows no title in %s, of which it would leave letters out', async (textLocale, title) => {
    const { organiser } = cardView('en');
    const card = await renderCard(cardView('en', { title, textLocale }));
    const named = await renderCard(cardView('en', { title: organiser, textLocale: 'en' }));
    expect(card.equals(named)).toBe(true);
  });

  test('names this host where the organiser cannot be written either', async () => {
    const card = await renderCard(
      cardView('en', { title: '停', organiser: '停止水坝', textLocale: 'zh' }),
    );
    const host = cardView('en').host;
    const named = await renderCard(cardView('en', { title: host, organiser: host }));
    expect(card.equals(named)).toBe(true);
  });

  test.each([
    ['Stop ❤️ 1️⃣ 👩‍👩‍👧 the dam!', true],
    ['Łódź, Çeşme, Žižkov, Ґрунт', true],
    ['حرية الصحافة، الآن', true],
    ['𝐒top the dam', false],
    ['Стоп, ӕ', false],
    ['…', false],
    ['', false],
  ])('knows whether it has all letters of "%s"', (title, expected) => {
    expect(showsAll('display', title)).toBe(expected);
  });

  test('says what it says: another count is another picture', async () => {
    const of = (change: Partial<CardView>) => renderCard(cardView('en', change));
    const first = await of({ joined: 12_400 });
    expect((await of({ joined: 12_400 })).equals(first)).toBe(true);
    expect((await of({ joined: 12_410 })).equals(first)).toBe(false);
    expect((await of({ joined: null })).equals(first)).toBe(false);
  });
});
