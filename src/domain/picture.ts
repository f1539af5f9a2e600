import { InputError } from './errors.ts';
import { type PictureFile, readJpeg, readPng, readWebp } from './picture-file.ts';

export type { PictureFile } from './picture-file.ts';

/** Bytes of a picture as it is sent. */
export const PICTURE_MAX = 8 * 1024 * 1024;
/** What may be taken apart: this many pixels fill 160 MB. */
const MEGAPIXELS_MAX = 40;
/** The shorter side; below that there is nothing to see. */
const SIDE_MIN = 200;
/** How often the shorter side may go into the longer one. */
const RATIO_MAX = 5;

/** Widths that a picture is kept in, as far as it is that wide. */
const WIDTHS = [640, 1280, 1920];

/** The widths to keep a picture of this width in, the narrowest first. Nothing is ever made larger. */
export function pictureWidths(width: number): number[] {
  const most = Math.min(width, WIDTHS.at(-1) ?? width);
  return [...WIDTHS.filter((one) => one < most), most];
}

/** What a picture would be, by its first bytes, and why it is not taken. */
const OTHERS: readonly [begins: RegExp, says: string][] = [
  [/^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!--)/i, 'is a drawing in SVG, which can carry script'],
  [/^GIF8/, 'is a GIF'],
  [/^.{4}ftyp/s, 'is a HEIC or AVIF picture'],
  [/^BM/, 'is a bitmap'],
  [/^(?:II\*\0|MM\0\*)/, 'is a TIFF'],
];

/**
 * What a file says of its own picture, read from its head and held against our limits before anything is decoded.
 * @throws InputError on `picture`: no picture that we take, larger than it may be, cut off, or moving.
 */
export function checkPicture(bytes: Uint8Array): PictureFile {
  if (bytes.length === 0) throw problem('is empty; send the bytes of a JPEG, PNG or WebP file');
  if (bytes.length > PICTURE_MAX) throw problem(`has ${bytes.length} bytes; 8 MiB are the most`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file = readPng(buffer) ?? readWebp(buffer) ?? readJpeg(buffer);
  if (file === null) throw problem(notTaken(buffer));
  if (file === 'cut off') {
    throw problem('is cut off: its end is missing; send the whole file again');
  }
  if (file === 'damaged') throw damaged();
  if (file.animated) throw problem('moves; send a still picture');
  refuseSize(file);
  return file;
}

/** What is said of a file that looks right and cannot be decoded. */
export function damaged(): InputError {
  return problem('is damaged and cannot be decoded; save it again as JPEG or PNG');
}

function refuseSize({ width, height, wide }: PictureFile): void {
  const megapixels = (width * height * (wide ? 2 : 1)) / 1_000_000;
  const size = `is ${width} by ${height} pixels`;
  if (megapixels > MEGAPIXELS_MAX) {
    const most = wide
      ? `${MEGAPIXELS_MAX / 2} megapixels with 16 bits`
      : `${MEGAPIXELS_MAX} megapixels`;
    throw problem(`${size}; ${most} are the most, make it smaller`);
  }
  const short = Math.min(width, height);
  if (short < SIDE_MIN) {
    throw problem(`${size}; each side needs at least ${SIDE_MIN}, better 1280`);
  }
  if (Math.max(width, height) > short * RATIO_MAX) {
    throw problem(`${size}; crop it, one side may be at most ${RATIO_MAX} times the other`);
  }
}

function notTaken(buffer: Buffer): string {
  const head = buffer.toString('latin1', 0, 256);
  const known = OTHERS.find(([begins]) => begins.test(head));
  return `${known?.[1] ?? 'is not a picture'}; send a JPEG, PNG or WebP file`;
}

function problem(message: string): InputError {
  return new InputError([{ field: 'picture', message }]);
}
