import { describe, expect, test } from 'vitest';
import { numberProblems } from '../../src/domain/campaign-file/json-numbers.ts';
import { parseCampaignYaml } from '../../src/domain/campaign-input.ts';
import { example, spoiled } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

const refusal = (text: string) => problemsOf(() => parseCampaignYaml(text)).join('\n');
const QUOTE = /put the text within quotes, or write \| there/;

describe('what a campaign file meant and YAML does not', () => {
  test.each([
    ['>Quiet rivers', '>'],
    ['>=5 rivers', '>'],
    ['|Quiet rivers', '|'],
    ['|-x', '|'],
    ['>Quiet', '>'],
  ])('names the sign that begins %j', (text, sign) => {
    for (const file of [`title:\n  en: ${text}`, `variants:\n  en: \n  - ${text}`]) {
      expect(refusal(file)).toMatch(/^file: cannot be read: the text begins with [|>], with which/);
      expect(refusal(file)).toContain(`begins with ${sign},`);
      expect(refusal(file)).toMatch(QUOTE);
    }
  });

  test.each([
    ['a first line', '|\n      One\n    two\n', 4, 5],
    ['one behind an empty line', '>\n\n      One\n    two\n', 5, 5],
    ['one with a colon below it', '|\n      One\n    two: three\n', 4, 5],
    ['a first line above two others', '|-\n    One\n      two\n   three\n', 5, 4],
    ['one with Windows line ends', '|\r\n      One\r\n    two\r\n', 4, 5],
  ])('says that the first line stands further in: %s', (_, text, line, column) => {
    const said = refusal(`story:\n  en: ${text}`);
    expect(said).toMatch(/line does not stand as far in as the first line of its text/);
    expect(said).toContain(`(line ${line}, column ${column}: "`);
    expect(said).toMatch(/begin the first line of a text no further in than the others$/);
  });

  test('says that an empty line has too many blanks', () => {
    expect(refusal('story:\n  en: |\n        \n    two\n')).toMatch(
      /an empty line above this text has more blanks .*line 4, column 5.*; remove that line$/,
    );
  });

  test.each([
    ['a wording', 'variants:\n  en:\n    - Read: this {{ link }}\n    - B', 3, 11, QUOTE],
    ['a hashtag', 'hashtags:\n  - A: b', 2, 6, QUOTE],
    ['a message on its own line', 'messages:\n  en:\n    Read: this', 3, 9, QUOTE],
    ['a partner', 'partners:\n  - Rivers: people', 2, 11, /write it as - name: "…", .* name, url$/],
    ['a source', 'sources:\n  - Read: this', 2, 9, /write it as - title: "…", .* title, url$/],
  ])('names the colon in %s', (_, text, line, column, mend) => {
    const said = refusal(text);
    expect(said).toMatch(/^file: cannot be read: the text holds a colon and a blank, with which/);
    expect(said).toContain(`(line ${line}, column ${column}: "`);
    expect(said).toMatch(mend);
    expect(said.split('\n')).toHaveLength(1);
  });

  test.each([
    'partners:\n  - nmae: X',
    'partners:\n  - homepage: X\n    name: B',
    'sources:\n  - title: A\n    url: B',
    'variants:\n  en:\n    - "Read: this"\n    - |\n      Read: this',
  ])('leaves %j to its fields', (text) => expect(refusal(text)).toBe(''));

  test.each(['goal: !foo 100', 'goal: !!str 100', 'own_words: !!bool true', 'title:\n  en: !a b'])(
    'says of %j that the type is to go',
    (text) => {
      expect(refusal(text)).toMatch(/type in YAML.*; leave the word with the ! out; if it is part/);
      expect(refusal(text)).toMatch(QUOTE);
    },
  );
});

describe('one text where a list or a mapping is wanted', () => {
  test.each([
    ['hashtags', 'QuietRivers, Two', 'hashtags: [QuietRivers, Two]'],
    ['hashtags', '#A #B', 'hashtags: ["#A", "#B"]'],
    ['locales', 'en, pt-BR', 'locales: [en, pt-BR]'],
    ['locales', 'en: what', 'locales: ["…"]'],
    ['partners', 'A, B', '"partners:" and on the lines below it, further in, "- name: …"'],
    [
      'sources',
      'x',
      '"sources:" and on the lines below it, further in, "- title: …" and "  url: …"',
    ],
    ['title', 'x', '"title:" and on the lines below it, further in, "en: …"'],
    ['variants', 'x', '"variants:" and on the lines below it, further in, "en: ["…"]"'],
    ['organiser', 'x', '"organiser:" and on the lines below it, further in, "name: …"'],
    ['moment', '2031', '"moment:" and on the lines below it, further in, "at: …" and "zone: …"'],
  ])('shows how %s is written for %j', (field, value, shown) => {
    const [said = ''] = spoiled({ [field]: value }).filter((one) => one.startsWith(`${field}: `));
    expect(said).toMatch(/^\w+: must be a (?:list|mapping)/);
    expect(said.slice(said.indexOf('; in YAML: '))).toBe(`; in YAML: ${shown}`);
  });

  test('divides no text that is posted', () => {
    const said = spoiled({ variants: { en: 'Foo, bar' } }).join('\n');
    expect(said).toMatch(/^variants\.en: must be a list; .*; in YAML: en: \["…"\]$/m);
  });

  test.each([[7], [null], [['a']]])('shows nothing for %j', (value) => {
    expect(spoiled({ moment: value }).join()).not.toContain('in YAML');
  });
});

describe('a goal out of range', () => {
  const GIVE = 'give how many pledges are hoped for, a whole number from 1 to 10000000';
  const TOO_LARGE = [`goal: is too large; ${GIVE}`];
  test.each(['10000001', '1000000000', '1000000000000000', `1${'0'.repeat(400)}`])(
    '%s is too large, in a file and in JSON',
    (goal) => {
      const { goal: read } = parseCampaignYaml(`goal: ${goal}`) as { goal: unknown };
      expect(spoiled({ goal: read })).toEqual(TOO_LARGE);
      const json = JSON.stringify({ ...example, goal: 7 }).replace('"goal":7', `"goal":${goal}`);
      expect(numberProblems(json)).toEqual([]);
      expect(spoiled({ goal: JSON.parse(json).goal })).toEqual(TOO_LARGE);
    },
  );

  test.each([0, -1])('%d is too small', (goal) => {
    expect(spoiled({ goal })).toEqual([`goal: is too small; ${GIVE}`]);
  });

  test('10000000 is taken', () => expect(spoiled({ goal: 10_000_000 })).toEqual([]));
});
