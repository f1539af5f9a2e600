import { createHash } from 'node:crypto';
import type { CampaignRecord } from '../actions/campaign/records.ts';
import type { PublicCampaign } from '../actions/campaign/show-campaign.ts';
import type { Receipt } from '../actions/receipt/show-receipt.ts';
import type { Context } from '../context.ts';
import { type CampaignState, OVER, UNDER_WAY } from '../domain/campaign.ts';
import type { FollowView } from '../web/views/frame.ts';
import { campaignPath } from './paths.ts';

/** What open pages need to keep up with a campaign: how often they ask, when something changes, and whether it has. */

/** While people can still join, nothing changes that could not wait. */
const CALM_SECONDS = 300;
/** While posts go out. */
const BUSY_SECONDS = 5;
/** The result stands, and a few posts are still looked for. */
const LATER_SECONDS = 30;
const MAX_SECONDS = 60;
/** Questions a second that a process answers beside its other work. */
const ASKS_PER_SECOND = 500;

const MINUTE_MS = 60_000;
/** How long before the moment a browser without scripts is told to load the page again once the moment has come. */
const SHORTLY_MS = 60 * MINUTE_MS;
/** After that, it is no burst any more but a pause. */
const BUSY_MS = 10 * MINUTE_MS;

/** Answers for everybody who follows a campaign. */
export interface FollowState {
  state: CampaignState;
  version: string;
  every: number;
  spread: number;
}

/** The follow-up of a public page: the page itself says which version it is. */
export function followCampaign(ctx: Context, shown: PublicCampaign): FollowView | null {
  const { campaign, state } = shown;
  const calm = UNDER_WAY.includes(state);
  return follow(campaign, versionOf(shown), calm ? refreshAfter(ctx, campaign) : null);
}

/** That of a receipt. Null when nothing will happen by itself to any post on it. */
export function followReceipt(ctx: Context, receipt: Receipt): FollowView | null {
  const { campaign, pledges } = receipt;
  if (pledges.every(({ settled }) => settled)) return null;
  return follow(campaign, null, refreshAfter(ctx, campaign));
}

function follow(
  campaign: CampaignRecord,
  version: string | null,
  refresh: number | null,
): FollowView | null {
  if (OVER.includes(campaign.state)) return null;
  return {
    href: `${campaignPath(campaign.slug)}/state`,
    version,
    changes: [campaign.lockAt.toISOString(), campaign.moment.instant.toISOString()],
    refresh,
  };
}

/**
 * Changes with what a public page shows of the campaign's course. Not with each post that goes out: the figures of a burst are
 * read when it is over.
 */
function versionOf({ campaign, state, joinable, totals, reach, burst }: PublicCampaign): string {
  const result = state === 'settled' ? { totals, reach, burst, over: campaign.state } : null;
  const { moment, lockAt } = campaign;
  const shown = JSON.stringify([state, joinable, moment, lockAt, result]);
  return createHash('sha256').update(shown).digest('base64url').slice(0, 12);
}

/**
 * Never before the moment, when the visitor may be filling in a form. In steps of ten seconds, so that a page is not
 * another one every second; visitors come at different times within a step.
 */
function refreshAfter(ctx: Context, { moment }: CampaignRecord): number | null {
  const leftMs = moment.instant.getTime() - ctx.clock.now();
  if (leftMs > SHORTLY_MS) return null;
  if (leftMs > 0) return 10 * Math.ceil((leftMs + 2_000) / 10_000);
  return -leftMs < BUSY_MS ? 10 : 60;
}

export interface Follower {
  /** Notes a question about this campaign. */
  asked(slug: string): void;
  /** What is answered to all of them. */
  stateOf(shown: PublicCampaign): FollowState;
}

/** Campaigns whose open pages are counted. */
const MAX_COUNTED = 1_000;
/** Requests are counted for at least this long. */
const COUNTED_MS = 5_000;

interface Crowd {
  asks: number;
  since: number;
  every: number;
  pages: number;
}

/**
 * Tells open pages how often to ask, so that as many as there are ask no more than this process can answer. How many there are is
 * reckoned from how often they ask. `now`: milliseconds that never go back.
 */
export function createFollower(ctx: Context, now = () => performance.now()): Follower {
  const crowds = new Map<string, Crowd>();
  return {
    asked(slug) {
      const crowd = crowds.get(slug);
      if (crowd) crowd.asks += 1;
    },
    stateOf(shown) {
      const { slug } = shown.campaign;
      const crowd = crowds.get(slug) ?? { asks: 0, since: now(), every: CALM_SECONDS, pages: 0 };
      const passedMs = now() - crowd.since;
      if (passedMs >= COUNTED_MS) {
        crowd.pages = (crowd.asks / passedMs) * 1000 * crowd.every;
        Object.assign(crowd, { asks: 0, since: now() });
      }
      const spread = Math.min(
        MAX_SECONDS,
        Math.max(BUSY_SECONDS, Math.ceil(crowd.pages / ASKS_PER_SECOND)),
      );
      crowd.every = Math.max(usual(ctx, shown), spread);
      crowds.delete(slug);
      crowds.set(slug, crowd);
      const [oldest] = crowds.size > MAX_COUNTED ? crowds.keys() : [];
      if (oldest !== undefined) crowds.delete(oldest);
      return { state: shown.state, version: versionOf(shown), every: crowd.every, spread };
    },
  };
}

function usual(ctx: Context, { campaign, state }: PublicCampaign): number {
  const { instant } = campaign.moment;
  if (OVER.includes(campaign.state)) return CALM_SECONDS;
  if (state === 'settled') return LATER_SECONDS;
  return state === 'firing' || ctx.clock.now() >= instant.getTime() ? BUSY_SECONDS : CALM_SECONDS;
}
