import { type LocalTimeRule, parseTzString } from './tz-string.ts';

/** Seconds east of UTC at an instant in seconds since 1970. */
export type SecondsEast = (at: number) => number;

/** A compiled zone file cannot be read; `message` says why. */
export class ZoneFileError extends Error {
  override readonly name = 'ZoneFileError';
}

const HEAD_BYTES = 44;
/** Further from UTC than any place on earth has been. Seconds. */
const MAX_OFFSET = 26 * 3_600;

interface Head {
  version: number;
  isUtc: number;
  isStandard: number;
  leaps: number;
  times: number;
  types: number;
  characters: number;
}

/**
 * Reads a compiled zone file, TZif (RFC 9636): the transitions that it lists, and after the last of them the rule in its footer.
 * Every size and index is checked, so that a file cut short or overwritten is an error and never another time.
 * @throws ZoneFileError
 */
export function readZoneFile(bytes: Uint8Array): SecondsEast {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = readHead(view, 0);
  if (first.version < 2) return readBlock(view, HEAD_BYTES, first, 4, null);
  const at = HEAD_BYTES + blockBytes(first, 4);
  const head = readHead(view, at);
  const end = at + HEAD_BYTES + blockBytes(head, 8);
  return readBlock(view, at + HEAD_BYTES, head, 8, readFooter(bytes, end));
}

function readHead(view: DataView, at: number): Head {
  if (view.byteLength < at + HEAD_BYTES) throw new ZoneFileError('it is cut short');
  if (view.getUint32(at) !== 0x545a6966) throw new ZoneFileError('it is no TZif file');
  const count = (index: number): number => view.getUint32(at + 20 + 4 * index);
  const head = {
    // '\0' in the first edition of the format, then '2', '3', '4'.
    version: Math.max(1, view.getUint8(at + 4) - 0x30),
    isUtc: count(0),
    isStandard: count(1),
    leaps: count(2),
    times: count(3),
    types: count(4),
    characters: count(5),
  };
  if (head.types === 0 || head.types > 256) throw new ZoneFileError('it has no local time');
  if (head.leaps > 0) throw new ZoneFileError('it counts leap seconds');
  return head;
}

function blockBytes(head: Head, timeBytes: 4 | 8): number {
  const { times, types, characters, isStandard, isUtc } = head;
  return times * (timeBytes + 1) + types * 6 + characters + isStandard + isUtc;
}

function readBlock(
  view: DataView,
  start: number,
  head: Head,
  timeBytes: 4 | 8,
  after: LocalTimeRule | null,
): SecondsEast {
  if (view.byteLength < start + blockBytes(head, timeBytes)) {
    throw new ZoneFileError('it is cut short');
  }
  const times = Array.from({ length: head.times }, (_, index) =>
    timeBytes === 4
      ? view.getInt32(start + 4 * index)
      : Number(view.getBigInt64(start + 8 * index)),
  );
  if (times.some((time, index) => index > 0 && time <= (times[index - 1] as number))) {
    throw new ZoneFileError('its transitions are out of order');
  }
  const indexesAt = start + head.times * timeBytes;
  const typesAt = indexesAt + head.times;
  const offsets = Array.from({ length: head.types }, (_, index) =>
    view.getInt32(typesAt + 6 * index),
  );
  if (offsets.some((offset) => Math.abs(offset) > MAX_OFFSET)) {
    throw new ZoneFileError('an offset in it is impossible');
  }
  const kinds = times.map((_, index) => view.getUint8(indexesAt + index));
  if (kinds.some((kind) => kind >= head.types)) throw new ZoneFileError('an index in it is wrong');
  return (at) => {
    const index = lastNotAfter(times, at);
    if (after && index === times.length - 1) return after(at);
    return offsets[index < 0 ? 0 : (kinds[index] as number)] as number;
  };
}

/** What holds after the last transition, between two line feeds at the end of the file; null where that is not said. */
function readFooter(bytes: Uint8Array, from: number): LocalTimeRule | null {
  const end = bytes.indexOf(0x0a, from + 1);
  if (bytes[from] !== 0x0a || end < 0) throw new ZoneFileError('it has no footer');
  const text = String.fromCharCode(...bytes.subarray(from + 1, end));
  if (text === '') return null;
  const rule = parseTzString(text);
  if (!rule) throw new ZoneFileError('its footer is no rule');
  return rule;
}

/** The index of the last of ascending `times` that is not after `at`; -1 where all are. */
export function lastNotAfter(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
