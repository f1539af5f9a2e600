import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseCampaignYaml } from '../../src/domain/campaign-input.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { spoiled } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

const refusal = (text: string) => problemsOf(() => parseCampaignYaml(text)).join('\n');
const QUOTE = /put the text within quotes, or write \| there/;

describe('C12 one sentence for each cause', () => {
  test.each([
    ['Rivers: a call', /holds a colon and a blank, .*\(line 2, column 13/, QUOTE],
    ['Act now:', /holds a colon and a blank/, QUOTE],
    ['{{ hashtags }} act', /begins with \{, which opens a mapping.*\(line 2, column 7/, QUOTE],
    ['{hashtags} act', /begins with \{/, QUOTE],
    ['[Rivers] act', /begins with \[/, QUOTE],
    ['"Never again" said', /a quote \("\) ends before the text does.*column 7/, /write \| there/],
    ["'It's ours'", /apostrophe within ' ' is written twice/, /write \| there/],
    ['"Never again', /the quote that opens here is never closed.*line 2, column 7/, /close it/],
    ["'Never again", /the quote that opens here is never closed.*line 2, column 7/, /close it/],
    ['"C:\\data"', /a backslash begins a sign/, /write it twice/],
    ['*Never* again', /"\*Never\*" stands for another value/, QUOTE],
    ['&Co act', /"&Co" is the name of a value/, QUOTE],
    ['!Stop it', /begins with !/, QUOTE],
    ['!!str Stop it', /"!!str" is a type/, QUOTE],
    ['@rivers say', /begins with a sign that YAML keeps/, QUOTE],
    ['`x` says', /begins with a sign that YAML keeps/, QUOTE],
    ['%50 say', /begins with a sign that YAML keeps/, QUOTE],
    [
      '- say',
      /begins with -, which begins a list only on a line of its own/,
      /write the list on the lines below/,
    ],
    ['? say', /begins with \?/, QUOTE],
    ['| say', /text on the line of the \| or >/, /leave the sign alone/],
    ['> say', /text on the line of the \| or >/, /leave the sign alone/],
    ['~', /"~" is YAML's word for nothing/, /put the word within quotes$/],
    ['null', /"null" is YAML's word for nothing/, /put the word within quotes$/],
    ['a\n\tb', /set in with a tab \(line 3, column 1/, /use blanks/],
    ['|\n  text', /neither a name with a colon.*line 3, column 3/, /further in than its name/],
  ])('for the text %j', (text, cause, mend) => {
    const said = refusal(`messages:\n  en: ${text}\ngoal: 5`);
    expect(said).toMatch(/^file: cannot be read: /);
    expect(said).toMatch(cause);
    expect(said).toMatch(mend);
    expect(said.split('\n')).toHaveLength(1);
    // None of the parser's own words.
    expect(said).not.toMatch(/scalar|implicit|node|token|collection|flow|unresolved|alias|anchor/i);
  });

  test.each([
    ['a no-break space', 'goal: 5\nlink:\u00A0x', /U\+00A0 .*line 2, column 6/],
    [
      'one below a name',
      'title:\n  en:\u00A0Rivers\n  fr:\u00A0Fleuves',
      /U\+00A0 .*line 2, column 6/,
    ],
    ['one before a name', '\u00A0\u00A0goal: 5', /U\+00A0 .*line 1, column 1/],
    ['an ideographic one', 'goal: 5\nlink:\u3000x', /U\+3000/],
    ['a full-width colon', 'title:\n  ja：川', /full-width.*line 2, column 5/],
    ['no blank behind a colon', 'title:\n  en:Rivers', /colon has no blank behind it.*line 2/],
    ['none at the very top', 'goal:5', /colon has no blank behind it/],
    ['no blank behind dashes', 'hashtags:\n  -A\n  -B', /dash has no blank behind it.*line 2/],
    ['a dash behind a name', 'hashtags: - #A', /begins with -.*within \[ \]/],
    [
      'brackets left open',
      'hashtags: [A, B\ngoal: 5',
      /bracket \[ that opens here.*line 1, column 11/,
    ],
    ['one bracket too many', 'link: ]', /a bracket closes here that was never opened/],
    ['a name given twice', 'goal: 5\ngoal: 6', /`goal` is here twice \(line 2/],
    ['one given twice within braces', 'title: {en: A, en: B}', /`en` is here twice/],
    ['fields taken over', 'a: &x {b: c}\n<<: *x', /<< takes over the fields.*line 2/],
    ['a second document', 'goal: 5\n---\ngoal: 6', /more than one document \(line 2/],
    [
      'an order to the parser',
      '%YAML 1.1\n---\nown_words: yes',
      /order to the parser, "%YAML 1.1" \(line 1\)/,
    ],
    ['a field set in', 'goal: 5\n  link: x', /next line stands further in.*line 1/],
    ['a field set out', 'a:\n  b: c\n d: e', /does not stand as far in.*line 3/],
    ['a control character', 'goal: 5\nlink: \u0007', /control character, U\+0007 \(line 2\)/],
  ])('for %s', (_, text, cause) => {
    expect(refusal(text)).toMatch(cause);
    expect(refusal(text)).not.toMatch(/scalar|implicit|node|token|collection|unresolved|alias/i);
  });

  test('a value is what its field makes it, whatever it looks like', () => {
    const text =
      'locales: [no, on, yes]\ntitle:\n  no: 1984\n  on: 1.10\n  yes: 2027-01-01\nslug: 0100\nown_words: true\nreminders: false';
    expect(parseCampaignYaml(text)).toEqual({
      locales: ['no', 'on', 'yes'],
      title: { no: '1984', on: '1.10', yes: '2027-01-01' },
      slug: '0100',
      own_words: true,
      reminders: false,
    });
  });

  test.each(['yes', 'on', 'True', '1', '"true"'])('own_words: %s is not true', (value) => {
    const { own_words } = parseCampaignYaml(`own_words: ${value}`) as { own_words: unknown };
    expect(spoiled({ own_words }).join()).toMatch(/^own_words: must be true or false/);
  });

  test('a text on one line is taken as it stands, or refused', () => {
    const line = fc
      .array(
        fc.oneof(
          fc.constantFrom(...'#:-{}[]&*!|>\'"%@`,? ~ab\\'),
          fc.constantFrom('é', ' ', '{{ link }}', 'Ж', ': ', ' #'),
        ),
        { minLength: 1, maxLength: 12 },
      )
      .map((pieces) => pieces.join('').trim())
      .filter((text) => text !== '' && !/^(["']).*\1$/.test(text));
    fc.assert(
      fc.property(line, (text) => {
        let read: unknown;
        const problems = problemsOf(() => {
          read = (parseCampaignYaml(`messages:\n  en: ${text}\n`) as { messages: { en: unknown } })
            .messages.en;
        });
        // What is read as a list or mapping is refused by its field; `|` and `>` alone begin an empty text.
        if (problems.length === 0 && typeof read === 'string' && read !== '')
          expect(read).toBe(text);
        for (const problem of problems)
          expect(problem).toMatch(/^file: (cannot be read|holds an order to the parser).*line 2/);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test('whatever is written as YAML is read as it was', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .filter((one) => !/(?![\t\n])\p{Cc}/u.test(one));
    const document = fc.record({
      title: fc.dictionary(fc.constantFrom('en', 'no', 'zh-Hant'), text),
      messages: fc.dictionary(fc.constantFrom('en', 'fr'), text),
      variants: fc.dictionary(fc.constantFrom('en', 'fr'), fc.array(text, { maxLength: 3 })),
      hashtags: fc.array(text, { maxLength: 3 }),
      goal: fc.integer({ min: 0, max: 10_000_000 }),
      own_words: fc.boolean(),
    });
    fc.assert(
      fc.property(document, (data) => {
        const plain = JSON.parse(JSON.stringify(data));
        expect(parseCampaignYaml(stringify(data, { aliasDuplicateObjects: false }))).toEqual(plain);
        expect(parseCampaignYaml(JSON.stringify(data))).toEqual(plain);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
