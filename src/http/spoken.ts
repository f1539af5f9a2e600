import { findPublicCampaign } from '../actions/campaign/find-campaign.ts';
import {
  createStaleWhileRevalidate,
  type StaleWhileRevalidate,
} from '../async/stale-while-revalidate.ts';
import type { Context } from '../context.ts';

/** Pages are kept for longer than this makes them older. */
const FRESH_MS = 250;
const MAX_CAMPAIGNS = 1_000;

const known = new WeakMap<Context, StaleWhileRevalidate<readonly string[]>>();

/** The languages of a public campaign, from memory: which page is asked for depends on them. @throws NotFoundError. */
export function spokenIn(ctx: Context, slug: string): Promise<readonly string[]> {
  const kept =
    known.get(ctx) ??
    createStaleWhileRevalidate<readonly string[]>({
      freshMs: () => FRESH_MS,
      maxEntries: MAX_CAMPAIGNS,
    });
  known.set(ctx, kept);
  return kept.get(slug, async () => (await findPublicCampaign(ctx, { slug })).content.locales);
}
