import { type TSchema, Type } from 'typebox';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  Scalar,
  visit,
} from 'yaml';
import { ADDRESS_FIELDS } from '../campaign-schema.ts';
import { invisibleCause, lineAt } from './yaml-cause.ts';
import { fieldSchema, textsWithColon } from './yaml-colons.ts';
import { swallowedTexts } from './yaml-comments.ts';
import {
  LEAVE_TYPE_OUT,
  OPENS_LIST,
  OPENS_MAPPING,
  QUOTE_IT,
  STANDS_FOR_ANOTHER,
  type YamlFault,
} from './yaml-fault.ts';

/** What stands in a file that is YAML and reads as something that is never meant in a campaign; in the order of the file. */
export function misreadings(text: string, document: Document.Parsed, schema: TSchema): YamlFault[] {
  const faults = [
    ...swallowedTexts(text, document),
    ...markedNodes(document, schema),
    ...oddKeys(text, document),
    ...textsWithColon(text, document, schema),
  ];
  return faults.sort((a, b) => a.at - b.at);
}

/** Anchors that nothing uses, types, and words for nothing: each is a beginning of a text that would not be posted. */
function markedNodes(document: Document.Parsed, schema: TSchema): YamlFault[] {
  const used = new Set<string>();
  const named = new Set<string>();
  visit(document, {
    Alias: (_, { source }) => void used.add(source),
    Value: (_, { anchor }) => void (anchor && named.add(anchor)),
  });
  const faults: YamlFault[] = [];
  visit(document, {
    Node: (_, node, path) => {
      const fault =
        selfAlias(node as Node, document) ??
        markedNode(node as Node, { used, named }) ??
        nothing(node as Node, path, schema);
      if (fault) faults.push(fault);
    },
  });
  return faults;
}

/** `story: &a {en: *a}`: data that holds itself has no end. */
function selfAlias(node: Node, document: Document.Parsed): YamlFault | null {
  const [from = 0, to = 0] = (isAlias(node) && node.resolve(document)?.range) || [];
  const at = node.range?.[0] ?? 0;
  if (!isAlias(node) || at <= from || at >= to) return null;
  return {
    problem: `"*${node.source}" stands for another value in YAML, and here for the one that it is a part of`,
    at,
    mend: QUOTE_IT,
  };
}

function markedNode(
  node: Node,
  { used, named }: Record<'used' | 'named', ReadonlySet<string>>,
): YamlFault | null {
  const at = node.range?.[0] ?? 0;
  if (isAlias(node)) {
    if (named.has(node.source)) return null;
    return {
      problem: `"*${node.source}" stands for another value in YAML, and none has that name`,
      at,
      mend: QUOTE_IT,
    };
  }
  const { anchor, tag } = node as { anchor?: string; tag?: string };
  if (isScalar(node) && anchor !== undefined && !used.has(anchor)) {
    return {
      problem: `"&${anchor}" is the name of a value in YAML and no part of the text`,
      at,
      mend: QUOTE_IT,
    };
  }
  if (tag !== undefined) {
    return {
      problem: `"${tag.replace('tag:yaml.org,2002:', '!!')}" is a type in YAML and no part of the text`,
      at,
      mend: LEAVE_TYPE_OUT,
    };
  }
  return null;
}

/** `goal: ~` and `goal: null`. */
function nothing(node: Node, path: readonly unknown[], schema: TSchema): YamlFault | null {
  if (!isScalar(node) || node.type !== Scalar.PLAIN) return null;
  if (!/^(?:~|null|Null|NULL)$/.test(String(node.source))) return null;
  const said = `"${node.source}" is YAML's word for nothing`;
  return { problem: said, at: node.range?.[0] ?? 0, mend: inPlaceOfNothing(path, schema) };
}

/** Fields that hold letters, and no text in which a word can stand for itself. */
const NO_TEXT = new RegExp(`^(?:slug|${ADDRESS_FIELDS.join('|')}|url|at|zone|occurrence)$`);

/** What to write there: only a field that is not needed can be left out, and only where a text is wanted do quotes help. */
function inPlaceOfNothing(path: readonly unknown[], schema: TSchema): string {
  let wanted: TSchema | undefined = schema;
  let isNeeded = true;
  let name = '';
  for (const one of path) {
    if (wanted !== undefined && isSeq(one))
      wanted = Type.IsArray(wanted) ? wanted.items : undefined;
    if (wanted === undefined || !isPair(one)) continue;
    name = isScalar(one.key) ? String(one.key.value) : '';
    isNeeded = !Type.IsObject(wanted) || (wanted.required?.includes(name) ?? false);
    wanted = fieldSchema(wanted, name);
  }
  const isText = wanted === undefined || (Type.IsString(wanted) && !NO_TEXT.test(name));
  const { description } = (wanted ?? {}) as { description?: unknown };
  const give = typeof description === 'string' ? `give ${description}` : 'write the text';
  const mends = [
    ...(isNeeded && wanted !== undefined ? [give] : ['leave the field out']),
    ...(isText ? ['put the word within quotes'] : []),
    ...(isText || isNeeded ? [] : [give]),
  ];
  return mends.join(', or ');
}

/** Names that hold what looks like a blank, names given twice, and lines that were meant to be a name and its value. */
function oddKeys(text: string, document: Document.Parsed): YamlFault[] {
  const faults: YamlFault[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isNode(key)) continue;
        const at = key.range?.[0] ?? 0;
        const { line, start } = lineAt(text, at);
        const odd = isScalar(key) && !isFlow(map) ? invisibleCause(line, start) : null;
        if (odd) faults.push(odd);
        else if (isCollection(key) || isAlias(key)) {
          const opens = isSeq(key) ? OPENS_LIST : OPENS_MAPPING;
          const said = isAlias(key) ? STANDS_FOR_ANOTHER : opens;
          // Of `{{ link }}` the outer bracket, which is the one that was not meant.
          const from = isAlias(key) || !isFlow(map) ? at : (map.range?.[0] ?? at);
          faults.push({ problem: said, at: from, mend: QUOTE_IT });
        } else if (isScalar(key) && key.value === '<<') {
          faults.push({
            problem: '<< takes over the fields of another value',
            at,
            mend: 'write them out',
          });
        } else if (isScalar(key) && seen.has(key.value)) {
          faults.push({
            problem: `the key \`${key.value}\` is here twice`,
            at,
            mend: 'remove one',
          });
        }
        if (isScalar(key)) seen.add(key.value);
      }
    },
    Scalar: (place, scalar) => {
      const fault = place === 'key' ? null : unspacedLines(text, scalar);
      if (fault) faults.push(fault);
    },
  });
  return faults;
}

function isFlow(node: Node): boolean {
  return isMap(node) && node.flow === true;
}

/** `en:Stand with us` and `-Stand with us` on lines of their own: without a blank YAML reads them as one text. */
function unspacedLines(text: string, scalar: Scalar): YamlFault | null {
  if (scalar.type !== Scalar.PLAIN) return null;
  const at = scalar.range?.[0] ?? 0;
  const { line, start } = lineAt(text, at);
  if (line.slice(0, at - start).trim() !== '') return null;
  const odd = /^\s*[\w-]+ *[:：]/.test(line) ? invisibleCause(line, start) : null;
  if (odd) return odd;
  const mend = 'put a blank behind it; if it is a text, put it within quotes';
  if (/^[a-z]{2,3}(?:-[A-Za-z]{2,4})?:\S/.test(String(scalar.source))) {
    return { problem: 'the colon has no blank behind it, so YAML sees no name here', at, mend };
  }
  if (/^-[^\s-].*\n\s*-[^\s-]/.test(text.slice(at, scalar.range?.[1]))) {
    return { problem: 'the dash has no blank behind it, so YAML sees no list here', at, mend };
  }
  return null;
}
