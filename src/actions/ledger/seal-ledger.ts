import type { Context } from '../../context.ts';
import { chain } from '../../domain/ledger.ts';
import type { Db } from '../../store/connection/database.ts';
import { lockHead, openHead, readUnsealed, writeSeals } from '../../store/ledger.ts';

/** Entries sealed in one transaction. */
const PAGE = 1_000;
const BEGINNING = '-infinity';

/**
 * Seals what a campaign's ledger holds unsealed, page by page in the order of time; what is written late comes later in the
 * chain. There is one sealer at a time: with `wait` it takes turns with another, else it leaves the work to that one. Stops
 * where the burst begins.
 */
export async function sealLedger(
  ctx: Context,
  input: { campaignId: string; wait?: boolean },
): Promise<void> {
  const { campaignId, wait = false } = input;
  await openHead(ctx.db, campaignId);
  let from = BEGINNING;
  while (!ctx.stopping.aborted) {
    const page = await ctx.db
      .transaction()
      .execute((db) => sealPage(db, { campaignId, from, wait }));
    if (page === null) return;
    if (page.count === PAGE) {
      // Going on from there passes over what this page leaves dead in the index, or the cost would be quadratic.
      from = page.until;
    } else if (from === BEGINNING) {
      return;
    } else {
      // Something earlier may have been written meanwhile.
      from = BEGINNING;
    }
  }
}

async function sealPage(
  db: Db,
  { campaignId, from, wait }: { campaignId: string; from: string; wait: boolean },
): Promise<{ count: number; until: string } | null> {
  const head = await lockHead(db, campaignId, wait);
  if (head === null) return null;
  const page = await readUnsealed(db, campaignId, from, PAGE);
  const entries = page.map(({ entry }) => entry);
  await writeSeals(db, campaignId, page, chain(campaignId, head, entries));
  return { count: page.length, until: entries.at(-1)?.at ?? from };
}
