import { type TSchema, Type } from 'typebox';

/** Texts of a list that may be longer than a hashtag are not divided. */
const MAX_WORD = 101;
/** A word that stands in a YAML list without quotes, or a hashtag. */
const WORD = /^#?[\p{L}\p{N}_-]+$/u;

/**
 * How a list or a mapping is written in YAML, for a field that was given a single text: `hashtags: [A, B]` for `A, B`. Empty for
 * the whole document, and where no text was given.
 */
export function yamlExample(schema: TSchema, value: unknown, field: string): string {
  const name = field.split('.').at(-1) ?? '';
  if (typeof value !== 'string' || name === '' || name.endsWith(']')) return '';
  if (Type.IsArray(schema)) {
    if (Type.IsString(schema.items)) return `; in YAML: ${name}: ${listOf(schema.items, value)}`;
    const [first, ...others] = linesOf(schema.items);
    return below(name, `- ${first}`, ...others.map((line) => `  ${line}`));
  }
  return below(name, ...linesOf(schema));
}

function below(name: string, ...lines: string[]): string {
  const quoted = lines.map((line) => `"${line}"`).join(' and ');
  return `; in YAML: "${name}:" and on the lines below it, further in, ${quoted}`;
}

/** What a text becomes as a list: its words, where commas or blanks divide it, else the text itself. */
function listOf(schema: TSchema, text: string): string {
  const { maxLength = 0 } = schema as { maxLength?: number };
  if (maxLength > MAX_WORD) return '["…"]';
  const words = text.split(/[,;\s]+/).filter((word) => word !== '');
  if (words.length > 0 && words.length <= 10 && words.every((word) => WORD.test(word))) {
    const items = words.map((word) => (word.startsWith('#') ? JSON.stringify(word) : word));
    return `[${items.join(', ')}]`;
  }
  return '["…"]';
}

/** The lines that a mapping needs at least. */
function linesOf(schema: TSchema): string[] {
  if (Type.IsRecord(schema)) {
    const [entry] = Object.values(schema.patternProperties);
    return [entry && Type.IsArray(entry) ? 'en: ["…"]' : 'en: …'];
  }
  if (!Type.IsObject(schema)) return [];
  const known = Object.keys(schema.properties);
  return (schema.required ?? known).map((name) => `${name}: …`);
}
