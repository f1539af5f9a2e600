import {
  CST,
  type Document,
  isMap,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import { InputError } from './errors.ts';

/** UTF-8 bytes of a campaign file. */
export const FILE_MAX = 256 * 1024;
/** Aliases are welcome to repeat a story; thousands of them are a bomb. */
const ALIASES_MAX = 100;
/** Brackets within brackets, signs that open a list or key on one line, and blanks before a line. A campaign has 2, 1, 6. */
const DEPTH_MAX = 100;

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
  refuseBombs(text);
  const lines = new LineCounter();
  // yaml compares every key with every other; doubleKey does it in one pass.
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false };
  const document = parseDocument(text, { ...options, logLevel: 'error' });
  const wrong = syntaxFault(document) ?? doubleKey(document);
  if (wrong) {
    const { line, col } = lines.linePos(wrong.at);
    const there = text.split('\n')[line - 1]?.trim().slice(0, 40);
    throw fault(`cannot be read: ${wrong.said} (line ${line}, column ${col}: "${there}")`);
  }
  if (!isMap(document.contents)) {
    throw fault(
      'must be a mapping of fields, each a name, a colon and what it holds (line 1, column 1)',
    );
  }
  return toData(document);
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
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'newline') onLine = 0;
    if (type === 'alias') aliases += 1;
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets += 1;
    if (type === 'flow-seq-end' || type === 'flow-map-end') brackets -= 1;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') onLine += 1;
    if (type === 'space' && atStart) onLine += token.length;
    atStart = type === 'newline';
    if (Math.max(brackets, onLine) > DEPTH_MAX)
      throw fault('cannot be read: it is nested too deeply');
    if (aliases > ALIASES_MAX) throw fault('uses too many aliases; write them out');
  }
}

function syntaxFault(document: Document.Parsed): Fault | null {
  const [problem] = [...document.errors, ...document.warnings];
  if (!problem) return null;
  const at = problem.pos[0];
  if (problem.code === 'MULTIPLE_DOCS') return { said: 'it holds more than one document', at };
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
    if (!(error instanceof ReferenceError)) throw error;
    // What yaml throws for an alias of nothing, and for aliases of aliases that unfold to more than the limit.
    const unknown = error.message.startsWith('Unresolved alias');
    throw fault(
      unknown ? `cannot be read: ${error.message}` : 'uses too many aliases; write them out',
    );
  }
}

function fault(message: string): InputError {
  return new InputError([{ field: 'file', message }]);
}
