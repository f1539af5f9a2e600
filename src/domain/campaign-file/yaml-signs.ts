import { Scalar } from 'yaml';

/** An escape in a text within double quotes (YAML 1.2.2, 5.7): a number in hexadecimal, or one character. */
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\r?\n|.)/suy;

/**
 * For each UTF-16 unit of a scalar's value that is no blank, tab or line break: how many units into its source it stands.
 * `source`: as it is in the file, with quotes or the line of the `|` or `>`.
 */
export function scalarSigns(source: string, type: Scalar.Type): number[] {
  switch (type) {
    case Scalar.BLOCK_FOLDED:
    case Scalar.BLOCK_LITERAL:
      return plainSigns(source, source.indexOf('\n') + 1, source.length);
    case Scalar.QUOTE_SINGLE:
      return singleQuotedSigns(source);
    case Scalar.QUOTE_DOUBLE:
      return doubleQuotedSigns(source);
    default:
      return plainSigns(source, 0, source.length);
  }
}

function plainSigns(source: string, from: number, to: number): number[] {
  const signs: number[] = [];
  for (let at = from; at < to; at += 1) {
    if (!/[ \t\r\n]/.test(source[at] ?? ' ')) signs.push(at);
  }
  return signs;
}

/** Within ' ' an apostrophe is written twice. */
function singleQuotedSigns(source: string): number[] {
  const signs = plainSigns(source, 1, source.length - 1);
  let isSecond = false;
  return signs.filter((at, index) => {
    const isPair = source[at] === "'" && signs[index - 1] === at - 1 && source[at - 1] === "'";
    isSecond = isPair && !isSecond;
    return !isSecond;
  });
}

function doubleQuotedSigns(source: string): number[] {
  const signs: number[] = [];
  let at = 1;
  while (at < source.length - 1) {
    ESCAPE.lastIndex = at;
    const found = source[at] === '\\' ? ESCAPE.exec(source) : null;
    const written = found ? meantBy(found) : (source[at] ?? ' ');
    for (const unit of written.split('')) if (!/[ \t\r\n]/.test(unit)) signs.push(at);
    at += found?.[0].length ?? 1;
  }
  return signs;
}

/** What an escape stands for, as far as it matters: blanks, how many units, or nothing at the end of a line. */
function meantBy([written, two, four, eight]: RegExpExecArray): string {
  const code = two ?? four ?? eight;
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
  if (/^\\\r?\n$/.test(written)) return '';
  return /^\\[ ntr\t]$/.test(written) ? ' ' : 'x';
}
