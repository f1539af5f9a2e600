import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../child.ts';
import { withSection } from '../page.ts';
import { readmeFigures } from './figures.ts';
import type { Page } from './tables.ts';

const BLOCK = 'figures';
export const README = join(repository, 'README.md');

/** README.md with its block of figures as the pages of docs have them now. */
export function renewedReadme(): string {
  const text = readFileSync(README, 'utf8');
  if (!text.includes(`<!-- ${BLOCK} -->`)) {
    throw new Error(`README.md: has no <!-- ${BLOCK} --> and <!-- end of ${BLOCK} -->`);
  }
  const figures = readmeFigures({
    bench: pageOf('docs/bench.md'),
    chaos: pageOf('docs/chaos.md'),
    withdrawals: pageOf('docs/chaos-withdrawals.md'),
  });
  return withSection(text, BLOCK, figures);
}

function pageOf(name: string): Page {
  return { name, text: readFileSync(join(repository, name), 'utf8') };
}
