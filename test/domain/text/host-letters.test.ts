import { describe, expect, test } from 'vitest';
import { mixedWord } from '../../../src/domain/lookalike.ts';
import { linkProblem } from '../../../src/domain/text/link-problem.ts';
import { example, spoiled, validate } from '../campaign-example.ts';

describe('C6 a link to a site that can be taken for another', () => {
  test.each([
    ['exаmple.org', 'xn--exmple-4nf.org', 'mixes Latin and Cyrillic', 'write example.org, or xn--'],
    ['www.exаmple.org', 'www.xn--exmple-4nf.org', 'U+0430', 'write www.example.org, or www.xn--'],
    ['gοοgle.com', 'xn--ggle-0nda.com', 'its "ο" is the Greek letter U+03BF', 'write google.com'],
    ['аррӏе.com', 'xn--80ak6aa92e.com', 'looks like "apple" and is in Cyrillic', 'write apple.com'],
    ['հօօ.com', 'xn--ebb6ba.com', 'looks like "hoo" and is in Armenian', 'write hoo.com'],
    ['ᏟᎪᎷ.com', 'xn--g9d0a8h.com', 'is in Cherokee letters', 'write cam.com'],
    ['ɡoogle.com', 'xn--oogle-qmc.com', 'not in ordinary Latin letters', 'write google.com'],
    ['россия-fm.com', 'xn---fm-2dd3alia1k.com', 'mixes Cyrillic and Latin', 'is meant, write xn--'],
    ['exámplе.org', 'xn--exmpl-yqa180d.org', 'mixes Latin and Cyrillic', 'write exámple.org'],
  ])('%s is refused with its punycode', (host, punycode, why, mend) => {
    for (const link of [`https://${host}/x`, `https://${host}:8443/`]) {
      const said = linkProblem(link) ?? '';
      expect(said).toContain(`browsers show it as ${punycode}`);
      expect(said).toContain(why);
      expect(said).toContain(mend);
    }
  });

  test.each([
    'пример.рф',
    'пример.com',
    'сосо.рф',
    'сосо.ru',
    'αβγ.gr',
    'νιν.gr',
    'münchen.de',
    'straße.de',
    'ıstanbul.com',
    '日本語とabc.jp',
    '한국abc.com',
    'example.рф',
    'xn--80ak6aa92e.com',
    'xn--exmple-4nf.org',
  ])('%s is taken', (host) => expect(linkProblem(`https://${host}/x`)).toBeNull());

  test.each(['ＥＸＡＭＰＬＥ.org', 'ex𝐚mple.org'])('%s: browsers change its letters', (host) => {
    expect(linkProblem(`https://${host}/x`)).toMatch(/browsers change; write example\.org$/);
  });

  const BAD = 'https://exаmple.org/x';
  const GOOD = 'https://xn--exmple-4nf.org/x';
  test.each<[field: string, changes: (link: string) => Record<string, unknown>]>([
    ['link', (link) => ({ link })],
    ['donation', (donation) => ({ donation })],
    ['organiser.url', (url) => ({ organiser: { name: 'A', url } })],
    ['partners[1].url', (url) => ({ partners: [{ name: 'A' }, { name: 'B', url }] })],
    ['sources[0].url', (url) => ({ sources: [{ title: 'A', url }] })],
    [
      'messages.en',
      (link) => ({ messages: { ...example.messages, en: `{{ link }} and ${link}` } }),
    ],
    [
      'variants.en[0]',
      (url) => ({ variants: { en: [`{{ link }} ${url}`], 'pt-BR': ['{{ link }}'] } }),
    ],
  ])('in %s it is refused, and in punycode told of', (field, changes) => {
    const problems = spoiled(changes(BAD));
    expect(
      problems.filter((one) => one.startsWith(`${field}: leads to "exаmple.org"`)),
    ).toHaveLength(1);
    expect(spoiled(changes(GOOD))).toEqual([]);
    const warnings = validate(changes(GOOD)).warnings.filter((one) => one.field === field);
    expect(warnings.map(({ message }) => message).join()).toMatch(
      /leads to xn--exmple-4nf\.org, which is "exаmple\.org", .*; it is another site than example\.org/,
    );
  });

  test.each(['story', 'letter'])('in a %s it is refused with its line', (field) => {
    const texts = [`One\n\n[two](${BAD})`, `One\n\nsee ${BAD}`, `One\n\n<${BAD}>`];
    for (const en of texts) {
      expect(spoiled({ [field]: { en, 'pt-BR': 'Um' } })).toEqual([
        expect.stringMatching(
          new RegExp(`^${field}\\.en: leads to "exаmple.*\\(line 3 of this text\\)$`),
        ),
      ]);
    }
  });
});

describe('C6 a word that is not what it looks like', () => {
  test.each([
    ['Stand with Сhechnya now', 'its "С" is the Cyrillic letter U+0421'],
    ['Тchétchénie', 'its "Т" is the Cyrillic letter U+0422'],
    ['Αthens', 'its "Α" is the Greek letter U+0391'],
    ['Свободу Рocсии', 'its "o" is a Latin letter'],
  ])('%s', (text, why) => expect(mixedWord(text)).toContain(why));

  test.each(['Chechnya', 'Россия', 'IT-компания', 'SMSка', 'PCшный', 'Tchétchénie', 'αβγ', 'ООН'])(
    '%s is what it looks like',
    (text) => expect(mixedWord(text)).toBeNull(),
  );

  test('is told of in titles, hashtags and messages', () => {
    const { warnings } = validate({
      title: { ...example.title, en: 'Rivеrs' },
      hashtags: ['Rivеrs'],
      messages: { ...example.messages, en: 'Save our rivеrs {{ link }}' },
    });
    expect(warnings.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      expect.stringMatching(/^title\.en: "Rivеrs" is not in Latin letters alone/),
      expect.stringMatching(/^hashtags\[0\]: "Rivеrs" is not in Latin letters alone/),
      expect.stringMatching(/^messages\.en: "rivеrs" is not in Latin letters alone/),
      // Its hashtag.
      expect.stringMatching(/^messages\.pt-BR: "Rivеrs" is not in Latin letters alone/),
    ]);
  });
});
