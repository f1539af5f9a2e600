import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/child.ts';

/** Goes on in batches until nothing is left. */
const BATCHED = ['vault/seal-old-rows.ts: limit BATCH'];

/** Limits that a function of the store sets by itself, as `file: what stands there`. */
function ownLimits(file: string, text: string): string[] {
  const queries = [
    ...text.matchAll(/\blimit\s+(\$\{[^}]+\}|\d+|all)/gi),
    ...text.matchAll(/\.limit\(([^)]*)\)/g),
    ...text.matchAll(/\bfetch\s+(?:first|next)\s+(\$\{[^}]+\}|\d+)/gi),
  ].map(([, given = '']) => given.replace(/^\$\{|\}$/g, '').trim());
  // One row answers whether there is any; all else comes from the caller, who knows that it gets a page.
  const own = queries.filter((given) => !/^(1|(of\.)?limit( \+ 1)?)$/.test(given));
  const defaults = [...text.matchAll(/\b(limit|most|max|page)\w*\s*(:\s*number\s*)?=\s*\d[\d_]*/g)];
  return [...own.map((given) => `limit ${given}`), ...defaults.map(([all]) => all)].map(
    (what) => `${file}: ${what}`,
  );
}

describe('the functions of the store', () => {
  it('A8 have no limit of their own: how many rows there may be, their caller says', async () => {
    const folder = join(repository, 'src/store');
    // What starts a server of its own asks for no rows.
    const files = (await readdir(folder, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.startsWith('embedded/'),
    );
    expect(files.length).toBeGreaterThan(20);
    const found = await Promise.all(
      files.map(async (name) => ownLimits(name, await readFile(join(folder, name), 'utf8'))),
    );
    expect(found.flat()).toEqual(BATCHED);
  });

  it.each([
    ['listCampaigns(db: Db, limit = 100)', ['x.ts: limit = 100']],
    ['sql`select 1 from a order by b limit 500`', ['x.ts: limit 500']],
    ["db.selectFrom('a').limit(MOST)", ['x.ts: limit MOST']],
    ['sql`select 1 from a limit $' + '{PAGE}`', ['x.ts: limit PAGE']],
    ['sql`select 1 from a limit $' + '{of.limit}`', []],
    ["db.selectFrom('a').limit(1)", []],
  ])('A8 are seen to have one in %s', (text, faults) => {
    expect(ownLimits('x.ts', text)).toEqual(faults);
  });
});
