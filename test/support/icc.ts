/** Colour profiles made for tests: matrix and one curve each, as cameras and editors embed them. ICC.1:2001-04 (version 2). */

/** Where red, green, blue and white lie (CIE 1931 x, y), and the exponent of the curve. */
export interface ColourSpace {
  name: string;
  primaries: readonly (readonly [x: number, y: number])[];
  white: readonly [x: number, y: number];
  gamma: number;
}

const D65 = [0.3127, 0.329] as const;
const D50 = [0.3457, 0.3585] as const;

/** Adobe RGB (1998), 4.3. */
export const ADOBE_RGB: ColourSpace = {
  name: 'Adobe RGB (1998)',
  primaries: [
    [0.64, 0.33],
    [0.21, 0.71],
    [0.15, 0.06],
  ],
  white: D65,
  gamma: 563 / 256,
};

/** ROMM RGB, ISO 22028-2, with its curve as editors embed it. */
export const PROPHOTO: ColourSpace = {
  name: 'ProPhoto RGB',
  primaries: [
    [0.7347, 0.2653],
    [0.1596, 0.8404],
    [0.0366, 0.0001],
  ],
  white: D50,
  gamma: 1.8,
};

/** Display P3's primaries; its own curve is sRGB's, here 2.2. */
export const DISPLAY_P3: ColourSpace = {
  name: 'Display P3',
  primaries: [
    [0.68, 0.32],
    [0.265, 0.69],
    [0.15, 0.06],
  ],
  white: D65,
  gamma: 2.2,
};

type Matrix = readonly (readonly number[])[];

/** From linear RGB to XYZ under D50, in which profiles are written. */
export function toXyz({ primaries, white }: ColourSpace): Matrix {
  const columns = primaries.map(xyz);
  const rows = [0, 1, 2].map((row) => columns.map((column) => column[row] ?? 0));
  const amounts = times(inverse(rows), xyz(white));
  const scaled = rows.map((row) => row.map((value, at) => value * (amounts[at] ?? 0)));
  return product(adapt(white), scaled);
}

const SRGB: ColourSpace = {
  name: 'sRGB',
  primaries: [
    [0.64, 0.33],
    [0.3, 0.6],
    [0.15, 0.06],
  ],
  white: D65,
  gamma: 2.2,
};

/** What a colour of this space (0 to 255 each) is in sRGB, by IEC 61966-2-1; what sRGB does not have is cut off. */
export function inSrgb(space: ColourSpace, colour: readonly number[]): number[] {
  const linear = colour.map((value) => (value / 255) ** space.gamma);
  return srgbOf(times(toXyz(space), linear));
}

/** What a colour of CIE L*a*b* under D50 is in sRGB. */
export function labInSrgb([light, a, b]: readonly [number, number, number]): number[] {
  const y = (light + 16) / 116;
  const white = xyz(D50);
  return srgbOf(
    [y + a / 500, y, y - b / 200].map((value, at) => {
      const whole = value > 6 / 29 ? value ** 3 : (value - 16 / 116) * 3 * (6 / 29) ** 2;
      return whole * (white[at] ?? 1);
    }),
  );
}

/** 0 to 255 each. */
function srgbOf(colour: readonly number[]): number[] {
  return times(inverse(toXyz(SRGB)), colour).map((value) => {
    const cut = Math.min(1, Math.max(0, value));
    const encoded = cut <= 0.0031308 ? 12.92 * cut : 1.055 * cut ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255);
  });
}

/** The profile as it stands in a file. */
export function profileOf(space: ColourSpace): Buffer {
  const matrix = toXyz(space);
  const column = (at: number) => xyzTag(matrix.map((row) => row[at] ?? 0));
  const curve = gammaTag(space.gamma);
  return assemble('mntrRGB XYZ ', [
    ...namingTags(space.name),
    ['rXYZ', column(0)],
    ['gXYZ', column(1)],
    ['bXYZ', column(2)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]);
}

/** Of grey, with this exponent. */
export function greyProfile(gamma: number): Buffer {
  return assemble('mntrGRAYXYZ ', [...namingTags('Grey'), ['kTRC', gammaTag(gamma)]]);
}

/** Of four inks that look like this colour unless all of them are there, and black then: nothing comes to it by chance. */
export function inkProfile([light, a, b]: readonly [number, number, number]): Buffer {
  const identity = Buffer.alloc(256, 0).map((_, at) => at);
  const tables = (count: number) => Array<Uint8Array>(count).fill(identity);
  const node = Buffer.from([Math.round((light * 255) / 100), a + 128, b + 128]);
  const matrix = Buffer.alloc(36);
  for (const at of [0, 16, 32]) matrix.writeInt32BE(65536, at);
  const lut = Buffer.concat([
    tagHead('mft1'),
    // Inks, colours, and points on each side of the table.
    Buffer.from([4, 3, 2, 0]),
    matrix,
    ...tables(4),
    ...Array<Buffer>(2 ** 4 - 1).fill(node),
    Buffer.from([0, 128, 128]),
    ...tables(3),
  ]);
  return assemble('prtrCMYKLab ', [...namingTags('Inks'), ['A2B0', lut]]);
}

type Tag = [signature: string, data: Buffer];

function namingTags(name: string): Tag[] {
  return [
    ['desc', description(name)],
    ['cprt', Buffer.concat([tagHead('text'), Buffer.from('made for a test\0', 'latin1')])],
    ['wtpt', xyzTag(xyz(D50))],
  ];
}

function gammaTag(gamma: number): Buffer {
  const data = Buffer.from([0, 0, 0, 1, 0, 0]);
  data.writeUInt16BE(Math.round(gamma * 256), 4);
  return Buffer.concat([tagHead('curv'), data]);
}

/** `kind`: class, colour space and connection space, four characters each. */
function assemble(kind: string, tags: readonly Tag[]): Buffer {
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length);
  let offset = 128 + table.length;
  const parts: Buffer[] = [];
  for (const [index, [name, data]] of tags.entries()) {
    const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    table.write(name, 4 + index * 12, 'latin1');
    table.writeUInt32BE(offset, 8 + index * 12);
    table.writeUInt32BE(data.length, 12 + index * 12);
    parts.push(padded);
    offset += padded.length;
  }
  const head = Buffer.alloc(128);
  head.writeUInt32BE(offset, 0);
  head.writeUInt32BE(0x02100000, 8);
  head.write(kind, 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  xyz(D50).forEach((value, at) => {
    head.writeInt32BE(fixed(value), 68 + at * 4);
  });
  return Buffer.concat([head, table, ...parts]);
}

function tagHead(type: string): Buffer {
  return Buffer.from(`${type}\0\0\0\0`, 'latin1');
}

function xyzTag(values: readonly number[]): Buffer {
  const data = Buffer.alloc(12);
  values.forEach((value, at) => {
    data.writeInt32BE(fixed(value), at * 4);
  });
  return Buffer.concat([tagHead('XYZ '), data]);
}

function description(name: string): Buffer {
  const text = Buffer.from(`${name}\0`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  // No Unicode and no ScriptCode text.
  return Buffer.concat([tagHead('desc'), length, text, Buffer.alloc(4 + 4 + 2 + 1 + 67)]);
}

/** s15Fixed16Number. */
function fixed(value: number): number {
  return Math.round(value * 65536);
}

function xyz([x, y]: readonly [number, number]): number[] {
  return [x / y, 1, (1 - x - y) / y];
}

const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** From this white to D50, by Bradford's cone responses. */
function adapt(white: readonly [number, number]): Matrix {
  const from = times(BRADFORD, xyz(white));
  const to = times(BRADFORD, xyz(D50));
  const scale = [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) => (row === column ? (to[row] ?? 0) / (from[row] ?? 1) : 0)),
  );
  return product(inverse(BRADFORD), product(scale, BRADFORD));
}

function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0));
}

function product(left: Matrix, right: Matrix): Matrix {
  const columns = [0, 1, 2].map((at) =>
    times(
      left,
      right.map((row) => row[at] ?? 0),
    ),
  );
  return [0, 1, 2].map((row) => columns.map((column) => column[row] ?? 0));
}

/** By cofactors. */
function inverse(matrix: Matrix): Matrix {
  const at = (row: number, column: number) => matrix[row % 3]?.[column % 3] ?? 0;
  const cofactor = (row: number, column: number) =>
    at(row + 1, column + 1) * at(row + 2, column + 2) -
    at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = [0, 1, 2].reduce(
    (sum, column) => sum + at(0, column) * cofactor(0, column),
    0,
  );
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
