/** What bytes 0x80 to 0x9F are in Windows-1252; five of them are nothing. */
export const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

/** A code page that programs read files in, and what it makes of bytes. */
export interface CodePage {
  /** As people know it. */
  name: string;
  /** Whether characters take two bytes in it. */
  isDouble: boolean;
  /** The bytes of one character beyond ASCII, or undefined where it has none. */
  bytesOf(sign: string): readonly number[] | undefined;
}

const SINGLE: readonly (readonly [label: string, name: string])[] = [
  ['windows-1251', 'Windows-1251'],
  ['windows-1252', 'Windows-1252'],
  ['windows-1250', 'Windows-1250'],
  ['windows-1254', 'Windows-1254'],
  ['windows-1256', 'Windows-1256'],
  ['windows-1253', 'Windows-1253'],
  ['windows-1255', 'Windows-1255'],
  ['windows-1257', 'Windows-1257'],
  ['windows-1258', 'Windows-1258'],
  ['windows-874', 'Windows-874'],
  ['koi8-r', 'KOI8-R'],
  ['ibm866', 'code page 866'],
  ['macintosh', 'Mac Roman'],
  ['x-mac-cyrillic', 'Mac Cyrillic'],
];
/** Those of consoles, which no decoder knows: what bytes 0x80 to 0xFF are. */
const CONSOLE: readonly (readonly [name: string, signs: string])[] = [
  [
    'code page 437',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0',
  ],
  [
    'code page 850',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00AD±‗¾¶§÷¸°¨·¹³²■\u00A0',
  ],
];
const DOUBLE: readonly (readonly [label: string, name: string])[] = [
  ['gbk', 'GBK'],
  ['big5', 'Big5'],
  ['shift_jis', 'Shift_JIS'],
  ['euc-kr', 'EUC-KR'],
];

/** Those of one byte a character. */
export const SINGLE_BYTE_PAGES: readonly CodePage[] = [
  ...SINGLE.map(([label, name]) => pageOf(name, false, () => singleTable(label))),
  ...CONSOLE.map(([name, signs]) => pageOf(name, false, () => consoleTable(signs))),
];
/** Those of East Asia. A table of some 20,000 characters each is made when the first text needs it. */
export const DOUBLE_BYTE_PAGES: readonly CodePage[] = DOUBLE.map(([label, name]) =>
  pageOf(name, true, () => doubleTable(label)),
);

/** Bytes as a code page reads them, with U+FFFD for what it has no character for. */
export function decodePage(label: string, bytes: readonly number[]): string {
  return new TextDecoder(label).decode(Uint8Array.from(bytes));
}

type Table = ReadonlyMap<string, readonly number[]>;

function pageOf(name: string, isDouble: boolean, make: () => Table): CodePage {
  let table: Table | undefined;
  return {
    name,
    isDouble,
    bytesOf(sign) {
      table ??= make();
      return table.get(sign);
    },
  };
}

function singleTable(label: string): Table {
  const table = new Map<string, readonly number[]>();
  for (let byte = 0x80; byte <= 0xff; byte += 1) {
    // Some readers leave what a page has nothing for as the control character of that number, and Node does so throughout
    // Windows-1252 (seen in 20.20.2).
    if (byte < 0xa0) table.set(String.fromCharCode(byte), [byte]);
    const isOwn = label === 'windows-1252' && byte < 0xa0;
    table.set(isOwn ? (WINDOWS_1252[byte - 0x80] ?? '') : decodePage(label, [byte]), [byte]);
  }
  return table;
}

function consoleTable(signs: string): Table {
  return new Map([...signs].map((sign, index) => [sign, [0x80 + index]] as const));
}

function doubleTable(label: string): Table {
  const table = new Map<string, readonly number[]>();
  for (let lead = 0x80; lead <= 0xff; lead += 1) {
    const alone = decodePage(label, [lead]);
    if (alone !== '\uFFFD') table.set(alone, [lead]);
    const trails = Array.from({ length: 0xff - 0x40 }, (_, index) => 0x40 + index);
    const signs = decodePage(
      label,
      trails.flatMap((trail) => [lead, trail, 0x0a]),
    ).split('\n');
    for (const [index, sign] of signs.entries()) {
      const trail = trails[index];
      if (trail === undefined || [...sign].length !== 1 || sign === '\uFFFD') continue;
      if (!table.has(sign)) table.set(sign, [lead, trail]);
    }
  }
  return table;
}
