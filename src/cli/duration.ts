import { UsageError } from './command.ts';

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `30s`, `5m`, `2h`, `1d` in milliseconds. @throws UsageError */
export function parseDuration(name: string, text: string): number {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  const count = Number(match?.[1]);
  if (unit === undefined || count === 0) {
    throw new UsageError(`${name}: "${text}" is not a duration; write for example 30s, 5m or 2h`);
  }
  return count * unit;
}
