/** The block in which cameras write; TIFF 6.0, section 2. */
const ORIENTATION = 0x0112;
const BYTE_ORDERS: Readonly<Record<string, 'LE' | 'BE'>> = { II: 'LE', MM: 'BE' };

/** Which way up the camera was held, 1 (upright) to 8. What cannot be read is upright. */
export function orientationOf(exif: Buffer): number {
  // In WebP some programs leave JPEG's prefix before it.
  const prefixed = exif.toString('latin1', 0, 6) === 'Exif\0\0';
  const tiff = prefixed ? exif.subarray(6) : exif;
  const order = BYTE_ORDERS[tiff.toString('latin1', 0, 2)];
  if (!order || tiff.length < 8) return 1;
  const short = (at: number) => (order === 'LE' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = order === 'LE' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return 1;
  const entries = short(first);
  for (let at = first + 2; at < first + 2 + entries * 12 && at + 12 <= tiff.length; at += 12) {
    if (short(at) !== ORIENTATION) continue;
    const orientation = short(at + 8);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}
