import { describe, expect, test } from 'vitest';
import { checkPicture, PICTURE_MAX, pictureWidths } from '../../src/domain/picture.ts';
import { pictureFile, pngOf, riff, withExif } from '../support/pictures.ts';
import { problemsOf } from './problems.ts';

/** A frame's head in VP8, RFC 6386, 9.1. */
function vp8(width: number, height: number): Buffer {
  const data = Buffer.alloc(20);
  data.set([0x9d, 0x01, 0x2a], 3);
  data.writeUInt16LE(width, 6);
  data.writeUInt16LE(height, 8);
  return data;
}

function vp8x(width: number, height: number): Buffer {
  const data = Buffer.alloc(10);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return data;
}

describe('a picture', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('says its size: %s', async (format) => {
    const file = checkPicture(await pictureFile(format, 640, 480));
    expect(file).toEqual({
      type: `image/${format}`,
      width: 640,
      height: 480,
      animated: false,
      wide: false,
      orientation: 1,
    });
  });

  test('may be followed by what cameras append, and hold what they write', async () => {
    const jpeg = withExif(await pictureFile('jpeg', 640, 480), 1);
    const appended = Buffer.concat([jpeg, Buffer.from('trailer')]);
    expect(checkPicture(appended)).toMatchObject({ width: 640, height: 480 });
  });

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

  const taken = /send a JPEG, PNG or WebP file$/;
  test.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /^picture: is empty/],
    ['a text', Buffer.from('Hello, I am a picture'), /^picture: is not a picture; /],
    ['a page', Buffer.from('<!doctype html><svg/>'), /^picture: is not a picture; /],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /in SVG, which can/],
    ['a drawing after its heading', Buffer.from('\ufeff <?xml version="1.0"?><svg/>'), /in SVG/],
    ['a GIF', Buffer.from('GIF89a'), taken],
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic'), /HEIC or AVIF.*send a JPEG/],
    ['too many bytes', Buffer.alloc(PICTURE_MAX + 1), /8388609 bytes; 8 MiB are the most/],
    ['a bomb', pngOf(50_000, 50_000), /50000 by 50000 pixels; 40 megapixels are the most/],
    ['a thin bomb', pngOf(4_000_000_000, 1), /40 megapixels are the most/],
    ['a bomb of 16 bits', pngOf(6_000, 4_000, { depth: 16 }), /20 megapixels with 16 bits/],
    ['a bomb in WebP', riff(['VP8 ', vp8(16_383, 16_383)]), /40 megapixels/],
    [
      'a bomb in disguise',
      riff(['VP8X', vp8x(640, 480)], ['VP8 ', vp8(16_383, 16_383)]),
      /damaged/,
    ],
    ['a tiny one', pngOf(199, 640), /199 by 640 pixels; each side needs at least 200/],
    ['a ribbon', pngOf(1_300, 250), /one side may be at most 5 times the other/],
    ['an animated PNG', pngOf(640, 480, { before: [['acTL', Buffer.alloc(8)]] }), /moves/],
    [
      'an animated WebP',
      riff(['VP8X', vp8x(640, 480)], ['ANIM', Buffer.alloc(6)], ['ANMF', Buffer.alloc(20)]),
      /moves/,
    ],
    ['two heads', pngOf(640, 480, { before: [['IHDR', Buffer.alloc(13)]] }), /damaged/],
    ['a WebP of nothing', riff(), /damaged/],
    ['a JPEG of nothing', Buffer.from([0xff, 0xd8, 0xff, 0xd9]), /damaged/],
  ])('is refused: %s', (_, bytes, says) => {
    const problems = problemsOf(() => checkPicture(bytes));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(says);
  });

  test.each(['jpeg', 'png', 'webp'] as const)(
    'is refused wherever it is cut off: %s',
    async (format) => {
      const whole = await pictureFile(format, 320, 240);
      for (let length = 1; length < whole.length; length += Math.ceil(whole.length / 300)) {
        const problems = problemsOf(() => checkPicture(whole.subarray(0, length)));
        expect({ length, problems }).toEqual({
          length,
          problems: [expect.stringMatching(/is cut off|is not a picture/)],
        });
      }
    },
  );
});
