/** Seconds east of UTC at an instant in seconds since 1970, by a rule that holds in every year. */
export type LocalTimeRule = (at: number) => number;

const NAME = '(?:<[A-Za-z0-9+-]{3,}>|[A-Za-z]{3,})';
const TIME = '([+-]?\\d{1,3}(?::\\d{2}){0,2})';
const TZ_STRING = new RegExp(`^${NAME}${TIME}(?:${NAME}${TIME}?,([^,]+),([^,]+))?$`);
const DATE = new RegExp(
  `^(?:M(\\d{1,2})\\.([1-5])\\.([0-6])|J(\\d{1,3})|(\\d{1,3}))(?:/${TIME})?$`,
);

const DAY = 86_400;
const HOUR = 3_600;

/** Seconds since 1970 of local midnight of the day in a year, and the time of the change after it, as if local time were UTC. */
type YearlyChange = (year: number) => number;

/**
 * A rule as the TZ variable of POSIX writes it, with RFC 9636's longer hours: `CET-1CEST,M3.5.0,M10.5.0/3`. Null for a text that
 * is none.
 */
export function parseTzString(text: string): LocalTimeRule | null {
  const match = TZ_STRING.exec(text);
  if (!match) return null;
  // POSIX counts west of Greenwich.
  const standard = 0 - seconds(match[1] ?? '0');
  if (match[3] === undefined || match[4] === undefined) return () => standard;
  const summer = match[2] === undefined ? standard + HOUR : 0 - seconds(match[2]);
  const [start, end] = [parseChange(match[3]), parseChange(match[4])];
  if (!start || !end) return null;
  return (at) => {
    const year = new Date((at + standard) * 1_000).getUTCFullYear();
    const from = start(year) - standard;
    const to = end(year) - summer;
    const isSummer = from < to ? at >= from && at < to : at >= from || at < to;
    return isSummer ? summer : standard;
  };
}

function parseChange(text: string): YearlyChange | null {
  const match = DATE.exec(text);
  if (!match) return null;
  const [, month, week, weekday, julian, zeroBased, time] = match;
  const after = time === undefined ? 2 * HOUR : seconds(time);
  if (month !== undefined) {
    return (year) => nthWeekday(year, Number(month), Number(week), Number(weekday)) + after;
  }
  if (zeroBased !== undefined) return (year) => dayOfYear(year, Number(zeroBased)) + after;
  // J counts without 29 February.
  const day = Number(julian);
  return (year) => dayOfYear(year, day - 1 + (day >= 60 && isLeap(year) ? 1 : 0)) + after;
}

/** `week` 5 is the last one of the month. */
function nthWeekday(year: number, month: number, week: number, weekday: number): number {
  const first = Date.UTC(year, month - 1, 1) / 1_000;
  const days = (Date.UTC(year, month, 1) / 1_000 - first) / DAY;
  const begins = new Date(first * 1_000).getUTCDay();
  let day = ((weekday - begins + 7) % 7) + 7 * (week - 1);
  if (day >= days) day -= 7;
  return first + day * DAY;
}

function dayOfYear(year: number, day: number): number {
  return Date.UTC(year, 0, 1) / 1_000 + day * DAY;
}

function isLeap(year: number): boolean {
  return new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
}

/** `-3:30` as seconds. */
function seconds(time: string): number {
  const [hours = 0, minutes = 0, rest = 0] = time.replace(/^[+-]/, '').split(':').map(Number);
  return (hours * HOUR + minutes * 60 + rest) * (time.startsWith('-') ? -1 : 1);
}
