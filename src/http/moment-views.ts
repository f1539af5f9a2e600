import { describeDoubt, momentStanding } from '../actions/check-moment.ts';
import type { DeliveryReport } from '../actions/show-delivery.ts';
import type { Context } from '../context.ts';
import type { MomentDoubtView } from '../web/views.ts';

/** What is in doubt about a campaign's moment, with the way to decide; null where nothing is, and it is not held for it. */
export function momentDoubtView(
  ctx: Context,
  { campaign, holds }: Pick<DeliveryReport, 'campaign' | 'holds'>,
): MomentDoubtView | null {
  const standing = momentStanding(ctx, campaign);
  const hold = holds.find(({ kind }) => kind === 'moment');
  if (!hold && standing.doubts.length === 0) return null;
  const stored = campaign.moment.instant.getTime();
  return {
    what: standing.doubts.length > 0 ? describeDoubt(campaign, standing) : (hold?.reason ?? ''),
    instant: campaign.moment.instant.toISOString(),
    choices: standing.readings.flatMap(({ instant, sources }) =>
      instant && instant.getTime() !== stored ? [{ instant: instant.toISOString(), sources }] : [],
    ),
    action: `/ops/campaigns/${encodeURIComponent(campaign.slug)}/moment`,
  };
}
