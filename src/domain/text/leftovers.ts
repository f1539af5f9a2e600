import MarkdownIt from 'markdown-it';
import { replaceLinks } from './links.ts';

const { unescapeAll } = new MarkdownIt().utils;

/** What other programs call what our placeholders stand for. */
const MEANT: Readonly<Record<string, string>> = {
  ...{ hashtag: 'hashtags', hashtags: 'hashtags', tag: 'hashtags', tags: 'hashtags' },
  ...{ link: 'link', links: 'link', url: 'link', campaign: 'campaign', title: 'campaign' },
  ...{ name: 'name', place: 'place' },
};
const NAME = `(?:${Object.keys(MEANT).join('|')})`;

/** Between braces any word is a placeholder; between other signs only a word that names one. */
const PLACEHOLDERS = [
  /[{｛]+[#%$!@&\s]*([\p{L}\p{N}_][\p{L}\p{N}\p{M}_ .-]{0,40}?)\s*[}｝]+/iu,
  ...[
    ['\\[', '\\]'],
    ['<', '\\/?>'],
    ['%', '%'],
    ['\\|', '\\|'],
    ['__', '__'],
    ['#{1,3}(?=\\S)', '(?<=\\S)#{1,3}'],
    // One that goes on is an account: @link@example.org.
    ['@', '@(?![\\p{L}\\p{N}_])'],
    ['\\$', '(?![\\p{L}\\p{N}_])'],
    ['[［【〔〈《〖]', '[］】〕〉》〗]'],
  ].map(([open, close]) => new RegExp(`${open}\\s*(${NAME})\\s*${close}`, 'iu')),
  // What can stand in brackets or quotation marks for itself is taken: (name), «place».
  /[(（«‹]\s*(hashtags?|links?|url)\s*[)）»›]/iu,
];

const IN_BRACES = new RegExp(`[{｛]+[#%$!@&\\s]*${NAME}\\s*[}｝]+`, 'iu');

const MARKDOWN: readonly (readonly [RegExp, string])[] = [
  [/!?\[[^\]\n]*\]\([^()\n]*\)/u, 'a link'],
  [/\[\^[^\]\s]+\]/u, 'a footnote'],
  [/^ {0,3}\[[^\]\n]+\]:[ \t]*\S.*$/mu, 'the address of a link'],
  [/(?<![\p{L}\p{N}*])\*\*(?=\S)[^*\n]+(?<=\S)\*\*/u, 'bold'],
  [/(?<![\p{L}\p{N}_])__(?=[^\s_])[^\n]+?(?<=\S)__(?![\p{L}\p{N}_])/u, 'bold'],
  [/~~(?=\S)[^~\n]+(?<=\S)~~/u, 'struck out'],
  [/`[^`\n]+`|^```/mu, 'code'],
  [/^#{1,6}[ \t]+\S.*$/mu, 'a heading'],
];

/** Signs that programs write for others: a new line, a tab, a letter by its number. */
const ESCAPE = /(?:\\r)?\\n|\\t(?![\p{L}\p{N}])|\\u(?:[0-9a-fA-F]{4}|\{[0-9a-fA-F]+\})/u;

/** Words in brackets, as in templates that are to be filled in: [Your name], <Your town>. */
const TO_FILL_IN = /\[\p{L}[^[\]\n]{1,60}\]|<\p{L}[\p{L}\p{M}\p{N} ’'-]{1,60}>/u;
/** A line to write on, a word of programs for a value, and words that stand for a text which is still to come. */
const TO_COME =
  /(?<![\p{L}\p{N}_])(?:_{3,}|%(?:\d\$)?[sd@]|TODO|TBD|TBC|FIXME|X{3,}|[Ll]orem ipsum)(?![\p{L}\p{N}_])/u;

const HTML =
  /<\/?(?:a|b|i|u|s|p|q|br|hr|em|del|ins|sub|sup|code|pre|mark|strong|span|div|font|center|small|big|h[1-6]|ul|ol|li|dl|dt|dd|img|table|tr|td|th|section|header|footer|figure|iframe|script|style|video|audio|button|form|input|blockquote)(?:\s[^<>]*)?\/?>|<!--|<!doctype\b[^<>]*>/iu;
/** The end of what bulletin boards write within square brackets. */
const BOARD = /\[\/(?:b|i|u|s|url|img|quote|code|color|size|center|list|spoiler)\]/iu;

/**
 * What was written for another program and would be posted as it stands: a placeholder in other brackets, an HTML entity or
 * element, Markdown. In words that say what to write, or null. `text` is a message with its placeholders filled in.
 */
export function leftoverProblem(text: string): string | null {
  const links = replaceLinks(text, ' ');
  return (
    placeholderProblem(links) ??
    bracesProblem(links) ??
    escapeProblem(links) ??
    htmlProblem(links) ??
    markdownProblem(text)
  );
}

/** What may have been left to be filled in, or null: it can be meant, too. */
export function fillInWarning(text: string): string | null {
  const words = replaceLinks(text, ' ');
  const found = (TO_FILL_IN.exec(words) ?? TO_COME.exec(words))?.[0];
  return found === undefined
    ? null
    : `holds "${found}", which is posted as it stands; if it is to be filled in, write what it stands for`;
}

/** Of a template that is not Liquid's, or half of one that is. */
const BRACES = /\{#.*?#\}|\{\{|\}\}|\{%|%\}/su;

function bracesProblem(text: string): string | null {
  const found = BRACES.exec(text)?.[0];
  if (found === undefined) return null;
  return `holds "${found}", which would be posted as it stands; remove it`;
}

function escapeProblem(text: string, how: Shown = POSTED): string | null {
  const found = ESCAPE.exec(text)?.[0];
  if (found === undefined) return null;
  const mend = found.endsWith('n') ? how.newLine : 'write the character itself';
  return `holds "${found}", which would be ${how.verb} as it stands; ${mend}`;
}

/** What becomes of a text, and what it is. */
interface Shown {
  verb: string;
  what: string;
  newLine: string;
}
const POSTED: Shown = {
  verb: 'posted',
  what: 'a post is plain text',
  newLine: 'begin a new line there',
};
const SHOWN: Shown = {
  verb: 'shown',
  what: 'it is plain text',
  newLine: 'it is one line, write a blank',
};

/** As `leftoverProblem`, of a line that a page shows: a title, a name. */
export function lineProblem(line: string): string | null {
  const links = replaceLinks(line, ' ');
  const entity = entityIn(line);
  if (entity) return `holds "${entity.found}", which is HTML; write "${entity.means}"`;
  return (
    escapeProblem(links, SHOWN) ??
    htmlProblem(links, SHOWN) ??
    markdownProblem(line.replace(/^#+ /, ''), SHOWN) ??
    placeholderOutside(line)
  );
}

/** In words that say what to write, or null: a placeholder in a text in which none is filled in, such as a title or a story. */
export function placeholderOutside(text: string): string | null {
  const found = IN_BRACES.exec(text)?.[0];
  return found === undefined
    ? null
    : `holds "${found}", which would be shown as it stands: placeholders are filled in within messages and variants alone; write what it stands for`;
}

/** The first HTML entity of a text, and the sign it stands for. */
export function entityIn(text: string): { found: string; means: string } | null {
  for (const [found] of text.matchAll(/&(?:[a-z][a-z0-9]{1,31}|#\d{1,7}|#x[0-9a-f]{1,6});/giu)) {
    const means = unescapeAll(found);
    if (means !== found) return { found, means };
  }
  return null;
}

/** The first placeholder in other brackets, and the one that may be meant. */
export function placeholderIn(text: string): { found: string; meant: string | undefined } | null {
  for (const pattern of PLACEHOLDERS) {
    const match = pattern.exec(text);
    if (match) return { found: match[0], meant: MEANT[(match[1] ?? '').toLowerCase()] };
  }
  return null;
}

function placeholderProblem(text: string): string | null {
  const placeholder = placeholderIn(text);
  if (!placeholder) return null;
  const { found, meant } = placeholder;
  const mend = meant ? `write {{ ${meant} }}` : 'placeholders stand between {{ and }}';
  return `holds "${found}", which would be posted as it stands; ${mend}`;
}

function htmlProblem(text: string, { verb, what }: Shown = POSTED): string | null {
  const entity = entityIn(text);
  if (entity) {
    return `holds "${entity.found}", which is HTML and would be ${verb} as it stands; write "${entity.means}"`;
  }
  const element = HTML.exec(text)?.[0];
  if (element)
    return `holds "${element}", which is HTML and would be ${verb} as it stands; ${what}`;
  const board = BOARD.exec(text)?.[0];
  return board
    ? `holds "${board}", which is BBCode and would be ${verb} as it stands; ${what}`
    : null;
}

function markdownProblem(text: string, { verb, what: is }: Shown = POSTED): string | null {
  for (const [pattern, what] of MARKDOWN) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) {
      return `holds "${found}", which is Markdown (${what}) and would be ${verb} as it stands; ${is}`;
    }
  }
  return null;
}
