import { CST, Lexer } from 'yaml';

/** A piece of a YAML file: what the lexer takes it for, and how many UTF-16 units into the text it begins. */
export interface YamlToken {
  /** As CST.tokenType calls it; `scalar` is a text without quotes, with all its lines. */
  type: string;
  at: number;
  source: string;
}

/** What the lexer says without taking anything off the text. */
const SIGNS = ['doc-mode', 'flow-error-end'];

/** The pieces of a YAML file. The lexer does not recurse, so no file is too deep for it. */
export function* yamlTokens(text: string): Generator<YamlToken> {
  let at = 0;
  let isText = false;
  for (const source of new Lexer().lex(text)) {
    const type: string = isText ? 'scalar' : String(CST.tokenType(source));
    // One sign says that the next piece is a text, whatever it begins with.
    isText = !isText && type === 'scalar';
    if (isText || SIGNS.includes(type)) continue;
    yield { type, at, source };
    at += source.length;
  }
}
