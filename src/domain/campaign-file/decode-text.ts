import { InputError } from '../errors.ts';
import { WINDOWS_1252 } from '../text/code-pages.ts';

/** How files begin that are no plain text, in Latin-1, what some of them hold soon after, and what such a file is. */
const SIGNATURES: readonly { begins: string; holds?: string; what: string }[] = [
  { begins: 'PK\x03\x04', holds: 'word/', what: 'a Word document (.docx)' },
  { begins: 'PK\x03\x04', holds: 'opendocument', what: 'a LibreOffice document (.odt)' },
  { begins: 'PK\x03\x04', what: 'a ZIP archive or an office document' },
  { begins: '\xd0\xcf\x11\xe0', what: 'a Word document of the old kind (.doc)' },
  { begins: '{\\rtf', what: 'a document in Rich Text Format (.rtf)' },
  { begins: '%PDF-', what: 'a PDF document' },
  { begins: '\x89PNG', what: 'a picture' },
  { begins: '\xff\xd8\xff', what: 'a picture' },
  { begins: 'GIF8', what: 'a picture' },
  { begins: '\x1f\x8b', what: 'a compressed archive (.gz)' },
  { begins: '\xff\xfe\0\0', what: 'text in UTF-32' },
  { begins: '\0\0\xfe\xff', what: 'text in UTF-32' },
  { begins: '\xff\xfe', what: 'text in UTF-16, which Windows calls “Unicode”' },
  { begins: '\xfe\xff', what: 'text in UTF-16, which Windows calls “Unicode”' },
];
const PAGE = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|\?xml)\b/i;
/** As far as a signature is looked for, in bytes. */
const HEAD_BYTES = 4096;
const MEND = 'save it as plain text in UTF-8';

/**
 * Bytes as text, if they are UTF-8; byte order marks at the beginning are left out: some editors put one before another's. Nothing is
 * guessed or replaced.
 * @throws InputError on `field`, which says what else the bytes are, or names the first wrong byte and its line.
 */
export function decodeText(bytes: Uint8Array, field = 'file'): string {
  const refuse = (message: string) => new InputError([{ field, message }]);
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  const sign = SIGNATURES.find(
    ({ begins, holds = '' }) => head.startsWith(begins) && head.includes(holds),
  );
  const kind = PAGE.test(head) ? 'an HTML or XML page' : sign?.what;
  if (kind !== undefined) throw refuse(`is ${kind}, not plain text; ${MEND}`);
  if (isUtf16(bytes)) throw refuse(`is text in UTF-16 without a byte order mark; ${MEND}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/^\uFEFF+/, '');
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw refuse(wrongByte(bytes));
  }
}

/** Every second byte of Latin text in UTF-16 is 0, and none is in UTF-8. Of other alphabets the line breaks show it. */
function isUtf16(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, HEAD_BYTES);
  const zeros = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  return Math.max(even, odd) > head.length / 50 && Math.min(even, odd) < head.length / 200;
}

function wrongByte(bytes: Uint8Array): string {
  const at = firstWrongByte(bytes);
  const before = bytes.subarray(0, at);
  const line = before.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 1);
  const start = before.lastIndexOf(0x0a) + 1;
  const end = bytes.indexOf(0x0a, at);
  const encoding = likelyEncoding(bytes);
  const shown = new TextDecoder(encoding)
    .decode(bytes.subarray(start, end < 0 ? undefined : end))
    // Node takes Windows-1252 for Latin-1 (seen in 20.20.2).
    .replace(/[\u0080-\u009F]/g, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign)
    .replace(/\p{Cc}/gu, ' ')
    .trim();
  const name = `0x${(bytes[at] ?? 0).toString(16).toUpperCase()}`;
  const reading = `in ${ENCODINGS[encoding]} that line would be “${shown.slice(0, 60)}”`;
  return `is not UTF-8: byte ${at + 1}, ${name}, in line ${line} stands for no character; ${reading}; ${MEND}`;
}

/** A decoder writes U+FFFD for what it cannot read; the file may also hold the three bytes of U+FFFD itself. */
function firstWrongByte(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let at = 0;
  let read = 0;
  for (const { index } of text.matchAll(/\uFFFD/g)) {
    at += Buffer.byteLength(text.slice(read, index));
    read = index;
    const isItself = bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
    if (!isItself) break;
  }
  return at;
}

const ENCODINGS = {
  'windows-1252': 'Windows-1252 (Western European)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
} as const;

/** Of these two: words in Cyrillic are high bytes throughout, words in Latin letters hold one here and there. */
function likelyEncoding(bytes: Uint8Array): keyof typeof ENCODINGS {
  let high = 0;
  let inRuns = 0;
  for (const [index, byte] of bytes.entries()) {
    if (byte < 0xc0) continue;
    high += 1;
    if ((bytes[index - 1] ?? 0) >= 0xc0 || (bytes[index + 1] ?? 0) >= 0xc0) inRuns += 1;
  }
  return inRuns > high / 2 ? 'windows-1251' : 'windows-1252';
}
