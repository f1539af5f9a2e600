import { crc32, deflateSync } from 'node:zlib';
import { Renderer } from '@takumi-rs/core';

/** Pictures in order, made for tests: two colours, left and right, so that what was turned can be told. */
export async function pictureFile(
  format: 'jpeg' | 'png' | 'webp',
  width: number,
  height: number,
): Promise<Buffer> {
  const half = { height: '100%', width: '50%' };
  const node = {
    type: 'container' as const,
    style: { width: '100%', height: '100%', display: 'flex' },
    children: ['#ff0000', '#0000ff'].map((backgroundColor) => ({
      type: 'container' as const,
      style: { ...half, backgroundColor },
    })),
  };
  const quality = format === 'png' ? {} : { quality: 90 };
  return new Renderer().render(node, { width, height, format, ...quality });
}

/** What a phone writes into its pictures: the camera, the place, and which way up it was held (1 to 8). */
export const CAMERA = 'Canary Camera 7';
export const PLACE = { latitude: [43, 19, 2], longitude: [45, 41, 55] };

/** The EXIF block, big-endian: camera, orientation, and the GPS directory. CIPA DC-008, 4.6. */
export function exif(orientation: number): Buffer {
  const camera = Buffer.from(`${CAMERA}\0`, 'latin1');
  const degrees = (parts: readonly number[]) => words(...parts.flatMap((part) => [part, 1]));
  const values = 8 + 2 + 3 * 12 + 4;
  const gps = values + camera.length + (camera.length % 2);
  const gpsValues = gps + 2 + 4 * 12 + 4;
  const main = directory([
    [0x010f, 2, camera.length, words(values)],
    [0x0112, 3, 1, Buffer.from([0, orientation, 0, 0])],
    [0x8825, 4, 1, words(gps)],
  ]);
  const place = directory([
    [1, 2, 2, Buffer.from('N\0\0\0', 'latin1')],
    [2, 5, 3, words(gpsValues)],
    [3, 2, 2, Buffer.from('E\0\0\0', 'latin1')],
    [4, 5, 3, words(gpsValues + 24)],
  ]);
  return Buffer.concat([
    Buffer.from('MM\0*', 'latin1'),
    words(8),
    main,
    camera,
    Buffer.alloc(camera.length % 2),
    place,
    degrees(PLACE.latitude),
    degrees(PLACE.longitude),
  ]);
}

/** The latitude as it stands in the file. */
export const LATITUDE_BYTES = words(...PLACE.latitude.flatMap((part) => [part, 1]));

/** Puts an EXIF block into a JPEG, right after its start. */
export function withExif(jpeg: Buffer, orientation: number): Buffer {
  const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif(orientation)]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(block.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, block, jpeg.subarray(2)]);
}

/** A PNG of any size that says what its head says; its pixels, if there are few enough to be there, are grey. */
export function pngOf(
  width: number,
  height: number,
  change: { depth?: number; before?: readonly [type: string, data: Buffer][] } = {},
): Buffer {
  const { depth = 8, before = [] } = change;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.writeUInt8(depth, 8);
  const rows = width * height > 10_000_000 ? 1 : height;
  const row = Buffer.alloc(1 + (Math.min(width, 10_000_000) * depth) / 8, 0x80);
  // No filter.
  row[0] = 0;
  const pixels = deflateSync(Buffer.concat(Array(rows).fill(row)));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    ...before.map(([type, data]) => chunk(type, data)),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([words(data.length), named, words(crc32(named))]);
}

/** A WebP of these chunks. */
export function riff(...chunks: readonly [type: string, data: Buffer][]): Buffer {
  const inside = chunks.map(([type, data]) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    const filler = Buffer.alloc(data.length % 2);
    return Buffer.concat([Buffer.from(type, 'latin1'), length, data, filler]);
  });
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...inside]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), length, body]);
}

function directory(entries: readonly [tag: number, type: number, count: number, value: Buffer][]) {
  const rows = entries.map(([tag, type, count, value]) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(type, 2);
    return Buffer.concat([head, words(count), value]);
  });
  return Buffer.concat([Buffer.from([0, entries.length]), ...rows, words(0)]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}
