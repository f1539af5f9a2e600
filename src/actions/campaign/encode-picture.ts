import { createHash } from 'node:crypto';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import {
  checkHead,
  checkPicture,
  type PictureHead,
  pictureWidths,
  undecodable,
} from '../../domain/picture.ts';
import type { EncodedPicture } from '../../store/picture.ts';

/** A picture in the widths that pages show it in. */
export interface EncodedPictures {
  /** Of all of them; stands in their addresses. */
  hash: string;
  sizes: readonly EncodedPicture[];
}

/** Of lossy WebP, 0 to 100. */
const QUALITY = 80;

/** A picture of 40 megapixels takes three. */
const MAX_SECONDS = 20;

/** What browsers show is taken, what has lost its end is not. `checkHead` says how large a picture may be. */
const READING: SharpOptions = { failOn: 'error', limitInputPixels: false };

/** One after the other: a picture that is being decoded takes up to some 310 MB (seen with 40 megapixels, interlaced, 16 bits). */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Decodes a picture and encodes it anew, upright, in sRGB, so that only its pixels are kept: no metadata (place, camera, name), and
 * none of the file's own bytes, which could be crafted to attack a browser's decoder.
 * @throws InputError on `picture`
 */
export async function encodePicture(sent: Uint8Array): Promise<EncodedPictures> {
  const bytes = checkPicture(sent);
  const mine = turn.then(() => encode(bytes));
  turn = mine.catch(() => undefined);
  return mine;
}

async function encode(bytes: Buffer): Promise<EncodedPictures> {
  const sharp = await loadSharp();
  const metadata = await decoded(sharp(bytes, READING).metadata());
  checkHead(headOf(metadata));
  const widths = pictureWidths(metadata.autoOrient.width);
  const pixels = await decoded(decode(sharp, bytes, metadata, widths.at(-1) ?? 1));
  const sizes: EncodedPicture[] = [];
  for (const width of widths) sizes.push(await encodeWidth(sharp, pixels, width));
  const hash = createHash('sha256');
  for (const size of sizes) hash.update(size.bytes);
  return { hash: hash.digest('hex').slice(0, 16), sizes };
}

function headOf(metadata: Metadata): PictureHead {
  const { autoOrient, channels, depth, format, isProgressive, pages } = metadata;
  return {
    ...autoOrient,
    channels,
    bytesPerChannel: format === 'jpeg' || depth === 'ushort' ? 2 : 1,
    whole: isProgressive,
    frames: pages ?? 1,
  };
}

/** Pixels in rows from the top. */
interface Pixels {
  data: Buffer;
  info: { width: number; height: number; channels: 1 | 2 | 3 | 4 };
}

/** In this width, in sRGB, on white: a drawing without a background is seen by night, too. */
async function decode(
  sharp: SharpModule,
  bytes: Buffer,
  { channels, depth, icc }: Metadata,
  width: number,
): Promise<Pixels> {
  const open = (source: Buffer): Sharp =>
    sharp(source, READING).timeout({ seconds: MAX_SECONDS }).autoOrient().resize(width);
  // sharp goes by the profile to sRGB from 8 bits alone; 16 it brings to Display P3, or leaves as they are.
  const narrowed = (): Promise<Buffer> =>
    open(bytes)
      .keepIccProfile()
      .toColourspace(channels < 3 ? 'b-w' : 'srgb')
      .png({ compressionLevel: 0 })
      .toBuffer();
  return open(depth === 'ushort' && icc ? await narrowed() : bytes)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
}

async function encodeWidth(
  sharp: SharpModule,
  { data, info }: Pixels,
  wanted: number,
): Promise<EncodedPicture> {
  const { width, height, channels } = info;
  const encoder = sharp(data, { raw: { width, height, channels } }).resize(wanted);
  const made = await encoder.webp({ quality: QUALITY }).toBuffer({ resolveWithObject: true });
  return {
    width: made.info.width,
    height: made.info.height,
    type: 'image/webp',
    bytes: made.data,
  };
}

/** Whatever the decoder says of it, the file is the cause. */
async function decoded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch {
    throw undecodable();
  }
}

type SharpModule = typeof import('sharp').default;

let loaded: Promise<SharpModule> | null = null;

/** Loaded with the first picture: few commands and no worker ever see one. Of its decoders those for three formats can be reached. */
function loadSharp(): Promise<SharpModule> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({
      operation: [
        'VipsForeignLoadJpegBuffer',
        'VipsForeignLoadPngBuffer',
        'VipsForeignLoadWebpBuffer',
      ],
    });
    return sharp;
  });
  return loaded;
}
