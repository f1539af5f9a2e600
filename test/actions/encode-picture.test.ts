import { Renderer } from '@takumi-rs/core';
import { describe, expect, test } from 'vitest';
import { encodePicture } from '../../src/actions/encode-picture.ts';
import { checkPicture } from '../../src/domain/picture.ts';
import { CAMERA, LATITUDE_BYTES, pictureFile, pngOf, withExif } from '../support/pictures.ts';

/** What is seen near the middle of each edge: left, right, top, bottom. */
async function edgesOf(webp: Buffer, width: number, height: number): Promise<string[]> {
  const node = { type: 'image' as const, src: webp, width, height };
  const raw = await new Renderer().render(node, { width, height, format: 'raw' });
  const points: [x: number, y: number][] = [
    [4, height / 2],
    [width - 4, height / 2],
    [width / 2, 4],
    [width / 2, height - 4],
  ];
  return points.map(([x, y]) => {
    const at = (Math.round(y) * width + Math.round(x)) * 4;
    const [red = 0, , blue = 0] = raw.subarray(at, at + 3);
    if (red > 180 && blue < 80) return 'red';
    return blue > 180 && red < 80 ? 'blue' : 'both';
  });
}

describe('a picture that is taken', () => {
  test('is encoded anew in three widths, upright, and tells nothing but what can be seen', async () => {
    const source = withExif(await pictureFile('jpeg', 2400, 1200), 1);
    expect(source.includes(CAMERA)).toBe(true);
    expect(source.includes(LATITUDE_BYTES)).toBe(true);
    const { hash, sizes } = await encodePicture(source);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [640, 320],
      [1280, 640],
      [1920, 960],
    ]);
    for (const { width, height, type, bytes } of sizes) {
      expect(type).toBe('image/webp');
      expect(checkPicture(bytes)).toMatchObject({ type: 'image/webp', width, height });
      for (const told of [CAMERA, 'Exif', 'EXIF', 'ICCP', 'XMP ', LATITUDE_BYTES]) {
        expect(bytes.includes(told)).toBe(false);
      }
      const edges = await edgesOf(bytes, width, height);
      expect(edges.slice(0, 2)).toEqual(['red', 'blue']);
    }
  });

  // CIPA DC-008, 4.6.4: 3 is upside down, 6 is turned by a quarter to the left, 8 to the right; 2 is mirrored.
  test.each<[orientation: number, size: number[], edges: string[]]>([
    [2, [600, 300], ['blue', 'red']],
    [3, [600, 300], ['blue', 'red']],
    [6, [300, 600], ['red', 'blue']],
    [8, [300, 600], ['blue', 'red']],
  ])('is turned as the camera was held: %i', async (orientation, size, wanted) => {
    const source = withExif(await pictureFile('jpeg', 600, 300), orientation);
    const [only, ...others] = (await encodePicture(source)).sizes;
    expect(others).toEqual([]);
    if (!only) throw new Error('No picture came');
    expect([only.width, only.height]).toEqual(size);
    const edges = await edgesOf(only.bytes, only.width, only.height);
    expect(orientation < 5 ? edges.slice(0, 2) : edges.slice(2)).toEqual(wanted);
  });

  test.each([8, 16])('may be a PNG of %i bits', async (depth) => {
    const [small] = (await encodePicture(pngOf(700, 500, { depth }))).sizes;
    expect(small).toMatchObject({ width: 640, height: 457 });
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

  test('is refused where its inside is damaged', async () => {
    const png = pngOf(640, 480);
    const at = png.indexOf('IDAT') + 12;
    png.writeUInt32BE(0xdeadbeef, at);
    await expect(encodePicture(png)).rejects.toThrow(/^picture: is damaged/);
    // One that follows is not held up by it.
    expect((await encodePicture(pngOf(300, 300))).sizes).toHaveLength(1);
  });
});
