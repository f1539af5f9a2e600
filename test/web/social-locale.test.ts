import { expect, test } from 'vitest';
import { socialLocale } from '../../src/web/social-locale.ts';

test.each([
  ['en', 'en_GB'],
  ['en-US', 'en_US'],
  ['ru', 'ru_RU'],
  ['fr', 'fr_FR'],
  ['it', 'it_IT'],
  ['ar', 'ar_AR'],
  ['es', 'es_ES'],
  ['fa', 'fa_IR'],
  ['uk', 'uk_UA'],
  ['ka', 'ka_GE'],
  ['pt', 'pt_BR'],
  ['pt-PT', 'pt_PT'],
  ['zh', 'zh_CN'],
  ['zh-Hans', 'zh_CN'],
  ['zh-Hant', 'zh_TW'],
  ['zh-Hant-HK', 'zh_HK'],
  ['sr-Latn', 'sr_RS'],
  ['es-419', 'es_LA'],
  ['en-001', 'en_GB'],
  ['eo', 'eo_EO'],
])('C13 %s is %s for those who read our cards', (tag, expected) => {
  expect(socialLocale(tag)).toBe(expected);
});

test.each([
  ['pt', ['pt-BR', 'pt'], 'pt_PT'],
  ['pt-BR', ['pt-BR', 'pt'], 'pt_BR'],
  ['pt', ['pt', 'en'], 'pt_BR'],
  ['es', ['es-ES', 'es'], 'es_LA'],
  ['en', ['en-US', 'en'], 'en_GB'],
  ['zh-Hant', ['zh-Hans', 'zh-Hant'], 'zh_TW'],
])('C3 %s of %j is %s for those who read our cards', (tag, beside, expected) => {
  expect(socialLocale(tag, beside)).toBe(expected);
});
