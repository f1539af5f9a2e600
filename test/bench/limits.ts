import type { RecordEntry } from '../../src/simulator/record.ts';
import type { Findings } from './fire.ts';
import { limitsGoals } from './goals.ts';
import type { House } from './house.ts';
import { round } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { figure, goalTable, table } from './print.ts';
import { fireTocsin, type Limit } from './tocsin.ts';

/** How a campaign went that was larger than what the network takes at once. */
export interface LimitsRow extends Limit {
  posts: number;
  /** Whole windows, from the first post on; the one in which the last posts went out is not counted. */
  windows: number;
  /** Accepted in that time, of what could have been. */
  used_percent: number;
  /** Refused for the limit, of all requests to post. */
  refused_percent: number;
  /** Requests that came when everybody had been told for a second that nothing is taken. */
  in_closed: number;
  early: number;
  lost: number;
  doubled: number;
}

/** Who was told so late as this knew it when they sent. */
const TOLD_US = 1_000_000;

/** A campaign of several windows on one worker process, against a network that takes only so many posts of one app in each. */
export async function benchLimits(
  house: House,
  { posts, limit, window: windowSeconds }: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  const plan = { system: 'tocsin-redis', answers: '150ms', posts, workers: 1 } as const;
  say(`${posts} posts, ${limit} in ${windowSeconds} s`);
  const burst = await fireTocsin(house, { ...plan, limit: { limit, windowSeconds } });
  const requests = await house.control.record(0, 'posts');
  const row: LimitsRow = {
    ...{ posts, limit, windowSeconds },
    ...judge(requests, { limit, windowSeconds }),
    ...{ early: burst.early, lost: burst.lost, doubled: doubledOf(requests) },
  };
  const goals = limitsGoals(row);
  const text = [table(HEAD, [cellsOf(row)], 0), NOTE, goalTable(goals)].join('\n\n');
  return { json: { rows: [row], goals }, text };
}

const HEAD = ['posts', 'limit', 'window', 'windows', 'used', 'refused', 'in a closed window'];

const NOTE = `Posts that the network takes of one app in a window; seconds; whole windows; percent of what it would have taken in that time,
and of all requests; requests that came a second or more after the network had taken its last post, or refused one, and before the
window's end. Answers come after 150 ms (median, log-normal). All from the simulator's record.`;

function cellsOf(row: LimitsRow): string[] {
  return [
    ...[row.posts, row.limit, row.windowSeconds, row.windows].map(String),
    ...[figure(row.used_percent), figure(row.refused_percent), String(row.in_closed)],
  ];
}

type Request = Pick<RecordEntry, 'at_us' | 'status'>;

/** Reads windows out of a record as the network counted them: each begins with the first request after the one before. */
export function judge(
  record: readonly Request[],
  { limit, windowSeconds }: Limit,
): Pick<LimitsRow, 'windows' | 'used_percent' | 'refused_percent' | 'in_closed'> {
  const requests = [...record].sort((a, b) => a.at_us - b.at_us);
  const lengthUs = windowSeconds * 1_000_000;
  const windows: { beganUs: number; taken: number; closedUs: number }[] = [];
  let inClosed = 0;
  for (const { at_us, status } of requests) {
    let now = windows.at(-1);
    if (!now || at_us >= now.beganUs + lengthUs) {
      now = { beganUs: at_us, taken: 0, closedUs: Number.POSITIVE_INFINITY };
      windows.push(now);
    }
    if (at_us > now.closedUs + TOLD_US) inClosed++;
    if (status === 201) now.taken++;
    if (now.taken >= limit || status === 429) now.closedUs = Math.min(now.closedUs, at_us);
  }
  const whole = windows.slice(0, -1);
  const taken = whole.reduce((sum, window) => sum + window.taken, 0);
  const spanUs = (windows.at(-1)?.beganUs ?? 0) - (windows[0]?.beganUs ?? 0);
  const refused = requests.filter(({ status }) => status === 429).length;
  return {
    windows: whole.length,
    used_percent: round((100 * taken) / ((spanUs / lengthUs) * limit)),
    refused_percent: round((100 * refused) / Math.max(1, requests.length)),
    in_closed: inClosed,
  };
}

/** Posts beyond one an account; a request that was refused made none. */
function doubledOf(record: readonly RecordEntry[]): number {
  const perAccount = new Map<string, number>();
  for (const { account, status } of record) {
    if (status !== 201 || account === null) continue;
    perAccount.set(account, (perAccount.get(account) ?? 0) + 1);
  }
  return [...perAccount.values()].filter((count) => count > 1).length;
}
