import { InputError } from './errors.ts';
import { countScans, detectFormat, seenPng } from './picture-bytes.ts';

/** Bytes of a picture as it is sent. */
export const MAX_PICTURE = 8 * 1024 * 1024;
/** Pixels that are decoded at most, in millions. A few bytes can claim any number of them. */
const MAX_MEGAPIXELS = 40;
/** Memory, in MB, for a picture that has to be held whole while it is decoded. */
const MAX_WHOLE = 256;
/** Scans of a JPEG. */
const MAX_SCANS = 200;
/** The shorter side; below that there is nothing to see. */
const MIN_SIDE = 200;
/** How often the shorter side may go into the longer one. */
const MAX_RATIO = 5;

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
  // ISO/IEC 14496-12: what follows is the brand.
  [/^.{4}ftyp(?:hei|hev|mif1|msf1|avi[fs])/s, 'is a HEIC or AVIF picture'],
  [/^.{4}ftyp/s, 'is a video'],
  [/^RIFF.{4}AVI /s, 'is a video'],
  [/^8BPS/, 'is a Photoshop document'],
  [/^BM/, 'is a bitmap'],
  [/^(?:II\*\0|MM\0\*)/, 'is a TIFF'],
  [/^.{4}JXL /s, 'is a JPEG XL picture'],
  [/^%PDF/, 'is a PDF'],
];

/**
 * Holds what is sent against our limits, as far as that needs no decoder, and answers what may be given to one.
 * @throws InputError on `picture`: empty, too large, no picture that we take, moving, or made to keep a decoder busy
 */
export function checkPicture(sent: Uint8Array): Buffer {
  if (sent.length === 0) throw problem('is empty; send the bytes of a JPEG, PNG or WebP file');
  if (sent.length > MAX_PICTURE) {
    throw problem(`has ${sent.length} bytes; 8 MiB are the most, make it smaller`);
  }
  const bytes = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength);
  const format = detectFormat(bytes);
  if (format === null) throw problem(notTaken(bytes));
  if (format === 'jpeg') refuseScans(bytes);
  if (format !== 'png') return bytes;
  const png = seenPng(bytes);
  if (png.animated) throw moving();
  return png.bytes;
}

/** What a picture's head says of it, upright. */
export interface PictureHead {
  width: number;
  height: number;
  /** Colours, and what it lets through. */
  channels: number;
  /** Of each channel while it is decoded; a JPEG that is held whole has two. */
  bytesPerChannel: number;
  /** Progressive or interlaced: all of it has to be there before its first row is. */
  whole: boolean;
  /** Pictures in it, one after the other. */
  frames: number;
}

/** @throws InputError on `picture`: moving, too large, too small, or too long */
export function checkHead(head: PictureHead): void {
  if (head.frames > 1) throw moving();
  const { width, height } = head;
  const size = `is ${width} by ${height} pixels`;
  if (width * height > MAX_MEGAPIXELS * 1_000_000) {
    throw problem(`${size}; ${MAX_MEGAPIXELS} megapixels are the most, make it smaller`);
  }
  const whole = Math.ceil((width * height * head.channels * head.bytesPerChannel) / 1_000_000);
  if (head.whole && whole > MAX_WHOLE) {
    throw problem(
      `${size}, progressive or interlaced, which takes ${whole} MB to decode; ${MAX_WHOLE} are the most, save it without that, or make it smaller`,
    );
  }
  const short = Math.min(width, height);
  if (short < MIN_SIDE) {
    throw problem(
      `${size}; each side needs at least ${MIN_SIDE}, and a width of ${WIDTHS.at(-1)} is best`,
    );
  }
  if (Math.max(width, height) > short * MAX_RATIO) {
    throw problem(`${size}; crop it, one side may be at most ${MAX_RATIO} times the other`);
  }
}

/** What is said of a file that begins as a picture and cannot be decoded. */
export function undecodable(): InputError {
  return problem(
    'is cut off or damaged and cannot be decoded; send the whole file again, or save it anew as JPEG or PNG',
  );
}

function refuseScans(jpeg: Buffer): void {
  const scans = countScans(jpeg);
  if (scans <= MAX_SCANS) return;
  throw problem(
    `is a JPEG of ${scans} scans; ${MAX_SCANS} are the most, save it anew as JPEG or PNG`,
  );
}

function notTaken(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, 256);
  const known = OTHERS.find(([begins]) => begins.test(head));
  return `${known?.[1] ?? 'is not a picture'}; send a JPEG, PNG or WebP file`;
}

function moving(): InputError {
  return problem('moves; send a still picture');
}

function problem(message: string): InputError {
  return new InputError([{ field: 'picture', message }]);
}
