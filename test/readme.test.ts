import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FigurePages, readmeFigures } from './support/readme/figures.ts';
import { README, renewedReadme } from './support/readme/readme.ts';
import type { Page } from './support/readme/tables.ts';

describe('README.md', () => {
  it('has the figures of docs/bench.md and docs/chaos*.md, as `npm run readme` writes them', () => {
    expect(readFileSync(README, 'utf8')).toBe(renewedReadme());
  });

  it('says within 45 lines how to try it and how to run it', () => {
    const head = readFileSync(README, 'utf8').split('\n').slice(0, 45).join('\n');
    for (const needed of ['npm ci && npm run demo', 'npm start', '<!-- end of figures -->']) {
      expect(head).toContain(needed);
    }
  });
});

const page = (name: string, text: string): Page => ({ name, text });

/** Pages as their commands write them, with other figures. */
function pages(change: Partial<FigurePages> = {}): FigurePages {
  return {
    bench: page(
      'bench.md',
      `<!-- fire -->
7 cores (a CPU), 1 GiB.

| system | answers | posts | first send | last send |
| --- | --- | ---: | ---: | ---: |
| tocsin-redis | 150ms | 70 | 9.0 | 9.0 |
| tocsin-redis | instant | 7000 | 3.4 | 1234.5 |
| bullmq | instant | 7000 | 200.0 | 9876.0 |

| figure | goal | measured | reached |
| --- | --- | ---: | ---: |
| a | 0 | 0 | yes |
| b | 0 | 1 | no |
| c | - | 1 | - |
<!-- end of fire -->`,
    ),
    chaos: page(
      'chaos.md',
      `| system | posts | kills | lost | doubled | early |
| --- | --- | --- | --- | --- | --- |
| Tocsin | 5000 | 50 | 1 | 2 | 3 |
| plain BullMQ 6.7.0, kills alone | 600 | 6 | 0 | 44 | - |`,
    ),
    withdrawals: page(
      'w.md',
      '30 have them, and of those who were told so, 4 were posted\nfor all the same.',
    ),
    ...change,
  };
}

describe('the figures of README.md', () => {
  it('are those of the pages, also where they are bad', () => {
    const text = readmeFigures(pages());
    expect(text).toContain('5,000 posts, their workers killed 50 times | 1, 2, 3 |');
    expect(text).toContain('| of 600 posts, 6 kills: 44 sent twice |');
    expect(text).toContain('the first of 7,000 posts is there after the moment | 3 ms | 200 ms |');
    expect(text).toContain('the last of them, on 7 cores | 1.2 s | 9.9 s |');
    expect(text).toContain('of 30 around the moment | 4 |');
    expect(text).toContain('Of the 2 goals that [the bench](docs/bench.md) is held to, 1 are');
  });

  it('have what an instance takes at rest, once the bench has measured it', () => {
    const rest = `<!-- rest -->
| data folder | ready after |
| --- | ---: |
| empty | 2000.0 |
| used before | 900.0 |

| at rest | processes | RSS | PSS |
| --- | ---: | ---: | ---: |
| node | 1 | 150.0 | 140.0 |
| instance | 8 | 250.0 | 170.4 |
<!-- end of rest -->`;
    const bench = page('bench.md', `${pages().bench.text}\n${rest}`);
    expect(readmeFigures(pages({ bench }))).toContain('| 0.9 s, 170 MiB |');
    expect(readmeFigures(pages())).not.toContain('memory');
  });

  it.each<[string, Partial<FigurePages>, RegExp]>([
    ['a section', { bench: page('bench.md', '') }, /^bench\.md: has no section fire$/],
    ['a row', { chaos: page('chaos.md', '') }, /^chaos\.md: no row with .*Tocsin/],
    [
      'a number',
      { chaos: page('chaos.md', '| system | kills |\n| --- | --- |\n| Tocsin | many |') },
      /^chaos\.md: no number in the column/,
    ],
    ['a sentence', { withdrawals: page('w.md', '') }, /^w\.md: does not say how many withdrew$/],
  ])('are not made up where a page lacks %s', (_what, change, message) => {
    expect(() => readmeFigures(pages(change))).toThrow(message);
  });
});
