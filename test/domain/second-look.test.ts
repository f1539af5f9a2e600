import { describe, expect, test } from 'vitest';
import { example, spoiled, validate } from './campaign-example.ts';

const warnings = (changes: Record<string, unknown>) =>
  validate(changes).warnings.map(({ field, message }) => `${field}: ${message}`);
const message = (en: string) => ({ messages: { ...example.messages, en } });

describe('C6 a link that no network finds whole', () => {
  test.each([
    ['https://example.org./x', 'https://example.org/x'],
    ['https://example.org.', 'https://example.org'],
    ['https://example.org/x^y', 'https://example.org/x%5Ey'],
    ['https://example.org/x$', 'https://example.org/x%24'],
    ['https://example.org/100%', 'https://example.org/100%25'],
    ['https://example.org/x`', 'https://example.org/x%60'],
  ])('%s is told to be %s', (link, better) => {
    expect(spoiled({ link })).toEqual([
      expect.stringMatching(`write ${better.replace('.', '\\.')}$`),
    ]);
    expect(spoiled({ link: better })).toEqual([]);
  });
});

describe('C6 a link in a story that leads nowhere from outside', () => {
  test.each([
    ['[us](https://localhost/x)', 'leads to "localhost", a name without a dot'],
    ['[us](http://192.168.1.5/x)', 'leads to a number, 192.168.1.5'],
    ['[us](https://wiki.internal/x)', 'leads to "wiki.internal", which is no public name'],
    ['[us](https://https://example.org/x)', 'begins with https:// twice'],
    ['<https://example.con/x>', 'leads to "example.con", which is no public name'],
  ])('%s is refused with its line', (link, said) => {
    const story = { ...example.story, en: `Because.\n\nAsk ${link}.` };
    const [problem = '', ...more] = spoiled({ story });
    expect(more).toEqual([]);
    expect(problem).toContain(`story.en: has a link that ${said}`);
    expect(problem).toMatch(/\(line 3 of this text\)/);
  });

  test.each([
    '[us](mailto:us@example.org)',
    '[us](http://example.org/x)',
    '[us](https://пример.com/ы)',
  ])('%s is taken', (link) =>
    expect(spoiled({ story: { ...example.story, en: `Ask ${link}.` } })).toEqual([]),
  );
});

describe('C12 a text within quotation marks as a whole', () => {
  test.each([
    '“Listen. {{ link }} ”',
    '„Listen. {{ link }} “',
    '«Listen. {{ link }} »',
    '"Listen. {{ link }} "',
  ])('is warned of: %s', (en) =>
    expect(warnings(message(en)).join()).toContain('as a whole, which are posted with it'),
  );

  test('is warned of in a title, too', () => {
    const title = { ...example.title, en: '“Quiet rivers”' };
    expect(warnings({ title })).toEqual([
      expect.stringMatching(/^title\.en: stands within “ ” as a whole/),
    ]);
  });

  test.each(['“Listen,” she said. {{ link }}', '“A” and “B” {{ link }} “C”', "Don't. {{ link }}"])(
    'is not seen in %s',
    (en) => expect(warnings(message(en)).join()).not.toContain('as a whole'),
  );
});

describe('C7 letters that are made for the eye alone', () => {
  test.each([
    ['𝗕𝗼𝗹𝗱', 'Bold'],
    ['ﬁnal', 'final'],
    ['ﻣﺮﺣﺒﺎ', 'مرحبا'],
  ])('%s is warned of in a hashtag, a title and a message', (word, plain) => {
    const changes = {
      hashtags: [word],
      title: { ...example.title, en: `Rivers ${word}` },
      ...message(`Listen ${word} {{ link }}`),
    };
    const said = warnings(changes).filter((one) => one.includes(`write "${plain}"`));
    expect(said.map((one) => one.split(':')[0])).toEqual(
      expect.arrayContaining(['hashtags[0]', 'title.en', 'messages.en']),
    );
  });

  test.each(['محمد ﷺ {{ link }}', 'ｶﾀｶﾅ {{ link }}', 'ℝ and ½ {{ link }}'])('%s is not', (en) =>
    expect(warnings(message(en)).join()).not.toContain('for the eye alone'),
  );
});

describe('C8 a language with a country in which others speak', () => {
  test.each([
    ['ca-CA', 'says Catalan as in Canada; write ca alone, or if you mean the country: '],
    [
      'my-MY',
      'says Burmese as in Malaysia; write my alone, or if you mean the country: Malay is ms',
    ],
    [
      'ar-AR',
      'says Arabic as in Argentina; write ar alone, or if you mean the country: Spanish is es',
    ],
    [
      'et-ET',
      'says Estonian as in Ethiopia; write et alone, or if you mean the country: Amharic is am',
    ],
    ['uk-UK', 'is Ukrainian twice; write uk'],
    ['es-LA', 'says Spanish as in Laos; write es-419 for Latin America, or es alone'],
  ])('%s %s', (tag, said) =>
    expect(spoiled({ locales: ['en', 'pt-BR', tag] }).join()).toContain(`"${tag}" ${said}`),
  );

  test.each(
    'fr-FR de-DE pt-PT lt-LT lv-LV mn-MN az-AZ bg-BG de-LI ru-UA es-419 es-US en-IN ca-AD sr-ME so-SO rw-RW'.split(
      ' ',
    ),
  )('%s is taken', (tag) =>
    expect(
      spoiled({ locales: ['en', 'pt-BR', tag] }).filter((one) => one.startsWith('locales')),
    ).toEqual([]),
  );
});

describe('C7 an account that is named in a message', () => {
  test('is warned of, since each network has other accounts, with its line', () => {
    expect(warnings(message('Listen,\n@mayor. {{ link }} @ana@example.org'))).toEqual([
      expect.stringMatching(/^messages\.en: "@mayor" \(line 2 of this text\) is somebody else/),
      expect.stringMatching(
        /^messages\.en: "@ana@example\.org" \(line 2 of this text\) is somebody/,
      ),
    ]);
  });

  test.each([
    'Write to ana@example.org. {{ link }}',
    'Tod@s a las 5 @ casa {{ link }}',
    '{{ link }} https://example.net/@ana',
  ])('is not seen in %s', (en) =>
    expect(warnings(message(en)).join()).not.toContain('somebody else'),
  );
});
