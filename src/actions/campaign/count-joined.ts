import {
  createStaleWhileRevalidate,
  type StaleWhileRevalidate,
} from '../../async/stale-while-revalidate.ts';
import type { Context } from '../../context.ts';
import type { CampaignState } from '../../domain/campaign.ts';
import { countedUntil, publicCount } from '../../domain/public-count.ts';
import { countAssistedPosts } from '../../store/assisted-post.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import type { Db } from '../../store/connection/database.ts';
import { countPledgesUntil } from '../../store/pledge.ts';
import { countDeliveries, listRefusing, type Totals } from '../../store/report.ts';
import { shownState } from '../../store/sending.ts';

/**
 * Counting a million takes a while, and a page may be a while behind: what took long to count is counted seldom, so that
 * counting never takes more than a small part of the database's time. A small result is counted for every page that is made.
 */
const PATIENCE = 25;
/** Given for twice as long at most. */
const MAX_FRESH_MS = 60_000;
const MAX_CAMPAIGNS = 1_000;

/** How a campaign ended up. */
export interface Ending {
  /** The campaign's state as it is shown. */
  state: CampaignState;
  totals: Totals;
  /** The platforms that did not take a post, as people call them. */
  refusedBy: readonly string[];
  /** How many posted by themselves, of the posts that we could see. */
  byHand: number;
}

interface Counts {
  joined: StaleWhileRevalidate<number>;
  endings: StaleWhileRevalidate<Ending>;
}

const cachedByDb = new WeakMap<Db, Counts>();

/**
 * How many have joined, as the public sees it: every door shows this and nothing newer. Counted once for each time at which it is
 * published, by the times of joining and not of the request, so that no watcher chooses the time of counting.
 */
export async function countJoined(ctx: Context, campaign: CampaignRecord): Promise<number | null> {
  const { id, openedAt, lockAt } = campaign;
  const opens = openedAt ?? lockAt;
  const times = { phase: cachePhase(id), opensMs: opens.getTime(), closesMs: lockAt.getTime() };
  const until = countedUntil(ctx.clock.now(), times);
  const count = () => countPledgesUntil(ctx.db, id, new Date(until));
  return publicCount(await getCounts(ctx.db).joined.get(`${id} ${until}`, count));
}

/** The last digits of the id: the first ones may be a time. */
function cachePhase(campaignId: string): number {
  return Number.parseInt(campaignId.slice(-8), 16);
}

/** What came of a campaign, at most two minutes old; once it is settled, all of it. */
export function countEnding(ctx: Context, campaign: CampaignRecord): Promise<Ending> {
  const { id, state } = campaign;
  return getCounts(ctx.db).endings.get(`${id} ${state}`, async () => ({
    // Before the totals, so that a result that is shown as final holds every post.
    state: await shownState(ctx.db, campaign),
    totals: await countDeliveries(ctx.db, id),
    refusedBy: (await listRefusing(ctx.db, id)).map(
      (name) => ctx.platforms.get(name)?.label ?? name,
    ),
    byHand: (await countAssistedPosts(ctx.db, id)).seen,
  }));
}

function getCounts(db: Db): Counts {
  const found = cachedByDb.get(db);
  if (found) return found;
  const options = {
    freshMs: (tookMs: number) => Math.min(PATIENCE * tookMs, MAX_FRESH_MS),
    maxEntries: MAX_CAMPAIGNS,
  };
  const made: Counts = {
    // Each is asked for by the time of its publication, so it is never made anew.
    joined: createStaleWhileRevalidate({
      freshMs: () => Number.POSITIVE_INFINITY,
      maxEntries: MAX_CAMPAIGNS,
    }),
    endings: createStaleWhileRevalidate(options),
  };
  cachedByDb.set(db, made);
  return made;
}
