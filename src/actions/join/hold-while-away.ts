import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { DatabaseAwayError } from '../../domain/errors.ts';

/** How long a person is kept waiting. X lets a code live for 30 seconds, and exchanging it takes some of them. */
const HOLD_MS = 10_000;
const AGAIN_MS = 250;

/**
 * Does something again and again while the database is away, for some seconds: for what a visitor cannot simply ask for once more.
 * `act` must do no harm when it has been done already. `unspent`: that the person can come back with what they hold, since
 * nothing of it has been used up.
 * @throws DatabaseAwayError when it stays away.
 */
export async function holdWhileAway<T>(
  ctx: Pick<Context, 'stopping'>,
  act: () => Promise<T>,
  { unspent = false } = {},
): Promise<T> {
  const until = performance.now() + HOLD_MS;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DatabaseAwayError)) throw error;
      if (performance.now() >= until || ctx.stopping.aborted) {
        const { message, reason } = error;
        throw new DatabaseAwayError(message, { cause: error, unspent, reason });
      }
    }
    await sleep(AGAIN_MS);
  }
}
