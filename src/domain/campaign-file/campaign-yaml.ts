import { type TSchema, Type } from 'typebox';
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  Scalar,
  type YAMLMap,
} from 'yaml';
import { CampaignInput } from '../campaign-schema.ts';
import { InputError } from '../errors.ts';
import { findCause, mendIn } from './yaml-cause.ts';
import type { YamlFault } from './yaml-fault.ts';
import { misreadings } from './yaml-meant.ts';
import { rememberPlaces } from './yaml-places.ts';
import { yamlTokens } from './yaml-tokens.ts';

/** UTF-8 bytes of a campaign file. */
export const MAX_FILE = 256 * 1024;
/** Aliases are welcome to repeat a story; thousands of them are a bomb. */
const MAX_ALIASES = 100;
/** Brackets within brackets, signs that open a list or key on one line, and blanks before a line. A campaign has 2, 1, 6. */
const MAX_DEPTH = 100;
/** Digits and nothing else, as a number that JavaScript holds exactly. */
const PLAIN_NUMBER = /^(?:0|[1-9][0-9]{0,14})$/;

/** A campaign file as plain data, to be handed to `validateCampaign`. @throws InputError as `parseYamlFile` does. */
export function parseCampaignYaml(text: string): unknown {
  return parseYamlFile(text, CampaignInput);
}

/**
 * A file as plain data, to be handed to the check of its `schema`, whose problems then name the file's lines. What a value is follows
 * from its field and never from its look: `no` is Norwegian, 1.10 and 2027-01-01 are texts, and only a goal is a number.
 * @throws InputError on `file` with line and column: over 256 KiB, not YAML, YAML that reads as something that is never meant in a
 * campaign (see `misreadings`), not a mapping.
 */
export function parseYamlFile(text: string, schema: TSchema): unknown {
  const size = Buffer.byteLength(text);
  if (size > MAX_FILE) throw fault(`has ${size} bytes; ${MAX_FILE} are the most`);
  refuseControls(text);
  refuseLoneReturns(text);
  refuseFences(text);
  refuseBombs(text);
  const lines = new LineCounter();
  // yaml compares every key with every other; `misreadings` does it in one pass. Failsafe: every scalar is a text.
  const options = { schema: 'failsafe', stringKeys: false, uniqueKeys: false } as const;
  const document = parseDocument(text, {
    ...options,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const faults = faultsIn(text, document, schema);
  if (faults.length > 0) throw new InputError(faults.map((one) => placed(text, lines, one)));
  const { contents } = document;
  if (!isMap(contents)) {
    if (/^[a-z_]+:\S/.test(text)) {
      throw fault('has a name whose colon has no blank behind it (line 1); put one there');
    }
    if (isSeq(contents)) {
      throw fault(
        'must be a mapping of fields, and is a list, since its first line begins with a dash (line 1, column 1); remove the dash, and begin all fields at the left edge',
      );
    }
    throw fault(
      'must be a mapping of fields, each a name, a colon and what it holds (line 1, column 1)',
    );
  }
  const data = toData(document, contents, schema);
  rememberPlaces(data, { text, document, lines });
  return data;
}

function placed(text: string, lines: LineCounter, { problem: said, at, mend }: YamlFault) {
  const { line, col } = lines.linePos(lastSignBefore(text, at));
  const whole = text.split('\n')[line - 1] ?? '';
  const there = whole.trim().slice(0, 40);
  const message = `cannot be read: ${said} (line ${line}, column ${col}: "${there}"); ${mendIn(whole, mend)}`;
  return { field: 'file', message };
}

/** The parser places some faults behind the line that has them: on an empty line the last sign before it is meant. */
function lastSignBefore(text: string, at: number): number {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const [line = ''] = text.slice(lineStart).split('\n', 1);
  return line.trim() === '' ? Math.max(0, text.slice(0, lineStart).trimEnd().length - 1) : at;
}

/** Everything that is misread; where the file is not YAML at all, what a comment swallowed or else the first cause. */
function faultsIn(text: string, document: Document.Parsed, schema: TSchema): YamlFault[] {
  const [problem] = [...document.errors, ...document.warnings];
  const misread = misreadings(text, document, schema);
  if (!problem) return misread;
  // A line that is set in wrongly is found at its beginning, before its blanks.
  const reached = problem.pos[0] + text.slice(problem.pos[0]).search(/[^ ]|$/);
  const sooner = misread.filter(({ at }) => at <= reached);
  return sooner.length > 0 ? sooner : [findCause(text, { code: problem.code, at: problem.pos[0] })];
}

/** The parser's lexer takes three of them for signs of its own, and no text may hold one. */
function refuseControls(text: string): void {
  const at = text.search(/(?![\t\n\r])[\p{Cc}]/u);
  if (at < 0) return;
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  throw fault(`holds a control character, U+${code} (line ${lineOf(text, at)}); remove it`);
}

/** YAML ends a line at CR alone, too, but what counts lines in a text here does not, nor do most editors. */
function refuseLoneReturns(text: string): void {
  const at = text.search(/\r(?!\n)/);
  if (at < 0) return;
  throw fault(
    `ends a line with CR alone, as on old Macs (line ${lineOf(text, at)}); save it with line ends LF or CR LF`,
  );
}

/** The marks between which Markdown shows a file. Further in, such a line is a part of a text. */
const FENCE = /^(?:`{3,}|~{3,}).*$/m;
/** Signs of an answer, before every line of a mail. */
const QUOTED = /^>.*$/;

/** A file that was copied together with what stood around it: the marks of a code block, or those of a quoted mail. */
function refuseFences(text: string): void {
  const [first = ''] = text.trimStart().split('\n');
  const fence = FENCE.exec(/^(?:`{3}|~{3})/.test(first) ? text.trimStart() : text);
  const at = fence ? text.indexOf(fence[0]) : -1;
  if (fence) {
    const seen = fence[0].trimEnd().slice(0, 40);
    throw fault(
      `stands in a code block of Markdown, "${seen}" (line ${lineOf(text, at)}); remove this line and its fellow, and what stands outside them`,
    );
  }
  if (QUOTED.test(first) && !/^>[-+]?\d*\s*$/.test(first)) {
    throw fault(
      `has > before its lines, as a mail that is answered (line ${lineOf(text, text.indexOf(first))}); remove it from each line`,
    );
  }
}

/**
 * Refuses what is nested very deeply or full of aliases before it is parsed. The parser recurses, and V8 does not throw
 * but ends the process when it must compile a regular expression where the stack is nearly used up (seen on Node 20
 * with 100,000 brackets). The lexer does not recurse.
 */
function refuseBombs(text: string): void {
  let brackets = 0;
  let onLine = 0;
  let aliases = 0;
  let atStart = true;
  for (const { type, source, at } of yamlTokens(text)) {
    if (type === 'directive-line') {
      throw fault(
        `holds an order to the parser, "${source.slice(0, 40)}" (line ${lineOf(text, at)}); remove it`,
      );
    }
    if (type === 'newline') onLine = 0;
    if (type === 'alias') aliases += 1;
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets += 1;
    if (type === 'flow-seq-end' || type === 'flow-map-end') brackets -= 1;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') onLine += 1;
    if (type === 'space' && atStart) onLine += source.length;
    atStart = type === 'newline';
    if (Math.max(brackets, onLine) > MAX_DEPTH) {
      throw fault(
        `cannot be read: it is nested too deeply (line ${lineOf(text, at)}); a campaign needs no more than three levels`,
      );
    }
    if (aliases > MAX_ALIASES) {
      throw fault(
        `uses too many aliases: more than ${MAX_ALIASES} (line ${lineOf(text, at)}); write them out`,
      );
    }
  }
}

function toData(document: Document.Parsed, contents: YAMLMap, schema: TSchema): object {
  try {
    return { ...document.toJS({ maxAliasCount: MAX_ALIASES }), ...typedFields(contents, schema) };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    // What yaml throws for aliases of aliases that unfold to more than the limit.
    throw fault('uses too many aliases; write them out');
  }
}

/** The fields that hold no text, where they are written without quotes and in the one way that means nothing else. */
function typedFields(map: YAMLMap, schema: TSchema): Record<string, number | boolean> {
  const typed: Record<string, number | boolean> = {};
  const fields = Type.IsObject(schema) ? schema.properties : {};
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!isScalar(value) || value.type !== Scalar.PLAIN || !Object.hasOwn(fields, name)) continue;
    const source = String(value.value);
    const field = fields[name] as TSchema;
    if (Type.IsInteger(field) && PLAIN_NUMBER.test(source)) typed[name] = Number(source);
    if (Type.IsBoolean(field) && /^(?:true|false)$/.test(source)) typed[name] = source === 'true';
  }
  return typed;
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function fault(message: string): InputError {
  return new InputError([{ field: 'file', message }]);
}
