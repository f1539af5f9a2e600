import MarkdownIt, { type Token } from 'markdown-it';
import { deadEndProblem } from './text/link-problem.ts';
import { placeInText } from './text/text-place.ts';

/** Reads HTML only to find it: pages render stories with `html: false`, where it would stand as plain text. */
const reader = new MarkdownIt({ html: true, linkify: false });
// markdown-it drops javascript: links by itself; here they must be seen to be named.
reader.validateLink = () => true;

const HTML = 'holds HTML';
const LINK = /^(?:https?:\/\/|mailto:)/i;
/** What pages show of markdown: the tokens that `storyHtml` keeps the meaning of. */
const SHOWN =
  /^(?:(?:paragraph|heading|bullet_list|ordered_list|list_item|blockquote|em|strong|link)_(?:open|close)|inline|text|text_special|softbreak|hardbreak|hr|code_inline|code_block|fence)$/;
/** Parts of a table, which is named once. */
const IN_TABLE = /^(?:table_close|t(?:head|body|r|h|d)_(?:open|close)|s_close)$/;

/** As many as are left below the page's own two. */
const MAX_HEADING_LEVELS = 4;

/** Marks of other dialects that stay on the page as they were typed. */
const OTHER_DIALECTS: readonly [mark: RegExp, what: string][] = [
  [/^#{2,6}[^\s#]/, 'has signs of a heading without a blank behind them; put one there'],
  [/^\[![A-Z]+\]/, 'has a note as GitHub marks it, which is not taken; say in words what it is'],
  [/\[\[[^\]]+\]\]/, 'has a link in double brackets; write it as [words](https://example.org)'],
  [
    /^@?\[\[?_?toc_?\]\]?$/i,
    'has a mark for a table of contents, which is not taken; leave it out',
  ],
  [/^:::/, 'has a box between :::, which is not taken; leave the marks out'],
  [/\{[#.][\w-]+\}\s*$/, 'has a name or class in { }, which is not taken; leave it out'],
  [
    /(?<![\w:]):[a-z][a-z0-9_+-]+:(?![\w:])/,
    'names an emoji between colons; put in the emoji itself',
  ],
  [
    /\[\^[^\]\s]+\]/,
    'has a footnote, which is not taken; say it in the text, or list it under sources',
  ],
  [/^\[[ xX]\] /, 'has a list with boxes to tick, which is not taken; remove the brackets'],
  [
    /\[[^\]]+\]\[[^\]]*\]/,
    'has a link whose address is nowhere; write it as [words](https://example.org)',
  ],
  [/==\S.*\S==/, 'marks words with ==, which is not taken; use ** or *'],
];

/**
 * What must not be in a story, each in words with its line: raw HTML (script above all), links to anything but http,
 * https and mailto, pictures, which would be fetched from elsewhere and tell that place who reads the page, and whatever the
 * page would show without its meaning: words that are struck out, tables, footnotes.
 */
export function storyProblems(markdown: string): string[] {
  const env: { references?: Record<string, { title: string; href: string }> } = {};
  // Else `[^1]: Source` is taken for the address of a link.
  const blocks = reader.parse(markdown.replace(/(?<!\\)\[\^/g, '\\[^'), env);
  const found = blocks.flatMap((block, index) => {
    const first = (block.map?.[0] ?? 0) + 1;
    const own = tokenProblem(block, block.map ? first : null);
    const empty = isEmptyHeading(block, blocks[index + 1]) ? [emptyHeading(first)] : [];
    return own === null ? [...empty, ...childProblems(block, first)] : [own];
  });
  // The first piece of HTML stands for all: every tag is followed by its closing one.
  const html = found.findIndex((problem) => problem.startsWith(HTML));
  return [
    ...found.filter((problem, index) => index === html || !problem.startsWith(HTML)),
    ...settingsProblems(markdown),
    ...tooManyLevels(blocks),
    ...unusedAddresses(markdown, blocks, env.references ?? {}),
  ];
}

/** The levels of headings that a text uses, the highest first: `h2`, `h4`. */
export function headingLevels(blocks: readonly Token[]): string[] {
  const headings = blocks.filter(({ type }) => type === 'heading_open');
  return [...new Set(headings.map(({ tag }) => tag))].sort();
}

function tooManyLevels(blocks: readonly Token[]): string[] {
  const levels = headingLevels(blocks);
  const tooDeep = levels[MAX_HEADING_LEVELS];
  const heading = blocks.find(({ type, tag }) => type === 'heading_open' && tag === tooDeep);
  if (tooDeep === undefined || !heading) return [];
  const line = placeInText((heading.map?.[0] ?? 0) + 1);
  return [
    `has headings of ${levels.length} levels (${line}); ${MAX_HEADING_LEVELS} are the most, so write this one with fewer #`,
  ];
}

function isEmptyHeading(block: Token, next: Token | undefined): boolean {
  return block.type === 'heading_open' && next?.content.trim() === '';
}

function emptyHeading(line: number): string {
  return `has a heading without words (${placeInText(line)}); write some, or remove it`;
}

/** Settings that other programs read at the head of a file; here they would be a line and a heading. */
function settingsProblems(markdown: string): string[] {
  if (!/^---[ \t]*\n(?:[\w-]+:.*\n)+---[ \t]*(?:\n|$)/.test(markdown)) return [];
  return [
    `begins with settings between two --- (${placeInText(1)}), which is not taken; remove them`,
  ];
}

function childProblems(block: Token, first: number): string[] {
  let line = first;
  return (block.children ?? []).flatMap((token) => {
    if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
    return tokenProblem(token, line) ?? [];
  });
}

function tokenProblem(token: Token, at: number | null): string | null {
  const line = at === null ? '' : ` (${placeInText(at)})`;
  switch (token.type) {
    case 'html_block':
    case 'html_inline': {
      const seen = token.content.trim().split('\n')[0]?.slice(0, 40);
      return `${HTML}, ${seen}${line}; write it in markdown, HTML and script are not taken`;
    }
    case 'link_open': {
      const href = String(token.attrGet('href') ?? '');
      const title = token.attrGet('title');
      if (title !== null) {
        return `has words behind an address, "${String(title).slice(0, 40)}"${line}, which no page shows; say them in the text`;
      }
      const dead = deadEndProblem(href);
      if (dead !== null) return `has a link that ${dead}${line}`;
      if (LINK.test(href)) return null;
      return `links to "${href.slice(0, 40)}"${line}; only https, http and mailto are taken`;
    }
    case 'image':
      return `shows a picture${line}; pictures are not taken, link to it instead`;
    case 's_open':
      return `strikes words out with ~~${line}, which is not taken; leave them out`;
    case 'table_open':
      return `holds a table${line}, which is not taken; write it as a list`;
    case 'text': {
      const other = OTHER_DIALECTS.find(([mark]) => mark.test(token.content));
      return other ? `${other[1].replace(/, |; /, (sign) => `${line}${sign}`)}` : null;
    }
    default:
      if (SHOWN.test(token.type) || IN_TABLE.test(token.type)) return null;
      return `holds markdown that no page shows, ${token.type}${line}; write it another way`;
  }
}

/** `[1]: https://example.org` vanishes from the page where no `[1]` stands in the text. */
function unusedAddresses(
  markdown: string,
  blocks: readonly Token[],
  references: Readonly<Record<string, { href: string }>>,
): string[] {
  const links = blocks.flatMap(({ children }) => children ?? []);
  const used = new Set(links.map((token) => token.attrGet('href')));
  return Object.entries(references)
    .filter(([, { href }]) => !used.has(href))
    .map(([label]) => {
      const lines = markdown.split('\n').map((line) => line.trim().toUpperCase());
      const line = lines.findIndex((text) => text.startsWith(`[${label}]:`)) + 1;
      const where = line > 0 ? ` (${placeInText(line)})` : '';
      return `has an address that no link uses, [${label.toLowerCase()}]${where}; write it as [words](https://example.org)`;
    });
}
