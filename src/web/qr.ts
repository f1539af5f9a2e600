import { encodeQR } from 'qr';
import { createBoundedMemo } from '../domain/bounded-memo.ts';

/** Scanners need this much white around the code, in modules (ISO/IEC 18004, 6.3.8). */
const QUIET_ZONE = 4;

const drawn = createBoundedMemo<string>(200);

/**
 * A QR code as an SVG element: dark modules in `currentColor` on white, since many scanners read no light ones on dark. It
 * has no size of its own but a class, `qr`.
 * @param label What it is called; without one, what it says.
 */
export function qrSvg(text: string, label: string = text): string {
  return drawn(JSON.stringify([text, label]), () => drawPath(text, label));
}

function drawPath(text: string, label: string): string {
  const modules = encodeQR(text, 'raw', { border: QUIET_ZONE, ecc: 'medium' });
  const size = modules.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 ${size} ${size}"`,
    ` role="img" aria-label="${escapeXml(label)}" shape-rendering="crispEdges">`,
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/>`,
    `<path fill="currentColor" d="${modules.map(rowPath).join('')}"/></svg>`,
  ].join('');
}

/** One stroke for each run of dark modules. */
function rowPath(row: readonly boolean[], y: number): string {
  const bits = row.map((dark) => (dark ? '1' : '0')).join('');
  return [...bits.matchAll(/1+/g)]
    .map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`)
    .join('');
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
