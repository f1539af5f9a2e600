import { describe, expect, test } from 'vitest';
import { parseCampaignYaml, validateCampaign } from '../../src/domain/campaign-input.ts';
import { checkUpdate, parseUpdateYaml } from '../../src/domain/campaign-update.ts';
import { xTextRule } from '../../src/platforms/x/text-rule.ts';
import { NOW, spoiled } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

/** What is wrong with a file, as `field: message`. */
const problems = (file: string) =>
  problemsOf(() => validateCampaign(parseCampaignYaml(file), [xTextRule], NOW));
const about = (file: string, field: string) =>
  problems(file).filter((one) => one.startsWith(`${field}: `));

const BAD = '\u202E';

describe('C2 a place within a text is named by the line of the file', () => {
  test.each([
    ['below a |', `  en: |\n    One\n    two ${BAD}x\n`, 5, 9],
    ['below a | and notes', `  # a note\n  # another\n  en: |-\n    One\n\n    ${BAD}x\n`, 8, 5],
    ['below a | with empty lines first', `  en: |\n\n\n    One\n    ${BAD}x\n`, 7, 5],
    ['below a | that says how far in', `  en: |2\n      One\n    two ${BAD}x\n`, 5, 9],
    ['below a >', `  en: >\n    One\n    two\n\n    three\n    four ${BAD}x\n`, 8, 10],
    ['below a > with a deeper line', `  en: >-\n    One\n      two ${BAD}\n    three\n`, 5, 11],
    ['in " " on one line', `  en: "One ${BAD}x"\n`, 3, 12],
    ['in " " on several lines', `  en: "One\n    two\n\n    three ${BAD}x"\n`, 6, 11],
    ['in " " behind escapes', `  en: "\\u004Fne\\ttwo\\n\\"three\\" ${BAD}"\n`, 3, 33],
    ['in " " as an escape', `  en: "One\\n\\\n    two \\u202E"\n`, 4, 9],
    ["in ' '", `  en: 'One''s\n    ''two'' ${BAD}x'\n`, 4, 13],
    ['without quotes', `  en: One\n    two ${BAD}x\n`, 4, 9],
    ['with Windows line ends', `  en: |\r\n    One\r\n    two ${BAD}x\r\n`, 5, 9],
    ['behind letters outside the BMP', `  en: |\n    😀 𝒳\n    😀 ${BAD}x\n`, 5, 8],
    ['within { }', `  {en: "One ${BAD}x"}\n`, 3, 13],
  ])('%s', (_, text, line, column) => {
    expect(about(`slug: x-y\nstory:\n${text}`, 'story.en')).toEqual([
      `story.en: holds a character that must not be posted, U+202E (line ${line} of the file, column ${column}); remove it`,
    ]);
  });

  test.each([
    [
      'a placeholder',
      'messages',
      'One\n    two {{ nmae }}',
      /no placeholder `nmae` \(line 5 of the file, column 12\)/,
    ],
    ['a template', 'messages', 'One\n    {% include "x" %}', /\(line 5 of the file, column 5\)/],
    ['HTML', 'story', 'One\n\n    <b>two</b>', /HTML, <b> \(line 6 of the file\)/],
    ['an address', 'story', 'One\n\n    [1]: https://example.org', /\[1\] \(line 6 of the file\)/],
    ['a lost letter', 'title', 'One\n    tw\uFFFD', /has lost letters: .* \(line 5 of the file\)/],
  ])('%s', (_, field, text, says) => {
    const [said = ''] = about(`slug: x-y\n${field}:\n  en: |\n    ${text}\n`, `${field}.en`);
    expect(said).toMatch(says);
    expect(said).not.toContain('of this text');
  });

  test('in the file that an alias points into, and in a locale spelt another way', () => {
    const file = `story:\n  en: &one |\n    One\n    ${BAD}\n  pt-br: *one\nlocales: [en, pt-BR]\n`;
    expect(about(file, 'story.pt-BR').join()).toContain('line 4 of the file, column 5');
  });

  test('in JSON it is the line of the text', () => {
    expect(spoiled({ story: { en: `One\n${BAD}`, 'pt-BR': 'Um' } })).toEqual([
      'story.en: holds a character that must not be posted, U+202E (line 2 of this text, column 1); remove it',
    ]);
  });
});

describe('every problem of a file names its line', () => {
  test.each([
    ['slug: x-y\n\ncolour: red\n', 'colour', 3],
    ['slug: x-y\ngoal: many\n', 'goal', 2],
    ['title:\n  en: ""\n', 'title.en', 2],
    ['hashtags:\n  - Good\n  # a note\n  - "!!!"\n', 'hashtags[1]', 4],
    ['partners:\n  - name: A\n  - name: B\n    url: http://b\n', 'partners[1].url', 4],
    ['locales: [en, fr]\nmessages:\n  en: Hi\n', 'messages.fr', 2],
    ['moment:\n  at: noon\n  zone: Europe/Paris\n', 'moment.at', 2],
    ['moment: {at: "2027-01-01T10:00", zone: Nowhere}\n', 'moment.zone', 1],
  ])('%j', (file, field, line) => {
    const [said = ''] = about(file, field);
    expect(said.endsWith(` (line ${line} of the file)`), said).toBe(true);
  });

  test('but what is missing altogether has none', () => {
    expect(about('slug: x-y\n', 'link').join()).toMatch(/^link: is missing; give [^(]*$/);
  });

  test('and so does every warning', () => {
    const file = [
      'title: {en: A title}',
      'story: {en: A story}',
      'organiser: {name: B}',
      'link: https://example.org',
      'goal: 5',
      'hashtags: [A]',
      'locales: [en]',
      'moment: {at: "2031-01-01T10:00", zone: UTC}',
      'messages:\n  en: No link',
    ].join('\n');
    const { warnings } = validateCampaign(parseCampaignYaml(file), [xTextRule], NOW);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^has no \{\{ link }}.* \(line 10 of the file\)$/),
    ]);
  });
});

describe('C12 a file with an update is read as strictly as one with a campaign', () => {
  const update = (file: string) =>
    problemsOf(() => checkUpdate(parseUpdateYaml(file), ['en', 'fr']));
  test.each([
    ['a colon', 'text:\n  en: Read: this', /^file: .* a colon and a blank.*\(line 2, column 11/],
    [
      'a colon on its own line',
      'text:\n  en:\n    Read: this',
      /^file: .* a colon and a blank.*\(line 3, column 9/,
    ],
    ['a colon in the only text', 'text: Read: this', /^file: .* a colon and a blank.*\(line 1/],
    [
      'a comment',
      'text:\n  en: Now #Rivers rise',
      /^file: .*text\.en loses "#Rivers rise".*\(line 2/,
    ],
    ['a heading that is a comment', 'text:\n  en: |\n    One\n  ## Two', /"## Two" is left out/],
    ['a key twice', 'text:\n  en: a\n  en: b', /`en` is here twice \(line 3/],
    ['a tab', 'text:\n\ten: a', /set in with a tab \(line 2/],
    ['a type', 'text:\n  en: !a b', /type in YAML.*\(line 2/],
    ['nothing', 'text:\n  en: null', /YAML's word for nothing \(line 2/],
    [
      'a placeholder',
      'text:\n  en: a\n  fr: "{{ link }}"',
      /^text\.fr: holds "{{ link }}".*\(line 3 of the file\)$/,
    ],
    [
      'a lost letter',
      'text:\n  en: |\n    a\n    \uFFFD',
      /^text\.en: has lost letters.*line 4 of the file/,
    ],
    [
      'letters read wrongly',
      'text:\n  en: TchÃ©tchÃ©nie',
      /UTF-8 that was once read as Windows-1252.*line 2 of the file/,
    ],
    ['a control character', 'text:\n  en: "a\\u0007"', /^text\.en: .*U\+0007 \(line 2 of the file/],
    [
      'Markdown that no page shows',
      'text:\n  en: "~~a~~"',
      /^text\.en: strikes words out.*line 2 of the file/,
    ],
    [
      'HTML',
      'text:\n  en: "a\\n<b>b</b>"',
      /^text\.en: holds HTML, <b> \(line 2 of the file, column 11\)/,
    ],
    [
      'a locale that is none of its own',
      'text:\n  en: a\n  de: b',
      /^text\.de: is not one of .*\(line 3 of the file\)$/,
    ],
    [
      'another field',
      'text: {en: a}\ngoal: 10',
      /^goal: is not a field that exists.*\(line 2 of the file\)$/,
    ],
  ])('%s', (_, file, says) => expect(update(file).join('\n')).toMatch(says));

  test('its texts stay texts', () => {
    const file = 'text:\n  en: 10\n  fr: no';
    expect(checkUpdate(parseUpdateYaml(file), ['en', 'fr'])).toEqual({ en: '10', fr: 'no' });
  });
});
