const WALL_BEGINS = /^\d{4}-\d{2}-\d{2}[T ]\d/;
const TIME_FIRST =
  /^(\d{1,2}):(\d{2})(?::\d{2})?[\s,T]+(?:(\d{4}-\d{2}-\d{2})|\d{1,4}[-./]\d{1,2}[-./]\d{1,4})$/;
const DAY_FIRST = /^\d{1,2}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{2,4}(?!\d)/;
const OFFSET = /(?:Z|[+-]\d{2}(?::?\d{2})?)(?:\[.*\])?$/i;

/** A date with the year first, and perhaps a time, in whatever way people write them: `2027-6-1T9:00`, `2027/06/01, 9.30 pm`. */
const LOOSE =
  /^(?<year>\d{4})(?<dates>[-./\u2010-\u2015])(?<month>\d{1,2})[-./\u2010-\u2015](?<day>\d{1,2})(?:(?<gap>[T\s,]+)(?<hour>\d{1,2})(?:(?<times>[:.hH])(?<minute>\d{1,2})(?::(?<second>\d{1,2}))?)?\s*(?<half>[ap]\.?m\.?)?)?$/i;

/** What keeps a text from being a wall time, with the mend. */
export function malformedWall(at: string): string {
  const digits = withPlainDigits(at);
  if (digits !== at) return `${NONE}: its digits are not 0 to 9; write ${mendOf(digits) ?? digits}`;
  if (WALL_BEGINS.test(at) && OFFSET.test(at.slice(10))) {
    return 'carries an offset from UTC; leave it out, the zone says it: 2017-07-10T11:00. Which of two is meant where clocks are put back, `occurrence` says';
  }
  const turned = TIME_FIRST.exec(at);
  if (turned) {
    const [, hour = '', minute = '', date] = turned;
    const mend = date ?? '2017-07-10';
    return `has the time before the date; write the date first: ${mend}T${two(hour)}:${minute}`;
  }
  if (DAY_FIRST.test(at)) {
    return 'is not a date and time with the year first; write year, month and day in that order: 2017-07-10T11:00';
  }
  const parts = LOOSE.exec(at)?.groups;
  const mend = mendOf(at);
  if (!parts || mend === null) return `${NONE}; write it as 2017-07-10T11:00`;
  return `${NONE}: ${faultsOf(parts).join(', and ')}; write ${mend}`;
}

const NONE = 'is not a date and time';
type Parts = Readonly<Record<string, string | undefined>>;

/** Each thing that is written otherwise than it can be read. */
function faultsOf(parts: Parts): string[] {
  const { dates, hour, times, half } = parts;
  const short = ['month', 'day', 'hour', 'minute', 'second'].filter(
    (name) => parts[name]?.length === 1,
  );
  const [last, ...before] = short.toReversed();
  const names = before.length > 0 ? `${before.toReversed().join(', ')} and ${last}` : last;
  return [
    last ? `${names} ${before.length > 0 ? 'need' : 'needs'} two digits` : null,
    dates === '-' ? null : 'its date needs hyphens',
    hour === undefined ? 'its time is missing' : null,
    hour !== undefined && times === undefined ? 'its minutes are missing' : null,
    times === undefined || times === ':' ? null : 'its time needs a colon',
    half === undefined ? null : 'its hours have to go to 24, without am and pm',
    parts.gap?.includes(',') ? 'a comma stands in it' : null,
  ].filter((one) => one !== null);
}

/** The same as it can be read; null for what is on no calendar or clock then. Without a time it is eleven o'clock. */
function mendOf(at: string): string | null {
  const parts = LOOSE.exec(at)?.groups;
  if (!parts) return null;
  const { year = '', month = '', day = '', hour, minute = '', second, half } = parts;
  const hours = hour === undefined ? 11 : toDay(Number(hour), half);
  const time = `${two(String(hours))}:${two(minute || '0')}`;
  const mend = `${year}-${two(month)}-${two(day)}T${time}${second === undefined ? '' : `:${two(second)}`}`;
  const ms = Date.parse(`${mend}Z`);
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(mend) ? null : mend;
}

/** An hour of a clock of twelve hours as one of 24. */
function toDay(hour: number, half: string | undefined): number {
  if (half === undefined || hour > 12) return hour;
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0);
}

function two(number: string): string {
  return number.padStart(2, '0');
}

/** With the digits of other scripts as 0 to 9: Unicode has each script's ten in a row. */
function withPlainDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0;
    let zero = point;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((point - zero) % 10);
  });
}
