import type { Context } from '../../context.ts';
import { ConflictError } from '../../domain/errors.ts';
import { appendEvent } from '../../store/campaign-event.ts';
import { notify } from '../../store/connection/database.ts';
import { audit } from '../../store/operator.ts';
import { liftHolds, listStandingHolds, type StandingHold } from '../../store/stop/hold.ts';
import { countToLook } from '../../store/stop/restored.ts';
import { withReason } from './stop-target.ts';

/** What came of letting sending go on after a restore. */
export interface Release {
  /** False when nothing was held for a restore. */
  changed: boolean;
  /** What is still held. */
  holds: readonly StandingHold[];
}

/**
 * Lets sending go on after the database was restored from a backup, once every post that may have gone out since has been looked
 * for at its network. What was found there counts as posted, what is proved not to be there is sent, and what could not be found
 * out is never sent again.
 * @throws InputError for the reason; ConflictError `still_looking` while some have not been looked for.
 */
export async function releaseRestored(
  ctx: Context,
  given: { actor: string; reason?: string },
): Promise<Release> {
  const { actor, reason } = withReason(given);
  const changed = await ctx.db.transaction().execute(async (db) => {
    const left = await countToLook(db);
    if (left > 0) throw stillLooking(left);
    const target = { scope: 'instance' } as const;
    if ((await liftHolds(db, target, ['restored'])) === 0) return false;
    const event = { action: 'resumed', scope: 'instance', platform: null, actor } as const;
    await appendEvent(db, 'all under way', { ...event, detail: reason });
    await audit(db, { actor, action: 'instance.release', subject: 'instance' });
    await notify(db, 'hold', '');
    return true;
  });
  return { changed, holds: await listStandingHolds(ctx.db, { scope: 'instance' }) };
}

function stillLooking(left: number): ConflictError {
  const posts = left === 1 ? '1 post has' : `${left} posts have`;
  return new ConflictError(
    'still_looking',
    `${posts} not been looked for yet; this needs a worker that runs, and networks that answer. Try again in a minute`,
  );
}
