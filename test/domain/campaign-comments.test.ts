import { describe, expect, test } from 'vitest';
import { parseCampaignYaml } from '../../src/domain/campaign-input.ts';
import { problemsOf } from './problems.ts';

const refusal = (text: string) => problemsOf(() => parseCampaignYaml(text)).join('\n');

describe('a line that begins with # where text may be meant', () => {
  test.each([
    [
      'a hashtag below a text',
      'messages:\n  en: |\n    One\n  #Rivers now\ngoal: 5',
      '#Rivers now',
      4,
      3,
    ],
    ['one at the margin', 'messages:\n  en: |\n    One\n#Rivers', '#Rivers', 4, 1],
    ['one behind an empty line', 'messages:\n  en: >-\n    One\n\n  #Rivers\n', '#Rivers', 5, 3],
    ['one behind a note', 'letter:\n  en: |\n    One\n  # mine\n  #Rivers\n', '#Rivers', 5, 3],
    ['one before the last line', 'messages:\n  en: |\n    One\n  #Two\n    Three\n', '#Two', 4, 3],
    ['a heading below a text', 'story:\n  en: |\n    One\n  ## How\n  fr: A', '## How', 4, 3],
    ['a heading above a text', 'story:\n  en: |\n  ## How\n    One\n', '## How', 3, 3],
    ['an emoji', 'messages:\n  en: |\n    One\n  #🌊\n', '#🌊', 4, 3],
    ['Cyrillic', 'messages:\n  ru: |\n    Раз\n  #Реки\n', '#Реки', 4, 3],
    ['a text in a list', 'variants:\n  en:\n    - |\n      One\n    #Two', '#Two', 5, 5],
    ['a hashtag between two', 'hashtags:\n  - A\n  #B\n  - C', '#B', 3, 3],
    ['one further out between two', 'hashtags:\n  - A\n#B\n  - C', '#B', 3, 1],
    ['one behind the last', 'hashtags:\n  - A\n  #B\ngoal: 5', '#B', 3, 3],
    ['one behind the last, less far in', 'hashtags:\n    - A\n  #B\ngoal: 5', '#B', 3, 3],
    ['one behind the last at the margin', 'hashtags:\n- A\n#B\ngoal: 5', '#B', 3, 1],
    ['one above the first', 'hashtags:\n  #A\n  - B', '#A', 2, 3],
    [
      'one between wordings',
      'variants:\n  en:\n    - One\n    #hash Two\n    - Three',
      '#hash Two',
      4,
      5,
    ],
    ['one within brackets', 'hashtags: [\n  A,\n  #B,\n  C ]', '#B,', 3, 3],
    ['the first within brackets', 'hashtags: [\n  #A,\n  B\n]', '#A,', 2, 3],
    ['the last within brackets', 'hashtags: [\n  A,\n  #B\n]', '#B', 3, 3],
    ['one within braces', 'title: {\n  en: A,\n  #fr: B\n}', '#fr: B', 3, 3],
    ['Windows line ends', 'hashtags:\r\n  - A\r\n  #B\r\n  - C\r\n', '#B', 3, 3],
  ])('refuses %s', (_, text, seen, line, column) => {
    const said = refusal(text);
    expect(said).toContain(`"${seen}"`);
    expect(said).toContain(`(line ${line}, column ${column}: "`);
    expect(said).toMatch(/is left out: a line that begins with # is a comment in YAML.*; if it be/);
    expect(said).toMatch(/; if it is a note, write one # and a blank$/);
    expect(said.split('\n')).toHaveLength(1);
  });

  test('says where the line is to go', () => {
    expect(refusal('messages:\n  en: |\n    One\n  #B')).toMatch(
      /belongs to messages\.en, .* far in/,
    );
    expect(refusal('hashtags:\n  - A\n  #B')).toMatch(/belongs to the list, write it as - "#…"/);
  });

  test('a note ends a text of several lines', () => {
    const said = refusal('story:\n  en: |\n    One\n  # mine\n    Two\ngoal: 5');
    expect(said).toMatch(/is a comment in YAML and stands between the lines .*line 4, column 3/);
  });

  test('refuses one below a text on one line, as far in as its name', () => {
    for (const text of ['Stand', '"Stand"', 'Stand\n    with us', '']) {
      const said = refusal(`messages:\n  en: ${text}\n  #Rivers\ngoal: 5`);
      expect(said).toMatch(/"#Rivers" is left out: .*belongs to messages\.en, put the text within/);
    }
    expect(refusal('hashtags: [\n  A,\n  #B\n]')).toMatch(/to the list, put it within quotes;/);
  });

  test('names every one of them', () => {
    expect(
      refusal('hashtags:\n  - A\n  #B\n  - C\n  #D').match(/"#[BD]" is left out/g),
    ).toHaveLength(2);
  });

  test.each([
    [
      'below a text',
      'story:\n  en: |\n    One\n  # How\n# mine\ngoal: 5',
      { story: { en: 'One\n' }, goal: 5 },
    ],
    ['in a list', 'hashtags:\n  # ours\n  - A\n  # theirs\n  - B\n  #\n', { hashtags: ['A', 'B'] }],
    ['within brackets', 'hashtags: [\n  # ours\n  A,\n  B # theirs\n]', { hashtags: ['A', 'B'] }],
    [
      'behind a list, further out',
      'hashtags:\n  - A\n#goal: 4\ngoal: 5',
      { hashtags: ['A'], goal: 5 },
    ],
    [
      'between organisations',
      'partners:\n  - name: A\n  #- name: B\n  - name: C',
      { partners: [{ name: 'A' }, { name: 'C' }] },
    ],
    ['between fields', 'title:\n  en: A\n  #fr: B\n##C\ngoal: 5', { title: { en: 'A' }, goal: 5 }],
    [
      'as lines of signs',
      'story:\n  en: |\n    One\n#####\n#-----\n# ---\ngoal: 5',
      { story: { en: 'One\n' }, goal: 5 },
    ],
    ['at the very top', '#mine\n## mine\ngoal: 5', { goal: 5 }],
    [
      'as no notes but lines of a text',
      'story:\n  en: |\n    #A\n    ## B\n',
      { story: { en: '#A\n## B\n' } },
    ],
  ])('takes notes %s', (_, text, data) => expect(parseCampaignYaml(text)).toEqual(data));
});
