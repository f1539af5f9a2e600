import { describe, expect, test } from 'vitest';
import { validateCampaign } from '../../src/domain/campaign-input.ts';
import { threadsTextRule } from '../../src/platforms/threads/text-rule.ts';
import { xTextRule } from '../../src/platforms/x/text-rule.ts';
import { example, more, NOW, validate } from './campaign-example.ts';

const mended = (changes: Record<string, unknown>) =>
  validate({ hashtags: ['rivers'], own_words: true, reminders: true, ...changes })
    .understood.mended.map(({ field, message }) => `${field}: ${message}`)
    // What the example itself has.
    .filter((line) => line !== 'locales[1]: is kept as pt-BR');

/** A campaign in these languages. */
function inLanguages(locales: readonly string[], zone: string, at = '2027-06-01T12:00') {
  const each = (text: string) => Object.fromEntries(locales.map((one) => [one, `${text} ${one}`]));
  const texts = { title: each('Title'), story: each('Story'), messages: each('Post {{ link }}') };
  return validate({ ...texts, locales, moment: { at, zone } }).understood;
}

describe('what is understood of a campaign', () => {
  test('is its goal in figures, and its languages by name', () => {
    expect(validate({ goal: 1_234_567 }).understood).toMatchObject({
      goal: '1,234,567',
      languages: [
        { locale: 'en', name: 'English' },
        { locale: 'pt-BR', name: 'Brazilian Portuguese' },
      ],
    });
  });

  test.each<[locales: string[], zone: string, zones: string[]]>([
    [
      ['en', 'pt-BR'],
      'America/Sao_Paulo',
      ['America/Sao_Paulo', 'America/New_York', 'Europe/Madrid'],
    ],
    [['ru', 'uk'], 'Europe/Moscow', ['Europe/Moscow', 'America/New_York', 'Europe/Madrid']],
    [['zh', 'hi'], 'Europe/Kyiv', ['Europe/Kyiv', 'Asia/Shanghai', 'Asia/Kolkata']],
    [['en-AU', 'en-CA'], 'UTC', ['UTC', 'Australia/Sydney', 'America/Toronto']],
    // One clock for all four of them in summer.
    [
      ['fr', 'de', 'it', 'es'],
      'Europe/Paris',
      ['Europe/Paris', 'America/New_York', 'Africa/Cairo'],
    ],
    // No country's language.
    [['eo'], 'Asia/Tokyo', ['Asia/Tokyo', 'America/New_York', 'Europe/Madrid']],
  ])('is the moment in three zones that differ: %s in %s', (locales, zone, zones) => {
    const { moment } = inLanguages(locales, zone);
    expect(moment.zones.map((one) => one.zone)).toEqual(zones);
    for (const { at, offset } of moment.zones) {
      expect(new Date(`${at}${offset}`)).toEqual(moment.instant);
    }
    expect(new Set(moment.zones.map(({ at }) => at)).size).toBe(3);
  });

  test('are the clocks of that day, not of today', () => {
    const { zones } = inLanguages(['en'], 'Asia/Kathmandu', '2027-01-15T03:10').moment;
    expect(zones).toEqual([
      { zone: 'Asia/Kathmandu', at: '2027-01-15T03:10:00', offset: '+05:45' },
      { zone: 'America/New_York', at: '2027-01-14T16:25:00', offset: '-05:00' },
      { zone: 'Europe/Madrid', at: '2027-01-14T22:25:00', offset: '+01:00' },
    ]);
  });

  test('is each text once, with what it comes to on every platform', () => {
    const same = { en: 'Rio. {{ link }}', 'pt-BR': 'Rio. {{ link }}' };
    const input = {
      ...example,
      messages: same,
      variants: { en: ['Hear. {{ link }}'], 'pt-BR': ['Ouça. {{ link }}'] },
    };
    const { understood, previews } = validateCampaign(input, [xTextRule, threadsTextRule], NOW);
    expect(previews).toHaveLength(8);
    const contentWarning = null;
    const x = {
      platform: 'x',
      label: 'X',
      limit: 280,
      unit: 'characters',
      contentWarning,
      refused: null,
    };
    const threads = { platform: 'threads', label: 'Threads', limit: 500, unit: 'bytes' };
    const platforms = (length: number) => [
      { ...x, length },
      { ...threads, length: length + 3, contentWarning, refused: null },
    ];
    expect(understood.texts).toHaveLength(3);
    expect(understood.texts.slice(0, 2)).toEqual([
      {
        text: 'Rio. https://example.org/rivers',
        wordings: [
          { locale: 'en', variant: 0 },
          { locale: 'pt-BR', variant: 0 },
        ],
        platforms: platforms(28),
      },
      {
        text: 'Hear. https://example.org/rivers',
        wordings: [{ locale: 'en', variant: 1 }],
        platforms: platforms(29),
      },
    ]);
  });
});

describe('what is mended in silence no more', () => {
  test('nothing, where it was written as it is kept', () => {
    expect(mended({})).toEqual([]);
    // What YAML puts behind a block is not the writer's.
    expect(mended({ story: { en: 'Why.\n', 'pt-BR': 'Porque.\n' } })).toEqual([]);
    expect(mended({ story: { en: '    code\n\nWhy.\n', 'pt-BR': 'Porque.' } })).toEqual([]);
  });

  const both = (en: string) => ({ en, 'pt-BR': 'Rio' });
  test.each<[changes: Record<string, unknown>, said: string[]]>([
    [{ title: both('  Rivers ') }, ['title.en: blanks or empty lines at its ends are gone']],
    [
      { messages: both('\n\nGo {{ link }}\n\n') },
      ['messages.en: blanks or empty lines at its ends are gone'],
    ],
    [{ messages: both('Go\r\n{{ link }}') }, ['messages.en: its line ends are LF now']],
    [{ messages: both('Go\r{{ link }}') }, ['messages.en: its line ends are LF now']],
    [{ title: both('Cafe\u0301') }, ['title.en: its letters are in Unicode NFC now']],
    [
      { story: both('\n\nCafe\u0301\r\n\r\nnow  ') },
      [
        'story.en: its line ends are LF now',
        'story.en: its letters are in Unicode NFC now',
        'story.en: blanks or empty lines at its ends are gone',
      ],
    ],
    [
      { hashtags: ['#One', ' two', '＃three', 'four'] },
      [
        'hashtags[0]: its # is left out',
        'hashtags[1]: blanks or empty lines at its ends are gone',
        'hashtags[2]: its # is left out',
      ],
    ],
    [
      { link: ' https://example.org/rivers ' },
      ['link: blanks or empty lines at its ends are gone'],
    ],
    [
      { partners: [{ name: 'A' }, { name: 'B ' }] },
      ['partners[1].name: blanks or empty lines at its ends are gone'],
    ],
    [
      { title: { EN: 'Rivers', 'pt-br': 'Rios' } },
      ['title.EN: is kept as en', 'title.pt-br: is kept as pt-BR'],
    ],
    [
      { moment: { at: '2027-06-01T12:00', zone: 'america/sao_paulo' } },
      ['moment.zone: is kept as America/Sao_Paulo'],
    ],
    [{ slug: undefined }, ['slug: was left out, so it is quiet-rivers, made of the title']],
    [
      { own_words: undefined },
      ['own_words: was left out, so it is false: people post the campaign’s words'],
    ],
    [{ reminders: undefined }, ['reminders: was left out, so it is false: no reminders by e-mail']],
    [
      { variants: { ...more.variants, en: ['Hear. {{ link }}\t'] } },
      ['variants.en[0]: blanks or empty lines at its ends are gone'],
    ],
  ])('%o', (changes, said) => expect(mended(changes)).toEqual(said));
});
