/** The shapes of records that actions hand to whoever calls them, who must not reach into the store for them. */
export type { CampaignRecord } from '../store/campaign.ts';
export type { CampaignPage } from '../store/campaign-list.ts';
export type { CampaignUpdateRecord } from '../store/campaign-update.ts';
export type { Totals } from '../store/report.ts';
export type { WorkerRole } from '../store/worker.ts';
