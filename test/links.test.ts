import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './support/child.ts';
import { deadLinksIn, headingsOf, markdownFiles } from './support/links.ts';
import { tempFolder } from './support/temp.ts';

describe('the links of the documents', () => {
  it('lead to files and headings that are there', () => {
    const files = markdownFiles(repository);
    expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md']));
    expect(files.flatMap((file) => deadLinksIn(repository, file))).toEqual([]);
  });
});

describe('a dead link', () => {
  it.each([
    ['[a](b.md)', 'no such file'],
    ['![a](b.png)', 'no such file'],
    ['<source srcset="b.png">', 'no such file'],
    ['[a](a.md#nowhere)', 'no such heading'],
    ['[a](#nowhere)', 'no such heading'],
    ['[a](../../b.md)', 'outside the repository'],
  ])('is %s: %s', async (text, why) => {
    expect(await deadIn(text)).toEqual([why]);
  });

  it.each([
    '[a](a.md)',
    '[a](a.md#the-second-heading-twice)',
    '[a](#the-second-heading-twice-1)',
    '[a](../top.md)',
    '[a](..)',
    '[a](https://example.org/b.md)',
    '<img src="../top.md">',
    '`[a](b.md)`',
    '    [a](b.md)',
    '```\n[a](b.md)\n```',
  ])('is not %s', async (text) => {
    expect(await deadIn(text)).toEqual([]);
  });

  it('is told by the words of its heading alone', () => {
    const text = '# A `code`, [a link](b) & more!\n```\n# no heading\n```';
    expect([...headingsOf(text)]).toEqual(['a-code-a-link--more']);
  });
});

/** Why the links of this text are dead, in a folder with a page of two headings beside it and another above. */
async function deadIn(text: string): Promise<string[]> {
  const top = await tempFolder();
  await mkdir(join(top, 'docs'));
  await writeFile(join(top, 'top.md'), '# Top');
  const page = `# First\n## The second: heading, twice\n## The second: heading, twice\n\n${text}\n`;
  await writeFile(join(top, 'docs/a.md'), page);
  return deadLinksIn(top, join('docs', 'a.md')).map((link) => link.why);
}
