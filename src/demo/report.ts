import { type Lateness, summarise } from '../domain/lateness.ts';
import type { Network } from './stage.ts';
import { type Joined, receiptState } from './supporter.ts';

/** What came of the demo. `lost`, `doubled`, `early`, `posted` and lateness are counted from the simulators' records. */
export interface DemoReport {
  supporters: number;
  posted: number;
  refused: number;
  unconfirmed: number;
  lost: number;
  doubled: number;
  early: number;
  lateness_ms: { p50: number; p99: number; max: number } | null;
  /** How many posts each network has. */
  platforms: Record<string, number>;
  moment: string;
  url: string;
}

/**
 * Counts. A post is lost when its supporter holds a receipt, the network has no post of theirs, and the receipt does not
 * say that it was refused or could not be confirmed.
 */
export async function countReport(
  networks: readonly Network[],
  joined: readonly Joined[],
  moment: Date,
  url: string,
): Promise<DemoReport> {
  const posts = await postsOf(networks);
  const momentUs = moment.getTime() * 1000;
  const accounts = new Set(posts.map((post) => post.account));
  const missing = joined.filter(({ platform, handle }) => !accounts.has(`${platform} ${handle}`));
  const states = await Promise.all(missing.map(receiptState));
  const refused = states.filter((state) => state === 'refused' || state === 'dropped').length;
  const unconfirmed = states.filter((state) => state === 'unconfirmed').length;
  return {
    supporters: joined.length,
    posted: accounts.size,
    refused,
    unconfirmed,
    lost: missing.length - refused - unconfirmed,
    doubled: posts.length - accounts.size,
    early: posts.filter((post) => post.at_us < momentUs).length,
    lateness_ms: rounded(summarise(posts.map((post) => (post.at_us - momentUs) / 1000))),
    platforms: Object.fromEntries(
      networks.map(({ name }) => [name, posts.filter((post) => post.platform === name).length]),
    ),
    moment: moment.toISOString(),
    url,
  };
}

interface Arrival {
  platform: string;
  /** Platform and handle. */
  account: string;
  at_us: number;
}

async function postsOf(networks: readonly Network[]): Promise<Arrival[]> {
  const all = await Promise.all(
    networks.map(async ({ name, control }) =>
      (await control.posts()).map(({ handle, at_us }) => ({
        platform: name,
        account: `${name} ${handle}`,
        at_us,
      })),
    ),
  );
  return all.flat();
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
    `  by network: ${Object.entries(report.platforms)
      .map(([name, posts]) => `${name} ${posts}`)
      .join(', ')}`,
    '  counted from the simulated networks’ own records',
    '',
  ].join('\n');
}
