import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { InputError } from './errors.ts';

/** UTF-8 bytes of a campaign file. */
export const FILE_MAX = 256 * 1024;
/** Aliases are welcome to repeat a story; thousands of them are a bomb. */
const ALIASES_MAX = 100;

/** One thing wrong, and how many UTF-16 units into the text. */
interface Fault {
  said: string;
  at: number;
}

/**
 * A campaign file as plain data, to be handed to `validateCampaign`.
 * @throws InputError on `file` with line and column: over 256 KiB, not YAML, a key given twice, not a mapping.
 */
export function parseCampaignYaml(text: string): unknown {
  const size = Buffer.byteLength(text);
  if (size > FILE_MAX) throw fault(`has ${size} bytes; ${FILE_MAX} are the most`);
  const lines = new LineCounter();
  const document = read(text, lines);
  const wrong = syntaxFault(document) ?? doubleKey(document);
  if (wrong) {
    const { line, col } = lines.linePos(wrong.at);
    const there = text.split('\n')[line - 1]?.trim().slice(0, 40);
    throw fault(`cannot be read: ${wrong.said} (line ${line}, column ${col}: "${there}")`);
  }
  if (!isMap(document.contents)) {
    throw fault('must be a mapping of fields such as `title:` and `moment:` (line 1, column 1)');
  }
  return toData(document);
}

function read(text: string, lines: LineCounter): Document.Parsed {
  try {
    // yaml compares every key with every other; doubleKey does it in one pass.
    const options = { lineCounter: lines, prettyErrors: false, stringKeys: true };
    return parseDocument(text, { ...options, uniqueKeys: false, logLevel: 'error' });
  } catch (error) {
    if (error instanceof RangeError) throw fault('cannot be read: it is nested too deeply');
    throw error;
  }
}

function syntaxFault(document: Document.Parsed): Fault | null {
  const [problem] = [...document.errors, ...document.warnings];
  if (!problem) return null;
  const at = problem.pos[0];
  if (problem.code === 'MULTIPLE_DOCS') return { said: 'it holds more than one document', at };
  if (/call stack/.test(problem.message)) return { said: 'it is nested too deeply', at };
  return { said: `it is not YAML: ${problem.message}`, at };
}

function doubleKey(document: Document.Parsed): Fault | null {
  let found: Fault | null = null;
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          found = { said: `the key \`${key.value}\` is here twice`, at: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

function toData(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    // What yaml throws for too many aliases.
    if (error instanceof ReferenceError) throw fault('uses too many aliases; write them out');
    throw error;
  }
}

function fault(message: string): InputError {
  return new InputError([{ field: 'file', message }]);
}
