import type { CampaignState } from '../../domain/campaign.ts';

const NAMES: Readonly<Record<CampaignState, string>> = {
  draft: 'Draft',
  in_review: 'Waiting for approval',
  open: 'Open',
  locked: 'Locked',
  firing: 'Firing',
  settled: 'Settled',
  rejected: 'Rejected',
  cancelled: 'Cancelled',
  aborted: 'Aborted',
  missed_goal: 'Goal missed',
};

/** A campaign's state in a word for operators. */
export function StateName({ state }: { state: CampaignState }) {
  return (
    <span class="state" data-campaign-state={state}>
      {NAMES[state]}
    </span>
  );
}
