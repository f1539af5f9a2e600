import type { Context } from '../../context.ts';
import { AHEAD, type CampaignState, OVER } from '../../domain/campaign.ts';
import { noCampaign } from '../../domain/errors.ts';
import type { Finding } from '../../domain/health/health.ts';
import { type CurveBar, curve, type Lateness, summarise } from '../../domain/lateness.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import { countReady, type ReadyCounts } from '../../store/credential-check.ts';
import { listPlatformChecks, type PlatformCheck } from '../../store/platform-check.ts';
import { countActivePledges } from '../../store/pledge.ts';
import {
  countDeliveries,
  countLooking,
  countReasons,
  readLateness,
  type Totals,
} from '../../store/report.ts';
import { shownState } from '../../store/sending.ts';
import { listStandingHolds, type StandingHold } from '../../store/stop/hold.ts';
import { listWorkers, type SeenWorker } from '../../store/worker.ts';
import { type AssistedReport, reportAssisted } from '../assisted/show-assisted.ts';
import { type ChangedTimes, shownChange } from '../campaign/check-decided.ts';
import { checkReadiness } from '../health/check-readiness.ts';

/** The figures of a campaign's delivery, read from the database alone. They hold no names. */
export interface DeliveryReport {
  campaign: CampaignRecord;
  /** As it is shown: settled once nothing is being sent, though outcomes may still be looked for. */
  state: CampaignState;
  /** Deliveries whose outcome is not known and still looked for. */
  looking: number;
  at: Date;
  pledges: number;
  totals: Totals;
  lateness: Lateness | null;
  curve: readonly CurveBar[];
  reasons: readonly { reason: string; count: number }[];
  workers: readonly SeenWorker[];
  /** What is not as it should be with the instance. */
  findings: readonly Finding[];
  /** What holds its posts now, and by whom; empty once it is over. */
  holds: readonly StandingHold[];
  /** What is wrong with its times in the database; null where they are those that were decided, or it is over. */
  changed: ChangedTimes | null;
  /** Null from the moment on. */
  readiness: CampaignReadiness | null;
  /** What people do by themselves; in none of the other figures. */
  assisted: AssistedReport;
}

/** How ready a campaign is for its moment. */
export interface CampaignReadiness extends ReadyCounts {
  /** Whether each platform takes our app, as found last; one that was never asked is not there. */
  app: readonly PlatformCheck[];
}

/** @throws NotFoundError */
export async function showDelivery(ctx: Context, input: { slug: string }): Promise<DeliveryReport> {
  const campaign = await findCampaign(ctx.db, { slug: input.slug });
  if (!campaign) throw noCampaign(input.slug);
  const late = await readLateness(ctx.db, campaign.id);
  return {
    campaign,
    // Before the totals, so that a result that is shown as final holds every post.
    state: await shownState(ctx.db, campaign),
    looking: await countLooking(ctx.db, campaign.id),
    at: new Date(ctx.clock.now()),
    pledges: await countActivePledges(ctx.db, campaign.id),
    totals: await countDeliveries(ctx.db, campaign.id),
    lateness: summarise(late),
    curve: curve(late),
    reasons: await countReasons(ctx.db, campaign.id),
    workers: await listWorkers(ctx.db),
    findings: (await checkReadiness(ctx)).findings,
    holds: isOver(campaign)
      ? []
      : await listStandingHolds(ctx.db, { scope: 'campaign', campaignId: campaign.id }),
    changed: isOver(campaign) ? null : await shownChange(ctx, campaign),
    readiness: await readReadiness(ctx, campaign),
    assisted: await reportAssisted(ctx, campaign.id),
  };
}

async function readReadiness(
  ctx: Context,
  campaign: CampaignRecord,
): Promise<CampaignReadiness | null> {
  if (!AHEAD.includes(campaign.state)) return null;
  const begun = campaign.preflightAt.getTime() <= ctx.clock.now();
  const counts = await countReady(ctx.db, campaign.id, begun ? campaign.preflightAt : null);
  return { ...counts, app: await listPlatformChecks(ctx.db) };
}

function isOver({ state }: CampaignRecord): boolean {
  return OVER.includes(state);
}
