import { type TSchema, Type } from 'typebox';
import { type Document, isCollection, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { didYouMean } from '../suggest.ts';
import { BEGINS_FIELD, QUOTE_IT, type YamlFault } from './yaml-fault.ts';

/**
 * Texts that YAML reads as a name and its value: `- Read: this` in a list of texts, and in a list of organisations or sources, where
 * the name is no field that there is and resembles none.
 */
export function textsWithColon(
  text: string,
  document: Document.Parsed,
  schema: TSchema,
): YamlFault[] {
  return within(text, document.contents, schema);
}

function within(text: string, node: unknown, schema: TSchema): YamlFault[] {
  if (isSeq(node) && Type.IsArray(schema)) {
    const { items } = schema;
    return node.items.flatMap(
      (item) => foreignItem(text, item, items) ?? within(text, item, items),
    );
  }
  if (!isMap(node)) return [];
  if (Type.IsString(schema)) return node.flow ? [] : [faultAt(text, node, QUOTE_IT)];
  return node.items.flatMap(({ key, value }) => {
    const inner = fieldSchema(schema, isScalar(key) ? String(key.value) : '');
    return inner === undefined ? [] : within(text, value, inner);
  });
}

/** The schema of a field within a mapping; undefined where there is no such field. */
export function fieldSchema(schema: TSchema, name: string): TSchema | undefined {
  if (Type.IsRecord(schema)) return Object.values(schema.patternProperties)[0];
  if (!Type.IsObject(schema) || !Object.hasOwn(schema.properties, name)) return undefined;
  return schema.properties[name];
}

/** An item that was meant to be a text, where a mapping is wanted. */
function foreignItem(text: string, item: unknown, schema: TSchema): YamlFault[] | null {
  if (!isMap(item) || item.flow || item.items.length !== 1 || !Type.IsObject(schema)) return null;
  const [{ key, value } = {}] = item.items;
  const known = Object.keys(schema.properties);
  const name = isScalar(key) ? String(key.value) : '';
  if (isCollection(value) || known.includes(name) || didYouMean(name, known) !== '') return null;
  const mend = `write it as - ${known[0]}: "…", with the text within quotes; the fields there are ${known.join(', ')}`;
  return [faultAt(text, item, mend)];
}

function faultAt(text: string, map: YAMLMap, mend: string): YamlFault {
  const [first] = map.items;
  const end = isScalar(first?.key) ? (first.key.range?.[1] ?? 0) : (map.range?.[0] ?? 0);
  return { problem: BEGINS_FIELD, at: Math.max(end, text.indexOf(':', end)), mend };
}
