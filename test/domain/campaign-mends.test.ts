import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseCampaignYaml } from '../../src/domain/campaign-input.ts';
import { checkUpdate, parseUpdateYaml } from '../../src/domain/campaign-update.ts';
import { example, spoiled } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

const FILE = stringify(example);
const refusal = (text: string) => problemsOf(() => parseCampaignYaml(text)).join('\n');

describe('C12 a line that ends the file, or begins another', () => {
  const head = FILE.slice(0, FILE.indexOf('goal:'));
  const line = head.split('\n').length;
  const between = (sign: string) => refusal(FILE.replace('goal:', `${sign}\ngoal:`));
  test.each([
    ['...', /^file: .*\.\.\. on a line of its own ends the file .* is lost \(line/],
    ['... # the rest', /^file: .*\.\.\. on a line of its own ends the file/],
    ['---', /it holds more than one document \(line/],
    ['--- # the rest', /it holds more than one document \(line/],
  ])('%s', (sign, said) => {
    expect(between(sign)).toMatch(said);
    expect(between(sign)).toContain(`(line ${line}, column 1`);
    expect(between(sign)).toContain(
      `remove the line with ${sign.slice(0, 3)}, or begin it as far in`,
    );
  });

  test('is taken where nothing is lost by it', () => {
    for (const text of [
      `---\n${FILE}`,
      `--- # ours\n${FILE}`,
      `${FILE}...\n`,
      `${FILE}... # end\n`,
    ]) {
      expect(refusal(text)).toBe('');
    }
    expect(refusal(`...\n${FILE}`)).toContain('(line 1, column 1: "..."');
    const story = 'text:\n  en: |\n    One\n    ...\n    Two\n';
    expect(problemsOf(() => parseUpdateYaml(story))).toEqual([]);
  });
});

describe('C12 a file that was copied with what stood around it', () => {
  test.each([
    ['```yaml', '```', 1],
    ['```', '```', 1],
    ['~~~ yml', '~~~', 1],
    ['Here it is:\n\n```yaml', '```', 3],
    ['\n  ```yaml', '  ```', 2],
  ])('between %j and %j', (opens, closes, line) => {
    const said = refusal(`${opens}\n${FILE}${closes}\n`);
    expect(said).toMatch(/^file: stands in a code block of Markdown, "(?:```|~~~)/);
    expect(said).toContain(`(line ${line}); remove this line and its fellow`);
  });

  test('as a quoted mail', () => {
    const quoted = FILE.replace(/^(?=.)/gm, '> ');
    expect(refusal(quoted)).toMatch(/^file: has > before its lines, as a mail .*\(line 1\)/);
  });

  test('is taken where a story shows code', () => {
    const update = 'text:\n  en: |\n    ```\n    code\n    ```\n';
    expect(problemsOf(() => parseUpdateYaml(update))).toEqual([]);
  });
});

describe('C12 YAML’s words for nothing, and nothing', () => {
  test.each([
    ['goal: ~', /"~" is YAML's word for nothing .*; give how many pledges are hoped for.*\d$/],
    ['goal: null', /; give how many pledges are hoped for[^"]*$/],
    ['link: ~', /; give the https address that the posts point to$/],
    ['locales: null', /; give a list of 1 to 30 BCP 47 tags/],
    ['own_words: ~', /; leave the field out, or give true/],
    ['slug: ~', /; leave the field out, or give the last part/],
    ['partners: ~', /; leave the field out, or give a list of organisations/],
    ['title:\n  en: ~', /; write the text, or put the word within quotes$/],
    ['organiser:\n  url: ~', /; leave the field out/],
    ['moment:\n  zone: ~', /; give the IANA zone/],
    ['unknown: ~', /; leave the field out, or put the word within quotes$/],
    ['goal: ?', /begins with \?/],
    ['goal: -', /begins with -/],
  ])('%j', (text, said) => {
    expect(refusal(`${text}\n`)).toMatch(said);
  });

  test('a field that is empty is said to be empty', () => {
    expect(spoiled({ goal: '' })).toEqual([
      expect.stringMatching(/^goal: is empty; give how many/),
    ]);
    expect(spoiled({ own_words: '' })).toEqual([
      expect.stringMatching(/^own_words: is empty; give/),
    ]);
  });
});

describe('C6 what is no address says what to write', () => {
  const link = (value: string) => spoiled({ link: value }).join('\n');
  test.each([
    '<https://example.org/a>',
    '(https://example.org/a)',
    '[https://example.org/a]',
    '[words](https://example.org/a)',
    '[[https://example.org/a]]',
    '`https://example.org/a`',
    '*https://example.org/a*',
    '"https://example.org/a"',
    '«https://example.org/a»',
    '„https://example.org/a“',
    '「https://example.org/a」',
    'URL: https://example.org/a',
    '<a href="https://example.org/a">words</a>',
  ])('%s', (value) => {
    expect(link(value)).toBe(
      'link: holds more than the address; write https://example.org/a alone',
    );
    expect(spoiled({ donation: value })).toHaveLength(1);
  });

  test.each([
    ['https://exam_ple.org', /leads to "exam_ple\.org", .* it has "_" in it/],
    ['https://-example.org', /a hyphen begins or ends a part/],
    ['https://exa..mple.org', /nothing between two dots/],
    [`https://${'a'.repeat(64)}.org`, /more than 63 letters/],
    ['https://example,org', /no name of a site has "," in it/],
    ['example.org/a', /is not an address; write https:\/\/example\.org\/a$/],
    ['https//example.org/a', /; write https:\/\/example\.org\/a$/],
    ['//example.org/a', /; write https:\/\/example\.org\/a$/],
    ['(https://a.example.org) (https://b.example.org)', /more than one address/],
  ])('%s', (value, said) => {
    expect(link(value)).toMatch(said);
  });

  test('in a file it does not send to quotes, which would be refused next', () => {
    const alone = /write the address alone, beginning with https:\/\/$/;
    for (const value of [
      '[a](https://example.org)',
      '`https://example.org`',
      '**https://x.org**',
    ]) {
      expect(refusal(`link: ${value}\n`)).toMatch(alone);
      expect(refusal(`sources:\n  - title: a\n    url: ${value}\n`)).toMatch(alone);
    }
  });
});

describe('C7 footnotes', () => {
  test.each([
    ['Listen[^1] {{ link }}', '[^1]', 'a footnote'],
    ['Listen {{ link }}\n\n[^why]: The survey', '[^why]', 'a footnote'],
    [
      'Listen {{ link }}\n\n[1]: https://example.org/x',
      '[1]: https://example.org/x',
      'the address',
    ],
  ])('are refused in the message %j', (en, found, what) => {
    const said = spoiled({ messages: { ...example.messages, en } }).join('\n');
    expect(said).toContain(`messages.en: holds "${found}", which is Markdown (${what}`);
  });

  test('are named in a story, also where their text is one word', () => {
    const update = { text: { en: 'Quiet.[^1]\n\n[^1]: Source' } };
    const problems = problemsOf(() => checkUpdate(update, ['en']));
    expect(problems).toEqual([
      'text.en: has a footnote (line 1 of this text), which is not taken; say it in the text, or list it under sources',
      'text.en: has a footnote (line 3 of this text), which is not taken; say it in the text, or list it under sources',
    ]);
  });

  test('a name in the file that begins with [ is named where it stands', () => {
    const said = refusal(`${FILE}[^1]: Source\n`);
    expect(said).toMatch(/begins with \[, .*\(line \d+, column 1: "\[\^1\]: Source"\)/);
  });
});

test.each(['zz', 'un', 'xa', 'qo'])('C8 the locale %s is no country', (tag) => {
  const [said = ''] = spoiled({ locales: ['en', tag] });
  expect(said).not.toMatch(/country|Unknown|Nations/);
  expect(said).toMatch(/^locales\[1\]: "\w+" is not a language that is known; write /);
});

describe('C9 a zone by the name of a place or of its time', () => {
  const zone = (name: string) => {
    const [said = ''] = spoiled({ moment: { at: '2027-06-01T12:00', zone: name } });
    return said;
  };
  test.each([
    ['Europe/Kyiv', 'Lviv, Lwów, Kyjiw, Europe/Lviv, Europe/Kyiw, Charkiw, Донецк, Україна'],
    ['Europe/Kyiv', 'Kyiv time, за київським часом, киевское время'],
    ['Asia/Hebron', 'Ramallah, رام الله, Nablus, Asia/Ramallah, Palestine'],
    ['Asia/Shanghai', '北京时间, 北京時間, 中国标准时间, Beijing time, Pekinger Zeit'],
    ['Europe/Moscow', 'Moscow time, московское время, по Москве, Moskauer Zeit, heure de Moscou'],
    ['Europe/Moscow', 'ora di Mosca, hora de Moscú, توقيت موسكو, московський час, Россия'],
    ['Europe/Paris', 'heure de Paris, heure française'],
    ['Europe/Berlin', 'Frankfurt, Deutschland, Berliner Zeit'],
    ['Africa/Cairo', 'توقيت القاهرة, بتوقيت مصر'],
    ['Asia/Riyadh', 'توقيت مكة المكرمة'],
    ['Asia/Tehran', 'ساعت تهران, به وقت تهران'],
    ['Asia/Tokyo', '日本時間, 日本'],
    ['Asia/Seoul', '한국시간'],
    ['Europe/Istanbul', 'İstanbul saati'],
    ['UTC', 'по Гринвичу, توقيت غرينتش'],
  ])('%s: %s', (wanted, names) => {
    for (const name of names.split(', ')) {
      expect(zone(name), name).toContain('is not an IANA time zone name; did you mean ');
      expect(zone(name), name).toContain(`${wanted} (`);
    }
  });

  test.each(['local time', 'lokale Zeit', 'here', 'Atlantis time'])(
    'guesses nothing for %s',
    (name) => {
      expect(zone(name)).toMatch(/; name a large city there as IANA does/);
    },
  );
});
