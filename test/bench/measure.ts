import type { Post } from '../../src/simulator/accounts.ts';
import type { Summary } from '../../src/simulator/record.ts';
import type { Answers, System } from './options.ts';

/** One burst as the simulator saw it; times in milliseconds after the moment. */
export interface Witnessed {
  posts: number;
  first_send_ms: number;
  last_send_ms: number;
  last_answer_ms: number;
  p50_ms: number;
  p99_ms: number;
  early: number;
  /** People whose post never came. */
  lost: number;
  /** Requests to post beyond one a person, whatever they were answered. */
  doubled: number;
}

/** What a burst cost the processes that made it. */
export interface Cost {
  cpu_us_per_post: number;
  /** Of the largest process. */
  peak_rss_mib: number;
}

/** What only Tocsin has. */
export interface Kept {
  /** From the time to lock until every delivery was armed; null when some were not before the moment. */
  lock_arm_ms: number | null;
  /** By the ledger: when the first and the last post were sent. */
  ledger_first_send_ms: number;
  ledger_last_send_ms: number;
  /** When the last delivery was settled. */
  ledger_complete_ms: number;
  /** Deliveries that the ledger has as posted. */
  ledger_posted: number;
}

export interface Burst extends Witnessed, Cost {
  kept?: Kept;
}

/** The contract of `bench fire --json`. */
export interface Row {
  system: System;
  answers: Answers;
  posts: number;
  first_send_ms: number;
  last_send_ms: number;
  last_answer_ms: number;
  p50_ms: number;
  p99_ms: number;
  cpu_us_per_post: number;
  peak_rss_mib: number;
  early: number;
}

/** Judges a burst of `people` posts by the simulator's own record. */
export function witness(
  posts: readonly Post[],
  requests: Summary,
  people: number,
  momentMs: number,
): Witnessed {
  const late = posts.map((post) => post.at_us / 1000 - momentMs).sort((a, b) => a - b);
  const answered = posts.map((post) => (post.answered_us ?? Number.NaN) / 1000 - momentMs);
  const distinct = new Set(posts.map((post) => post.account)).size;
  const asked = Object.values(requests.paths.posts ?? {}).reduce((sum, count) => sum + count, 0);
  return {
    posts: posts.length,
    first_send_ms: late[0] ?? Number.NaN,
    last_send_ms: late.at(-1) ?? Number.NaN,
    last_answer_ms: answered.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY),
    p50_ms: percentile(late, 0.5),
    p99_ms: percentile(late, 0.99),
    early: late.filter((one) => one < 0).length,
    lost: people - distinct,
    doubled: asked - distinct,
  };
}

/** Nearest rank. `sorted` ascending; NaN of nothing. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}

/** Each figure the median over the runs; of `early` the most, since one is too many. */
export function rowOf(system: System, answers: Answers, bursts: readonly Burst[]): Row {
  const middle = (pick: (burst: Burst) => number) => round(median(bursts.map(pick)));
  return {
    system,
    answers,
    posts: middle((burst) => burst.posts),
    first_send_ms: middle((burst) => burst.first_send_ms),
    last_send_ms: middle((burst) => burst.last_send_ms),
    last_answer_ms: middle((burst) => burst.last_answer_ms),
    p50_ms: middle((burst) => burst.p50_ms),
    p99_ms: middle((burst) => burst.p99_ms),
    cpu_us_per_post: middle((burst) => burst.cpu_us_per_post),
    peak_rss_mib: middle((burst) => burst.peak_rss_mib),
    early: most(bursts.map((burst) => burst.early)),
  };
}

export function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

/** To a tenth. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Student's t for 95 %, two-sided, by degrees of freedom from 1 on; more of them count as the last. */
const T_95 = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228] as const;

/** By how many percent the second of each pair is above the first: the mean, and its 95 % interval. */
export interface PairedDifference {
  mean: number;
  low: number;
  high: number;
}

/** NaN for the interval of fewer than two pairs. */
export function pairedDifference(
  pairs: readonly (readonly [base: number, other: number])[],
): PairedDifference {
  const percents = pairs.map(([base, other]) => ((other - base) / base) * 100);
  const count = percents.length;
  const mean = percents.reduce((sum, one) => sum + one, 0) / count;
  const squares = percents.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const t = T_95[Math.min(count - 2, T_95.length - 1)] ?? Number.NaN;
  const half = t * Math.sqrt(squares / (count - 1) / count);
  return { mean, low: mean - half, high: mean + half };
}
