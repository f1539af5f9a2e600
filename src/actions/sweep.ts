import type { Context } from '../context.ts';
import { type CampaignSteps, moveCampaign } from '../store/campaign.ts';
import { listUnderWay } from '../store/campaign-list.ts';
import { hasRevoking } from '../store/credential.ts';
import { hasUnchecked } from '../store/credential-check.ts';
import { dropLate, findDueWork } from '../store/delivery.ts';
import { purgeIntents } from '../store/intent.ts';
import { findUnsealed } from '../store/ledger.ts';
import { purgeOauthFlows } from '../store/oauth-flow.ts';
import { armShards } from './arm-shards.ts';
import { finishAborted } from './finish-aborted.ts';
import { preflightRound } from './preflight-campaign.ts';
import { sweepReminders } from './sweep-reminders.ts';

/**
 * Looks through the records for whatever is due and sets its alarm. Runs every second for as long as a worker lives, so
 * that an empty, wrong or forgetful queue delays a step by a second and loses none.
 */
export async function sweep(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  for (const campaign of await listUnderWay(ctx.db)) {
    await sweepCampaign(ctx, campaign, now);
  }
  await armShards(ctx);
  for (const work of await findDueWork(ctx.db)) {
    const payload = { campaignId: work.campaign_id };
    if (work.waiting) await ctx.queues.enqueue('gather', payload);
    if (work.doubtful) await ctx.queues.enqueue('reconcile', payload);
  }
  await dropLate(ctx.db);
  await finishAborted(ctx);
  if (await hasRevoking(ctx.db)) await ctx.queues.enqueue('revoke', {});
  for (const campaignId of await findUnsealed(ctx.db))
    await ctx.queues.enqueue('seal', { campaignId });
  await purgeOauthFlows(ctx.db);
  await purgeIntents(ctx.db);
  await sweepReminders(ctx);
}

async function sweepCampaign(ctx: Context, campaign: CampaignSteps, now: number): Promise<void> {
  const payload = { campaignId: campaign.id };
  const momentMs = campaign.moment.instant.getTime();
  switch (campaign.state) {
    case 'open':
      if (campaign.lockAt.getTime() <= now) await ctx.queues.enqueue('lock', payload);
      else await sweepCredentials(ctx, campaign);
      break;
    case 'locked':
      if (momentMs <= now) await moveCampaign(ctx.db, campaign.id, 'locked', 'firing');
      else await sweepCredentials(ctx, campaign);
      break;
    case 'firing':
      await ctx.queues.enqueue('settle', payload);
      break;
    default:
      break;
  }
}

async function sweepCredentials(ctx: Context, campaign: CampaignSteps): Promise<void> {
  const round = preflightRound(ctx, campaign);
  if (!round) return;
  const since = new Date(round.from);
  const platforms = [...ctx.platforms.keys()];
  if (await hasUnchecked(ctx.db, { campaignId: campaign.id, platforms, since })) {
    await ctx.queues.enqueue('preflight', { campaignId: campaign.id });
  }
}
