/** The three formats of pictures that are taken, as far as their bytes have to be looked at before they are decoded. */

export type PictureFormat = 'jpeg' | 'png' | 'webp';

const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** What the first bytes say, whatever the file is called; null where it is none of the three. */
export function detectFormat(bytes: Buffer): PictureFormat | null {
  if (bytes.subarray(0, JPEG.length).equals(JPEG)) return 'jpeg';
  if (bytes.subarray(0, PNG.length).equals(PNG)) return 'png';
  return /^RIFF.{4}WEBP/s.test(bytes.toString('latin1', 0, 12)) ? 'webp' : null;
}

/** ITU-T T.81, table B.1: the start of a scan. Behind FF in a scan's own data comes 0 or D0 to D7. */
const SCAN = Buffer.from([0xff, 0xda]);

/**
 * How often a JPEG says that a scan begins. A picture needs ten at most, and each goes over the whole picture again: thousands
 * fit into 400 KB. What cameras put behind a picture, such as a video, has these two bytes by chance, some 16 times in a MiB.
 */
export function countScans(jpeg: Buffer): number {
  let count = 0;
  for (let at = jpeg.indexOf(SCAN); at >= 0; at = jpeg.indexOf(SCAN, at + 2)) count += 1;
  return count;
}

/** What makes a PNG look as it does; `eXIf` says which way up it is. */
const SEEN = new Set(['IHDR', 'PLTE', 'tRNS', 'iCCP', 'eXIf', 'IDAT', 'IEND']);

/** A PNG of those chunks that can be seen. */
export interface SeenPng {
  bytes: Buffer;
  /** https://www.w3.org/TR/png-3/#acTL-chunk */
  animated: boolean;
}

/**
 * Leaves out a PNG's comments, which may be compressed: 8 MB of them were seen to unpack to 3.8 GB in the decoder.
 * PNG, third edition, 5: a signature, then chunks of length, type, data and checksum. What is cut off stays so.
 */
export function seenPng(png: Buffer): SeenPng {
  const kept: Buffer[] = [PNG];
  let animated = false;
  for (let at = PNG.length; at + 12 <= png.length; ) {
    const type = png.toString('latin1', at + 4, at + 8);
    const end = at + 12 + png.readUInt32BE(at);
    if (type === 'acTL') animated = true;
    if (SEEN.has(type)) kept.push(png.subarray(at, end));
    if (type === 'IEND') break;
    at = end;
  }
  return { bytes: Buffer.concat(kept), animated };
}
