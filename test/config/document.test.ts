import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../config/env.ts';
import { repository } from '../support/child.ts';

/** A row of the document's tables. */
interface Row {
  name: string;
  unit: string;
  fallback: string;
  meaning: string;
}

/** What a name says about its unit. */
const UNITS: Readonly<Record<string, string>> = {
  SECONDS: 'seconds',
  MS: 'milliseconds',
  URL: 'URL',
  DIR: 'folder',
  PORT: 'port',
  SIZE: 'deliveries',
};

describe('docs/configuration.md', () => {
  let rows: Row[];
  beforeAll(async () => {
    const text = await readFile(join(repository, 'docs/configuration.md'), 'utf8');
    rows = [...text.matchAll(/^\| `([A-Z][A-Z_]*)` \| (.*?) \| (.*?) \| (.*) \|$/gm)].map(
      ([, name = '', unit = '', fallback = '', meaning = '']) => ({
        name,
        unit,
        fallback,
        meaning,
      }),
    );
  });

  it('describes every variable that is read, once, and no other', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(readEnvironment({})).sort());
  });

  it('gives the defaults that hold', () => {
    const defaults = Object.fromEntries(
      Object.entries(readEnvironment({})).map(([name, value]) => [
        name,
        value === '' ? 'not set' : `\`${value}\``,
      ]),
    );
    expect(Object.fromEntries(rows.map(({ name, fallback }) => [name, fallback]))).toEqual(
      defaults,
    );
  });

  it('gives the units that the names give, and says what each is for', () => {
    for (const { name, unit, meaning } of rows) {
      const known = UNITS[name.split('_').at(-1) ?? ''] ?? expect.stringMatching(/\S/);
      expect([name, unit]).toEqual([name, known]);
      expect([name, meaning]).toEqual([name, expect.stringMatching(/\w+.*\w+.*\./)]);
    }
  });
});
