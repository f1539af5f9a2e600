import { readdirSync, readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { assetsDir, campaignPage } from '../../src/web/index.ts';
import { campaignView } from './campaign-samples.ts';

const LIMIT_BYTES = 60 * 1024;

function compressed(name: string): number {
  return gzipSync(readFileSync(`${assetsDir}/${name}`)).length;
}

describe('assets', () => {
  test.each([
    ['en', ['latin']],
    ['ru', ['latin', 'cyrillic']],
  ])('the campaign page in %s weighs less than 60 KB', (locale, subsets) => {
    const weight =
      gzipSync(campaignPage(campaignView(locale))).length +
      ['tocsin.css', 'countdown.js', 'bell.svg'].reduce((sum, name) => sum + compressed(name), 0) +
      subsets.reduce(
        (sum, subset) =>
          sum + statSync(`${assetsDir}/fonts/alegreya-sans-black-${subset}.woff2`).size,
        0,
      );
    expect(weight).toBeLessThan(LIMIT_BYTES);
  });

  test('C3 no gap is on a side that the letters within decide', () => {
    // Of <bdi> in Arabic within a page in English the end is on the left.
    const css = readFileSync(`${assetsDir}/tocsin.css`, 'utf8');
    expect(css).not.toMatch(/\bbdi\s*\{[^}]*(?:margin|padding)-inline/);
  });

  test('stylesheets and scripts name nothing outside', () => {
    for (const name of readdirSync(assetsDir).filter((file) => /\.(css|js)$/.test(file))) {
      expect(readFileSync(`${assetsDir}/${name}`, 'utf8'), name).not.toMatch(/https?:\/\/|@import/);
    }
  });

  test('every font that the stylesheet names is there, with its licence', () => {
    const css = readFileSync(`${assetsDir}/tocsin.css`, 'utf8');
    for (const [, file] of css.matchAll(/url\("([^"]+)"\)/g)) {
      expect(statSync(`${assetsDir}/${file}`).size, file).toBeGreaterThan(0);
    }
    expect(readFileSync(`${assetsDir}/fonts/OFL.txt`, 'utf8')).toContain('SIL Open Font License');
  });

  test('the style sets start and end, never left and right', () => {
    for (const name of ['tocsin.css', 'ops.css']) {
      const css = readFileSync(`${assetsDir}/${name}`, 'utf8');
      expect(css, name).not.toMatch(
        /(margin|padding|border|inset)-(left|right|top|bottom)|text-align: (left|right)/,
      );
    }
  });
});
