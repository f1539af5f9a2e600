import { describe, expect, it } from 'vitest';
import { cardWarnings } from '../../src/domain/card-warnings.ts';
import { cardLetters } from '../../src/web/cards/card-letters.ts';

const warned = (title: Record<string, string>, name = 'River people') =>
  cardWarnings({ title, locales: Object.keys(title), organiser: { name } }, cardLetters);

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

  it('C3 says what the card shows to readers of that language, not what comes first in the file', () => {
    const title = { ru: 'Тихая река', en: 'Quiet river', ka: 'წყნარი მდინარე', am: 'ጸጥተኛ ወንዝ' };
    const said = warned(title).map(({ field, message }) => [field, message.split(': ')[1]]);
    expect(said).toEqual([
      ['title.ka', 'it shows the title in en instead'],
      ['title.am', 'it shows the title in en instead'],
    ]);
  });

  it('C3 says of a title without letters that it has none', () => {
    expect(warned({ en: '🔥🔥', ur: '!!!' }).map(({ message }) => message)).toEqual(
      Array(2).fill(
        'has no letters or digits, and the picture beside a link to the campaign shows nothing else: it shows the organiser’s name instead',
      ),
    );
  });

  it('C3 goes by the letters of the face that the name is set in', () => {
    expect(warned({ en: 'Quiet river' }, 'Ǩolta')).toEqual([]);
    expect(warned({ ka: 'წყნარი' }, 'Ǩolta').map(({ message }) => message)).toEqual([
      'has letters that the picture beside a link to the campaign cannot show: it shows this host instead',
    ]);
  });
});
