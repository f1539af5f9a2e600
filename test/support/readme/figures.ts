import { markdown } from '../page.ts';
import { numberIn, type Page, rowsWith, rowWhere, sectionOf } from './tables.ts';

/** The pages of docs that the figures are taken from, by the end of their name. */
export interface FigurePages {
  bench: Page;
  chaos: Page;
  withdrawals: Page;
}

const PLAIN_QUEUE = 'plain BullMQ';

/** The block of README.md: what these pages say, in a table. @throws when a page lacks a figure. */
export function readmeFigures(pages: FigurePages): string {
  const rows = [
    ...chaosRows(pages.chaos),
    ...fireRows(sectionIn(pages.bench, 'fire')),
    ...withdrawalRows(pages.withdrawals),
    ...restRows(sectionOf(pages.bench, 'rest')),
  ];
  const table = markdown(['what was counted', 'Tocsin', 'a plain queue, BullMQ'], rows);
  return `${table}\n\n${goalsLine(pages.bench)}`;
}

function chaosRows(page: Page): string[][] {
  const rows = rowsWith(page, 'kills');
  const ours = rowWhere(page, { system: 'Tocsin' });
  const plain = rows.find((row) => row.system?.startsWith(PLAIN_QUEUE));
  const count = (column: string) => numberIn(page, ours, column);
  const what = `posts lost, sent twice, sent early: ${whole(count('posts'))} posts, their workers killed ${whole(count('kills'))} times`;
  const counted = ['lost', 'doubled', 'early'].map((column) => whole(count(column))).join(', ');
  if (plain === undefined) return [[what, counted, '']];
  const [doubled, posts, kills] = ['doubled', 'posts', 'kills'].map((column) =>
    whole(numberIn(page, plain, column)),
  );
  return [[what, counted, `of ${posts} posts, ${kills} kills: ${doubled} sent twice`]];
}

function fireRows(page: Page): string[][] {
  const ours = rowWhere(page, { system: 'tocsin-redis', answers: 'instant' });
  const plain = rowWhere(page, { system: 'bullmq', answers: 'instant' });
  const posts = whole(numberIn(page, ours, 'posts'));
  const both = (column: string, format: (ms: number) => string) =>
    [ours, plain].map((row) => format(numberIn(page, row, column)));
  return [
    [`the first of ${posts} posts is there after the moment`, ...both('first send', milliseconds)],
    [`the last of them, on ${coresIn(page)} cores`, ...both('last send', seconds)],
  ];
}

/** Of the machine that a section was measured on. */
function coresIn({ name, text }: Page): string {
  const cores = /^(\d+) cores/m.exec(text)?.[1];
  if (cores === undefined) throw new Error(`${name}: does not say on how many cores`);
  return cores;
}

function withdrawalRows(page: Page): string[][] {
  const found =
    /(\d+) have them, and of those who were told so, (\d+) were posted\s+for all the same/.exec(
      page.text,
    );
  if (found === null) throw new Error(`${page.name}: does not say how many withdrew`);
  const [, withdrawn, posted] = found.map(Number);
  const what = `posted although withdrawn, of ${whole(withdrawn ?? 0)} around the moment`;
  return [[what, whole(posted ?? 0), '']];
}

function restRows(page: Page | null): string[][] {
  if (page === null) return [];
  const start = numberIn(page, rowWhere(page, { 'data folder': 'used before' }), 'ready after');
  const memory = numberIn(page, rowWhere(page, { 'at rest': 'instance' }), 'PSS');
  const what = 'ready after `npm start`, and its memory with its database';
  return [[what, `${seconds(start)}, ${Math.round(memory)} MiB`, '']];
}

/** How many of the bench's goals are reached: those that are not stand on its page as well. */
function goalsLine(page: Page): string {
  const goals = rowsWith(page, 'reached').filter(({ reached }) => reached !== '-');
  const reached = goals.filter((row) => row.reached === 'yes').length;
  return `Of the ${goals.length} goals that [the bench](docs/bench.md) is held to, ${reached} are reached; it names the others. [What was killed, and how](docs/chaos.md).`;
}

function sectionIn(page: Page, name: string): Page {
  const section = sectionOf(page, name);
  if (section === null) throw new Error(`${page.name}: has no section ${name}`);
  return section;
}

function whole(count: number): string {
  return count.toLocaleString('en-GB');
}

function milliseconds(ms: number): string {
  return `${whole(Math.round(ms))} ms`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
