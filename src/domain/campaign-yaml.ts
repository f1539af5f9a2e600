import { isMap, LineCounter, parseDocument } from 'yaml';
import { InputError } from './errors.ts';

/** UTF-8 bytes of a campaign file. */
export const FILE_MAX = 256 * 1024;
/** Aliases are welcome to repeat a story; thousands of them are a bomb. */
const ALIASES_MAX = 100;

/**
 * A campaign file as plain data, to be handed to `validateCampaign`.
 * @throws InputError on `file` with line and column: over 256 KiB, not YAML, a key given twice, not a mapping.
 */
export function parseCampaignYaml(text: string): unknown {
  const size = Buffer.byteLength(text);
  if (size > FILE_MAX) throw fault(`has ${size} bytes; ${FILE_MAX} are the most`);
  try {
    return parse(text);
  } catch (error) {
    // Thousands of brackets exhaust the stack; too many aliases are a ReferenceError.
    if (error instanceof RangeError) throw fault('is nested too deeply');
    if (error instanceof ReferenceError) throw fault('uses too many aliases; write them out');
    throw error;
  }
}

function parse(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'error',
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const there = text.split('\n')[line - 1]?.trim().slice(0, 40);
    const said = /call stack/.test(problem.message) ? 'nested too deeply' : problem.message;
    throw fault(`is not YAML that can be read: ${said} (line ${line}, column ${col}: "${there}")`);
  }
  if (!isMap(document.contents)) {
    throw fault('must be a mapping of fields such as `title:` and `moment:` (line 1, column 1)');
  }
  return document.toJS({ maxAliasCount: ALIASES_MAX });
}

function fault(message: string): InputError {
  return new InputError([{ field: 'file', message }]);
}
