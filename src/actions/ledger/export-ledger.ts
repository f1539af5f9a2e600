import type { Context } from '../../context.ts';
import { ConflictError, noCampaign } from '../../domain/errors.ts';
import { canonicalEntry, entryLine, headerLine, type LedgerHeader } from '../../domain/ledger.ts';
import { findCampaign } from '../../store/campaign.ts';
import { maySeal, openHead, readHeaderTimes, readSealed } from '../../store/ledger.ts';
import { sealLedger } from './seal-ledger.ts';

const PAGE = 1_000;

/** A campaign's ledger on its way out: what its header says, and its lines in pieces of a page, each line ended. */
export interface LedgerExport {
  header: LedgerHeader;
  text: AsyncIterable<string>;
}

/**
 * Seals what is unsealed and gives the ledger as JSON lines. It holds what is there: a row that has gone is missing from it,
 * and a check of the text will say so. Names no supporter and no post.
 * @throws NotFoundError; ConflictError `burst_under_way`.
 */
export async function exportLedger(ctx: Context, input: { slug: string }): Promise<LedgerExport> {
  const campaign = await findCampaign(ctx.db, { slug: input.slug });
  if (!campaign) throw noCampaign(input.slug);
  if (!(await maySeal(ctx.db, campaign.id))) {
    throw new ConflictError(
      'burst_under_way',
      'The burst is under way and has the database to itself; export again ten seconds after the moment',
    );
  }
  await sealLedger(ctx, { campaignId: campaign.id, wait: true });
  const head = await openHead(ctx.db, campaign.id);
  const times = await readHeaderTimes(ctx.db, campaign.id);
  const header = { campaign: campaign.id, slug: campaign.slug, ...times, head };
  return { header, text: linesOf(ctx, header) };
}

async function* linesOf(ctx: Context, header: LedgerHeader): AsyncGenerator<string> {
  yield `${headerLine(header)}\n`;
  const { campaign, head } = header;
  // By ranges, so that a page costs a page whatever plan the database makes.
  for (let after = 0; after < head.position; after += PAGE) {
    const upTo = Math.min(after + PAGE, head.position);
    const page = await readSealed(ctx.db, campaign, { after, upTo });
    const lines = page.map(({ position, entry, hash }) =>
      entryLine(canonicalEntry(campaign, position, entry), hash),
    );
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
}
