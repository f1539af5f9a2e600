import { describe, expect, test } from 'vitest';
import {
  checkHead,
  checkPicture,
  MAX_PICTURE,
  type PictureHead,
  pictureWidths,
} from '../../src/domain/picture.ts';
import { pictureFile, pngOf, riff, withChunks, withExif } from '../support/pictures.ts';
import { problemsOf } from './problems.ts';

const HEAD: PictureHead = {
  width: 640,
  height: 480,
  channels: 3,
  bytesPerChannel: 1,
  whole: false,
  frames: 1,
};

/** A JPEG as far as its first bytes, and then so many scans. */
function scans(count: number): Buffer {
  const scan = Buffer.from([0xff, 0xda, 0, 2, 0x12, 0xff, 0]);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), ...Array<Buffer>(count).fill(scan)]);
}

/** Bytes as a video has them: any. */
function video(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 7;
  for (let at = 0; at < length; at += 1) {
    state = (state * 48_271) % 2_147_483_647;
    bytes[at] = state >>> 8;
  }
  return bytes;
}

describe('a picture', () => {
  test('is kept in no width that it does not have', () => {
    expect([500, 640, 641, 1280, 1500, 1920, 6000].map(pictureWidths)).toEqual([
      [500],
      [640],
      [640, 641],
      [640, 1280],
      [640, 1280, 1500],
      [640, 1280, 1920],
      [640, 1280, 1920],
    ]);
  });

  test('goes to the decoder as it was sent, but for what a PNG says beside its pixels', async () => {
    for (const format of ['jpeg', 'webp'] as const) {
      const sent = await pictureFile(format, 640, 480);
      expect(checkPicture(new Uint8Array(sent)).equals(sent)).toBe(true);
    }
    const png = pngOf(640, 480, { before: [['iCCP', Buffer.from('a\0\0')]] });
    const text = Buffer.from('Comment\0Canary', 'latin1');
    const said = ['tEXt', 'zTXt', 'iTXt', 'tIME', 'abCd'].map((type) => [type, text] as const);
    const sent = withChunks(
      png,
      said.map(([type, data]) => [type, data]),
    );
    const appended = Buffer.concat([sent, Buffer.from('trailer')]);
    for (const one of [sent, appended]) expect(checkPicture(one).equals(png)).toBe(true);
    for (const length of [8, 20, 40, png.length - 1]) {
      const cut = checkPicture(png.subarray(0, length));
      expect(png.subarray(0, cut.length).equals(cut)).toBe(true);
    }
  });

  test('may be followed by what cameras append, such as a video', async () => {
    const jpeg = withExif(await pictureFile('jpeg', 640, 480), 1);
    const appended = Buffer.concat([jpeg, video(MAX_PICTURE - jpeg.length)]);
    expect(checkPicture(appended)).toHaveLength(MAX_PICTURE);
  });

  const taken = /send a JPEG, PNG or WebP file$/;
  test.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /^picture: is empty/],
    ['one byte', Buffer.from([0xff]), /^picture: is not a picture; /],
    ['a text', Buffer.from('Hello, I am a picture'), /^picture: is not a picture; /],
    ['a page', Buffer.from('<!doctype html><svg/>'), /^picture: is not a picture; /],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /in SVG, which can/],
    ['a drawing after its heading', Buffer.from('\ufeff <?xml version="1.0"?><svg/>'), /in SVG/],
    ['a GIF', Buffer.from('GIF89a'), taken],
    [
      'C10 a video of a phone',
      Buffer.from('\0\0\0\x14ftypqt  '),
      /^picture: is a video; send a JPEG/,
    ],
    ['C10 an MP4', Buffer.from('\0\0\0\x20ftypisom'), /^picture: is a video; send a JPEG/],
    ['C10 a Photoshop file', Buffer.from('8BPS\0\x01'), /is a Photoshop document; send a JPEG/],
    ['C10 a HEIC of many', Buffer.from('\0\0\0\x18ftypmif1'), /HEIC or AVIF.*send a JPEG/],
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic'), /HEIC or AVIF.*send a JPEG/],
    ['an AVIF', Buffer.from('\0\0\0\x1cftypavif'), /HEIC or AVIF.*send a JPEG/],
    ['a TIFF', Buffer.from('II*\0\x08\0\0\0'), /is a TIFF; send/],
    ['a bitmap', Buffer.from('BM6\0'), /is a bitmap; send/],
    ['a JPEG XL', Buffer.from('\0\0\0\x0cJXL \r\n'), /is a JPEG XL picture; send/],
    ['a PDF', Buffer.from('%PDF-1.7'), /is a PDF; send/],
    ['a WebP by its first four letters', Buffer.from('RIFF\0\0\0\0WAVEfmt '), taken],
    ['too many bytes', Buffer.alloc(MAX_PICTURE + 1), /8388609 bytes; 8 MiB are the most, make/],
    ['an animated PNG', pngOf(640, 480, { before: [['acTL', Buffer.alloc(8)]] }), /moves/],
    ['2,400 scans', scans(2_400), /is a JPEG of 2400 scans; 200 are the most, save it anew as/],
  ])('is refused: %s', (_, bytes, says) => {
    const problems = problemsOf(() => checkPicture(bytes));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(says);
  });

  test('may have as many scans as are said, and a RIFF be a WebP', () => {
    expect(checkPicture(scans(200))).toHaveLength(4 + 200 * 7);
    expect(checkPicture(riff())).toHaveLength(12);
  });

  test.each<[change: Partial<PictureHead>, says: RegExp | null]>([
    [{}, null],
    [{ width: 12_000, height: 3_000 }, null],
    [{ width: 8_000, height: 5_000 }, null],
    [{ width: 8_000, height: 5_000, whole: true, bytesPerChannel: 2 }, null],
    [
      { width: 8_000, height: 5_000, whole: true, bytesPerChannel: 2, channels: 4 },
      /is 8000 by 5000 pixels, progressive or interlaced, which takes 320 MB to decode; 256 are/,
    ],
    [{ width: 8_000, height: 5_000, bytesPerChannel: 2, channels: 4 }, null],
    [
      { width: 8_000, height: 5_001 },
      /is 8000 by 5001 pixels; 40 megapixels are the most, make it smaller$/,
    ],
    [
      { width: 199 },
      /199 by 480 pixels; each side needs at least 200, and a width of 1920 is best$/,
    ],
    [{ width: 1_300, height: 250 }, /crop it, one side may be at most 5 times the other$/],
    [{ frames: 2 }, /moves; send a still picture$/],
  ])('whose head says %o', (change, says) => {
    const problems = problemsOf(() => checkHead({ ...HEAD, ...change }));
    expect(problems).toEqual(says === null ? [] : [expect.stringMatching(says)]);
  });
});
