import { describe, expect, test } from 'vitest';
import { example, spoiled, validate } from './campaign-example.ts';

const messages = (en: string) => ({ messages: { ...example.messages, en } });
const refusals = (en: string) => spoiled(messages(en));
const warnings = (en: string) =>
  validate(messages(en)).warnings.map(({ field, message }) => `${field}: ${message}`);

describe('C7 a message with the signs of a page or a bulletin board', () => {
  test.each([
    ['Act now. <!-- ask Ana --> {{ link }}', '<!--'],
    ['<!-- Fassung 2 -->Act. {{ link }}', '<!--'],
    ['<table><tr>Act</tr></table> {{ link }}', '<table>'],
    ['H<sub>2</sub>O {{ link }}', '<sub>'],
    ['<script>x</script> {{ link }}', '<script>'],
    ['[b]Act[/b] {{ link }}', '[/b]'],
    ['[url=https://example.net]us[/url] {{ link }}', '[/url]'],
    ['[COLOR=red]Act[/COLOR] {{ link }}', '[/COLOR]'],
    ['Act {0} {{ link }}', '{0}'],
  ])('is refused: %s', (en, holds) =>
    expect(refusals(en)).toEqual([expect.stringContaining(`messages.en: holds "${holds}"`)]),
  );

  test.each([
    ['I, ______, say no. {{ link }}', '______'],
    ['Dear %s, say no. {{ link }}', '%s'],
    ['Dear %1$s, say no. {{ link }}', '%1$s'],
    ['TODO: the number. {{ link }}', 'TODO'],
    ['XXX people. {{ link }}', 'XXX'],
    ['Lorem ipsum dolor. {{ link }}', 'Lorem ipsum'],
  ])('is warned of where something is to come: %s', (en, holds) =>
    expect(warnings(en)).toEqual([
      expect.stringContaining(`messages.en: holds "${holds}", which is posted as it stands`),
    ]),
  );

  test.each([
    '100 %, 5 %s? [1/2] a/b, snake_case, x < y {{ link }}',
    '<- back, -> on, <3, [sic!] and/or {{ link }}',
    'Todo el mundo, a todo volumen: «Todo» {{ link }}',
    'XXL, xxx, f***ing {{ link }}',
  ])('is taken: %s', (en) => expect(refusals(en)).toEqual([]));
});

describe('C7 a title or a name that was written for another program', () => {
  test.each([
    ['title', '**Quiet** rivers', '**Quiet**'],
    ['title', '<b>Quiet</b> rivers', '<b>'],
    ['title', '[i]Quiet[/i]', '[/i]'],
    ['title', 'Quiet\\nrivers', '\\n'],
    ['addressee', '[The board](https://example.org)', '[The board](https://example.org)'],
    ['addressee', '<!-- who? --> The board', '<!--'],
  ])('is refused in %s: %s', (field, text, holds) =>
    expect(spoiled({ [field]: { en: text, 'pt-BR': 'Rios' } })).toEqual([
      expect.stringContaining(`${field}.en: holds "${holds}", which`),
    ]),
  );

  test('is refused in the name of an organisation and of a source', () => {
    const partners = [{ name: '__Fish__' }];
    const sources = [{ title: 'A `survey`', url: 'https://example.org/survey' }];
    expect(spoiled({ partners, sources })).toEqual([
      expect.stringMatching(/^sources\[0\]\.title: .*Markdown \(code\)/),
      expect.stringMatching(/^partners\[0\]\.name: .*Markdown \(bold\)/),
    ]);
  });

  test.each([
    '# MeToo',
    '#MeToo',
    'A * B * C',
    'Rivers [update]',
    '5 < 6',
    'C++ & C#',
    '$100',
    '*Quiet*',
  ])('is taken: %s', (en) => expect(spoiled({ title: { en, 'pt-BR': 'Rios' } })).toEqual([]));
});
