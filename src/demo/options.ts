import { parseArgs } from 'node:util';
import { PLATFORM_NAMES, type PlatformName } from '../simulator/client.ts';

export interface DemoOptions {
  supporters: number;
  /** Supporters are spread over them evenly. */
  platforms: readonly PlatformName[];
  /** From when joining opens to the moment; null: as long as this machine needs. */
  inMs: number | null;
  seed: number;
  exit: boolean;
  json: boolean;
}

export const DEMO_HELP = `Usage: npm run demo -- [options]

A whole campaign on this machine: an instance, a simulated network, supporters who join through the real pages over HTTP,
the moment, and what happened, counted from the network's own record.

  --supporters N   simulated people who join (500)
  --in 45s         the moment, from when joining opens (45s, and longer on a machine that is slow to start)
  --platforms x    simulated networks over which the supporters are spread, with commas, or all; of:
                   ${PLATFORM_NAMES.join(' ')}
  --seed S         shapes every draw of the simulator's chance (1)
  --exit           end after the report; without it everything stays up for a look in the browser
  --json           the last line on stdout is one JSON object

DATABASE_URL and REDIS_URL are respected; give it a database that holds nothing else.`;

/** @throws Error in words when an option is wrong; null when help was asked for. */
export function readOptions(args: readonly string[]): DemoOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      supporters: { type: 'string', default: '500' },
      in: { type: 'string' },
      platforms: { type: 'string', default: 'x' },
      seed: { type: 'string', default: '1' },
      exit: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    supporters: wholeNumber('--supporters', values.supporters, 1, 100_000),
    platforms: parsePlatforms(values.platforms),
    inMs: values.in === undefined ? null : duration(values.in),
    seed: wholeNumber('--seed', values.seed, 0, 2 ** 31),
    exit: values.exit,
    json: values.json,
  };
}

function parsePlatforms(text: string): readonly PlatformName[] {
  if (text === 'all') return PLATFORM_NAMES;
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  return names.map((name) => {
    const known = PLATFORM_NAMES.find((one) => one === name);
    if (known) return known;
    throw new Error(
      `--platforms: "${name}" is none; write all, or some of ${PLATFORM_NAMES.join(',')}`,
    );
  });
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new Error(`${name}: "${text}" must be a whole number from ${least} to ${most}`);
  }
  return number;
}

function duration(text: string): number {
  const match = /^(\d{1,4})(s|m)$/.exec(text);
  const ms = Number(match?.[1]) * (match?.[2] === 'm' ? 60_000 : 1_000);
  if (!match || ms < 10_000) {
    throw new Error(`--in: "${text}" must be 10s or more; write for example 30s or 5m`);
  }
  return ms;
}
