import { type Lateness, summarise } from '../domain/lateness.ts';
import type { controlOf } from '../simulator/client.ts';
import { type Joined, receiptState } from './supporter.ts';

/** What came of the demo. `lost`, `doubled`, `early`, `posted` and lateness are counted from the simulator's record. */
export interface DemoReport {
  supporters: number;
  posted: number;
  refused: number;
  unconfirmed: number;
  lost: number;
  doubled: number;
  early: number;
  lateness_ms: { p50: number; p99: number; max: number } | null;
  moment: string;
  url: string;
}

/**
 * Counts. A post is lost when its supporter holds a receipt, the network has no post of theirs, and the receipt does not
 * say that it was refused or could not be confirmed.
 */
export async function countReport(
  control: ReturnType<typeof controlOf>,
  joined: readonly Joined[],
  moment: Date,
  url: string,
): Promise<DemoReport> {
  const posts = await control.posts();
  const momentUs = moment.getTime() * 1000;
  const perHandle = new Map<string, number>();
  for (const post of posts) perHandle.set(post.handle, (perHandle.get(post.handle) ?? 0) + 1);
  const missing = joined.filter((supporter) => !perHandle.has(supporter.handle));
  const states = await Promise.all(missing.map(receiptState));
  const refused = states.filter((state) => state === 'refused' || state === 'dropped').length;
  const unconfirmed = states.filter((state) => state === 'unconfirmed').length;
  return {
    supporters: joined.length,
    posted: perHandle.size,
    refused,
    unconfirmed,
    lost: missing.length - refused - unconfirmed,
    doubled: posts.length - perHandle.size,
    early: posts.filter((post) => post.at_us < momentUs).length,
    lateness_ms: rounded(summarise(posts.map((post) => (post.at_us - momentUs) / 1000))),
    moment: moment.toISOString(),
    url,
  };
}

function rounded(lateness: Lateness | null): DemoReport['lateness_ms'] {
  if (!lateness) return null;
  const round = (ms: number): number => Math.round(ms * 10) / 10;
  return { p50: round(lateness.p50), p99: round(lateness.p99), max: round(lateness.max) };
}

/** The report for people. */
export function describeReport(report: DemoReport): string {
  const late = report.lateness_ms;
  return [
    '',
    `  ${report.posted} of ${report.supporters} posts went out at ${report.moment}`,
    late
      ? `  arrival after the moment: half within ${late.p50} ms, 99 of 100 within ${late.p99} ms, the last at ${late.max} ms`
      : '  nothing arrived',
    `  refused ${report.refused}, unconfirmed ${report.unconfirmed}, lost ${report.lost}, doubled ${report.doubled}, early ${report.early}`,
    '  counted from the simulated network’s own record',
    '',
  ].join('\n');
}
