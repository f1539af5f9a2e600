import type { Context } from '../../context.ts';
import { ConflictError } from '../../domain/errors.ts';
import { saveAcceptance } from '../../store/platform-acceptance.ts';
import { type PlatformStanding, showPlatform } from './list-platforms.ts';
import { forgetAcceptances } from './offered-platforms.ts';

/** What came of it. */
export interface AcceptResult {
  /** False when it was so already: nothing has been noted then. */
  changed: boolean;
  platform: PlatformStanding;
}

/**
 * Notes that an operator has read what a platform's rules say of posts like ours, and accepts them for this instance: from
 * then on supporters can join with it. `asOf`: the date of what they were shown.
 * @throws NotFoundError; ConflictError `not_connected`, `simulated`, or `rules_changed` when the code says something newer.
 */
export async function acceptPlatform(
  ctx: Context,
  { name, asOf, operator }: { name: string; asOf: string; operator: string },
): Promise<AcceptResult> {
  const { connected, simulated, label, policy } = await showPlatform(ctx, { name });
  if (!connected || !policy) {
    throw new ConflictError(
      'not_connected',
      `${label} is not connected, so nobody can join with it`,
    );
  }
  if (simulated) {
    throw new ConflictError(
      'simulated',
      `${label} is simulated here: there are no rules to accept`,
    );
  }
  if (asOf !== policy.asOf) {
    throw new ConflictError(
      'rules_changed',
      `What is known of the rules of ${label} is of ${policy.asOf}; read it once more`,
    );
  }
  const changed = await saveAcceptance(ctx.db, { platform: name, actor: operator, asOf });
  forgetAcceptances(ctx);
  return { changed, platform: await showPlatform(ctx, { name }) };
}
