import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { AHEAD } from '../../domain/campaign.ts';
import { MARGIN_MS, type Round, refreshConcurrency, roundAt } from '../../domain/preflight.ts';
import type { Platform } from '../../platforms/platform.ts';
import { type CampaignRecord, type CampaignSteps, findCampaign } from '../../store/campaign.ts';
import { notify } from '../../store/connection/database.ts';
import { claimUnchecked, countReady, recordChecks } from '../../store/credential-check.ts';
import { listPlatformChecks, savePlatformCheck } from '../../store/platform-check.ts';
import { endTurn, restPlatform, takeTurn } from '../../store/preflight-turn.ts';
import { holdDoubtful } from '../campaign/check-moment.ts';
import { noteChallenge } from '../platform/note-challenges.ts';
import { CHECK_CONCURRENCY, checkCredentials } from './check-credentials.ts';
import { confirmHandles } from './confirm-handles.ts';
import { APP_REST_MS, MAX_FAILURES_IN_A_ROW } from './tally-checks.ts';

/** A page is some seconds' work at the usual pace, so that little is left lying when a worker dies. */
const PAGE = 100;
/** Longer than a turn takes: MOST_MS, and the last calls' time to give up. */
const HOLD_MS = 60_000;
/** A job ends after this time and the sweep enqueues the next, so that other jobs of the campaign get a worker. */
const MAX_ROUND_MS = 20_000;

/**
 * Looks at every credential of a campaign that was not looked at in this round: refreshes what would end before the moment is
 * over, tries the others, and marks the dead, so that their owners see it on their receipt while there is time to connect
 * again. What gives no answer, or is not come to, is left for the sweep to bring up again.
 */
export async function preflightCampaign(
  ctx: Context,
  input: { campaignId: string },
): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: input.campaignId });
  if (!campaign || !AHEAD.includes(campaign.state)) return;
  await holdDoubtful(ctx, campaign);
  await Promise.all(
    [...ctx.platforms.values()].map((one) => preflightPlatform(ctx, campaign, one)),
  );
}

/** The round of preflight that a campaign is in now; null when it is in none. */
export function preflightRound(ctx: Context, campaign: CampaignSteps): Round | null {
  return roundAt(ctx.clock.now(), {
    firstAt: campaign.preflightAt.getTime(),
    againAt: campaign.moment.instant.getTime() - ctx.config.delivery.preflightAgainMs,
    endsAt: campaign.armAt.getTime(),
  });
}

async function preflightPlatform(
  ctx: Context,
  campaign: CampaignRecord,
  platform: Platform,
): Promise<void> {
  const holder = `${ctx.workerName}-${randomUUID()}`;
  const until = ctx.clock.now() + MAX_ROUND_MS;
  if (!(await takeTurn(ctx.db, platform.name, holder, HOLD_MS))) return;
  try {
    const turn = { until, refreshes: await refreshesAtATime(ctx, campaign) };
    while (await preflightPage(ctx, campaign, platform, turn)) {
      if (ctx.clock.now() >= until || ctx.stopping.aborted) return;
      if (!(await takeTurn(ctx.db, platform.name, holder, HOLD_MS))) return;
    }
  } finally {
    await endTurn(ctx.db, platform.name, holder);
  }
}

/** Counted once a job and not once a page, so that the cost of a round stays linear. */
async function refreshesAtATime(ctx: Context, campaign: CampaignRecord): Promise<number> {
  const round = preflightRound(ctx, campaign);
  if (!round) return 1;
  const { unchecked } = await countReady(ctx.db, campaign.id, new Date(round.from));
  return refreshConcurrency(unchecked, round.to - ctx.clock.now(), CHECK_CONCURRENCY);
}

interface Turn {
  /** Nothing is begun after that; database epoch milliseconds. */
  until: number;
  /** How many may be refreshed at a time. */
  refreshes: number;
}

/** One page of a platform's credentials. False when there was none. */
async function preflightPage(
  ctx: Context,
  campaign: CampaignRecord,
  platform: Platform,
  turn: Turn,
): Promise<boolean> {
  const round = preflightRound(ctx, campaign);
  if (!round) return false;
  const since = new Date(round.from);
  const known = (await listPlatformChecks(ctx.db)).find((one) => one.platform === platform.name);
  const records = await claimUnchecked(ctx.db, {
    campaignId: campaign.id,
    platform: platform.name,
    since,
    // While the app is in trouble, no more than what shows whether it still is.
    limit: known?.ok === false ? MAX_FAILURES_IN_A_ROW : PAGE,
    holdMs: HOLD_MS,
  });
  if (records.length === 0) return false;
  const page = await checkCredentials(ctx, platform, records, {
    until: new Date(campaign.moment.instant.getTime() + MARGIN_MS),
    endsAt: Math.min(campaign.armAt.getTime(), turn.until),
    refreshes: turn.refreshes,
    appUnseen: !known?.ok || known.checkedAt < since,
  });
  await recordChecks(ctx.db, page.results);
  const alive = new Set(page.results.flatMap(({ kind, id }) => (kind === 'alive' ? id : [])));
  const pledged = records.filter(({ id }) => alive.has(id)).map(({ pledgeId }) => pledgeId);
  await confirmHandles(ctx, platform, pledged, turn.until);
  if (page.challenged > 0) await noteChallenge(ctx, campaign.id, platform);
  if (page.app) await savePlatformCheck(ctx.db, { platform: platform.name, ...page.app });
  // A campaign with fewer credentials than that has no others to check either.
  const restsUntil =
    page.restsUntil ?? (page.app?.ok === false ? new Date(ctx.clock.now() + APP_REST_MS) : null);
  if (restsUntil) await restPlatform(ctx.db, platform.name, restsUntil);
  await notify(ctx.db, 'delivery', campaign.id);
  const { dead, barred, undecided, challenged, app } = page;
  const said = {
    campaign: campaign.slug,
    platform: platform.name,
    alive: page.alive,
    dead,
    barred,
    undecided,
    challenged,
  };
  ctx.log.info({ ...said, ...(app?.ok === false && { app: app.detail }), restsUntil }, 'preflight');
  return true;
}
