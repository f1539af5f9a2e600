import { findPublicCampaign } from '../actions/find-campaign.ts';
import { createRecent, type Recent } from '../actions/recent.ts';
import type { Context } from '../context.ts';

/** Pages are kept for longer than this makes them older. */
const FRESH_MS = 250;
const MAX_CAMPAIGNS = 1_000;

const known = new WeakMap<Context, Recent<readonly string[]>>();

/** The languages of a public campaign, from memory: which page is asked for depends on them. @throws NotFoundError. */
export function spokenIn(ctx: Context, slug: string): Promise<readonly string[]> {
  const kept =
    known.get(ctx) ??
    createRecent<readonly string[]>({ freshMs: () => FRESH_MS, most: MAX_CAMPAIGNS });
  known.set(ctx, kept);
  return kept.get(slug, async () => (await findPublicCampaign(ctx, { slug })).content.locales);
}
