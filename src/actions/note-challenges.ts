import type { Context } from '../context.ts';
import { appendEventOnce } from '../store/campaign-event.ts';
import { SELF } from './fire/lane.ts';

/** Tells operators that preflight of a campaign was not let in by the shield of a server. Which server is not written down. */
export async function noteChallenge(
  ctx: Context,
  campaignId: string,
  platform: string,
): Promise<void> {
  const isNew = await appendEventOnce(ctx.db, campaignId, {
    ...{ action: 'challenged', scope: 'host', platform, actor: SELF },
    detail: 'a shield before a server did not let us in',
  });
  if (isNew) ctx.log.warn({ campaign: campaignId, platform }, 'a server’s shield keeps us out');
}
