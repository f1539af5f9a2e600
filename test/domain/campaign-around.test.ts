import { describe, expect, test } from 'vitest';
import { decodeText } from '../../src/domain/campaign-file/decode-text.ts';
import { parseCampaignYaml, validateCampaign } from '../../src/domain/campaign-input.ts';
import { xTextRule } from '../../src/platforms/x/text-rule.ts';
import { example, NOW, spoiled, validate } from './campaign-example.ts';
import { problemsOf } from './problems.ts';

const YAML = 'slug: quiet-rivers\nlink: https://example.org/rivers\ngoal: 100\n';
const inFile = (yaml: string) =>
  problemsOf(() => validateCampaign(parseCampaignYaml(yaml), [xTextRule], NOW));

describe('C12 a campaign with something around all of it', () => {
  test.each(['campaign', 'kampagne', 'data'])('is told to remove the name %s', (name) => {
    const yaml = `${name}:\n${YAML.replace(/^(?=.)/gm, '  ')}`;
    const said = 'is no field, and holds all of them; remove it';
    expect(inFile(yaml)).toEqual([
      expect.stringMatching(`^${name}: ${said}.*\\(line 1 of the file\\)$`),
    ]);
    expect(problemsOf(() => validateCampaign({ [name]: example }, [xTextRule], NOW))).toEqual([
      expect.stringMatching(`^${name}: ${said}`),
    ]);
  });

  test('is told to remove the dash', () => {
    expect(inFile(`- ${YAML.replaceAll('\n', '\n  ').trimEnd()}\n`)).toEqual([
      expect.stringMatching(
        /^file: must be a mapping of fields, and is a list, since its first line begins with a dash/,
      ),
    ]);
  });

  test('is taken with two byte order marks, and told of one within', () => {
    expect(decodeText(Buffer.from(`\uFEFF\uFEFF${YAML}`))).toBe(YAML);
    expect(inFile(YAML.replace('goal', '\uFEFFgoal'))[0]).toMatch(
      /U\+FEFF, which cannot be seen, stands before the first sign of the line \(line 3, .*; remove it/,
    );
    expect(inFile(YAML.replace('goal', '\u200B goal'))[0]).toMatch(/U\+200B, which cannot be seen/);
    expect(inFile(YAML.replace('goal: ', 'goal:\u00A0'))[0]).toMatch(/U\+00A0 stands where/);
  });
});

describe('C12 a field at the wrong place', () => {
  test.each([
    ['at', '2027-06-01T12:00', 'moment'],
    ['zone', 'Europe/Paris', 'moment'],
    ['alt', 'A river', 'picture'],
    ['name', 'Ana', 'organiser'],
  ])('%s is told to stand below its own', (field, value, owner) => {
    expect(spoiled({ [field]: value })).toEqual([
      expect.stringContaining(`${field}: is not a field of its own; it is a part of \`${owner}\``),
    ]);
  });

  test('leaves what is mistyped or unknown as it was', () => {
    expect(spoiled({ gaol: 5 })[0]).toMatch(
      /^gaol: is not a field that exists; did you mean `goal`/,
    );
    expect(spoiled({ colour: 'red' })[0]).toMatch(/^colour: is not a field that exists; there are/);
    expect(validate().slug).toBe('quiet-rivers');
  });
});

describe('C12 a value whose first sign is one of YAML’s', () => {
  test.each([
    ['goal: >1000', 'the text begins with > or |'],
    ['slug: >100', 'the text begins with > or |'],
    ['slug: |20', 'the text begins with > or |'],
    ['slug: >100 people', 'the text begins with > or |'],
    ['hashtags: [Quiet,,Rivers]', 'two commas have nothing between them'],
    ['hashtags: [,Rivers]', 'two commas have nothing between them'],
  ])('%s', (line, said) => {
    expect(inFile(`${line}\nreminders: true\n`)[0]).toContain(`cannot be read: ${said}`);
  });

  test.each(['|', '>-', '|2', '>+1', '|1-'])('%s begins a text', (sign) => {
    expect(inFile(`title:\n  en: ${sign}\n      Rivers\n`).join()).not.toContain('cannot be read');
  });
});
