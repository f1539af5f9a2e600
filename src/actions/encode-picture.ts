import { createHash } from 'node:crypto';
import type { Renderer } from '@takumi-rs/core';
import { checkPicture, damaged, type PictureFile, pictureWidths } from '../domain/picture.ts';
import { isSideways, type Pixels, turnUpright } from '../domain/turn-picture.ts';
import type { EncodedPicture } from '../store/picture.ts';

/** A picture in the widths that pages show it in. */
export interface EncodedPictures {
  /** Of all of them; stands in their addresses. */
  hash: string;
  sizes: readonly EncodedPicture[];
}

/** Of lossy WebP, 0 to 100. */
const QUALITY = 80;

/** One after the other: a picture taken apart fills up to 160 MB. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Takes a picture apart and encodes it anew, so that nothing of the file is kept but what can be seen: no place, no camera, no
 * name, and no bytes that somebody made up for a browser.
 * @throws InputError on `picture`
 */
export async function encodePicture(bytes: Uint8Array): Promise<EncodedPictures> {
  const file = checkPicture(bytes);
  const mine = turn.then(() => encode(bytes, file));
  turn = mine.catch(() => undefined);
  return mine;
}

async function encode(bytes: Uint8Array, file: PictureFile): Promise<EncodedPictures> {
  const sideways = isSideways(file.orientation);
  const [width, height] = sideways ? [file.height, file.width] : [file.width, file.height];
  const widths = pictureWidths(width);
  const heightOf = (one: number) => Math.max(1, Math.round((one * height) / width));
  const most = widths.at(-1) ?? width;
  const [across, down] = sideways ? [heightOf(most), most] : [most, heightOf(most)];
  const pixels = turnUpright(await decode(bytes, across, down), file.orientation);
  const sizes: EncodedPicture[] = [];
  for (const one of widths) sizes.push(await encodeWidth(pixels, one, heightOf(one)));
  const hash = createHash('sha256');
  for (const size of sizes) hash.update(size.bytes);
  return { hash: hash.digest('hex').slice(0, 16), sizes };
}

/** In this size, on white: a drawing without a background is seen by night, too. */
async function decode(bytes: Uint8Array, width: number, height: number): Promise<Pixels> {
  const image = { type: 'image' as const, src: bytes, width, height };
  const style = { display: 'flex', width, height, backgroundColor: '#ffffff' };
  const node = { type: 'container' as const, style, children: [image] };
  try {
    const data = await (await theRenderer()).render(node, { width, height, format: 'raw' });
    return { width, height, data };
  } catch {
    // Whatever the decoder says of it, the file is the cause.
    throw damaged();
  }
}

async function encodeWidth(src: Pixels, width: number, height: number): Promise<EncodedPicture> {
  const options = { width, height, format: 'webp' as const, quality: QUALITY };
  const image = { type: 'image' as const, src, width, height };
  const bytes = await (await theRenderer()).render(image, options);
  return { width, height, type: 'image/webp', bytes };
}

let renderer: Promise<Renderer> | null = null;

/** Loaded with the first picture: few commands and no worker ever see one. */
function theRenderer(): Promise<Renderer> {
  renderer ??= import('@takumi-rs/core').then(
    (takumi) => new takumi.Renderer({ cacheMaxBytes: 0 }),
  );
  return renderer;
}
