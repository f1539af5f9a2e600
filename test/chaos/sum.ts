import type { ChaosResult } from './chaos.ts';

/** All runs as one: counts are added up, of times the worst is kept, and the seed is the first one's. */
export function sumOf(runs: readonly ChaosResult[]): ChaosResult {
  return runs.reduce((sum, run) => {
    const counts = Object.entries(run).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, value + Number(sum[name as keyof ChaosResult])]] : [],
    );
    const { p50, p99, max } = sum.lateness_ms;
    return {
      ...run,
      ...Object.fromEntries(counts),
      seed: sum.seed,
      slowest_stop_ms: Math.max(sum.slowest_stop_ms, run.slowest_stop_ms),
      lateness_ms: {
        p50: Math.max(p50, run.lateness_ms.p50),
        p99: Math.max(p99, run.lateness_ms.p99),
        max: Math.max(max, run.lateness_ms.max),
      },
      events: addUp(sum.events, run.events),
      problems: [...sum.problems, ...run.problems],
    };
  });
}

function addUp<T extends Partial<Record<string, number>>>(one: T, other: T): T {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...names].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]),
  ) as T;
}
