import { ADDRESS_FIELDS } from '../campaign-schema.ts';
import {
  BEGINS_FIELD,
  LEAVE_TYPE_OUT,
  OPENS_LIST,
  OPENS_MAPPING,
  QUOTE_IT,
  STANDS_FOR_ANOTHER,
  type YamlFault,
} from './yaml-fault.ts';
import { type YamlToken, yamlTokens } from './yaml-tokens.ts';

/** Blanks that are none to YAML: no-break, figure, narrow and ideographic spaces, and what has no width. */
const FALSE_BLANK = /[\u00A0\u2007\u202F\u3000\u200B-\u200D\u2060\uFEFF]/;
/** A name and its colon, a dash or nothing, and a false blank where an ordinary one is needed. */
const BLANK_NEEDED = new RegExp(`^\\s*(?:- *)*(?:[\\w-]+ *[:：]|-)?(?=${FALSE_BLANK.source})`);
/** A name and its value, perhaps behind dashes, as people write them on one line. */
const ENTRY =
  /^(?<lead>\s*(?:-\s+)*)(?:(?<key>[^\s"'#{}[\],:|>&*!][^:]*?|"[^"]*"|'[^']*')\s*:(?=\s|$))?\s*(?<value>.*)$/;

const BLOCK =
  'write | there and the text on the lines below, further in, where signs stay as they are';
const IN_ONE_LINE = ', and what is behind it goes on the next lines, further in';

/** A text that begins like this is something else to YAML. */
const BEGINNINGS: readonly [begins: RegExp, said: string, mend?: string][] = [
  [
    /^-(?: |$)/,
    'the value begins with -, which begins a list only on a line of its own',
    'write the list on the lines below, further in, or within [ ]; a text goes within quotes',
  ],
  [/^[[{](?:\s*,|.*,\s*,)/, 'two commas have nothing between them', 'remove one'],
  [/^\{/, OPENS_MAPPING],
  [/^\[/, OPENS_LIST],
  [/^[\]}]/, 'a bracket closes here that was never opened'],
  [/^"/, 'a quote (") ends before the text does', BLOCK],
  [/^'/, "a quote (') ends before the text does; an apostrophe within ' ' is written twice", BLOCK],
  [/^\*/, STANDS_FOR_ANOTHER],
  [/^&/, 'the text begins with &, which names a value in YAML'],
  [/^!/, 'the text begins with !, which names a type in YAML', LEAVE_TYPE_OUT],
  [/^[@`%,]/, 'the text begins with a sign that YAML keeps for itself'],
  [/^\?(?: |$)/, 'the text begins with ?, which begins a name in YAML'],
  [
    // Behind the sign YAML takes one digit from 1 to 9, and one + or -.
    /^[|>](?=[-+0-9]+(?:\s|$))(?!(?:[-+]?[1-9]?|[1-9][-+])(?:\s|$))/,
    'the text begins with > or |, with which YAML begins a text on the next lines',
  ],
  [
    /^[|>][-+0-9]*\s+\S/,
    'there is text on the line of the | or >',
    `leave the sign alone on its line${IN_ONE_LINE}`,
  ],
  [
    /^>[-+0-9]*[^-+0-9\s]/,
    'the text begins with >, with which YAML begins a text on the next lines',
  ],
  [
    /^\|[-+0-9]*[^-+0-9\s]/,
    'the text begins with |, with which YAML begins a text on the next lines',
  ],
];

/** What the parser found: its code, and where. */
export interface ParserProblem {
  code: string;
  at: number;
}

/** Why a file is not YAML, in one sentence of ours: the parser names what it stumbled over, and people need what they wrote. */
export function findCause(text: string, { code, at }: ParserProblem): YamlFault {
  return unclosed(text, code) ?? causeInLine(text, code, at);
}

/** A quote or bracket that is never closed is found at the end of the file; what matters is where it opens. */
function unclosed(text: string, code: string): YamlFault | null {
  if (code !== 'MISSING_CHAR' && code !== 'BAD_INDENT') return null;
  const open: YamlToken[] = [];
  let quote: number | null = null;
  for (const token of yamlTokens(text)) {
    const { type, at, source } = token;
    if (type === 'flow-seq-start' || type === 'flow-map-start') open.push(token);
    if (type === 'flow-seq-end' || type === 'flow-map-end') open.pop();
    if (type === 'double-quoted-scalar' || type === 'single-quoted-scalar') {
      quote = source.length > 1 && source.endsWith(source[0] ?? '') ? null : at;
    }
  }
  if (quote !== null) {
    return {
      problem: 'the quote that opens here is never closed',
      at: quote,
      mend: `close it, or ${BLOCK}`,
    };
  }
  const [bracket] = open;
  if (bracket === undefined) return null;
  const problem = `the bracket ${bracket.source} that opens here is never closed`;
  return {
    problem,
    at: bracket.at,
    mend: 'close it; if it begins a text, put the text within quotes',
  };
}

function causeInLine(text: string, code: string, at: number): YamlFault {
  if (code === 'MULTIPLE_DOCS') return documentCause(text, at);
  const { line, start } = lineAt(text, at);
  const plain = invisibleCause(line, start);
  if (plain) return plain;
  if (code === 'BAD_DQ_ESCAPE') {
    return {
      problem: 'within " " a backslash begins a sign of its own',
      at,
      mend: `write it twice, or ${BLOCK}`,
    };
  }
  return textCause(line, start) ?? unevenText(text, start) ?? placeCause(line, start, code);
}

/** Which line it is that begins or ends a document, so that what is below it is none of the first one. */
function documentCause(text: string, at: number): YamlFault {
  const { line, start } = lineAt(text, at);
  const own = /^(?:---|\.\.\.)(?=\s|$)/.exec(line)?.[0];
  const ends = [...yamlTokens(text)].filter((one) => one.type === 'doc-end' && one.at <= at);
  const [sign = '---', place = at] = own ? [own, start] : ['...', ends.at(-1)?.at];
  const problem =
    sign === '...'
      ? '... on a line of its own ends the file in YAML, so that what is below it is lost'
      : 'it holds more than one document';
  const mend = `remove the line with ${sign}, or begin it as far in as the text that it belongs to`;
  return { problem, at: place, mend };
}

/** What the text behind a name begins with or holds that YAML reads as something else. */
function textCause(line: string, start: number): YamlFault | null {
  const { key, value = '' } = ENTRY.exec(line)?.groups ?? {};
  const at = start + line.length - value.length;
  const begins = BEGINNINGS.find(([begin]) => begin.test(value));
  if (begins) return { problem: begins[1], at, mend: begins[2] ?? QUOTE_IT };
  const colon = value.search(/:(?:\s|$)/);
  if (key === undefined || colon < 0) return null;
  return { problem: BEGINS_FIELD, at: at + colon, mend: QUOTE_IT };
}

/** A line of a text below a | or > that does not stand as far in as the first, with which YAML ends the text. */
function unevenText(text: string, start: number): YamlFault | null {
  const { line } = lineAt(text, start);
  const indent = line.search(/\S/);
  const above = text.slice(0, start).split(/\r?\n/).slice(0, -1);
  const head = above.findLastIndex((one) => one.trim() !== '' && one.search(/\S/) <= indent);
  const opening = above[head] ?? '';
  if (opening.search(/\S/) >= indent || !/(?:^|\s)[|>][-+]?\s*$/.test(opening)) return null;
  const at = start + indent;
  if (above.slice(head + 1).every((one) => one.trim() === '')) {
    const problem = 'an empty line above this text has more blanks than the text is set in';
    return { problem, at, mend: 'remove that line' };
  }
  const problem = 'this line does not stand as far in as the first line of its text';
  return { problem, at, mend: 'begin the first line of a text no further in than the others' };
}

/** A line that stands too far in or out for what it holds. */
function placeCause(line: string, start: number, code: string): YamlFault {
  const { lead = '', key } = ENTRY.exec(line)?.groups ?? {};
  const at = start + lead.length;
  if (code === 'BLOCK_AS_IMPLICIT_KEY') {
    const problem = 'the next line stands further in, as if it went on with this one';
    return { problem, at, mend: 'begin names of one kind below each other' };
  }
  if (line.trim().startsWith('#')) {
    return {
      problem: 'this line is a comment in YAML and stands between the lines of a text',
      at,
      mend: 'begin it as far in as that text if it belongs to it; else put it above the name',
    };
  }
  if (key === undefined && lead.trim() === '') {
    return {
      problem: 'this line is neither a name with a colon and a blank behind it nor part of a text',
      at,
      mend: 'a text that goes on stands further in than its name, below a | for all its lines',
    };
  }
  return {
    problem: 'this line does not stand as far in as the lines it belongs to',
    at,
    mend: 'begin names of one kind below each other, and what belongs to a name further in',
  };
}

/** What looks like a blank, a tab or a colon that YAML knows, and is none. */
export function invisibleCause(line: string, start: number): YamlFault | null {
  const tab = /^ *(?:- *)*\t/.exec(line)?.[0];
  if (tab !== undefined) {
    return {
      problem: 'the line is set in with a tab',
      at: start + tab.length - 1,
      mend: 'use blanks',
    };
  }
  const blank = BLANK_NEEDED.exec(line)?.[0];
  const early = line.search(FALSE_BLANK);
  if (blank !== undefined || (early >= 0 && line.slice(0, early).trim() === '')) {
    const at = start + Math.max(0, early);
    const code = (line.codePointAt(Math.max(0, early)) ?? 0)
      .toString(16)
      .toUpperCase()
      .padStart(4, '0');
    const isSeen = /[\u00A0\u2007\u202F\u3000]/.test(line[Math.max(0, early)] ?? '');
    if (!isSeen && line.slice(0, early).trim() === '') {
      const problem = `U+${code}, which cannot be seen, stands before the first sign of the line`;
      return { problem, at, mend: 'remove it, or type the line again' };
    }
    return {
      problem: `U+${code} stands where YAML needs an ordinary blank`,
      at,
      mend: 'type the blank again',
    };
  }
  const wide = /^\s*(?:- *)*[\w-]+ *：/.exec(line)?.[0];
  if (wide === undefined) return null;
  const problem = 'the colon is a full-width one, which YAML does not know';
  return { problem, at: start + wide.length - 1, mend: 'type : and a blank' };
}

const ADDRESS = new RegExp(`^\\s*(?:-\\s+)?(?:${ADDRESS_FIELDS.join('|')}|url)\\s*:`);

/**
 * What mends a line: in a field for an address nothing but the address is taken, so that quotes around `[words](address)` would be
 * refused next.
 */
export function mendIn(line: string, mend: string): string {
  const isAddress = ADDRESS.test(line);
  return isAddress && mend.endsWith(QUOTE_IT)
    ? 'write the address alone, beginning with https://'
    : mend;
}

/** The line that a place stands in, and where that line begins. */
export function lineAt(text: string, at: number): { line: string; start: number } {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', start);
  return { line: text.slice(start, end < 0 ? undefined : end).replace(/\r$/, ''), start };
}
