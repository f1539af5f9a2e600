import { sql } from 'kysely';
import type { Db } from './database.ts';

/** How far this process's clock is from the database's, measured over a round trip. */
export interface ClockOffset {
  /** Milliseconds to add to this process's clock to get the database's. */
  offsetMs: number;
  /** The measurement cannot be further off than this: half the shortest round trip seen. */
  errorMs: number;
}

/** This process's clock: epoch milliseconds with a fraction, monotonic between steps of the system clock. */
export function localNow(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Asks the database for its time `rounds` times, or until an answer cannot be further off than `enoughMs`, and believes the one
 * that travelled the least.
 */
export async function measureOffset(db: Db, rounds = 7, enoughMs = 0): Promise<ClockOffset> {
  let best: ClockOffset = { offsetMs: 0, errorMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds && best.errorMs > enoughMs; round++) {
    const before = localNow();
    const answer = await sql<{ now: string }>`
      select (extract(epoch from clock_timestamp()) * 1000)::text as now`.execute(db);
    const after = localNow();
    const errorMs = (after - before) / 2;
    if (errorMs < best.errorMs) {
      const offsetMs = Number(answer.rows[0]?.now) - (before + after) / 2;
      best = { offsetMs, errorMs };
    }
  }
  return best;
}
