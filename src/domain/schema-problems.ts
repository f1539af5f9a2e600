import { type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { notPlain } from './campaign-file/json-numbers.ts';
import { yamlExample } from './campaign-file/yaml-example.ts';
import type { FieldProblem } from './errors.ts';
import { lookalikeIn } from './lookalike.ts';
import { didYouMean } from './suggest.ts';

/**
 * Everything in which a value differs from its schema, in the words of this product. Written out because typebox
 * stops after eight errors and names fields by JSON pointer; people get all of them, by dotted path. Objects, records
 * and arrays are walked, leaves are left to typebox. A schema's `description` says what is wanted.
 */
export function shapeProblems(schema: TSchema, value: unknown, field: string): FieldProblem[] {
  if (Type.IsObject(schema)) {
    if (!isMapping(value)) return [notMade(schema, value, field, 'a mapping of fields')];
    return objectProblems(schema, value, field);
  }
  if (Type.IsRecord(schema)) {
    if (!isMapping(value)) return [notMade(schema, value, field, 'a mapping')];
    const [entry] = Object.values(schema.patternProperties);
    return Object.entries(value).flatMap(([key, item]) =>
      entry ? shapeProblems(entry, item, join(field, key)) : [],
    );
  }
  if (Type.IsArray(schema)) {
    if (!Array.isArray(value)) return [notMade(schema, value, field, 'a list')];
    return arrayProblems(schema, value, field);
  }
  return leafProblems(schema, value, field);
}

function notMade(schema: TSchema, value: unknown, field: string, what: string): FieldProblem {
  const such = field === '' && Type.IsObject(schema) ? (schema.required ?? []) : [];
  const mend = such.length === 0 ? '' : `; give its fields: ${such.join(', ')}`;
  const problem = wanted(schema, field, `must be ${what}${mend}`);
  return { ...problem, message: `${problem.message}${yamlExample(schema, value, field)}` };
}

/** True for what YAML and JSON call a mapping or an object. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectProblems(
  schema: Type.TObject,
  value: Record<string, unknown>,
  field: string,
): FieldProblem[] {
  const known = Object.keys(schema.properties);
  const wrapper = field === '' ? wrapperIn(value, known) : null;
  if (wrapper !== null) {
    const message =
      'is no field, and holds all of them; remove it, and begin what is in it one step further out';
    return [{ field: wrapper, message }];
  }
  const unknown = Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({ field: join(field, key), message: notThere(schema, key) }));
  const inside = Object.entries(schema.properties).flatMap(([key, inner]) => {
    const path = join(field, key);
    if (Object.hasOwn(value, key) && value[key] !== undefined)
      return shapeProblems(inner, value[key], path);
    return schema.required?.includes(key) ? [wanted(inner, path, 'is missing')] : [];
  });
  return [...unknown, ...inside];
}

/** The one name around everything, `campaign:`, as files of other programs have it; null where there is none. */
function wrapperIn(value: Record<string, unknown>, known: readonly string[]): string | null {
  const [key = '', ...others] = Object.keys(value);
  const inner = value[key];
  if (others.length > 0 || known.includes(key) || !isMapping(inner)) return null;
  return Object.keys(inner).filter((one) => known.includes(one)).length > 1 ? key : null;
}

/** What to do about a name that is none here: it may be meant to stand within another field. */
function notThere({ properties }: Type.TObject, key: string): string {
  const known = Object.keys(properties);
  const near = didYouMean(key, known);
  const owner = known.find((one) => {
    const inner = properties[one];
    return Type.IsObject(inner) && Object.hasOwn(inner.properties, key);
  });
  if (owner !== undefined && near === '') {
    return `is not a field of its own; it is a part of \`${owner}\`: in YAML it stands below "${owner}:", further in`;
  }
  return `is not a field that exists${near || `; there are ${known.join(', ')}`}`;
}

/** typebox keeps an array's options out of its type. */
type Limits = { minItems?: number; maxItems?: number };

function arrayProblems(schema: Type.TArray, value: unknown[], field: string): FieldProblem[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema as Limits;
  if (value.length > maxItems) {
    return [wanted(schema, field, `has ${value.length} entries; ${maxItems} are the most`)];
  }
  if (value.length < minItems) return [wanted(schema, field, 'has too few entries')];
  return value.flatMap((item, index) => shapeProblems(schema.items, item, `${field}[${index}]`));
}

const KINDS: Readonly<Record<string, string>> = { string: 'a text', boolean: 'true or false' };

/** Whole numbers that JavaScript does not hold exactly come as texts. */
const MANY_DIGITS = /^[1-9][0-9]{15,}$/;

function rangeProblem(schema: TSchema, value: unknown): string | null {
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  if (!Type.IsInteger(schema)) return null;
  const number = typeof value === 'string' && MANY_DIGITS.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return null;
  if (maximum !== undefined && number > maximum) return 'is too large';
  if (minimum !== undefined && number < minimum) return 'is too small';
  return null;
}

function leafProblems(schema: TSchema, value: unknown, field: string): FieldProblem[] {
  const outside = rangeProblem(schema, value);
  if (outside !== null) return [wanted(schema, field, outside)];
  const [error] = Value.Errors(schema, value);
  if (!error) return [];
  switch (error.keyword) {
    case 'maxLength': {
      const over = [...String(value)].length - Number(error.params.limit);
      return [{ field, message: `has more than ${error.params.limit} characters; cut ${over}` }];
    }
    case 'minLength':
      return [wanted(schema, field, value === '' ? 'is empty' : 'is too short')];
    case 'type':
      if (value === '') return [wanted(schema, field, 'is empty')];
      if (Type.IsInteger(schema) && typeof value === 'string') {
        return [{ field, message: notPlain(value) }];
      }
      return [
        wanted(schema, field, `must be ${KINDS[String(error.params.type)] ?? 'a whole number'}`),
      ];
    default: {
      const lookalike = lookalikeIn(String(value));
      return [
        wanted(
          schema,
          field,
          lookalike ? `is not right: ${lookalike.description}` : 'is not right',
        ),
      ];
    }
  }
}

function wanted(schema: TSchema, field: string, message: string): FieldProblem {
  const { description } = schema as { description?: unknown };
  const hint = typeof description === 'string' ? `; give ${description}` : '';
  return { field: field || 'campaign', message: `${message}${hint}` };
}

function join(field: string, key: string): string {
  return field === '' ? key : `${field}.${key}`;
}
