import type { Context } from '../../context.ts';
import { SELF_ACTOR } from '../../domain/hold.ts';
import type { Platform } from '../../platforms/platform.ts';
import { appendEventOnce } from '../../store/campaign-event.ts';

/**
 * Tells operators, once for each campaign and network, that a shield did not let us in: one before the whole network, or one before
 * a server that a supporter named. Which server is not written down.
 */
export async function noteChallenge(
  ctx: Context,
  campaignId: string,
  { name: platform, requires: asks }: Pick<Platform, 'name' | 'requires'>,
): Promise<void> {
  const [scope, before] =
    asks === 'nothing' ? (['platform', 'the network'] as const) : (['host', 'a server'] as const);
  const isNew = await appendEventOnce(ctx.db, campaignId, {
    ...{ action: 'challenged', scope, platform, actor: SELF_ACTOR },
    detail: `a shield before ${before} did not let us in`,
  });
  if (isNew)
    ctx.log.warn({ campaign: campaignId, platform }, `a shield before ${before} keeps us out`);
}
