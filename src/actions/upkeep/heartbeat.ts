import type { Context } from '../../context.ts';
import { forgetCanaries } from '../../store/canary.ts';
import { measureOffset } from '../../store/connection/clock.ts';
import { notify } from '../../store/connection/database.ts';
import {
  forgetWorker,
  recordHeartbeat,
  type SignOfLife,
  type WorkerRole,
} from '../../store/worker.ts';
import { checkMoments } from '../campaign/check-moment.ts';
import { checkClock, clockForHeartbeat, takeOffset } from '../health/check-clock.ts';
import { checkRestored } from '../stop/check-restored.ts';

/** What a process shows of itself for as long as it lives. */
export interface Heartbeat {
  /**
   * Measures this process's clock against the database's, aims by it from now on, and writes down what was done lately. Takes
   * over what has become of keys, whether or not it heard of it, and looks at the moments when the rules of time zones are new.
   * Holds everything when the database has become an older one. Sends a notification to itself. `isQuiet`: nothing is aimed at for
   * now, so that the clock need not be known to the last fraction of a millisecond.
   */
  beat(isQuiet?: boolean): Promise<void>;
  /** The look through the records has ended, and every step of it has succeeded. */
  onSwept(): void;
  /** The last sign of a process that ends in peace. */
  end(): Promise<void>;
}

/** What a process has done lately. Ages are in milliseconds; null: it has not happened yet. `heardAgeMs`: or looked instead, where it cannot hear. */
type LastSeen = Pick<SignOfLife, 'role' | 'sweptAgeMs' | 'heardAgeMs'>;

/** What the clock may be off by while nothing is aimed at: far below what anybody is warned of. */
const QUIET_ERROR_MS = 2;

/** One sign of life; see {@link Heartbeat}. */
export async function sendHeartbeat(
  ctx: Context,
  seen: LastSeen = { role: 'worker', sweptAgeMs: null, heardAgeMs: null },
  isQuiet = false,
): Promise<void> {
  const { db, workerName: name } = ctx;
  await takeOffset(ctx, await measureOffset(db, undefined, isQuiet ? QUIET_ERROR_MS : 0));
  await ctx.vault.follow(db);
  await checkRestored(ctx);
  const { offsetMs: clockOffsetMs } = ctx.clock.offset;
  const masterKeys = ctx.vault.masterKeys();
  const zoneRules = ctx.zones.current().version;
  await recordHeartbeat(db, {
    ...seen,
    name,
    clockOffsetMs,
    masterKeys,
    zoneRules,
    ...clockForHeartbeat(ctx),
  });
  await notify(db, CHANNEL, name);
  await checkMoments(ctx);
  await checkClock(ctx);
}

/** What a process tells itself through the database. */
const CHANNEL = 'self';

/** Begins a life: what an earlier process of the same name has left, as in a container that was started again, is forgotten. */
export async function startHeartbeat(ctx: Context, role: WorkerRole): Promise<Heartbeat> {
  const { db, workerName: name } = ctx;
  let sweptAt: number | null = null;
  let heardAt: number | null = null;
  const forget = async (): Promise<void> => {
    await forgetWorker(db, name);
    await forgetCanaries(db, name);
  };
  const stopListening = ctx.listen(CHANNEL, (payload) => {
    // Null where a pooler keeps notifications from us: what looks for changes in their place is at work.
    if (payload === name || payload === null) heardAt = performance.now();
  });
  await forget();
  return {
    beat: (isQuiet = false) => {
      const seen = { role, sweptAgeMs: toAge(sweptAt), heardAgeMs: toAge(heardAt) };
      return sendHeartbeat(ctx, seen, isQuiet);
    },
    onSwept: () => {
      sweptAt = performance.now();
    },
    end: async () => {
      stopListening();
      await forget();
    },
  };
}

function toAge(at: number | null): number | null {
  return at === null ? null : performance.now() - at;
}
