import type { Context } from '../../context.ts';
import { roundReach } from '../../domain/public-count.ts';
import { setReach } from '../../store/campaign.ts';
import { listPostedPledges } from '../../store/pledge.ts';
import { openPledge } from '../../store/vault/sealed-pledge.ts';

/** Pledges opened before other work gets its turn. */
const PAGE = 500;

/**
 * Sums how many people follow those whose posts went out, and stores it rounded. Only for when nothing is being sent any more:
 * a sum that is shown while people join says who has just joined. One that cannot be opened, or was erased, counts for nothing.
 */
export async function sumReach(ctx: Context, campaignId: string): Promise<void> {
  let sum = 0;
  let after: string | null = null;
  for (;;) {
    const page = await listPostedPledges(ctx.db, campaignId, { after, limit: PAGE });
    for (const pledge of page) {
      const content = await openPledge(ctx.vault, ctx.db, pledge).catch(() => null);
      sum += content?.followers ?? 0;
    }
    const last = page.at(-1);
    if (!last || ctx.stopping.aborted) break;
    after = last.id;
  }
  if (!ctx.stopping.aborted) await setReach(ctx.db, campaignId, roundReach(sum));
}
