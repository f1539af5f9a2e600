import type { TSchema } from 'typebox';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  Scalar,
  visit,
} from 'yaml';
import { invisibleCause, lineAt } from './yaml-cause.ts';
import { textsWithColon } from './yaml-colons.ts';
import { swallowedTexts } from './yaml-comments.ts';
import {
  LEAVE_TYPE_OUT,
  OPENS_LIST,
  OPENS_MAPPING,
  QUOTE_IT,
  STANDS_FOR_ANOTHER,
  type YamlFault,
} from './yaml-fault.ts';

/** What stands in a file that is YAML and reads as something that nobody means in a campaign; in the order of the file. */
export function misreadings(text: string, document: Document.Parsed, schema: TSchema): YamlFault[] {
  const faults = [
    ...swallowedTexts(text, document),
    ...markedNodes(document),
    ...oddKeys(text, document),
    ...textsWithColon(text, document, schema),
  ];
  return faults.sort((a, b) => a.at - b.at);
}

/** Anchors that nothing uses, types, and words for nothing: each is a beginning of a text that would not be posted. */
function markedNodes(document: Document.Parsed): YamlFault[] {
  const used = new Set<string>();
  const named = new Set<string>();
  visit(document, {
    Alias: (_, { source }) => void used.add(source),
    Value: (_, { anchor }) => void (anchor && named.add(anchor)),
  });
  const faults: YamlFault[] = [];
  visit(document, {
    Node: (_, node) => {
      const fault = selfAlias(node as Node, document) ?? markedNode(node as Node, { used, named });
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
    said: `"*${node.source}" stands for another value in YAML, and here for the one that it is a part of`,
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
      said: `"*${node.source}" stands for another value in YAML, and none has that name`,
      at,
      mend: QUOTE_IT,
    };
  }
  const { anchor, tag } = node as { anchor?: string; tag?: string };
  if (isScalar(node) && anchor !== undefined && !used.has(anchor)) {
    return {
      said: `"&${anchor}" is the name of a value in YAML and no part of the text`,
      at,
      mend: QUOTE_IT,
    };
  }
  if (tag !== undefined) {
    return {
      said: `"${tag.replace('tag:yaml.org,2002:', '!!')}" is a type in YAML and no part of the text`,
      at,
      mend: LEAVE_TYPE_OUT,
    };
  }
  if (
    isScalar(node) &&
    node.type === Scalar.PLAIN &&
    /^(?:~|null|Null|NULL)$/.test(String(node.source))
  ) {
    return {
      said: `"${node.source}" is YAML's word for nothing`,
      at,
      mend: 'leave the field out, or put the word within quotes',
    };
  }
  return null;
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
          const from = isAlias(key) ? at : (map.range?.[0] ?? at);
          faults.push({ said, at: from, mend: QUOTE_IT });
        } else if (isScalar(key) && key.value === '<<') {
          faults.push({
            said: '<< takes over the fields of another value',
            at,
            mend: 'write them out',
          });
        } else if (isScalar(key) && seen.has(key.value)) {
          faults.push({ said: `the key \`${key.value}\` is here twice`, at, mend: 'remove one' });
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
    return { said: 'the colon has no blank behind it, so YAML sees no name here', at, mend };
  }
  if (/^-[^\s-].*\n\s*-[^\s-]/.test(text.slice(at, scalar.range?.[1]))) {
    return { said: 'the dash has no blank behind it, so YAML sees no list here', at, mend };
  }
  return null;
}
