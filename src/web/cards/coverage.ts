import { brotliDecompressSync } from 'node:zlib';

/** Inclusive ranges of code points. */
export type Ranges = readonly (readonly [number, number])[];

const HEADER_BYTES = 48;
const TAG_CMAP = 0;
const TAG_GLYF = 10;
const TAG_LOCA = 11;
const TAG_OTHER = 63;

/**
 * The code points that a WOFF2 font has glyphs for. Sources: WOFF 2.0 (W3C), sections 4 and 5; OpenType, cmap, formats 4 and 12.
 * @throws Error for what is no such font.
 */
export function coverageOf(font: Buffer): Ranges {
  if (font.toString('latin1', 0, 4) !== 'wOF2') throw new Error('This is no WOFF2 font');
  let at = HEADER_BYTES;
  const read128 = (): number => {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = font.readUInt8(at++);
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw new Error('A length in this font is too long');
  };
  let before = 0;
  let cmap: { offset: number; length: number } | null = null;
  for (let i = font.readUInt16BE(12); i > 0; i--) {
    const flags = font.readUInt8(at++);
    const tag = flags & 0x3f;
    if (tag === TAG_OTHER) at += 4;
    const length = read128();
    const version = flags >> 6;
    const transformed = tag === TAG_GLYF || tag === TAG_LOCA ? version !== 3 : version !== 0;
    const stored = transformed ? read128() : length;
    if (tag === TAG_CMAP) cmap = { offset: before, length };
    before += stored;
  }
  if (cmap === null) throw new Error('This font says of no character which glyph it has');
  const tables = brotliDecompressSync(font.subarray(at, at + font.readUInt32BE(20)));
  return readCmap(tables.subarray(cmap.offset, cmap.offset + cmap.length));
}

function readCmap(cmap: Buffer): Ranges {
  const offsets = Array.from({ length: cmap.readUInt16BE(2) }, (_, i) =>
    cmap.readUInt32BE(8 + 8 * i),
  );
  const tables = offsets.map((offset) => cmap.subarray(offset));
  const long = tables.find((table) => table.readUInt16BE(0) === 12);
  const short = tables.find((table) => table.readUInt16BE(0) === 4);
  if (long) return readFormat12(long);
  if (short) return readFormat4(short);
  throw new Error('This font’s characters are listed in no way that is known here');
}

function readFormat12(table: Buffer): Ranges {
  return Array.from({ length: table.readUInt32BE(12) }, (_, i) => [
    table.readUInt32BE(16 + 12 * i),
    table.readUInt32BE(20 + 12 * i),
  ]);
}

function readFormat4(table: Buffer): Ranges {
  const bytes = table.readUInt16BE(6);
  const ends = 14;
  const starts = ends + bytes + 2;
  const found: [number, number][] = [];
  for (let i = 0; i < bytes; i += 2) {
    const end = table.readUInt16BE(ends + i);
    // The last segment is there to end the list.
    if (end < 0xffff) found.push([table.readUInt16BE(starts + i), end]);
  }
  return found;
}

/** Whether one of the ranges holds the code point. */
export function covers(ranges: Ranges, point: number): boolean {
  return ranges.some(([from, to]) => from <= point && point <= to);
}
