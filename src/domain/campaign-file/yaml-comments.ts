import { type Document, isCollection, isScalar, isSeq, type Node, Scalar, visit } from 'yaml';
import { ADDRESS_FIELDS } from '../campaign-schema.ts';
import { QUOTE_IT, type YamlFault } from './yaml-fault.ts';
import { yamlTokens } from './yaml-tokens.ts';

/** A key, or an item of a list, as it stands in the file. */
interface Entry {
  path: string;
  /** UTF-16 units into the text. */
  at: number;
  /** Blanks before the key or the dash on its line. */
  indent: number;
  value: Node | null;
  /** Of an item in a list of texts, without brackets: where a line still belongs to that list. */
  list?: { indent: number; end: number };
}

/** Fields whose values are no text that is posted or shown; whatever is not listed is taken for one. */
const NO_TEXT = new RegExp(
  `^(?:slug|${ADDRESS_FIELDS.join('|')}|goal|hashtags|locales|moment|own_words|reminders)\\b|\\.url$`,
);
/** No note, which has one # and a blank, and no line drawn of signs. */
const NO_NOTE = /^#(?!\s|$)(?![#=*_~+.\s-]*$)/;
/** A field that was put aside, `#fr: Rivers`. */
const FIELD_ASIDE = /^#+\s*[\w-]+:(?:\s|$)/;
const MAX_COMMENTS = 20;

/**
 * Comments that swallow what was meant to be said. YAML begins one at each `#` behind a blank, so
 * `en: Stand with us #QuietRivers {{ link }}` is "Stand with us". Behind a text no comment is taken at all; behind anything else
 * only one with a blank after its `#`. Comments on lines of their own are, where they do not stand as a text's next line; below a
 * text of several lines, in a list of texts and within brackets only those that look like a note.
 */
export function swallowedTexts(text: string, document: Document.Parsed): YamlFault[] {
  const comments = commentsIn(text);
  if (comments.length === 0) return [];
  const entries = entriesOf(text, document);
  const faults: YamlFault[] = [];
  let next = 0;
  let entry: Entry | undefined;
  for (const comment of comments) {
    while ((entries[next]?.at ?? Number.POSITIVE_INFINITY) <= comment.at) entry = entries[next++];
    if (entry && isSwallowed(comment, entry)) faults.push(faultOf(text, comment, entry));
    else if (entry && isLeftOut(comment, entry)) faults.push(leftOut(comment, entry));
    if (faults.length === MAX_COMMENTS) break;
  }
  return faults;
}

interface Comment {
  at: number;
  words: string;
  /** Blanks before it, where nothing else is on its line; else null. */
  ownIndent: number | null;
  inBrackets: boolean;
}

function commentsIn(text: string): Comment[] {
  const comments: Comment[] = [];
  let brackets = 0;
  for (const { type, at, source } of yamlTokens(text)) {
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets += 1;
    if (type === 'flow-seq-end' || type === 'flow-map-end') brackets -= 1;
    if (type !== 'comment') continue;
    const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    // Behind the signs that begin or end a document nothing is lost.
    if (/^(?:---|\.\.\.)\s*$/.test(before)) continue;
    const ownIndent = before.trim() === '' ? before.length : null;
    comments.push({ at, words: source.trimEnd(), ownIndent, inBrackets: brackets > 0 });
  }
  return comments;
}

/** In the order in which they begin. */
function entriesOf(text: string, document: Document.Parsed): Entry[] {
  const entries: Entry[] = [];
  const holders = new Map<unknown, Entry>();
  const columnOf = (at: number) => at - text.lastIndexOf('\n', at - 1) - 1;
  const add = (given: Omit<Entry, 'indent'>) => {
    const entry = { ...given, indent: columnOf(given.at) };
    entries.push(entry);
    holders.set(entry.value, entry);
  };
  visit(document, {
    Map: (_, map) => {
      const path = holders.get(map)?.path ?? '';
      for (const { key, value } of map.items) {
        if (!isScalar(key)) continue;
        const name = path === '' ? String(key.value) : `${path}.${key.value}`;
        add({ path: name, at: key.range?.[0] ?? 0, value: value as Node | null });
      }
    },
    Seq: (_, list) => {
      const { path = '', indent = -1 } = holders.get(list) ?? {};
      const last = list.items.at(-1) as Node | null | undefined;
      for (const [index, item] of list.items.entries()) {
        const value = item as Node | null;
        const from = value?.range?.[0] ?? 0;
        const dash = list.flow ? -1 : text.lastIndexOf('-', from - 1);
        const at = dash < 0 ? from : dash;
        const own = { indent: Math.min(indent + 1, columnOf(at)), end: last?.range?.[0] ?? 0 };
        add({ path: `${path}[${index}]`, at, value, ...(isOfTexts(list) ? { list: own } : {}) });
      }
    },
  });
  return entries.sort((a, b) => a.at - b.at);
}

function isSwallowed(comment: Comment, { path, indent, value }: Entry): boolean {
  const isText = !NO_TEXT.test(path) && !isCollection(value);
  const isWord = /^#[\p{L}\p{N}_]/u.test(comment.words);
  if (comment.ownIndent === null) return isText || isWord;
  // On a line of its own it goes on with what was said only where it stands further in, as a second line of a text would.
  if (comment.ownIndent <= indent || isCollection(value)) return false;
  const isAbove = (value?.range?.[0] ?? 0) > comment.at;
  return isWord || (isText && !isAbove);
}

/** A list whose items stand on lines of their own and hold nothing further. */
function isOfTexts(value: unknown): boolean {
  return isSeq(value) && !value.flow && !value.items.some(isCollection);
}

function isBlock(value: unknown): boolean {
  return (
    isScalar(value) && (value.type === Scalar.BLOCK_LITERAL || value.type === Scalar.BLOCK_FOLDED)
  );
}

/** Whether a comment on a line of its own stands where the next line, heading or hashtag would, and does not look like a note. */
function isLeftOut(comment: Comment, { path, indent, value, list }: Entry): boolean {
  const { at, words, ownIndent, inBrackets } = comment;
  if (ownIndent === null || !NO_NOTE.test(words)) return false;
  if (inBrackets || isBlock(value) || isOfTexts(value)) return true;
  if (list !== undefined) return at < list.end || ownIndent >= list.indent;
  const isText = !NO_TEXT.test(path) && !isCollection(value);
  return isText && ownIndent >= indent && !FIELD_ASIDE.test(words);
}

function leftOut({ at, words, inBrackets }: Comment, entry: Entry): YamlFault {
  const said = `"${cut(words)}" is left out: a line that begins with # is a comment in YAML`;
  const mend = `${mendOf(inBrackets, entry)}; if it is a note, write one # and a blank`;
  return { problem: said, at, mend };
}

function mendOf(inBrackets: boolean, { path, value, list }: Entry): string {
  if (inBrackets) return 'if it belongs to the list, put it within quotes';
  if (isBlock(value)) return `if it belongs to ${path}, begin the line as far in as that text`;
  if (list || isOfTexts(value)) return 'if it belongs to the list, write it as - "#…"';
  return `if it belongs to ${path}, ${QUOTE_IT}`;
}

function faultOf(text: string, { at, words }: Comment, { path }: Entry): YamlFault {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const said = `${path} loses "${cut(words)}": behind a blank, # begins a comment in YAML`;
  if (/^hashtags\b/.test(path)) {
    const isDash = /:\s+-\s*$/.test(line);
    const list = isDash ? 'write the list on the lines below' : 'put each hashtag within quotes';
    return { problem: said, at, mend: `${list}, or write it as ["#A", "#B"] or [A, B]` };
  }
  if (NO_TEXT.test(path)) {
    return {
      problem: said,
      at,
      mend: 'put a blank behind the # of a note, or the value within quotes',
    };
  }
  const isNote = /^#+(?:\s|$)/.test(words);
  const mend = isNote ? 'if it is a note, put it on a line of its own above; else ' : '';
  return { problem: said, at, mend: mend + QUOTE_IT };
}

function cut(words: string): string {
  return words.length > 40 ? `${words.slice(0, 40)}…` : words;
}
