import { describe, expect, test } from 'vitest';
import { validateCampaign } from '../../src/domain/campaign-input.ts';
import { checkUpdate, updateWarnings } from '../../src/domain/campaign-update.ts';
import { TEXT_RULES } from '../../src/platforms/index.ts';
import { example, NOW, spoiled } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

const LINK = 'https://example.org/rivers';
const withMessage = (en: string, changes: Record<string, unknown> = {}) => ({
  ...example,
  messages: { en, 'pt-BR': 'Escute. {{ hashtags }} {{ link }}' },
  ...changes,
});
const refusals = (en: string, changes: Record<string, unknown> = {}) =>
  problemsOf(() => validateCampaign(withMessage(en, changes), TEXT_RULES, NOW));
const warnings = (en: string, changes: Record<string, unknown> = {}) =>
  validateCampaign(withMessage(en, changes), TEXT_RULES, NOW).warnings.map(
    ({ field, message }) => `${field}: ${message}`,
  );

describe('B1 a message whose link does not come back as itself', () => {
  test.each([
    '{{ link }}/now',
    '{{ link }}now',
    'now{{ link }}',
    "{{ link }}'s page",
    '{{ link }}–now',
    '{{ link }}далее',
    '{{ hashtags }}{{ link }}',
    'Go {{ link }}{{ name }}',
    '{{ name }}{{ link }}',
    '{{ link | upcase }}',
    '@{{ link }}',
    '{% if name %}{{ link }}x{% else %}{{ link }}{% endif %}',
  ])('is refused: %s', (en) =>
    expect(refusals(en)[0]).toMatch(/^messages\.en: the link would .*\{\{ link \}\}/),
  );

  test.each([
    [
      'Go {{ link | upcase }}',
      'the link would be changed by the filter `upcase`; write {{ link }}',
    ],
    ['{{ link | prepend: "x" }}', 'the link would be changed by the filter `prepend`'],
    ['{{ link | strip | append: "x" }}', 'the link would be changed by the filter `append`'],
    [
      '{{ link }} {{ hashtags | capitalize }}',
      '#QuietRivers would be changed by the filter `capitalize`',
    ],
    [
      '{{ link }} {{ hashtags | downcase }}',
      '#QuietRivers would be changed by the filter `downcase`',
    ],
    ['{{ link }} {{hashtags|append:"x"}}', '#rios_2027 would be changed by the filter `append`'],
    [
      '{% assign a = hashtags | upcase %}{{ link }} {{ a }}',
      '#QuietRivers would be changed by the filter `upcase`; write {{ hashtags }} without a filter',
    ],
    [
      '{% assign a = hashtags %}{{ link }} {{ a | upcase }}',
      '#QuietRivers would become #QUIETRIVERS; write {{ hashtags }} without a filter',
    ],
  ])('is refused for its filter: %s', (en, says) =>
    expect(refusals(en)).toEqual([expect.stringContaining(`messages.en: ${says}`)]),
  );

  test('is refused where a filter puts its length there, and not where a tag asks for it', () => {
    expect(refusals('{{ link }} {{ hashtags | size }}')).toEqual([
      expect.stringContaining('the filter `size` puts a number in the place of {{ hashtags }}'),
    ]);
    expect(refusals('{{ link | size }}')[0]).toContain('in the place of {{ link }}');
    const asked =
      '{% assign n = hashtags | size %}{% if n > 9 %}{{ hashtags }}{% endif %} {{ link }}';
    expect(refusals(asked)).toEqual([]);
  });

  test.each([
    '{{ link | strip }} {{ hashtags | default: "x" }}',
    '{{ campaign | upcase }} {{ hashtags }} {{ link }}',
    '{{ link }} {{ hashtags | append: " now" }}',
  ])('is taken with a filter that keeps it: %s', (en) => expect(refusals(en)).toEqual([]));

  test('is refused among the variants, too, and where hashtags are lost', () => {
    const variants = { en: ['A {{ link }}x'], 'pt-BR': ['B {{ link }}'] };
    expect(refusals('{{ link }}', { variants })).toEqual([
      expect.stringMatching(
        /^variants\.en\[0\]: the link would run on to https:\/\/example\.org\/riversx;/,
      ),
    ]);
    expect(refusals('{{ link }} {{ hashtags }}を')).toEqual([
      expect.stringMatching(/^messages\.en: #rios_2027 would not be a hashtag/),
    ]);
  });

  test.each([
    '{{ link }}, now',
    '«{{ link }}»',
    '„{{ link }}“',
    '「{{ link }}」お願い',
    '({{ link }}).',
    '{{ link }}، ثم {{ hashtags }}',
    'Join:{{ hashtags }}! {{ link }}',
    'и «{{ hashtags }}» — {{ link }}…',
    '{{ link }} and https://example.org/rivers/more',
  ])('is taken where it does: %s', (en) => expect(refusals(en)).toEqual([]));

  test('is warned of where one network alone runs on', () => {
    expect(warnings('Go {{ link }}، ثم')).toEqual([
      expect.stringMatching(
        /^messages\.en: on Mastodon the link goes on .* becomes https:\/\/example\.org\/rivers،;/,
      ),
    ]);
    expect(warnings('Go {{ link }} ، ثم')).toEqual([]);
  });

  // github.com/mastodon/mastodon, config/initializers/twitter_regex.rb, valid_url_path_ending_chars.
  test.each<[sign: string, goesOn: boolean]>([
    ['،', true],
    ['؛', true],
    ['؟', true],
    ['۔', true],
    ['、', true],
    ['。', true],
    ['—', true],
    ['»', true],
    ['”', true],
    ['…', true],
    ['！', true],
    [',', false],
    [';', false],
    ['?', false],
    ['.', false],
    ['"', false],
    ['」', false],
    [')', false],
  ])('Mastodon alone takes %s into a path, and none into a domain: %s', (sign, goesOn) => {
    const said = warnings(`{{ link }}${sign} x`);
    expect(said).toHaveLength(goesOn ? 1 : 0);
    if (goesOn) expect(said[0]).toMatch(`becomes https://example.org/rivers${sign};`);
    expect(warnings(`{{ link }}${sign} x`, { link: 'https://example.org' })).toEqual([]);
  });
});

describe('a field that a supporter leaves empty', () => {
  const warned = (en: string) => warnings(`${en} {{ link }} {{ hashtags }}`);

  test.each([
    ['I am {{ name }}.', 'no name posts "I am . https://example.or…"'],
    ['{{ name }} from {{ place | default: "here" }} says no.', 'no name posts "from a says no.'],
    ['We in {{ place }}, all of us.', 'no place posts "We in , all of us.'],
    ['{{ name }}: no.', 'no name posts ": no.'],
    ['{% unless place %}I{% endunless %} am {{ name | upcase }}.', 'no name posts "am .'],
  ])('is warned of: %s', (en, says) => {
    expect(warned(en)).toEqual([expect.stringContaining(`messages.en: whoever gives ${says}`)]);
  });

  test('is warned of with the mend, at the end of a text, too, and for each of two', () => {
    expect(warnings('{{ link }} Signed, {{ name }}')).toEqual([
      expect.stringMatching(
        /posts ".* Signed,"; .*\{\{ name \| default: "one of many" \}\}.*\{% if name %\}/,
      ),
    ]);
    expect(warned('I am {{ name }} of {{ place }}.')).toHaveLength(2);
  });

  test.each([
    'I am {{ name | default: "one of many" }}.',
    '{% if name %}I am {{ name }}. {% endif %}No.',
    '{% if name %}{{ name }} {% else %}One of many {% endif %}says no.',
    '{% if place %}From {{ place }}: {% endif %}no.',
  ])('is taken where something stands there: %s', (en) => expect(warned(en)).toEqual([]));

  test.each([
    'No. {{ link }} {{ name }}',
    'No. {{ link }}\n{{ place }}',
    '{{ link }} No!\n\n{{ name }}',
    '{{ place }} {{ link }}',
    '{{ name }}\n{{ hashtags }} {{ link }}',
  ])('is taken where nobody misses it: %s', (en) => expect(warnings(en)).toEqual([]));
});

describe('B9 a hashtag that a network cuts', () => {
  test('is taken, and it is said which network cuts it, and into what', () => {
    const changes = { hashtags: ['Col·laboració', 'ශ්‍රී_ලංකාව', 'Rivers'] };
    const said = warnings('{{ link }}', changes);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(
      /^hashtags\[0\]: .*Facebook Pages makes #Col of it, LinkedIn makes #Col of it/,
    );
    expect(said[0]).not.toContain('Mastodon');
    expect(said[1]).toMatch(/^hashtags\[1\]: .*Mastodon makes #ශ් of it/);
  });
});

describe('B15 a message with two cashtags', () => {
  test('is refused for X, with the reason', () => {
    expect(refusals('$ABC $DEF {{ link }}')).toEqual([
      expect.stringMatching(
        /^messages\.en: is refused in en: X takes one cashtag a post.*\$ABC \$DEF/,
      ),
    ]);
    expect(refusals('$ABC, $abc.b and $DEF {{ link }}')).toHaveLength(1);
    expect(refusals('$ABC and 5 $ or US$5 {{ link }} https://example.org/?a=$DEF')).toEqual([]);
  });
});

describe('B3 B15 a message that breaks another rule than the length', () => {
  test('is told its true length by every platform, and the rule', () => {
    const links = [1, 2, 3, 4, 5, 6].map((n) => `https://example.org/${n}`).join(' ');
    for (const [platform, text, length, rule] of [
      ['x', '$ABC $DEF', 9, /one cashtag/],
      ['threads', links, 131, /5 links a post, and here are 6/],
      ['bluesky', '👩‍👩‍👧‍👦'.repeat(140), 140, /3000 bytes of UTF-8 a post, and here are 3500/],
    ] as const) {
      const rules = TEXT_RULES.filter((one) => one.platform === platform);
      const { previews } = validateCampaign(
        { ...example, messages: { en: text, 'pt-BR': 'x' } },
        [],
        NOW,
        rules,
      );
      const preview = previews.find(({ locale }) => locale === 'en');
      expect(preview).toMatchObject({ length, refused: expect.stringMatching(rule) });
    }
  });
});

describe('B3 a message that is too long for Threads alone', () => {
  test('is told what Threads counts', () => {
    const rules = TEXT_RULES.filter(({ platform }) => platform === 'threads');
    const messages = { en: `${'x'.repeat(495)}’’’`, 'pt-BR': 'x' };
    expect(problemsOf(() => validateCampaign({ ...example, messages }, rules, NOW))).toEqual([
      expect.stringMatching(
        /^messages\.en: is too long in en on Threads: 504, .*shorten it by 4\. Threads counts bytes/,
      ),
    ]);
  });
});

describe('C6 a link', () => {
  test.each<[string, RegExp]>([
    [`${LINK}\u200b`, /U\+200B; remove/],
    [`https://example.org/\u00adrivers`, /U\+00AD; remove/],
    [`${LINK}%E2%80%8B`, /cannot be seen; remove/],
    [
      'https://example.org/a b',
      /a blank \(U\+0020\) after "https:\/\/example\.org\/a"; write it as %20/,
    ],
    ['https://example.org/a\u00a0b', /a blank \(U\+00A0\) after ".*\/a"; write it as %C2%A0/],
    ['https://exam ple.org/', /a blank \(U\+0020\) after "https:\/\/exam"; remove it$/],
    ['https://example.org/a<b', /holds <, which no address has, after ".*\/a"; write it as %3C/],
    ['https://example.org/a\tb', /U\+0009.* after ".*\/a"; remove it$/],
    ['https://example.org/a\nb', /holds U\+000A, which no address has, after ".*\/a"; remove it$/],
    ['https://https://example.org/x', /https:\/\/ twice/],
    ['https://http//example.org/x', /twice/],
    ['https://example', /without a dot/],
    ['https://localhost/x', /without a dot/],
    ['http://localhost:3000/x', /without a dot/],
    ['https://192.168.1.7/x', /number/],
    ['https://127.1/', /number, 127\.0\.0\.1/],
    ['https://[fd00::1]/x', /number/],
    ['https://rivers.local/', /ends in \.local/],
    ['https://db.internal/', /ends in \.internal/],
    ['https://nas.home.arpa/', /no public name/],
    [`${LINK}).`, /write https:\/\/example\.org\/rivers$/],
    [`${LINK}?y=(z)`, /write https:\/\/example\.org\/rivers\?y=%28z%29$/],
    [`${LINK}~`, /write https:\/\/example\.org\/rivers%7E$/],
    [`${LINK}*b*`, /write https:\/\/example\.org\/rivers%2Ab%2A$/],
    [`${LINK},`, /write https:\/\/example\.org\/rivers$/],
    [`${LINK}…`, /write https:\/\/example\.org\/rivers/],
    ['https://example.org/?a=1&amp;b=2', /"&amp;".*write "&"/],
    ['https://example.org/?a=1&#38;b=2', /write "&"/],
    ['https:\\\\example.org\\x', /backslash/],
    ['https:/example.org/x', /write https:\/\/example\.org\/x$/],
    ['https://example.org#top', /write https:\/\/example\.org\/#top$/],
    ['https://example.org/請願', /write https:\/\/example\.org\/%E8%AB%8B%E9%A1%98$/],
    ['https://example.org/a(b', /write https:\/\/example\.org\/a%28b$/],
  ])('is refused with its mend: %s', (link, says) => {
    expect(spoiled({ link })).toEqual([
      expect.stringMatching(new RegExp(`^link: .*${says.source}`)),
    ]);
    expect(spoiled({ sources: [{ title: 'x', url: link }] })[0]).toMatch(/^sources\[0\]\.url: /);
    expect(spoiled({ donation: link })[0]).toMatch(/^donation: /);
    expect(spoiled({ organiser: { name: 'x', url: link } })[0]).toMatch(/^organiser\.url: /);
  });

  test.each([
    'https://example.org',
    'https://www.example.org:8443/a_b-c/~d?e=f&g=h#i',
    'https://ru.wikipedia.org/wiki/Колокол_(значения)',
    'https://fa.wikipedia.org/wiki/%D9%85%DB%8C%E2%80%8C%D8%AE',
    'https://пример.рф/путь',
    'https://rivers.kids/',
    'https://web.archive.org/web/2020/https://example.org/',
    'https://medium.com/@rivers/a-b',
  ])('is taken: %s', (link) => expect(spoiled({ link })).toEqual([]));
});

describe('C7 a message that was written for another program', () => {
  test.each([
    ['Act now {hashtags} {link}', '{hashtags}'],
    ['Act [link]', '[link]'],
    ['Act <link>', '<link>'],
    ['Act %link%', '%link%'],
    ['Act #{link}', '{link}'],
    ['Act {first_name}', '{first_name}'],
    ['Act *|LINK|*', '|LINK|'],
    ['Act ##LINK##', '##LINK##'],
    ['Act #hashtags#', '#hashtags#'],
    ['Act @link@', '@link@'],
    ['Act {!link}', '{!link}'],
    ['Act {@name}', '{@name}'],
    ['Act «link»', '«link»'],
    ['Act ‹ URL ›', '‹ URL ›'],
    ['Act.\\nNow {{ link }}', '\\n'],
    ['Act.\\r\\nNow {{ link }}', '\\r\\n'],
    ['Act:\\t {{ link }}', '\\t'],
    ['Caf\\u00e9 {{ link }}', '\\u00e9'],
    ['Act ［link］', '［link］'],
    ['Act (hashtags)', '(hashtags)'],
    ['{% raw %}{{ link }}{% endraw %}', '{{ link }}'],
    ['Rivers &amp; lakes', '&amp;'],
    ['Rivers&nbsp;now', '&nbsp;'],
    ['**bold** {{ link }}', '**bold**'],
    ['__bold__ {{ link }}', '__bold__'],
    ['~~no~~ {{ link }}', '~~no~~'],
    ['[us](https://example.org/x)', '[us](https://example.org/x)'],
    ['# A heading\n{{ link }}', '# A heading'],
    ['A <b>word</b> {{ link }}', '<b>'],
  ])('is refused: %s', (en, holds) => {
    expect(refusals(en)).toEqual([expect.stringContaining(`messages.en: holds "${holds}"`)]);
  });

  test('is refused as Liquid where a brace is missing', () => {
    expect(refusals('Act {{link}')[0]).toMatch(/^messages\.en: /);
  });

  test.each([
    'AT&T; R&D {{ link }}',
    '5 * 3 ** 2, a_b_c {{ link }}',
    '- one\n- two\n> three {{ link }}',
    ':) a < b > c, 50 % {{ link }}',
    'my name (Anna), this place. {{ link }}',
    '{{ campaign }} 【川】 {{ link }}',
    '#link #tag, @link@example.org, «name», ¯\\_(ツ)_/¯ {{ link }}',
  ])('is taken where it only looks like it: %s', (en) => expect(refusals(en)).toEqual([]));

  test.each([
    ['I, [Your name], say no. {{ link }}', '[Your name]'],
    ['Ich, [Name einsetzen], sage nein. {{ link }}', '[Name einsetzen]'],
    ['Я, [ваше имя]. {{ link }}', '[ваше имя]'],
    ['I, <Your name>, say no. {{ link }}', '<Your name>'],
  ])('warns of what is to be filled in: %s', (en, holds) =>
    expect(warnings(en)).toEqual([
      // One of them is in Russian letters, which an English text is not in.
      ...(holds === '[ваше имя]' ? [expect.stringContaining('has not one letter of its')] : []),
      expect.stringContaining(`messages.en: holds "${holds}", which is posted as it stands`),
    ]),
  );

  test.each(['No [1], […] {{ link }}', 'a < b and c > d {{ link }}', 'x[i] {{ link }}'])(
    'warns of no other bracket: %s',
    (en) => expect(warnings(en)).toEqual([]),
  );

  test('warns of a message without its link, and of no other', () => {
    expect(warnings('Listen. {{ hashtags }}')).toEqual([
      expect.stringMatching(/^messages\.en: has no \{\{ link \}\}/),
    ]);
    expect(warnings('Listen. {{ link }}')).toEqual([]);
  });

  test('is refused in titles and names, too', () => {
    const title = { en: 'Rivers &amp; lakes', 'pt-BR': 'Rios' };
    expect(spoiled({ title })[0]).toMatch(/^title\.en: holds "&amp;".*write "&"/);
  });

  test.each([
    ['title', 'Sign {{ link }}', '{{ link }}'],
    ['title', 'Rivers #{hashtags}', '{hashtags}'],
    ['story', 'Dear {{name}},\n\nlisten.', '{{name}}'],
    ['story', 'Go to ｛link｝ now.', '｛link｝'],
    ['letter', '{{ campaign }} is ours.', '{{ campaign }}'],
    ['addressee', '{{ place }}', '{{ place }}'],
  ])('says of a placeholder in a %s that none is filled in there: %s', (field, text, holds) => {
    const found = spoiled({ [field]: { en: text, 'pt-BR': 'Rios' } });
    expect(found).toEqual([
      expect.stringContaining(`${field}.en: holds "${holds}", which would be shown as it stands`),
    ]);
  });

  test.each(['A [link](https://example.org/x).', 'Set {1, 2} and {us}.'])(
    'takes a story that only looks like it: %s',
    (en) => expect(spoiled({ story: { en, 'pt-BR': 'Rios' } })).toEqual([]),
  );

  test('says it of an update, too', () => {
    const said = problemsOf(() => checkUpdate({ text: { en: 'We won. {{ link }}' } }, ['en']));
    expect(said).toEqual([expect.stringMatching(/^text\.en: holds "\{\{ link \}\}"/)]);
  });
});

describe('C6 a blank that is missing behind a full stop', () => {
  test.each([
    ['Es ist ruhig.So {{ link }}', 'ruhig.So', 'https://ruhig.so'],
    ['z.B.so {{ link }}', 'z.B.so', 'https://z.b.so'],
    ['The end.Next sentence.It {{ link }}', 'sentence.It', 'https://sentence.it'],
  ])('warns of the link that it makes: %s', (en, name, url) => {
    const said = warnings(en).filter((one) => one.includes(`"${name}" (line 1 of this text)`));
    expect(said).toEqual([expect.stringContaining(`becomes a link to ${url};`)]);
  });

  test('warns in variants, too, with the line, and not of the campaign’s own site', () => {
    const variants = {
      en: ['One.\nTwo.So {{ link }}', 'On example.org: {{ link }}'],
      'pt-BR': ['Ouça. {{ link }}'],
    };
    expect(warnings('Listen. {{ link }}', { variants })).toEqual([
      expect.stringMatching(/^variants\.en\[0\]: "Two\.So" \(line 2 of this text\)/),
    ]);
  });
});

test('C6 a story is warned of it, too, with its line', () => {
  const story = { en: 'Quiet.\n\nIt is over.So we go.', 'pt-BR': 'Porque.' };
  expect(warnings('Listen. {{ link }}', { story })).toEqual([
    expect.stringMatching(/^story\.en: "over\.So" \(line 3 of this text\) becomes a link/),
  ]);
});

test('C6 a letter and an update are warned of what a story is', () => {
  const texts = { en: 'Quiet.\n\nIt is over.So we go.', ru: 'Look at https://xn--80ak6aa92e.com' };
  const said = [
    expect.stringMatching(/^en: "over\.So" \(line 3 of this text\) becomes a link/),
    expect.stringMatching(/^ru: has not one letter of its language/),
    expect.stringMatching(/^ru: leads to xn--80ak6aa92e\.com, which is/),
  ];
  const update = updateWarnings({ text: texts }, texts, 'https://example.org/rivers');
  expect(update.map(({ field, message }) => `${field.replace('text.', '')}: ${message}`)).toEqual(
    said,
  );
  const letter = { en: texts.en, 'pt-BR': 'Por favor.' };
  expect(warnings('Listen. {{ link }}', { letter })).toEqual([
    expect.stringMatching(/^letter\.en: "over\.So" \(line 3 of this text\) becomes a link/),
  ]);
});

describe('C6 a character that cannot be seen behind the link', () => {
  test.each(['\u200B', '\u2060', '\u00AD', '\u200D'])('is refused: %j', (sign) => {
    expect(refusals(`Go {{ link }}${sign} now`)[0]).toMatch(/^messages\.en: .*U\+[0-9A-F]{4}/);
  });
});

describe('C7 what is left of a template', () => {
  test.each(['}} {{ link }}', '{# note #} {{ link }}', 'Act %} {{ link }}'])(
    'is refused: %s',
    (en) => expect(refusals(en)[0]).toMatch(/^messages\.en: .*would be posted as it stands/),
  );
});

describe('B2 a hashtag written by hand', () => {
  test.each([
    ['今天#自由 {{ link }}', '#自由'],
    ['#自由#民主 {{ link }}', '#民主'],
    ["can't#now {{ link }}", '#now'],
  ])('is warned of where it is none: %s', (en, tag) => {
    const said = warnings(en).filter((one) => one.includes(`"${tag}" (line 1 of this text) is no`));
    expect(said).toHaveLength(1);
  });

  test('is not warned of where it is one, and a number is none', () => {
    expect(warnings('We are #1. #Free, (#now) {{ hashtags }} {{ link }}')).toEqual([]);
  });
});

test('C7 a message that begins with an account is warned of', () => {
  expect(warnings('@mayor listen {{ link }}')).toEqual([
    expect.stringMatching(/^messages\.en: begins with "@mayor"/),
  ]);
});

describe('C2 a text without one letter of its language', () => {
  const texts = (ru: string) => ({
    locales: ['en', 'ru'],
    title: { en: 'Free', ru: 'Свобода' },
    story: { en: 'Words.', ru: 'Слова.' },
    messages: { en: 'A {{ link }}', ru },
  });
  const said = (ru: string) =>
    validateCampaign({ ...example, ...texts(ru) }, TEXT_RULES, NOW).warnings.map(
      ({ field, message }) => `${field}: ${message}`,
    );

  test('is warned of', () => {
    expect(said('Stand with us {{ link }}')).toEqual([
      expect.stringMatching(/^messages\.ru: has not one letter of its language \(Cyrillic\)/),
    ]);
  });

  test.each(['Мы с вами {{ link }}', '{{ hashtags }} 2027 {{ link }}'])(
    'is not seen in: %s',
    (ru) => expect(said(ru)).toEqual([]),
  );
});

describe('C5 a year that is not meant', () => {
  test.each([
    ['2570-07-10T11:00', /2570 is a year of the Buddhist calendar; .* has 2026 now/],
    ['1406-07-10T11:00', /1406 is a year of the Solar Hijri \(Persian\) calendar/],
    ['1449-07-10T11:00', /1449 is a year of the Hijri calendar/],
    ['5787-07-10T11:00', /5787 is a year of the Hebrew calendar/],
    ['2099-07-10T11:00', /2099 is more than 10 years ahead/],
  ])('is refused with its calendar: %s', (at, says) => {
    expect(spoiled({ moment: { at, zone: 'Asia/Bangkok' } })).toEqual([
      expect.stringMatching(
        new RegExp(`^moment\\.at: ${'"'}${at}${'"'} cannot be meant: ${says.source}`),
      ),
    ]);
  });

  test('is taken up to ten years ahead, and one that is past is said to be that', () => {
    expect(spoiled({ moment: { at: '2036-07-10T11:00', zone: 'UTC' } })).toEqual([]);
    expect(spoiled({ moment: { at: '2017-07-10T11:00', zone: 'UTC' } })[0]).toMatch(/in the past/);
  });
});
