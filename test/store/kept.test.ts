import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { KEPT } from '../../src/store/kept/index.ts';
import { repository } from '../support/child.ts';
import { needs } from '../support/database.ts';
import { keptPage } from '../support/kept-page.ts';
import { openRecords } from '../support/rows.ts';

describe('A4 docs/kept.md', () => {
  it('is what `npm run kept` writes', async () => {
    expect(await readFile(join(repository, 'docs/kept.md'), 'utf8')).toBe(keptPage());
  });

  it('says of every column what it is', () => {
    for (const [table, { about, columns }] of Object.entries(KEPT)) {
      expect([table, about]).toEqual([table, expect.stringMatching(/\w/)]);
      for (const [column, { what }] of Object.entries(columns)) {
        expect([table, column, what]).toEqual([table, column, expect.stringMatching(/\w/)]);
      }
    }
  });
});

describe('A4 the hash of a random secret', () => {
  it.each([
    ['intent', 'browser_hash'],
    ['oauth_flow', 'browser_hash'],
    ['oauth_flow', 'state_hash'],
    ['sign_in_link', 'token_hash'],
  ])('A4 is not said to be keyed: %s.%s', (table, column) => {
    const [, section = ''] = keptPage().split(`## \`${table}\``);
    const [line = ''] = section.split('\n').filter((one) => one.startsWith(`| \`${column}\``));
    expect(line).toContain('| hash of a secret |');
  });
});

needs('postgres')('A4 the entries of what is kept', () => {
  it('are there for every column of the database, and for no other', async () => {
    const { db } = await openRecords();
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and table_name not like 'kysely%'`.execute(db);
    const entries = Object.entries(KEPT).flatMap(([table, { columns }]) =>
      Object.keys(columns).map((column) => `${table}.${column}`),
    );
    expect(entries.sort()).toEqual(rows.map(({ name }) => name).sort());
  });
});
