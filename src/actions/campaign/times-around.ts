import type { Context } from '../../context.ts';
import type { CampaignTimes } from '../../store/campaign.ts';

/** The steps of a campaign before and after its moment, by this instance's configuration. */
export function timesAround(
  { config: { delivery } }: Pick<Context, 'config'>,
  instant: Date,
): Pick<CampaignTimes, 'preflightAt' | 'lockAt' | 'armAt' | 'tooLateAt'> {
  const moment = instant.getTime();
  return {
    preflightAt: new Date(moment - delivery.preflightLeadMs),
    lockAt: new Date(moment - delivery.lockLeadMs),
    armAt: new Date(moment - delivery.armLeadMs),
    tooLateAt: new Date(moment + delivery.tooLateMs),
  };
}

/** The same steps of a campaign, moved along with its moment to another instant. */
export function timesMoved(
  times: CampaignTimes,
  instant: Date,
): Pick<CampaignTimes, 'preflightAt' | 'lockAt' | 'armAt' | 'tooLateAt'> {
  const by = instant.getTime() - times.moment.instant.getTime();
  const moved = (at: Date): Date => new Date(at.getTime() + by);
  return {
    preflightAt: moved(times.preflightAt),
    lockAt: moved(times.lockAt),
    armAt: moved(times.armAt),
    tooLateAt: moved(times.tooLateAt),
  };
}
