import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CAMPAIGN_STATES } from '../../src/domain/campaign.ts';
import { REFUSAL_REASONS } from '../../src/domain/outcome.ts';
import { ownLanguageName } from '../../src/web/format.ts';
import { LOCALES } from '../../src/web/index.ts';
import { NOTICE_KINDS, RECEIPT_STATES } from './receipt-samples.ts';

const web = fileURLToPath(new URL('../../src/web', import.meta.url));
const PLURAL = /_(zero|one|two|few|many|other)$/;

type Messages = { [key: string]: string | Messages };

function flatten(messages: Messages, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[`${prefix}${key}`, value] as const]
        : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

function messages(locale: string): Map<string, string> {
  return flatten(JSON.parse(readFileSync(`${web}/locales/${locale}.json`, 'utf8')));
}

/** The keys without plural endings; `key` -> the endings that are there. */
function stems(locale: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const key of messages(locale).keys()) {
    const stem = key.replace(PLURAL, '');
    const endings = found.get(stem) ?? new Set();
    const ending = PLURAL.exec(key)?.[1];
    if (ending) endings.add(ending);
    found.set(stem, endings);
  }
  return found;
}

function sources(): string {
  return readdirSync(web, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(`${web}/${name}`, 'utf8'))
    .join('\n');
}

describe('the languages of the interface', () => {
  test('each has a file, and each file is a language', () => {
    const files = readdirSync(`${web}/locales`).map((name) => name.replace('.json', ''));
    expect(files.toSorted()).toEqual([...LOCALES].sort());
  });

  test.each(LOCALES.slice(1))('%s says everything that English says', (locale) => {
    expect([...stems(locale).keys()].toSorted()).toEqual([...stems('en').keys()].toSorted());
  });

  test.each(LOCALES)('%s has every plural form of its language', (locale) => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
    for (const [stem, endings] of stems(locale)) {
      if (endings.size > 0) expect([...endings].toSorted(), stem).toEqual(forms);
    }
  });

  test.each(LOCALES)('%s fills the same blanks as English and leaves nothing empty', (locale) => {
    const blanks = (text = '') =>
      [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();
    const english = messages('en');
    for (const [key, text] of messages(locale)) {
      const model = english.get(key) ?? english.get(key.replace(PLURAL, '_other'));
      expect(text.trim(), key).not.toBe('');
      expect(blanks(text), key).toEqual(blanks(model));
    }
  });

  test('every message is used somewhere', () => {
    const code = sources();
    const patterns = [...code.matchAll(/\bt\(\s*(['`])([^'`]+)\1/g)].map(
      ([, , key]) => new RegExp(`^${(key ?? '').replace(/\$\{[^}]+\}/g, '[a-z_0-9]+')}$`),
    );
    for (const stem of stems('en').keys()) {
      expect(
        patterns.some((pattern) => pattern.test(stem)),
        `${stem} is not used`,
      ).toBe(true);
    }
  });

  test('there are words for every state, reason and notice', () => {
    const english = stems('en');
    const keys = [
      ...CAMPAIGN_STATES.map((state) => `state.${state}`),
      ...RECEIPT_STATES.map((state) => `receipt.state.${state}.title`),
      ...REFUSAL_REASONS.map((reason) => `receipt.reasons.${reason}`),
      ...NOTICE_KINDS.map((kind) => `notice.${kind}.text`),
    ];
    for (const key of keys) expect(english.has(key), key).toBe(true);
  });
});

test.each([
  ['ka', 'ქართული'],
  ['br', 'Brezhoneg'],
  ['ku', 'Kurdî (kurmancî)'],
  ['tr', 'Türkçe'],
  ['sr-Latn', 'Srpski (latinica)'],
  ['he', 'עברית'],
])('C3 a menu has %s as people write it: %s', (tag, name) => {
  expect(ownLanguageName(tag)).toBe(name);
});
