/** Types of the records that actions return, for callers that may not import from the store. */
export type { CampaignRecord } from '../../store/campaign.ts';
export type { CampaignPage } from '../../store/campaign-list.ts';
export type { CampaignUpdateRecord } from '../../store/campaign-update.ts';
export type { Totals } from '../../store/report.ts';
export type { WorkerRole } from '../../store/worker.ts';
