import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateCampaign } from '../../src/domain/campaign-input.ts';
import { xTextRule } from '../../src/platforms/x/text-rule.ts';
import { example, more, NOW, spoiled, validate } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

describe('a campaign in order', () => {
  test('comes back tidied', () => {
    const { slug, content, moment } = validate();
    expect(slug).toBe('quiet-rivers');
    expect(content.locales).toEqual(['en', 'pt-BR']);
    expect(content.hashtags).toEqual(['QuietRivers', 'rios_2027']);
    expect(content.partners).toEqual(example.partners);
    expect(moment.instant.toISOString()).toBe('2027-06-01T15:00:00.000Z');
  });

  test('shows each message on each platform', () => {
    expect(validate().previews).toEqual([
      {
        locale: 'en',
        variant: 0,
        platform: 'x',
        label: 'X',
        text: 'Listen. #QuietRivers #rios_2027 https://example.org/rivers',
        contentWarning: null,
        refused: null,
        length: 55,
        limit: 280,
        unit: 'characters',
      },
      expect.objectContaining({ locale: 'pt-BR', platform: 'x', length: 55 }),
    ]);
  });

  test('makes a slug from the first title', () => {
    const title = { en: '  Ünquiet: rivers & Ærø, again! ', 'pt-BR': 'Rios' };
    expect(validate({ title, slug: undefined }).slug).toBe('unquiet-rivers-aero-again');
  });

  test('needs a slug where the title gives none', () => {
    const { slug: _, ...rest } = example;
    const input = { ...rest, title: { en: '静かな川', 'pt-BR': 'x' } };
    expect(problemsOf(() => validateCampaign(input, [xTextRule], NOW)).join()).toMatch(
      /^slug: is needed/,
    );
  });

  test('may have no partners', () => {
    const { partners: _, ...rest } = example;
    expect(validateCampaign(rest, [], NOW).content.partners).toEqual([]);
  });
});

describe('a field that is wrong', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['unknown', { titel: 1 }, /^titel: is not a field that exists; did you mean `title`\?/],
    ['unknown inside', { moment: { ...example.moment, zoen: 'x' } }, /^moment\.zoen: .*`zone`/],
    ['unknown in a list', { partners: [{ name: 'x', uri: 'y' }] }, /^partners\[0\]\.uri: .*`url`/],
    [
      'with a Cyrillic letter',
      { lіnks: 1 },
      /^lіnks: .*; its "і" is the Cyrillic letter U\+0456, write `link`/,
    ],
    [
      'all in Cyrillic letters',
      { moment: { ...example.moment, ат: 'x' } },
      /"а" is the .*, write `at`/,
    ],
    [
      'a locale with a Cyrillic letter',
      { title: { ...example.title, 'рt-BR': 'x' } },
      /^title\.рt-BR: .*; its "р" is the Cyrillic letter U\+0440, write `pt-BR`/,
    ],
    [
      'a placeholder with a Cyrillic letter',
      { messages: { ...example.messages, en: '{{ lіnk }}' } },
      /^messages\.en: .*; its "і" is the Cyrillic letter U\+0456, write `link`/,
    ],
    [
      'a slug with a Cyrillic letter',
      { slug: 'quiеt' },
      /^slug: is not right: its "е" is the Cyrillic/,
    ],
    [
      'an unknown word of another script',
      { добро: 1 },
      /^добро: is not a field that exists; there are/,
    ],
    ['missing', { link: undefined }, /^link: /],
    ['a slug with capitals', { slug: 'Quiet' }, /^slug: .*3 to 60 lower-case letters/],
    ['a slug that is short', { slug: 'ab' }, /^slug: /],
    ['a goal of none', { goal: 0 }, /^goal: .*1 to 10000000/],
    ['a goal in words', { goal: '100' }, /^goal: must be a whole number/],
    ['a goal in parts', { goal: 1.5 }, /^goal: must be a whole number/],
    ['no hashtag', { hashtags: [] }, /^hashtags: .*1 to 10/],
    ['eleven hashtags', { hashtags: Array.from('abcdefghijk') }, /^hashtags: has 11 entries/],
    ['a hashtag of digits', { hashtags: ['2027'] }, /^hashtags\[0\]: .*at least one letter/],
    ['a hashtag with a hyphen', { hashtags: ['a', 'b-c'] }, /^hashtags\[1\]: /],
    ['a hashtag twice', { hashtags: ['Ab', '#aB'] }, /^hashtags\[1\]: .*twice/],
    ['a link without TLS', { link: 'http://example.org' }, /^link: .*https/],
    ['a link that runs', { link: 'javascript:alert(1)' }, /^link: .*https/],
    ['a link with a password', { link: 'https://a:b@example.org' }, /^link: .*password/],
    ['a link in two', { link: 'https://example.org/a b' }, /^link: holds a blank/],
    [
      'a partner’s link',
      { partners: [{ name: 'a' }, { name: 'b', url: 'x' }] },
      /^partners\[1\]\.url: /,
    ],
    ['an organiser without a name', { organiser: { name: ' ' } }, /^organiser\.name: is empty/],
    ['a locale that is none', { locales: ['en', 'en_US'] }, /^locales\[1\]: .*like en-US/],
    ['a locale twice', { locales: ['en', 'EN'] }, /^locales\[1\]: en is listed twice/],
    [
      'a title in two lines',
      { title: { en: 'a\nb', 'pt-BR': 'c' } },
      /^title\.en: must be a single line/,
    ],
    [
      'a title of 121',
      { title: { en: 'a'.repeat(121), 'pt-BR': 'c' } },
      /^title\.en: .*120.*cut 1/,
    ],
    [
      'a story of 20,001',
      { story: { en: 'a'.repeat(20_001), 'pt-BR': 'c' } },
      /^story\.en: .*20000.*cut 1/,
    ],
    [
      'a message of 2,001',
      { messages: { en: 'a'.repeat(2_001), 'pt-BR': 'c' } },
      /^messages\.en: .*2000/,
    ],
    ['a locale without a text', { messages: { en: 'a' } }, /^messages\.pt-BR: is missing/],
    [
      'a text without a locale',
      { title: { ...example.title, fr: 'x' } },
      /^title\.fr: is not one of/,
    ],
    [
      'a text that is a number',
      { title: { ...example.title, en: 4 } },
      /^title\.en: must be a text/,
    ],
    ['a blank message', { messages: { en: ' ', 'pt-BR': 'x' } }, /^messages\.en: is empty/],
    [
      'a right-to-left override',
      { organiser: { name: 'a\u202eb' } },
      /^organiser\.name: .*U\+202E/,
    ],
  ])('%s', (_, changes, problem) => {
    const problems = spoiled(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  test.each([null, undefined, 'text', 7, [], [example]])('is the whole input: %j', (input) => {
    expect(problemsOf(() => validateCampaign(input, [xTextRule], NOW))).toEqual([
      'campaign: must be a mapping of fields; give its fields: title, story, organiser, link, goal, hashtags, locales, messages, moment',
    ]);
  });

  test('is every field when there is none', () => {
    expect(problemsOf(() => validateCampaign({}, [xTextRule], NOW))).toHaveLength(9);
  });

  test('a locale twice, in two spellings', () => {
    const messages = { en: 'a', 'pt-BR': 'b', 'pt-br': 'c' };
    expect(spoiled({ messages })).toEqual([
      'messages.pt-br: is here twice, as pt-BR also; remove one',
    ]);
  });
});

describe('the moment', () => {
  test.each([
    [
      { at: '2027-06-01T12:00', zone: 'Europe/Pariss' },
      /^moment\.zone: .*did you mean Europe\/Paris/,
    ],
    [{ at: '2027-03-28T02:30', zone: 'Europe/Paris' }, /^moment\.at: .*does not exist/],
    [{ at: '2027-10-31T02:30', zone: 'Europe/Paris' }, /^moment\.occurrence: .*twice/],
    [
      { at: '2027-06-01T12:00', zone: 'UTC', occurrence: 'both' },
      /^moment\.occurrence: .*`earlier` or `later`/,
    ],
    [{ at: '2026-11-20T12:00', zone: 'UTC' }, /^moment\.at: is in the past/],
    [{ at: '2027-06-01T12:00+02:00', zone: 'UTC' }, /^moment\.at: .*offset/],
    [{ zone: 'UTC' }, /^moment\.at: is missing/],
  ])('%j is refused', (moment, problem) => {
    const problems = spoiled({ moment });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});

describe('the story', () => {
  test.each([
    [
      'a script',
      'Hello\n\n<script>alert(1)</script>',
      /^story\.en: holds HTML, <script>alert\(1\)<\/script> \(line 3 of this text\)/,
    ],
    ['a script in a line', 'Hello <script src=x>', /^story\.en: holds HTML/],
    ['an event handler', '<img src=x onerror=alert(1)>', /^story\.en: holds HTML/],
    ['a comment', 'a <!-- b --> c', /^story\.en: holds HTML/],
    ['bold in HTML', '- a\n- <b>b</b>', /^story\.en: holds HTML, <b> \(line 2 of this text\)/],
    ['a link that runs', '[x](javascript:alert(1))', /^story\.en: links to "javascript:/],
    ['a link that runs, disguised', '[x](&#106;avascript:alert(1))', /^story\.en: links to/],
    [
      'a link that runs, by reference',
      '[x][1]\n\n[1]: JaVaScRiPt:alert(1)',
      /^story\.en: links to/,
    ],
    ['a link in angle brackets', '<javascript:alert(1)>', /^story\.en: links to/],
    [
      'a link that carries its page',
      '[x](data:text/html;base64,eA==)',
      /^story\.en: links to "data:/,
    ],
    [
      'a picture',
      '![x](https://example.org/x.png)',
      /^story\.en: shows a picture \(line 1 of this text\)/,
    ],
  ])('with %s is refused', (_, story, problem) => {
    const problems = spoiled({ story: { en: story, 'pt-BR': 'x' } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  test.each([
    '`<script>` is code',
    '    <script>',
    'a < b > c',
    '<https://example.org>',
    '[m](mailto:a@example.org)',
    '\\<b>',
  ])('may say %s', (story) => expect(spoiled({ story: { en: story, 'pt-BR': 'x' } })).toEqual([]));
});

describe('a message that is too long', () => {
  const withMessage = (en: string) => spoiled({ messages: { en, 'pt-BR': 'x' } });

  test.each([
    ['letters', 'a'.repeat(280)],
    ['emoji', '👨‍👩‍👧‍👦'.repeat(140)],
    ['CJK', '字'.repeat(140)],
    ['a URL of 23', `${'a'.repeat(256)} {{ link }}`],
  ])('by one, in %s, names locale, platform, length and limit', (_, fits) => {
    expect(withMessage(fits)).toEqual([]);
    expect(withMessage(`- ${fits}`.replace('- ', '-'))).toEqual([
      'messages.en: is too long in en on X: 281, and the limit is 280; shorten it by 1',
    ]);
  });

  test('is measured with the longest name and place, on X two for each of thirty letters', () => {
    const source = (filler: number) =>
      `${'a'.repeat(filler)}{{ name }}{% if place %}{{ place }}{% endif %}`;
    expect(withMessage(source(160))).toEqual([]);
    expect(withMessage(source(161)).join()).toMatch(
      /281 with the longest name and place .* limit is 280/,
    );
  });

  test('names what can be typed, and nothing else', () => {
    const filler = 'a'.repeat(250);
    expect(withMessage(`${filler}{{ name }}`).join()).toContain('with the longest name that a');
    expect(withMessage(`${filler}{{ place }}`).join()).toContain('with the longest place that a');
    expect(withMessage(`${filler}${filler}`).join()).not.toContain('longest');
  });

  test('is found where it is long only for those who leave the name out', () => {
    const source = `{% if name %}x{% else %}${'a'.repeat(290)}{% endif %}`;
    expect(withMessage(source).join()).toContain('shorten it by 10');
  });
});

describe('problems', () => {
  test('are told all at once', () => {
    const problems = spoiled({
      colour: 'red',
      goal: -1,
      hashtags: ['1', 'ok', 'a b'],
      link: 'ftp://example.org',
      title: { en: '\u0007', 'pt-BR': 'x' },
      story: { en: '<b>', 'pt-BR': '![a](b)' },
      messages: { en: '{{ nam }}', 'pt-BR': '{% if' },
      moment: { at: '2027-03-28T02:30', zone: 'Europe/Paris' },
      partners: [{ name: 'a' }, { name: 'b', url: 'c' }, { nom: 'd' }],
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(
      [
        'colour',
        'goal',
        'hashtags[0]',
        'hashtags[2]',
        'link',
        'messages.en',
        'messages.pt-BR',
        'moment.at',
        'partners[1].url',
        'partners[2].name',
        'partners[2].nom',
        'story.en',
        'story.pt-BR',
        'title.en',
      ].sort(),
    );
  });

  test('are the only thing that any input leads to', () => {
    const field = fc.constantFrom(...Object.keys({ ...example, ...more }), 'extra');
    const spoil = fc.dictionary(
      field,
      fc.oneof(
        fc.anything(),
        fc.json().map((text) => JSON.parse(text)),
      ),
    );
    fc.assert(
      fc.property(spoil, (changes) => {
        expect(() => spoiled(changes)).not.toThrow();
      }),
    );
  });
});
