import type { CampaignState } from '../domain/campaign.ts';

interface Placed {
  state: CampaignState;
  moment: { instant: string };
}

const STILL_TO_COME: readonly CampaignState[] = ['draft', 'in_review', 'open', 'locked', 'firing'];

/** What is still to come, the next moment first; then what is over, the latest first. */
export function byMoment<Campaign extends Placed>(campaigns: readonly Campaign[]): Campaign[] {
  const at = (campaign: Campaign) => Date.parse(campaign.moment.instant);
  const coming = (campaign: Campaign) => STILL_TO_COME.includes(campaign.state);
  return [
    ...campaigns.filter(coming).sort((a, b) => at(a) - at(b)),
    ...campaigns.filter((campaign) => !coming(campaign)).sort((a, b) => at(b) - at(a)),
  ];
}
