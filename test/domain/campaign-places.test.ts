import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveMoment } from '../../src/domain/moment.ts';
import { slugFrom } from '../../src/domain/slug.ts';
import { ABBREVIATIONS } from '../../src/domain/zone/abbreviations.ts';
import { OTHER_NAMES } from '../../src/domain/zone/other-names.ts';
import { RUNTIME_RULES, zoneSpelling } from '../../src/domain/zone/zone-rules.ts';
import { storyHtml } from '../../src/web/index.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { example, spoiled, validate } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

describe('C9 what is no place', () => {
  const now = new Date('2026-11-29T20:00:00Z');
  const refusal = (zone: string) =>
    problemsOf(() => resolveMoment({ at: '2027-06-01T12:00', zone }, RUNTIME_RULES, now)).join();

  test.each([
    ['MSK', 'Europe/Moscow (23:00 there now)'],
    ['msk', 'Europe/Moscow (23:00 there now)'],
    ['CET', 'Europe/Berlin (21:00 there now) or Europe/Paris'],
    ['EST5EDT', 'America/New_York (15:00 there now)'],
    ['IST', 'Asia/Kolkata (01:30 there now) or Asia/Jerusalem (22:00 there now) or Europe/Dublin'],
    [
      'CST',
      'America/Chicago (14:00 there now) or America/Mexico_City (14:00 there now) or Asia/Shanghai (04:00',
    ],
    ['Z', 'UTC (20:00 there now)'],
    ['Mumbai', 'Asia/Kolkata (01:30 there now)?'],
    ['Asia/Mumbai', 'Asia/Kolkata (01:30 there now)?'],
    ['San Francisco', 'America/Los_Angeles'],
    ['Saint Petersburg', 'Europe/Moscow'],
    ['Beijing', 'Asia/Shanghai'],
    ['São Paulo', 'America/Sao_Paulo'],
    ['Ukraine', 'Europe/Kyiv'],
    ['Russia', 'mean Europe/Moscow'],
    ['Japan', 'Asia/Tokyo'],
    ['Central European Time', 'Europe/Berlin'],
    ['Russian Standard Time', 'Europe/Moscow'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['Москва', 'Europe/Moscow (23:00 there now)?'],
    ['Київ', 'Europe/Kyiv (22:00 there now)?'],
    ['Moskau', 'Europe/Moscow (23:00 there now)?'],
    ['Kalkutta', 'Asia/Kolkata'],
    ['Le Caire', 'Africa/Cairo'],
    ['القاهرة', 'Africa/Cairo'],
    ['北京', 'mean Asia/Shanghai (04:00 there now)?'],
    ['Pékin', 'mean Asia/Shanghai (04:00 there now)?'],
    ['Bangalore', 'mean Asia/Kolkata (01:30 there now)?'],
    ['Asia/Bangalore', 'mean Asia/Kolkata (01:30 there now)?'],
    ['Bengaluru', 'mean Asia/Kolkata (01:30 there now)?'],
    ['Singapour', 'mean Asia/Singapore (04:00 there now)?'],
    ['Singapoore', 'mean Asia/Singapore (04:00 there now)?'],
    ['কলকাতা', 'name a large city there as IANA does, in Latin letters, such as Europe/Moscow'],
    ['GMT', 'mean Europe/London (20:00 there now) or UTC (20:00 there now)'],
    ['Еurope/Moscow', 'its "Е" is the Cyrillic letter U+0415; did you mean Europe/Moscow'],
    ['Eastern', 'mean America/New_York (15:00 there now)?'],
    ['GB', 'Europe/London'],
    ['W-SU', 'Europe/Moscow'],
    ['Etc/GMT+3', '3 hours behind UTC, where it is 17:00 now: its sign is turned around'],
    ['Etc/GMT-14', '14 hours ahead of UTC, where it is 10:00 now'],
    ['etc/gmt+03', '3 hours behind UTC'],
    ['SystemV/EST5', 'a name for old programs'],
    ['UTC+3', 'an offset from UTC'],
    ['GMT-5', 'an offset from UTC'],
    ['+05:30', 'an offset from UTC'],
  ])('"%s" is refused with the mend', (zone, mend) => {
    expect(refusal(zone)).toMatch(/^moment\.zone: "/);
    expect(refusal(zone)).toContain(mend);
  });

  test.each([
    'Europe/Moscow',
    'UTC',
    'Etc/UTC',
    'Etc/GMT+0',
    'US/Eastern',
    'Asia/Calcutta',
    'Europe/Kiev',
  ])('takes %s', (zone) => expect(refusal(zone)).toBe(''));

  test.each([
    ...['CET', 'EST', 'GMT', 'MSK', 'ist'].map((zone) => [zone, 'is an abbreviation']),
    ...['EST5EDT', 'PST8PDT', 'Zulu', 'GB', 'Japan', 'PRC', 'Israel'].map((zone) => [
      zone,
      'is a name that IANA keeps for old programs',
    ]),
    ...['Mumbai', 'Москва', 'Europe/Pari', 'Nowhere'].map((zone) => [zone, 'is not an IANA']),
  ])('"%s" %s', (zone, says) => expect(refusal(zone)).toContain(`"${zone}" ${says}`));

  test('every place that an abbreviation or another name is said to mean is one', () => {
    const places = new Set([...Object.values(ABBREVIATIONS).flat(), ...Object.keys(OTHER_NAMES)]);
    for (const zone of places) {
      expect(zone === 'UTC' ? zone : zoneSpelling(RUNTIME_RULES, zone), zone).toBe(zone);
    }
  });

  test('the validator shows the time there', () => {
    const moment = { at: '2027-06-01T12:00', zone: 'MSK' };
    expect(spoiled({ moment }).join()).toContain('Europe/Moscow (03:00 there now)?');
  });
});

describe('C11 a slug from a title', () => {
  test.each([
    ['Łódź mówi nie', 'lodz-mowi-nie'],
    ['Straße der Freiheit', 'strasse-der-freiheit'],
    ['100 дней беззакония', '100-dney-bezzakoniya'],
    ['Ελευθερία τώρα', 'eleftheria-tora'],
    ['Tự do cho Việt Nam', 'tu-do-cho-viet-nam'],
    ['Đà Nẵng', 'da-nang'],
    ['Їжак і ґанок', 'yizhak-i-ganok'],
    ['Ærø, Åse & Þór', 'aero-ase-thor'],
    ['ქართული', 'kartuli'],
    ['I ♥ Rivers', 'i-rivers'],
    ['100 jours d’injustice', '100-jours-d-injustice'],
  ])('%s is %s', (title, slug) => {
    expect(validate({ title: { ...example.title, en: title }, slug: undefined }).slug).toBe(slug);
  });

  test.each([
    ['uk', 'Київ: Україна є, Гідність, ґанок', 'kyiv-ukraina-ye-hidnist-ganok'],
    ['uk', 'Об’єднання й Згурський', 'obiednannia-y-zghurskyi'],
    ['en', 'Україна', 'ukraina'],
    ['ru', 'Громкое объявление: щит', 'gromkoe-obyavlenie-shchit'],
    ['be', 'Гомель, ўсё, сям’я', 'homel-usio-siamia'],
    ['bg', 'Бъдеще, щастие, София', 'badeshte-shtastie-sofia'],
    ['sr', 'Слобода за ђаке, ћуп, џеп, жуч', 'sloboda-za-djake-cup-dzep-zuc'],
    ['sr-Latn', 'Sloboda za đake, ćup, džep, žuč', 'sloboda-za-djake-cup-dzep-zuc'],
    ['mk', 'Ѓорѓи, Ќе, Ѕвезда', 'gjorgji-kje-dzvezda'],
    ['kk', 'Қазақстан, Әділет, Өмір', 'qazaqstan-adilet-omir'],
    ['mn', 'Монгол үг өө', 'mongol-ug-oo'],
    ['uz', 'Ўзбекистон, Ҳуқуқ', 'ozbekiston-huquq'],
    ['tg', 'Ӯ тоҷик ӣ', 'u-tojik-i'],
    ['el', 'Ψυχή, Ευρώπη, αυτό, αυγό, αϋπνία', 'psychi-evropi-afto-avgo-aypnia'],
    ['hy', 'Երևան, որդի, ուր, ցանց', 'yerevan-vordi-ur-tsants'],
    ['tr', 'Işık, İçin, Sözleşme, ağaç', 'isik-icin-sozlesme-agac'],
    ['az', 'Ədalət üçün', 'edalet-ucun'],
    ['hu', 'Őrült tűz', 'orult-tuz'],
    ['sv', 'Göteborg på väg', 'goteborg-pa-vag'],
    ['da', 'Ærø på vej', 'aeroe-paa-vej'],
    ['de', 'Köln für alle, schärfer', 'koeln-fuer-alle-schaerfer'],
    ['en', 'Köln für alle', 'koln-fur-alle'],
    ['vi', 'Đất nước, ước mơ', 'dat-nuoc-uoc-mo'],
    ['ca', 'Col·laboració', 'collaboracio'],
    ['ha', 'Ɗan Ƙasa', 'dan-kasa'],
    ['haw', 'ʻOkina Hawaiʻi', 'okina-hawaii'],
  ])('C11 by the language it is in: %s, %s', (locale, title, slug) => {
    expect(slugFrom(title, locale)).toBe(slug);
  });

  test('C11 the language is the first of the campaign', () => {
    const uk = { uk: 'Київ говорить' };
    const texts = { title: uk, story: uk, messages: { uk: 'Київ {{ link }}' } };
    const { slug } = validate({ ...texts, locales: ['uk'], slug: undefined });
    expect(slug).toBe('kyiv-hovoryt');
  });

  test.each([
    ['ar', 'المناخ الآن'],
    ['fa', 'آزادی برای همه'],
    ['ur', 'آزادی 2027'],
    ['he', 'שלום 2027'],
    ['zh', '气候罢工'],
    ['ja', '気候ストライキ'],
    ['ko', '기후 행동'],
    ['th', 'ไทย 2027'],
    ['bn', 'বাংলা'],
    // One letter of a word that would vanish makes another word of it.
    ['en', 'Cⱷpe'],
  ])('C11 of %s %s one is asked for', (locale, title) => {
    expect(slugFrom(title, locale)).toBeNull();
  });

  test.each(['人権 2026', 'Free 香港 now', 'שלום', 'हिंदी', 'ሰላም', '川'])(
    '%s: one is asked for',
    (title) =>
      expect(spoiled({ title: { ...example.title, en: title }, slug: undefined }).join()).toMatch(
        /^slug: is needed: not every word of the title can be written in Latin letters/,
      ),
  );

  test.each([
    [{ th: 'ไทย 2027', en: 'Thailand speaks' }, ['Freedom'], 'thailand-speaks'],
    [{ ar: 'الحرية الآن', uk: 'Свобода' }, ['حرية'], 'svoboda'],
    [{ hi: 'हिंदी' }, ['आज़ादी', 'FreeRivers'], 'freerivers-2031-06-01'],
    [{ 'zh-Hans': '气候罢工' }, ['气候'], 'campaign-2031-06-01'],
    [{ th: 'ไทย' }, ['x'.repeat(55)], 'campaign-2031-06-01'],
  ])('C11 of %j one is proposed that can be taken', (title, hashtags, proposed) => {
    const locales = Object.keys(title);
    const texts = (text: string) => Object.fromEntries(locales.map((one) => [one, text]));
    const change = {
      ...{ title, locales, hashtags, slug: undefined, addressee: undefined, letter: undefined },
      ...{ story: texts('Why.'), messages: texts('Now {{ link }}') },
      moment: { at: '2031-06-01T12:00', zone: 'UTC' },
    };
    expect(spoiled(change).find((one) => one.startsWith('slug: '))).toBe(
      `slug: is needed: not every word of the title can be written in Latin letters; write one, such as slug: ${proposed}`,
    );
    expect(validate({ ...change, slug: proposed }).slug).toBe(proposed);
  });

  test.each(['a', 'C++', '!!!', '?!', 'Я', '42'])('%s is too short for one', (title) =>
    expect(spoiled({ title: { ...example.title, en: title }, slug: undefined }).join()).toMatch(
      /^slug: is needed: the title has too few letters and digits/,
    ),
  );

  test('any that is made keeps the rules of a slug', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (title) => {
        const slug = slugFrom(title);
        if (slug !== null) expect(slug).toMatch(/^[a-z0-9][a-z0-9-]{1,58}[a-z0-9]$/);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

describe('C4 markdown that the page would not show', () => {
  const story = (en: string) => spoiled({ story: { ...example.story, en } });
  test.each([
    [
      'words struck out',
      'One.\n\nNot\n~~Monday~~ Tuesday.',
      /strikes words out with ~~ \(line 4 of this text\)/,
    ],
    ['a table', 'One.\n\n| a | b |\n|---|---|\n| c | d |', /holds a table \(line 3 of this text\)/],
    ['HTML', 'One\ntwo <b>three</b>', /holds HTML, <b> \(line 2 of this text\)/],
    [
      'a picture',
      'One\n\n![x](https://example.org/x.png)',
      /shows a picture \(line 3 of this text\)/,
    ],
    ['a footnote', 'One[^1].\n\n[^1]: two', /footnote|links to "two"/],
    ['a footnote without a note', 'One\ntwo[^a].', /has a footnote \(line 2 of this text\)/],
    [
      'the note of a footnote',
      'One.\n\n[^1]: https://example.org/two',
      /has a footnote \(line 3 of this text\)/,
    ],
    ['boxes to tick', '- one\n- [ ] two\n- [x] three', /boxes to tick \(line 2 of this text\)/],
    [
      'a link without its address',
      'See [this][report].',
      /link whose address is nowhere \(line 1 of this text\)/,
    ],
    [
      'an address without its link',
      'See this.\n\n[1]: https://example.org',
      /no link uses, \[1\] \(line 3 of this text\)/,
    ],
    [
      'headings of five levels',
      '# A\n## B\n### C\n#### D\n\n##### E',
      /^\S+ has headings of 5 levels \(line 6 of this text\); 4 are the most/,
    ],
    ['a heading without words', 'One\n\n##\n\ntwo', /without words \(line 3 of this text\)/],
    ['a heading without a blank', 'One\n##Why\ntwo', /a blank behind them \(line 2 of this text\)/],
    [
      'words behind an address',
      'One\n[two](https://example.org "three")',
      /words behind an address, "three" \(line 2 of this text\), which no page shows/,
    ],
    ['settings', '---\ntitle: One\n---\ntwo', /begins with settings between two --- \(line 1/],
    ['a note of GitHub', '> [!NOTE]\n> one', /as GitHub marks it \(line 1 of this text\)/],
    ['a link of a wiki', 'One [[two]]', /a link in double brackets \(line 1 of this text\)/],
    ['a table of contents', '[TOC]\n\none', /table of contents \(line 1 of this text\)/],
    ['a box', 'One\n\n::: note\ntwo\n:::', /a box between ::: \(line 3 of this text\)/],
    ['a class', '## One {.red}', /name or class in { } \(line 1 of this text\)/],
    ['an emoji by its name', 'One\ntwo :smile: three', /between colons \(line 2 of this text\)/],
    ['marked words', 'One ==two== three', /marks words with == \(line 1 of this text\)/],
    [
      'a link to a program',
      '[x](javascript:alert)',
      /links to "javascript:alert" \(line 1 of this text\)/,
    ],
  ])('%s is refused with its line', (_, text, said) => {
    const problems = story(text);
    expect(problems.join('\n')).toMatch(said);
    expect(problems.every((problem) => problem.startsWith('story.en: '))).toBe(true);
    // A letter and an update are read by the same rules.
    expect(spoiled({ letter: { en: text, 'pt-BR': 'x' } }).join('\n')).toMatch(said);
  });

  test('what is taken is all on the page', () => {
    const text =
      '## Why\n\nOne *two* **three** `four`\\\nfive\n\n> six\n\n1. seven\n2. eight\n\n- nine\n\n---\n\n```\nten\n```\n\n[eleven](https://example.org/11) [twelve][a]\n\n[a]: https://example.org/12';
    expect(story(text)).toEqual([]);
    const html = storyHtml(text);
    for (const tag of 'h3 em strong code br blockquote ol ul hr pre'.split(' ')) {
      expect(html, tag).toContain(`<${tag}`);
    }
    for (const href of ['11', '12']) expect(html).toContain(`href="https://example.org/${href}"`);
  });
});
