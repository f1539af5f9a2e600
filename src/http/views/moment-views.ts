import { describeDoubt, momentStanding } from '../../actions/campaign/check-moment.ts';
import { momentChoices } from '../../actions/campaign/decide-moment.ts';
import type { DeliveryReport } from '../../actions/delivery/show-delivery.ts';
import type { Context } from '../../context.ts';
import type { MomentDoubtView } from '../../web/views/health.ts';

/** What is in doubt about a campaign's moment, with the way to decide; null where nothing is, and it is not held for it. */
export function momentDoubtView(
  ctx: Context,
  { campaign, holds, changed }: Pick<DeliveryReport, 'campaign' | 'holds' | 'changed'>,
): MomentDoubtView | null {
  const standing = momentStanding(ctx, campaign);
  const hold = holds.find(({ kind }) => kind === 'moment');
  if (!hold && !changed && standing.doubts.length === 0) return null;
  const byRules = standing.doubts.length > 0 ? describeDoubt(campaign, standing) : hold?.reason;
  return {
    what: changed?.what ?? byRules ?? '',
    cause: changed || standing.doubts.length === 0 ? 'changed' : 'rules',
    instant: campaign.moment.instant.toISOString(),
    choices: momentChoices(campaign, standing, changed).map(({ instant, sources }) => ({
      instant: instant.toISOString(),
      sources,
    })),
    action: `/ops/campaigns/${encodeURIComponent(campaign.slug)}/moment`,
  };
}
