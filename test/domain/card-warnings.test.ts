import { describe, expect, it } from 'vitest';
import { cardWarnings } from '../../src/domain/card-warnings.ts';
import { showsAll } from '../../src/web/cards/faces.ts';

const shows = (text: string): boolean => showsAll('display', text);
const warned = (title: Record<string, string>, name = 'River people') =>
  cardWarnings({ title, locales: Object.keys(title), organiser: { name } as never }, shows);

describe('a card whose fonts lack letters of a title', () => {
  it.each([
    ['zh-Hans', '维约萨河无声'],
    ['ja', '静かな川'],
    ['ko', '고요한 강'],
    ['he', 'ויוסה שקטה'],
    ['el', 'Ήσυχος ποταμός'],
    ['hi', 'शांत नदी'],
    ['th', 'แม่น้ำที่เงียบสงบ'],
    ['ka', 'წყნარი მდინარე'],
    ['hy', 'Հանգիստ գետ'],
  ])('C3 is warned of, and says what stands there: %s', (tag, title) => {
    expect(warned({ [tag]: title, en: 'Quiet river' })).toEqual([
      {
        field: `title.${tag}`,
        message:
          'has letters that the picture beside a link to the campaign cannot show: it shows the title in en instead',
      },
    ]);
    expect(warned({ [tag]: title })[0]?.message).toContain('the organiser’s name instead');
    const both = warned({ [tag]: title }, title);
    expect(both.map(({ field }) => field)).toEqual([`title.${tag}`, 'organiser.name']);
    expect(both[0]?.message).toContain('this host instead');
  });

  it('C3 is no matter for titles that it shows', () => {
    expect(warned({ en: 'Quiet river', ru: 'Тихая река', ar: 'نهر هادئ' })).toEqual([]);
  });
});
