import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodePicture } from '../../../src/actions/campaign/encode-picture.ts';
import {
  ADOBE_RGB,
  DISPLAY_P3,
  greyProfile,
  inkProfile,
  inSrgb,
  labInSrgb,
  PROPHOTO,
  profileOf,
} from '../../support/icc.ts';
import {
  CAMERA,
  exif,
  LATITUDE_BYTES,
  pictureFile,
  plain,
  pngOf,
  profileChunk,
  withChunks,
  withExif,
  withProfile,
  withSegment,
} from '../../support/pictures.ts';

/** Its widest size. */
async function encoded(source: Buffer): Promise<Buffer> {
  const { sizes } = await encodePicture(source);
  const widest = sizes.at(-1);
  if (!widest) throw new Error('No picture came');
  return widest.bytes;
}

/** What its pixels are, on average over all of it. */
async function colourOf(webp: Buffer): Promise<number[]> {
  const { channels } = await sharp(webp).stats();
  return channels.map(({ mean }) => mean);
}

/** How far the furthest channel is from what it should be. */
async function distance(source: Buffer, wanted: readonly number[]): Promise<number> {
  const colour = await colourOf(await encoded(source));
  expect(colour).toHaveLength(3);
  return Math.max(...colour.map((value, at) => Math.abs(value - (wanted[at] ?? Number.NaN))));
}

/** Of what is tried below: WebP alone is off by 2. */
const NEAR = 3;

describe('a picture that is taken', () => {
  test('is encoded anew in three widths, and tells nothing but what can be seen', async () => {
    const said = ['Canary XMP', 'Canary IPTC', 'Canary comment'];
    const [xmp, iptc, comment] = said.map((text) => Buffer.from(text, 'latin1'));
    let source = await pictureFile('jpeg', 2400, 1200);
    source = withSegment(source, 0xfe, comment ?? Buffer.alloc(0));
    const record = Buffer.concat([
      Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0', 'latin1'),
      Buffer.from([16, 0x1c, 2, 120, 0, iptc?.length ?? 0]),
      iptc ?? Buffer.alloc(0),
    ]);
    source = withSegment(source, 0xed, record);
    const address = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
    source = withSegment(source, 0xe1, Buffer.concat([address, xmp ?? Buffer.alloc(0)]));
    source = withExif(withProfile(source, profileOf(ADOBE_RGB)), 1);
    for (const told of [CAMERA, LATITUDE_BYTES, ADOBE_RGB.name, ...said]) {
      expect(source.includes(told)).toBe(true);
    }
    const { hash, sizes } = await encodePicture(source);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [640, 320],
      [1280, 640],
      [1920, 960],
    ]);
    for (const { width, height, type, bytes } of sizes) {
      expect(type).toBe('image/webp');
      const { icc, exif, xmp, iptc, comments, ...metadata } = await sharp(bytes).metadata();
      expect(metadata).toMatchObject({ format: 'webp', space: 'srgb', depth: 'uchar' });
      expect([metadata.width, metadata.height]).toEqual([width, height]);
      expect([icc, exif, xmp, iptc, comments]).toEqual(Array(5).fill(undefined));
      for (const told of [
        CAMERA,
        LATITUDE_BYTES,
        ADOBE_RGB.name,
        'EXIF',
        'ICCP',
        'XMP ',
        ...said,
      ]) {
        expect(bytes.includes(told)).toBe(false);
      }
    }
  });

  test.each(['png', 'webp'] as const)('loses what it tells as %s, too', async (format) => {
    const image = plain('#808080', 300, 300).withExif({ IFD0: { Make: CAMERA } });
    let source: Buffer = await image.withXmp(`<x>${CAMERA}</x>`).toFormat(format).toBuffer();
    const text = Buffer.from('Comment\0Canary text', 'latin1');
    if (format === 'png') source = withChunks(source, [['tEXt', text]]);
    expect(source.includes(CAMERA)).toBe(true);
    const bytes = await encoded(source);
    for (const told of [CAMERA, 'Canary', 'EXIF', 'XMP ']) expect(bytes.includes(told)).toBe(false);
  });

  test('bears the same name for the same bytes, and another for others', async () => {
    const [one, again, other] = await Promise.all([
      encodePicture(pngOf(300, 300)),
      encodePicture(pngOf(300, 300)),
      encodePicture(pngOf(300, 301)),
    ]);
    expect(again?.hash).toBe(one?.hash);
    expect(other?.hash).not.toBe(one?.hash);
  });

  test.each(['jpeg', 'png', 'webp'] as const)(
    'may be as large as is said, as %s',
    async (format) => {
      const source = await plain('#345678', 12_000, 3_000)
        .toFormat(format, format === 'webp' ? { effort: 1 } : {})
        .toBuffer();
      const { sizes } = await encodePicture(source);
      expect(sizes.map(({ width, height }) => [width, height])).toEqual([
        [640, 160],
        [1280, 320],
        [1920, 480],
      ]);
    },
  );
});

/** Of the corners of a picture: red, green, blue or white, from the upper left by rows. */
async function cornersOf(webp: Buffer): Promise<string> {
  const { data, info } = await sharp(webp).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const places = [20, height - 20].flatMap((y) => [20, width - 20].map((x) => [x, y] as const));
  return places
    .map(([x, y]) => {
      const at = (y * width + x) * channels;
      const [red = 0, green = 0] = data.subarray(at, at + 3);
      if (red > 200 && green > 200) return 'W';
      if (red > 200) return 'R';
      return green > 200 ? 'G' : 'B';
    })
    .join('');
}

/** Red and green over blue and white, 600 by 300. */
function corners(format: 'jpeg' | 'png' | 'webp'): Sharp {
  const quarter = (background: string, left: number, top: number) => ({
    input: { create: { width: 300, height: 150, channels: 3 as const, background } },
    left,
    top,
  });
  return plain('#ff0000', 600, 300)
    .composite([
      quarter('#00ff00', 300, 0),
      quarter('#0000ff', 0, 150),
      quarter('#ffffff', 300, 150),
    ])
    .toFormat(format);
}

describe('a picture is turned as the camera was held', () => {
  /** CIPA DC-008, 4.6.4: where the stored rows and columns begin. */
  const TURNED: [orientation: number, size: [number, number], seen: string][] = [
    [1, [600, 300], 'RGBW'],
    [2, [600, 300], 'GRWB'],
    [3, [600, 300], 'WBGR'],
    [4, [600, 300], 'BWRG'],
    [5, [300, 600], 'RBGW'],
    [6, [300, 600], 'BRWG'],
    [7, [300, 600], 'WGBR'],
    [8, [300, 600], 'GWRB'],
    // Not one of them.
    [0, [600, 300], 'RGBW'],
    [9, [600, 300], 'RGBW'],
  ];

  test.each(TURNED)('JPEG, %i', async (orientation, size, seen) => {
    const source = withExif(await corners('jpeg').toBuffer(), orientation);
    const [only, ...others] = (await encodePicture(source)).sizes;
    if (!only) throw new Error('No picture came');
    expect(others).toEqual([]);
    expect([only.width, only.height]).toEqual(size);
    expect(await cornersOf(only.bytes)).toBe(seen);
  });

  test('PNG and WebP', async () => {
    const png = withChunks(await corners('png').toBuffer(), [['eXIf', exif(6)]]);
    expect(await cornersOf(await encoded(png))).toBe('BRWG');
    const webp = await corners('webp').withMetadata({ orientation: 8 }).toBuffer();
    expect(await cornersOf(await encoded(webp))).toBe('GWRB');
  });
});

describe('the colours of a picture are those that it was made with', () => {
  const PATCHES: readonly (readonly [number, number, number])[] = [
    [180, 90, 60],
    [100, 140, 90],
    [60, 80, 130],
    [200, 200, 200],
    // More than sRGB has.
    [20, 220, 40],
    [255, 0, 0],
  ];
  const SPACES = [ADOBE_RGB, PROPHOTO, DISPLAY_P3];
  const cases = SPACES.flatMap((space) => [8, 16].map((depth) => ({ space, depth })));

  test.each(cases)('$space.name as PNG of $depth bits', async ({ space, depth }) => {
    for (const colour of PATCHES) {
      const before = [profileChunk(profileOf(space))];
      const source = pngOf(300, 300, { depth, colour, before });
      const wanted = inSrgb(space, colour);
      const far = await distance(source, wanted);
      expect({ colour, wanted, near: far <= NEAR, far }).toMatchObject({ near: true });
    }
  });

  test.each(SPACES)('$name as JPEG and as WebP', async (space) => {
    const rgb = '#b45a3c';
    const jpeg = await plain(rgb, 300, 300).jpeg({ quality: 100 }).toBuffer();
    const wanted = inSrgb(space, await colourOf(jpeg));
    expect(await distance(withProfile(jpeg, profileOf(space)), wanted)).toBeLessThanOrEqual(NEAR);
    // It moves: sRGB would not do.
    expect(await distance(jpeg, wanted)).toBeGreaterThan(2 * NEAR);
    const png = pngOf(300, 300, {
      colour: [180, 90, 60],
      before: [profileChunk(profileOf(space))],
    });
    const webp = await sharp(png).keepIccProfile().webp({ lossless: true }).toBuffer();
    const far = await distance(webp, inSrgb(space, [180, 90, 60]));
    expect(far).toBeLessThanOrEqual(NEAR);
  });

  test('CMYK with a profile and without', async () => {
    const inks = await plain('#b45a3c', 300, 300)
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect(await sharp(inks).metadata()).toMatchObject({ space: 'cmyk', hasProfile: false });
    expect(await distance(inks, [180, 90, 60])).toBeLessThan(25);
    const lab = [60, 40, -50] as const;
    const far = await distance(withProfile(inks, inkProfile(lab)), labInSrgb(lab));
    expect(far).toBeLessThanOrEqual(NEAR);
  });

  test.each([8, 16])('grey of %i bits, with a profile and without', async (depth) => {
    expect(await distance(pngOf(300, 300, { depth }), [128, 128, 128])).toBeLessThanOrEqual(NEAR);
    const before = [profileChunk(greyProfile(1))];
    // Half the light is more than half of sRGB's scale.
    const far = await distance(pngOf(300, 300, { depth, before }), [188, 188, 188]);
    expect(far).toBeLessThanOrEqual(NEAR);
  });

  test.each([8, 16])('%i bits without a profile are sRGB', async (depth) => {
    const colour = [180, 90, 60];
    expect(await distance(pngOf(300, 300, { depth, colour }), colour)).toBeLessThanOrEqual(NEAR);
  });

  test('a profile that makes no sense is as none', async () => {
    const colour = [180, 90, 60];
    const before = [profileChunk(Buffer.from('no profile at all, only words'))];
    expect(await distance(pngOf(300, 300, { colour, before }), colour)).toBeLessThanOrEqual(NEAR);
  });

  test('what lets through is laid on white', async () => {
    const background = { r: 0, g: 0, b: 0, alpha: 0.5 };
    const image = sharp({ create: { width: 300, height: 300, channels: 4, background } });
    for (const source of [await image.png().toBuffer(), await image.webp().toBuffer()]) {
      expect(await distance(source, [127, 127, 127])).toBeLessThanOrEqual(NEAR);
    }
  });
});

const UNDECODABLE = /^picture: is cut off or damaged and cannot be decoded; send the whole file/;

describe('a picture that is refused', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('is cut off anywhere: %s', async (format) => {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
    const create = { width: 320, height: 240, channels: 3 as const, noise, background: '#000' };
    const whole = await sharp({ create }).toFormat(format).toBuffer();
    await encodePicture(whole);
    for (let part = 1; part < 20; part += 1) {
      const cut = whole.subarray(0, Math.floor((whole.length * part) / 20));
      await expect(encodePicture(cut)).rejects.toThrow(UNDECODABLE);
    }
  });

  test('is damaged inside, and holds up none that follows', async () => {
    const png = pngOf(640, 480);
    png.writeUInt32BE(0xdeadbeef, png.indexOf('IDAT') + 12);
    await expect(encodePicture(png)).rejects.toThrow(UNDECODABLE);
    expect((await encodePicture(pngOf(300, 300))).sizes).toHaveLength(1);
  });

  test.each<[string, () => Promise<Buffer>, RegExp]>([
    ['a bomb', async () => pngOf(50_000, 50_000), /50000 by 50000 pixels; 40 megapixels are the/],
    ['a bomb that lies', async () => pngOf(4_000_000_000, 1), UNDECODABLE],
    [
      'a bomb that has to be held whole',
      async () => pngOf(7_000, 5_000, { depth: 16, colour: [1, 2, 3, 4], interlaced: true }),
      /7000 by 5000 pixels, progressive or interlaced, which takes 280 MB .* save it without that/,
    ],
    [
      'more pixels than there may be',
      async () => pngOf(8_001, 5_000),
      /is 8001 by 5000 pixels; 40 megapixels are the most, make it smaller$/,
    ],
    [
      'a ribbon',
      async () => plain('#123456', 1_300, 250).jpeg().toBuffer(),
      /one side may be at most 5 times the other/,
    ],
    ['a tiny one', async () => pngOf(199, 640), /199 by 640 pixels; each side needs at least 200/],
    ['an animation', () => animation(), /^picture: moves; send a still picture$/],
    [
      'one of a size that its frame does not have',
      async () => lying(await plain('#123456', 640, 480).webp().withMetadata().toBuffer()),
      UNDECODABLE,
    ],
  ])('is %s', async (_, source, says) => {
    await expect(encodePicture(await source())).rejects.toThrow(says);
  });

  test('is of a kind that no decoder is to see, whatever is in it', async () => {
    for (const format of ['gif', 'tiff', 'avif'] as const) {
      const source = await plain('#123456', 300, 300).toFormat(format).toBuffer();
      await expect(encodePicture(source)).rejects.toThrow(/send a JPEG, PNG or WebP file$/);
      // Nor if it gets past the first bytes.
      await expect(sharp(source).metadata()).rejects.toThrow(/unsupported image format/);
    }
  });
});

test('comments of a PNG that would unpack to gigabytes are not unpacked', async () => {
  const text = Buffer.concat([
    Buffer.from('k\0\0', 'latin1'),
    deflateSync(Buffer.alloc(7_900_000)),
  ]);
  const bomb = withChunks(pngOf(300, 300), Array(900).fill(['zTXt', text]));
  const before = process.resourceUsage().maxRSS;
  expect((await encodePicture(bomb)).sizes).toHaveLength(1);
  // In KiB. It was 3.8 GB.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(500 * 1024);
});

async function animation(): Promise<Buffer> {
  const frames = await Promise.all(
    ['#ff0000', '#0000ff'].map((colour) => plain(colour, 300, 300).png().toBuffer()),
  );
  return sharp(frames, { join: { animated: true } })
    .webp()
    .toBuffer();
}

/** Its canvas, which stands before the frame, becomes smaller than it. */
function lying(webp: Buffer): Buffer {
  const at = webp.indexOf('VP8X') + 12;
  expect(webp.readUIntLE(at, 3)).toBe(639);
  webp.writeUIntLE(319, at, 3);
  return webp;
}
