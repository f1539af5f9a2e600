/** Pixels in rows from the top, four bytes each. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/** What lies at each place of the upright picture, by how the camera was held: CIPA DC-008, 4.6.4, tag 0x0112. */
type Place = (x: number, y: number, width: number, height: number) => readonly [number, number];
const PLACES: Readonly<Record<number, Place>> = {
  2: (x, y, width) => [width - 1 - x, y],
  3: (x, y, width, height) => [width - 1 - x, height - 1 - y],
  4: (x, y, _width, height) => [x, height - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _width, height) => [y, height - 1 - x],
  7: (x, y, width, height) => [width - 1 - y, height - 1 - x],
  8: (x, y, width) => [width - 1 - y, x],
};

/** Whether a picture lies on its side as it is stored. */
export function isSideways(orientation: number): boolean {
  return orientation >= 5;
}

/** The picture as the camera saw it. */
export function turnUpright(pixels: Pixels, orientation: number): Pixels {
  const place = PLACES[orientation];
  if (!place) return pixels;
  const { width, height } = pixels;
  const upright = isSideways(orientation) ? { width: height, height: width } : { width, height };
  const from = new DataView(pixels.data.buffer, pixels.data.byteOffset, pixels.data.byteLength);
  const data = new Uint8Array(pixels.data.length);
  const to = new DataView(data.buffer);
  for (let y = 0; y < upright.height; y += 1) {
    for (let x = 0; x < upright.width; x += 1) {
      const [fromX, fromY] = place(x, y, width, height);
      to.setUint32((y * upright.width + x) * 4, from.getUint32((fromY * width + fromX) * 4));
    }
  }
  return { ...upright, data };
}
