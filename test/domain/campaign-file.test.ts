import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../src/domain/campaign-file/decode-text.ts';
import { numberProblems } from '../../src/domain/campaign-file/json-numbers.ts';
import { parseCampaignYaml } from '../../src/domain/campaign-input.ts';
import { checkUpdate } from '../../src/domain/campaign-update.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { example, spoiled } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

const refusal = (text: string) => problemsOf(() => parseCampaignYaml(text)).join('\n');

describe('C1 a comment that swallows what was to be said', () => {
  test.each([
    [
      'a hashtag in a message',
      'messages:\n  en: Stand with us #Rivers {{ link }}',
      'messages.en',
      '#Rivers {{ link }}',
      2,
      21,
    ],
    ['a number', 'title:\n  de: Wir sind die #1', 'title.de', '#1', 2, 20],
    ['a hashtag alone', 'messages:\n  ru: #Реки', 'messages.ru', '#Реки', 2, 7],
    [
      'an item of a list',
      'variants:\n  en:\n    - Stand with us #Rivers',
      'variants.en[0]',
      '#Rivers',
      3,
      21,
    ],
    ['an item that is nothing else', 'hashtags:\n  - #A', 'hashtags[0]', '#A', 2, 5],
    ['a list in brackets', 'hashtags: [#A, B #C]', 'hashtags', '#A, B #C]', 1, 12],
    ['the line of a |', 'messages:\n  en: | #Rivers', 'messages.en', '#Rivers', 2, 9],
    ['behind quotes', 'messages:\n  en: "Stand" #Rivers', 'messages.en', '#Rivers', 2, 15],
    [
      'the next line of a text',
      'messages:\n  en: Stand\n    #Rivers now',
      'messages.en',
      '#Rivers now',
      3,
      5,
    ],
    [
      'a line out of a |',
      'messages:\n  en: |\n    Stand\n   #Rivers',
      'messages.en',
      '#Rivers',
      4,
      4,
    ],
    ['a name', 'partners:\n  - name: Group #7', 'partners[0].name', '#7', 2, 17],
    ['an update', 'text:\n  en: We won #Rivers', 'text.en', '#Rivers', 2, 14],
    ['a note behind a text', 'title:\n  en: Rivers # the title', 'title.en', '# the title', 2, 14],
    ['a note above a text', 'title:\n  en: # English\n    Rivers', 'title.en', '# English', 2, 7],
    ['a word behind a number', 'goal: 100 #people', 'goal', '#people', 1, 11],
    ['with Windows line ends', 'title:\r\n  en: A #B\r\n', 'title.en', '#B', 2, 9],
  ])('refuses %s', (_, text, path, lost, line, column) => {
    const said = refusal(text);
    expect(said).toContain(`${path} loses "${lost}": behind a blank, # begins a comment in YAML`);
    expect(said).toContain(`(line ${line}, column ${column}: "`);
    expect(said).toMatch(/quotes/);
  });

  test('names every one of them', () => {
    const said = refusal('title:\n  en: A #B\n  fr: C #D');
    expect(said.match(/loses "#[BD]"/g)).toHaveLength(2);
  });

  test.each([
    [
      'notes on lines of their own',
      '# a\ntitle:\n  # b\n  en: A\n  #fr: B\n#C\nlink: x',
      { title: { en: 'A' }, link: 'x' },
    ],
    [
      'a note behind what is no text',
      'goal: 100 # people\nlink: x # ours',
      { goal: 100, link: 'x' },
    ],
    ['a note behind a name of several', 'title: # all\n  en: A', { title: { en: 'A' } }],
    [
      '# in a literal text',
      'story:\n  en: |\n    # A\n    b #c\n',
      { story: { en: '# A\nb #c\n' } },
    ],
    ['# in a folded text', 'story:\n  en: >-\n    b #c\n    #d', { story: { en: 'b #c #d' } }],
    ['# within quotes', 'a: \'b #c\'\nd: "e #f"', { a: 'b #c', d: 'e #f' }],
    ['# within a word', 'link: https://example.org/a#b', { link: 'https://example.org/a#b' }],
    ['hashtags within quotes', 'hashtags: ["#A", \'#B\', C]', { hashtags: ['#A', '#B', 'C'] }],
  ])('takes %s', (_, text, data) => expect(parseCampaignYaml(text)).toEqual(data));
});

describe('C2 bytes are UTF-8 or refused', () => {
  const YAML = 'locales: [fr]\nfr: Tchétchénie – “libre”\n';
  const decoding = (bytes: Uint8Array) => problemsOf(() => decodeText(bytes)).join();
  const latin1 = (text: string) => Buffer.from(text, 'latin1');

  test('takes UTF-8, with a byte order mark or without', () => {
    expect(decodeText(Buffer.from(YAML))).toBe(YAML);
    expect(decodeText(Buffer.from(`\uFEFF${YAML}`))).toBe(YAML);
    expect(decodeText(new Uint8Array())).toBe('');
  });

  test('names byte, line and reading of a file in Windows-1252', () => {
    expect(decoding(latin1('locales: [fr]\nfr: Tch\xe9tch\xe9nie \x96 oui\n'))).toBe(
      'file: is not UTF-8: byte 22, 0xE9, in line 2 stands for no character; in Windows-1252 (Western European) that line would be “fr: Tchétchénie – oui”; save it as plain text in UTF-8',
    );
  });

  test('names those of a file in Windows-1251', () => {
    expect(decoding(latin1('ru: \xd1\xe2\xee\xe1\xee\xe4\xf3 \xf0\xe5\xea\xe0\xec'))).toMatch(
      /byte 5, 0xD1, in line 1 .*Windows-1251 \(Cyrillic\) that line would be “ru: Свободу рекам”/,
    );
  });

  test('names the first wrong byte behind letters of UTF-8, and behind U+FFFD itself', () => {
    const bytes = Buffer.concat([Buffer.from('é: Ж\n\uFFFD€ '), Buffer.from([0xc3, 0x28])]);
    expect(decoding(bytes)).toMatch(/byte 15, 0xC3, in line 2 /);
    expect(decoding(Buffer.from([0x61, 0xe2, 0x82]))).toMatch(/byte 2, 0xE2, in line 1 /);
  });

  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  test.each([
    ['UTF-16', utf16(`\uFEFF${YAML}`), /UTF-16, which Windows calls “Unicode”/],
    ['UTF-16 with its bytes swapped', utf16(`\uFEFF${YAML}`).swap16(), /UTF-16, which Windows/],
    ['UTF-16 without a mark', utf16(YAML), /UTF-16 without a byte order mark/],
    [
      'Russian in UTF-16 without a mark',
      utf16('ru: Свободу рекам\nuk: Волю річкам\n').swap16(),
      /UTF-16 without/,
    ],
    [
      'a Word document',
      Buffer.from('PK\x03\x04\x14\0\x06\0word/document.xml', 'latin1'),
      /a Word document \(\.docx\)/,
    ],
    ['an older one', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), /a Word document of the old kind/],
    [
      'LibreOffice',
      Buffer.from('PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text'),
      /LibreOffice/,
    ],
    ['RTF', Buffer.from('{\\rtf1\\ansi title:'), /Rich Text Format/],
    ['a page', Buffer.from('\uFEFF<!DOCTYPE html>\n<html>'), /an HTML or XML page/],
    ['PDF', latin1('%PDF-1.7\n%\xe2\xe3'), /a PDF document/],
    ['a picture', latin1('\x89PNG\r\n\x1a\n'), /a picture/],
  ])('names %s as what it is', (_, bytes, what) => {
    expect(decoding(bytes)).toMatch(what);
    expect(decoding(bytes)).toMatch(/; save it as plain text in UTF-8$/);
  });

  test('whatever is taken comes back as the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let text: string | null = null;
        const problems = problemsOf(() => {
          text = decodeText(bytes);
        });
        if (text === null) expect(problems.join()).toMatch(/^file: is /);
        else expect(Buffer.from(text)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test.each([
    ['title', { title: { ...example.title, en: 'Tch\uFFFDtch\uFFFDnie' } }, 'title.en'],
    ['story', { story: { ...example.story, en: 'One.\n\nTw\uFFFD.' } }, 'story.en'],
    ['message', { messages: { ...example.messages, en: '\uFFFD {{ link }}' } }, 'messages.en'],
    ['link', { link: 'https://example.org/\uFFFD' }, 'link'],
    ['name', { organiser: { name: 'Caf\uFFFD' } }, 'organiser.name'],
    ['partner', { partners: [{ name: 'A' }, { name: '\uFFFD' }] }, 'partners[1].name'],
    ['hashtag', { hashtags: ['\uFFFDa'] }, 'hashtags[0]'],
  ])('refuses U+FFFD in a %s', (_, changes, field) => {
    expect(spoiled(changes)).toHaveLength(1);
    expect(spoiled(changes)[0]).toMatch(
      /: has lost letters: U\+FFFD .*\(line \d of this text\); write it again/,
    );
    expect(spoiled(changes)[0]?.startsWith(`${field}: `)).toBe(true);
  });

  test('refuses U+FFFD in an update', () => {
    const update = () => checkUpdate({ text: { en: 'A\n\uFFFD' } }, ['en']);
    expect(problemsOf(update).join()).toMatch(
      /^text\.en: has lost letters: .*\(line 2 of this text\)/,
    );
  });

  test.each(['TchÃ©tchÃ©nie', 'Donâ€™t', 'ÐŸÑ€Ð¸Ð²ÐµÑ‚', 'GrÃ¼ÃŸe', 'maÃ±ana'])(
    'refuses "%s", which was read as Windows-1252 once',
    (text) => {
      const changes = { title: { ...example.title, en: text } };
      expect(spoiled(changes).join()).toMatch(/^title\.en: holds UTF-8 that was once read as Wind/);
    },
  );

  test.each(['“IRMÔ', 'AMANHÃ…', '«ACCIÓ» “ESPAÑA”', 'Ñandú – Ðîn', 'Â â Ã', '5 €', '100 €”'])(
    'takes "%s", which is written like that',
    (text) => expect(spoiled({ title: { ...example.title, en: text } })).toEqual([]),
  );
});

describe('C5 a number is in plain digits', () => {
  const BAD = [
    '10.000',
    '10,000',
    '1e3',
    '1E3',
    '0x10',
    '0o10',
    '1_000',
    '١٠٠',
    '１００',
    '10 000',
    '10\u00A0000',
    "10'000",
    '+10',
    '-1',
    '010',
    '.5',
    '1.0',
    '.inf',
    '10k',
    '"10"',
    'ten',
  ];
  test.each(BAD)('refuses a goal of %s in a file', (goal) => {
    const { goal: read } = parseCampaignYaml(`goal: ${goal}`) as { goal: unknown };
    expect(spoiled({ goal: read }).join()).toMatch(
      /^goal: must be a whole number in plain digits, and "[^"]+" is not; write it like 10000, without/,
    );
  });

  test('takes one of 10000, and a nought only to refuse it', () => {
    expect(parseCampaignYaml('goal: 10000')).toEqual({ goal: 10_000 });
    expect(spoiled({ goal: 0 }).join()).toMatch(/^goal: /);
  });

  test.each(['10.000', '1e3', '1E+3', '10.5', '-0.0'])('refuses %s in JSON', (goal) => {
    expect(numberProblems(`{"title": {"a": "1e3 \\" 2.5"}, "goal" : ${goal}}`)).toEqual([
      { field: 'goal', message: expect.stringMatching(/must be a whole number in plain digits/) },
    ]);
  });

  test('takes whole numbers in JSON, and whatever stands in its texts', () => {
    const text = JSON.stringify({ goal: 10_000, a: '1.5', '2.5': ['"1e3"', '\\'], b: -3, c: [0] });
    expect(numberProblems(text)).toEqual([]);
  });

  test('finds exactly the numbers of any JSON that are not whole', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())), (data) => {
        expect(numberProblems(JSON.stringify(data, null, 1))).toEqual([]);
        expect(numberProblems(JSON.stringify({ ...data, last: 1.5 }))).toHaveLength(1);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
