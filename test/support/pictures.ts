import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Pictures in order, made for tests: two colours, left and right, so that what was turned can be told. */
export async function pictureFile(
  format: 'jpeg' | 'png' | 'webp',
  width: number,
  height: number,
): Promise<Buffer> {
  const half = { width: Math.round(width / 2), height, channels: 3 as const };
  return plain('#ff0000', width, height)
    .composite([
      { input: { create: { ...half, background: '#0000ff' } }, left: half.width, top: 0 },
    ])
    .toFormat(format, format === 'png' ? {} : { quality: 90 })
    .toBuffer();
}

/** One colour, to be encoded. */
export function plain(background: string, width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
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
  return withSegment(
    jpeg,
    0xe1,
    Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif(orientation)]),
  );
}

/** Puts a segment into a JPEG, right after its start: E1 and so on for what programs write, FE for a comment. */
export function withSegment(jpeg: Buffer, marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
}

/** Puts a colour profile into a JPEG. ICC.1:2001-04, B.4. */
export function withProfile(jpeg: Buffer, profile: Buffer): Buffer {
  return withSegment(
    jpeg,
    0xe2,
    Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile]),
  );
}

/** A colour profile as a PNG has it, compressed. */
export function profileChunk(profile: Buffer): [type: string, data: Buffer] {
  return ['iCCP', Buffer.concat([Buffer.from('made\0\0', 'latin1'), deflateSync(profile)])];
}

/** Puts chunks into a PNG, right after its head. */
export function withChunks(png: Buffer, chunks: readonly [type: string, data: Buffer][]): Buffer {
  const end = 8 + 12 + 13;
  const between = chunks.map(([type, data]) => chunk(type, data));
  return Buffer.concat([png.subarray(0, end), ...between, png.subarray(end)]);
}

/**
 * A PNG of any size that says what its head says; its pixels, if there are few enough to be there, are grey, or of a `colour` of three
 * or, with alpha, four parts (0 to 255 each).
 */
export function pngOf(
  width: number,
  height: number,
  change: {
    depth?: number;
    /** In the head alone. */
    interlaced?: boolean;
    colour?: readonly number[];
    before?: readonly [type: string, data: Buffer][];
  } = {},
): Buffer {
  const { depth = 8, interlaced = false, colour = [0x80], before = [] } = change;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.writeUInt8(depth, 8);
  head.writeUInt8({ 1: 0, 3: 2, 4: 6 }[colour.length] ?? 0, 9);
  head.writeUInt8(interlaced ? 1 : 0, 12);
  const rows = width * height > 10_000_000 ? 1 : height;
  // In 16 bits twice the same byte is as bright.
  const pixel = Buffer.from(colour.flatMap((value) => Array<number>(depth / 8).fill(value)));
  const across = Buffer.alloc(Math.min(width, 10_000_000) * pixel.length, pixel);
  // No filter.
  const row = Buffer.concat([Buffer.alloc(1), across]);
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
