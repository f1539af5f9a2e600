/** No line of a ledger comes near this; what does is no ledger, and is not to fill the memory. */
const MAX_LINE_LENGTH = 1_048_576;

/** Cuts bytes into lines, whatever the pieces they come in. */
export interface LineReader {
  add(bytes: Uint8Array): void;
  /** True when bytes are left that no line feed ended; they are dropped. */
  end(): boolean;
}

/**
 * Gives `each` every line without its line feed; null for one that is not UTF-8 or is far too long. Only the line feed ends a
 * line: what else Unicode and Node's readline take for one may stand inside a text.
 */
export function createLineReader(each: (line: string | null) => void): LineReader {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let pieces: Uint8Array[] = [];
  let length = 0;
  const keep = (piece: Uint8Array): void => {
    length += piece.length;
    if (length <= MAX_LINE_LENGTH) pieces.push(piece);
    else pieces = [];
  };
  const flush = (): void => {
    const line = length > MAX_LINE_LENGTH ? null : decode(decoder, pieces, length);
    pieces = [];
    length = 0;
    each(line);
  };
  return {
    add(bytes) {
      let from = 0;
      for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
        keep(bytes.subarray(from, to));
        flush();
        from = to + 1;
      }
      // A copy: the stream may use the same memory for the next chunk.
      if (from < bytes.length) keep(bytes.slice(from));
    },
    end: () => length > 0,
  };
}

function decode(
  decoder: TextDecoder,
  pieces: readonly Uint8Array[],
  length: number,
): string | null {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  try {
    return decoder.decode(whole);
  } catch {
    return null;
  }
}
