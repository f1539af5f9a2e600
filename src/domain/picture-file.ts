import { orientationOf } from './exif.ts';

/** The three formats of pictures that are taken, read without decoding anything. */

/** What a file says of its picture. */
export interface PictureFile {
  type: 'image/jpeg' | 'image/png' | 'image/webp';
  /** In pixels, as stored: before it is turned. */
  width: number;
  height: number;
  animated: boolean;
  /** 16 bits for each colour instead of 8. */
  wide: boolean;
  /** Which way up the camera was held, 1 (upright) to 8. */
  orientation: number;
}

/** Null: another format. `cut off`: its end is missing. `damaged`: it contradicts itself. */
export type PictureReading = PictureFile | 'cut off' | 'damaged' | null;

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** PNG, third edition: a signature, then chunks of length, type, data and checksum, from IHDR to IEND. */
export function readPng(bytes: Buffer): PictureReading {
  if (!bytes.subarray(0, 8).equals(PNG)) return null;
  let file: PictureFile | null = null;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 12 + length;
    if (end > bytes.length) return 'cut off';
    if ((type === 'IHDR') !== (file === null)) return 'damaged';
    if (type === 'IHDR') {
      if (length !== 13) return 'damaged';
      file = {
        type: 'image/png',
        width: bytes.readUInt32BE(at + 8),
        height: bytes.readUInt32BE(at + 12),
        animated: false,
        wide: bytes.readUInt8(at + 16) === 16,
        orientation: 1,
      };
    }
    // https://www.w3.org/TR/png-3/#acTL-chunk
    if (type === 'acTL' && file) file.animated = true;
    if (type === 'eXIf' && file) file.orientation = orientationOf(bytes.subarray(at + 8, end - 4));
    if (type === 'IEND') return file ?? 'damaged';
    at = end;
  }
  return 'cut off';
}

/** RFC 9649: a RIFF of one still frame (`VP8 ` or `VP8L`), or `VP8X` with the canvas first and the frame after it. */
export function readWebp(bytes: Buffer): PictureReading {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') return null;
  if (bytes.toString('latin1', 8, 12) !== 'WEBP') return null;
  const end = bytes.readUInt32LE(4) + 8;
  if (end > bytes.length) return 'cut off';
  let animated = false;
  let orientation = 1;
  const sizes: Size[] = [];
  for (let at = 12; at + 8 <= end; ) {
    const type = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (data.length < length) return 'cut off';
    if (type === 'ANIM' || type === 'ANMF') animated = true;
    if (type === 'EXIF') orientation = orientationOf(data);
    const size = WEBP_SIZES[type]?.(data);
    if (size === null) return 'damaged';
    if (size) sizes.push(size);
    // Chunks begin at even places.
    at += 8 + length + (length % 2);
  }
  const [first] = sizes;
  if (!first) return 'damaged';
  // A small canvas must not hide a large frame.
  const agree = sizes.every(
    ({ width, height }) => width === first.width && height === first.height,
  );
  if (!agree && !animated) return 'damaged';
  return { type: 'image/webp', ...first, animated, wide: false, orientation };
}

interface Size {
  width: number;
  height: number;
}

/** Where each kind of chunk has its size; null where it is too short to have one. */
const WEBP_SIZES: Readonly<Record<string, (data: Buffer) => Size | null>> = {
  VP8X: (data) =>
    data.length < 10
      ? null
      : { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 },
  'VP8 ': (data) =>
    data.length < 10
      ? null
      : { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff },
  VP8L: (data) => {
    if (data.length < 5) return null;
    const bits = data.readUInt32LE(1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  },
};

/** Start of a frame: C0 to CF, but C4, C8 and CC, which are tables. ITU-T T.81, table B.1. */
const FRAMES = new Set(
  Array.from({ length: 16 }, (_, index) => 0xc0 + index).filter(
    (code) => ![0xc4, 0xc8, 0xcc].includes(code),
  ),
);
const APP1 = 0xe1;
const SCAN = 0xda;
const END = 0xd9;

/** T.81: markers of two bytes, most with a length after them; after a scan's header comes data without one. */
export function readJpeg(bytes: Buffer): PictureReading {
  if (bytes.length < 3 || bytes.readUIntBE(0, 3) !== 0xffd8ff) return null;
  let file: PictureFile | null = null;
  let orientation = 1;
  for (let at = 2; at + 2 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return 'damaged';
    const marker = bytes.readUInt8(at + 1);
    // Any number of these may fill up before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === END) return file ? { ...file, orientation } : 'damaged';
    if (at + 4 > bytes.length) return 'cut off';
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (end > bytes.length) return 'cut off';
    if (marker === APP1 && bytes.toString('latin1', at + 4, at + 10) === 'Exif\0\0') {
      orientation = orientationOf(bytes.subarray(at + 4, end));
    }
    if (FRAMES.has(marker)) {
      if (file || length < 8) return 'damaged';
      file = {
        type: 'image/jpeg',
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
        animated: false,
        wide: false,
        orientation,
      };
    }
    at = marker === SCAN ? afterScan(bytes, end) : end;
  }
  return 'cut off';
}

/** The next marker after a scan's data, in which FF is followed by 0 or a restart (D0 to D7). */
function afterScan(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && at + 1 < bytes.length) {
    const code = bytes.readUInt8(at + 1);
    if (code !== 0 && code !== 0xff && (code < 0xd0 || code > 0xd7)) return at;
    at = bytes.indexOf(0xff, at + 1);
  }
  return bytes.length;
}
