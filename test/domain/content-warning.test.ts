import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCampaignYaml, validateCampaign } from '../../src/domain/campaign-input.ts';
import { textHash } from '../../src/domain/consent.ts';
import { lengthOn, warningOn } from '../../src/domain/text-rule.ts';
import { TEXT_RULES } from '../../src/platforms/index.ts';
import { measureForMastodon } from '../../src/platforms/mastodon/text-rule.ts';
import { lengthProblem } from '../../src/simulator/mastodon/text.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { example, NOW } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

const LIMITS = { maxCharacters: 500, reservedPerUrl: 23 };
const mastodon = TEXT_RULES.filter(({ platform }) => platform === 'mastodon');
const WARNING = { en: 'Torture, killings', 'pt-BR': 'Tortura, assassinatos' };

/** The example with these changes, for every network. */
const valid = (changes: Record<string, unknown>) =>
  validateCampaign({ ...example, ...changes }, TEXT_RULES, NOW);
const refusals = (changes: Record<string, unknown>) => problemsOf(() => valid(changes));

describe('B16 the content warning of a campaign', () => {
  test('B16 is read from YAML, as text whatever it looks like, and tidied', () => {
    const file = parseCampaignYaml('content_warning:\n  en: " no "\n  pt-br: 1.10\n');
    const { content, understood } = valid(file as Record<string, unknown>);
    expect(content.contentWarning).toEqual({ en: 'no', 'pt-BR': '1.10' });
    expect(understood.mended.filter(({ field }) => field.startsWith('content_warning'))).toEqual([
      { field: 'content_warning.en', message: 'blanks or empty lines at its ends are gone' },
      { field: 'content_warning.pt-br', message: 'is kept as pt-BR' },
    ]);
  });

  test('B16 is before the texts of Mastodon alone, and counts with them', () => {
    const without = valid({}).previews;
    expect(without.map(({ contentWarning }) => contentWarning)).toEqual(without.map(() => null));
    const { previews, understood } = valid({ content_warning: WARNING });
    expect(previews).toEqual(
      without.map((preview) => {
        if (preview.platform !== 'mastodon') return preview;
        const contentWarning = preview.locale === 'en' ? WARNING.en : WARNING['pt-BR'];
        const length = preview.length + contentWarning.length;
        return { ...preview, contentWarning, length };
      }),
    );
    const [first] = understood.texts;
    const shown = first?.platforms.flatMap(({ platform, contentWarning }) =>
      contentWarning === null ? [] : [[platform, contentWarning]],
    );
    expect(shown).toEqual([['mastodon', 'Torture, killings']]);
  });

  test('B16 that makes a text too long for Mastodon is refused with the text', () => {
    const link = 24;
    const text = (length: number) => `${'a'.repeat(length - link)} {{ link }}`;
    const messages = { en: text(500 - WARNING.en.length), 'pt-BR': 'Rio. {{ link }}' };
    const rules = mastodon;
    const validate = (changes: Record<string, unknown>) =>
      problemsOf(() => validateCampaign({ ...example, ...changes }, rules, NOW));
    expect(validate({ messages, content_warning: WARNING })).toEqual([]);
    const longer = { ...messages, en: text(501 - WARNING.en.length) };
    expect(validate({ messages: longer })).toEqual([]);
    expect(validate({ messages: longer, content_warning: WARNING })).toEqual([
      'messages.en: is too long in en on Mastodon: 501, and the limit is 500; shorten it by 1, or its content_warning, which counts with it',
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no mapping', 'Torture', /^content_warning: must be a mapping; .*"content_warning:"/],
    ['nothing', null, /^content_warning: must be a mapping/],
    ['one language of two', { en: 'Torture' }, /^content_warning\.pt-BR: is missing: every locale/],
    ['a language too many', { ...WARNING, fr: 'x' }, /^content_warning\.fr: is not one of the/],
    ['a number', { ...WARNING, en: 5 }, /^content_warning\.en: must be a text/],
    ['too long a line', { ...WARNING, en: 'x'.repeat(101) }, /has more than 100 characters; cut 1/],
    [
      'two lines',
      { ...WARNING, en: 'a\nb' },
      /^content_warning\.en: must be a single line; remove/,
    ],
    ['an empty line', { ...WARNING, en: ' ' }, /^content_warning\.en: is empty; write something/],
    [
      'nothing to be seen',
      { ...WARNING, en: '\u200b\u200d' },
      /nothing that can be seen; write what/,
    ],
    [
      'lost letters',
      { ...WARNING, en: 'Tch\ufffd' },
      /has lost letters: U\+FFFD .*\(line 1 of this/,
    ],
    [
      'a control character',
      { ...WARNING, en: 'a\u202eb' },
      /U\+202E \(line 1 .*column 2\); remove it/,
    ],
    [
      'our placeholder',
      { ...WARNING, en: 'In {{ place }}' },
      /"\{\{ place \}\}".*write what it stands/,
    ],
    [
      'another’s placeholder',
      { ...WARNING, en: '[link]' },
      /"\[link\]".*nothing is filled in there/,
    ],
    [
      'a link',
      { ...WARNING, en: 'See https://a.example.org/b' },
      /the link https:\S+, which nobody/,
    ],
    ['a bare link', { ...WARNING, en: 'See example.org' }, /the link example\.org, which nobody/],
    ['a hashtag', { ...WARNING, en: '#Torture' }, /holds #Torture, .*write it without the #/],
    ['a mention', { ...WARNING, en: 'By @who' }, /holds @who, which names no account there/],
    ['a mention with host', { ...WARNING, en: '@a@b.example' }, /holds @a@b\.example, which names/],
    ['Markdown', { ...WARNING, en: '**Torture**' }, /which is Markdown \(bold\)/],
    ['an entity', { ...WARNING, en: 'A &amp; B' }, /"&amp;", which is HTML; write "&"/],
    ['an element', { ...WARNING, en: '<b>A</b>' }, /"<b>", which is HTML/],
  ])('B16 is refused with the cause and the mend: %s', (_what, content_warning, said) => {
    const problems = refusals({ content_warning });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(said);
  });

  test.each(['CW: torture', '18+ & worse', '“Пытки”, 100 %', 'a/b – c', 'C# and e@mail'])(
    'B16 is taken: %s',
    (en) => expect(refusals({ content_warning: { ...WARNING, en } })).toEqual([]),
  );

  test('B16 in a field of another name is refused with the name that is meant', () => {
    expect(refusals({ contentWarning: WARNING })).toEqual([
      'contentWarning: is not a field that exists; did you mean `content_warning`?',
    ]);
  });
});

describe('B16 the fingerprint of what is consented to', () => {
  test('B16 is that of the text where there is no content warning, as it always was', () => {
    const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect([textHash('abc'), textHash('abc', null), textHash('abc', undefined)]).toEqual([
      hash,
      hash,
      hash,
    ]);
  });

  test('B16 is that of the warning, a zero byte and the text', () => {
    const bytes = Buffer.from('Tortúre\0abc');
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(textHash('abc', 'Tortúre')).toBe(hash);
  });

  test('B16 is another for every other way to divide the same signs', () => {
    const hashes = [
      textHash('ab', 'c'),
      textHash('b', 'ca'),
      textHash('cab'),
      textHash('c\nab'),
      textHash('ab', ''),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('B16 a text and its content warning', () => {
  test('B16 have the warning on Mastodon alone', () => {
    const having = TEXT_RULES.filter((rule) => warningOn(rule, 'x') !== null);
    expect(having.map(({ platform }) => platform)).toEqual(['mastodon']);
    for (const rule of TEXT_RULES) {
      expect(warningOn(rule, null)).toBeNull();
      expect(lengthOn(rule, 'abc', null)).toBe(rule.measure('abc'));
    }
  });

  test('B16 that fit are not refused by a Mastodon that counts strictly', () => {
    const [rule] = mastodon;
    if (!rule) throw new Error('There is no rule for Mastodon');
    const piece = fc.constantFrom('a', 'é', 'e\u0301', '👨‍👩‍👧‍👦', '🇫🇷', 'क्ष', ' ', '\u0301', 'ж');
    const texts = fc.tuple(fc.array(piece, { maxLength: 60 }), fc.array(piece, { maxLength: 60 }));
    let near = 0;
    fc.assert(
      fc.property(texts, ([before, after]) => {
        const warning = before.join('').normalize('NFC').trim();
        const end = after.join('');
        const left = 500 - measureForMastodon(warning) - measureForMastodon(end);
        const text = `${end}${'x'.repeat(left - 1)}`.normalize('NFC').trim();
        fc.pre(lengthOn(rule, text, warning) <= 500);
        if (lengthOn(rule, text, warning) >= 499) near += 1;
        expect(lengthProblem(text, warning, LIMITS)).toBeUndefined();
        expect(lengthProblem(`${text}${'x'.repeat(60)}`, warning, LIMITS)).toMatch(/exceeded/);
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(near).toBeGreaterThan(5);
  });

  test('B16 count a link in the warning with every letter', () => {
    const link = 'https://example.org/a/long/way/to/a/page';
    expect(lengthProblem('x'.repeat(500 - 23), '', LIMITS)).toBeUndefined();
    expect(lengthProblem('x'.repeat(500 - link.length), link, LIMITS)).toBeUndefined();
    expect(lengthProblem('x'.repeat(501 - link.length), link, LIMITS)).toMatch(/exceeded/);
    expect(lengthOn(mastodon[0] as never, 'abc', link)).toBe(3 + link.length);
  });
});
