import { type Document, isCollection, isScalar, type Node, visit } from 'yaml';
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
}

/** Fields whose values are no text that is posted or shown; whatever is not listed is taken for one. */
const NO_TEXT = /^(?:slug|link|donation|goal|hashtags|locales|moment|own_words|reminders)\b|\.url$/;
const MOST = 20;

/**
 * Comments that swallow what was meant to be said. YAML begins one at each `#` behind a blank, so
 * `en: Stand with us #QuietRivers {{ link }}` is "Stand with us". Behind a text no comment is taken at all; behind anything else
 * only one with a blank after its `#`. Comments on lines of their own are, where they do not stand as a text's next line.
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
    if (faults.length === MOST) break;
  }
  return faults;
}

interface Comment {
  at: number;
  words: string;
  /** Blanks before it, where nothing else is on its line; else null. */
  ownIndent: number | null;
}

function commentsIn(text: string): Comment[] {
  const comments: Comment[] = [];
  for (const { type, at, source } of yamlTokens(text)) {
    if (type !== 'comment') continue;
    const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    const ownIndent = before.trim() === '' ? before.length : null;
    comments.push({ at, words: source.trimEnd(), ownIndent });
  }
  return comments;
}

/** In the order in which they begin. */
function entriesOf(text: string, document: Document.Parsed): Entry[] {
  const entries: Entry[] = [];
  const paths = new Map<unknown, string>();
  const add = (entry: Omit<Entry, 'indent'>) => {
    const start = text.lastIndexOf('\n', entry.at - 1) + 1;
    entries.push({ ...entry, indent: entry.at - start });
    paths.set(entry.value, entry.path);
  };
  visit(document, {
    Map: (_, map) => {
      const path = paths.get(map) ?? '';
      for (const { key, value } of map.items) {
        if (!isScalar(key)) continue;
        const name = path === '' ? String(key.value) : `${path}.${key.value}`;
        add({ path: name, at: key.range?.[0] ?? 0, value: value as Node | null });
      }
    },
    Seq: (_, list) => {
      const path = paths.get(list) ?? '';
      for (const [index, item] of list.items.entries()) {
        const value = item as Node | null;
        const from = value?.range?.[0] ?? 0;
        const dash = list.flow ? -1 : text.lastIndexOf('-', from - 1);
        add({ path: `${path}[${index}]`, at: dash < 0 ? from : dash, value });
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

function faultOf(text: string, { at, words }: Comment, { path }: Entry): YamlFault {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const seen = words.length > 40 ? `${words.slice(0, 40)}…` : words;
  const said = `${path} loses "${seen}": behind a blank, # begins a comment in YAML`;
  if (/^hashtags\b/.test(path)) {
    const isDash = /:\s+-\s*$/.test(line);
    const list = isDash ? 'write the list on the lines below' : 'put each hashtag within quotes';
    return { said, at, mend: `${list}, or write it as ["#A", "#B"] or [A, B]` };
  }
  if (NO_TEXT.test(path)) {
    return { said, at, mend: 'put a blank behind the # of a note, or the value within quotes' };
  }
  const isNote = /^#+(?:\s|$)/.test(words);
  const mend = isNote ? 'if it is a note, put it on a line of its own above; else ' : '';
  return { said, at, mend: mend + QUOTE_IT };
}
