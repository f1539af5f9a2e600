import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseCampaignYaml, validateCampaign } from '../../../src/domain/campaign-input.ts';
import { xTextRule } from '../../../src/platforms/x/text-rule.ts';
import { problemsOf } from '../problems.ts';

const refusal = (text: string) => problemsOf(() => parseCampaignYaml(text)).join('\n');

describe('parseCampaignYaml', () => {
  test('gives plain data, times and `no` as text', () => {
    const text = 'moment:\n  at: 2017-07-10T11:00\nlocales: [no]\nslug: 100-days\ngoal: 5';
    expect(parseCampaignYaml(text)).toEqual({
      moment: { at: '2017-07-10T11:00' },
      locales: ['no'],
      slug: '100-days',
      goal: 5,
    });
  });

  test('does not count what is deep only in a text', () => {
    const story = `${'['.repeat(200)}\n${' '.repeat(300)}- - -`;
    expect(parseCampaignYaml(`story: |-\n  ${story.replaceAll('\n', '\n  ')}`)).toEqual({ story });
  });

  test('takes a few aliases', () => {
    expect(parseCampaignYaml('a: &x hello\nb: *x')).toEqual({ a: 'hello', b: 'hello' });
  });

  test.each([
    [
      'a list that is not closed',
      'a: 1\nb: [1',
      /^file: cannot be read: the bracket \[ that opens here is never closed \(line 2, column 4: "b: \[1"\); close it/,
    ],
    ['a tab', 'a:\n\tb: 1', /set in with a tab \(line 2, column 1/],
    ['a mapping in a line', 'title: a: b', /a colon and a blank, .*\(line 1, column 9/],
    [
      'a tag that is not known',
      'a: !!js/function "x"',
      /begins with !, which names a type in YAML \(line 1/,
    ],
    [
      'an alias of nothing',
      'a: *b',
      /^file: cannot be read: "\*b" stands for another value in YAML, and none has that name \(line 1/,
    ],
    ['a key twice', 'a: 1\nb:\n  c: 1\n  c: 2', /`c` is here twice \(line 4, column 3: "c: 2"\)/],
    ['two documents', 'a: 1\n---\nb: 2', /more than one document \(line 2/],
    ['a page', '<!doctype html>\n<html></html>', /must be a mapping/],
    ['a list', '- a', /must be a mapping/],
    ['a word', 'hello', /must be a mapping/],
    ['nothing', '', /must be a mapping/],
    ['a picture', '\u0089PNG\r\n\u001a\n\u0000\u0000', /^file: /],
    [
      'an alias within what it stands for',
      'story: &a\n  en: *a\n',
      /^file: cannot be read: "\*a" stands for another value in YAML, and here for the one that it is a part of \(line 2, column 7/,
    ],
    ['a list as a name', '[a]: b', /begins with \[, which opens a list in YAML \(line 1/],
    [
      'an alias as a name',
      'a: &x b\n*x : c',
      /begins with \*, which stands for another value in YAML \(line 2/,
    ],
    [
      'line ends of old Macs',
      'title:\n  en: A\rlocales: [en]',
      /^file: ends a line with CR alone, as on old Macs \(line 2\); save it with line ends LF/,
    ],
    [
      'a hundred thousand dashes',
      `${'- '.repeat(100_000)}x`,
      /nested too deeply \(line 1\); a campaign needs no more than three levels$/,
    ],
    [
      'a thousand levels of lines',
      `${Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}`,
      /nested too deeply/,
    ],
    [
      'a long chain of aliases',
      `a: &a0 [x]\n${Array.from({ length: 9_000 }, (_, i) => `k${i}: &a${i + 1} [*a${i}]`).join('\n')}`,
      /too many aliases: more than 100 \(line \d+\); write them out/,
    ],
    ['a hundred thousand brackets', `a: ${'['.repeat(100_000)}`, /nested too deeply/],
  ])('refuses %s', (_, text, problem) => expect(refusal(text)).toMatch(problem));

  test('refuses a file that unfolds to millions of entries', () => {
    const nines = (name: string) => Array(9).fill(`*${name}`).join(', ');
    const levels = ['b', 'c', 'd', 'e', 'f'].map(
      (name, i) => `${name}: &${name} [${nines('abcdef'[i] ?? '')}]`,
    );
    expect(refusal(['a: &a [x, x]', ...levels].join('\n'))).toBe(
      'file: uses too many aliases; write them out',
    );
  });

  test('refuses more than 256 KiB, counted in bytes', () => {
    expect(refusal(`a: "${'é'.repeat(131_070)}"`)).toBe(
      'file: has 262145 bytes; 262144 are the most',
    );
    expect(refusal(`a: ${'é'.repeat(131_070)}`)).toBe('');
  });
});

describe('the reference campaign', () => {
  const text = readFileSync(
    new URL('../../../config/campaigns/reference.yaml', import.meta.url),
    'utf8',
  );
  const valid = () =>
    validateCampaign(parseCampaignYaml(text), [xTextRule], new Date('2017-06-01T00:00:00Z'));

  test('goes out at 11:00 in Moscow on 10 July 2017, which is 08:00 UTC', () => {
    expect(valid().moment.instant.toISOString()).toBe('2017-07-10T08:00:00.000Z');
    expect(valid().moment).toMatchObject({ wall: '2017-07-10T11:00:00', zone: 'Europe/Moscow' });
  });

  test('is in four languages under its two hashtags', () => {
    const { slug, content } = valid();
    expect(slug).toBe('100-days');
    expect(content.locales).toEqual(['en', 'fr', 'it', 'ru']);
    expect(content.hashtags).toEqual(['100DaysOfInjustice', 'Chechen100']);
  });

  test('fits on X in each of them', () => {
    const { previews } = valid();
    const of = previews.map(({ locale, variant }) => `${locale} ${variant}`);
    const each = ['en', 'fr', 'it', 'ru'].flatMap((locale) =>
      [0, 1, 2].map((n) => `${locale} ${n}`),
    );
    expect(of).toEqual(each);
    for (const { text, length } of previews) {
      expect(text).toContain('#100DaysOfInjustice #Chechen100 https://example.org/100days');
      expect(length).toBe(xTextRule.measure(text));
      expect(length).toBeLessThanOrEqual(280);
    }
  });

  test('is over by now', () => {
    const late = () =>
      validateCampaign(parseCampaignYaml(text), [xTextRule], new Date('2026-11-21T00:00:00Z'));
    expect(problemsOf(late).join()).toMatch(/^moment\.at: is in the past/);
  });
});
