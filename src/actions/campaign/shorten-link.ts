import { randomInt } from 'node:crypto';
import type { Context } from '../../context.ts';
import { makeShortCode } from '../../domain/short-code.ts';
import { findShortCode, insertShortCode } from '../../store/short-link.ts';

/** With 47 million codes, this many collisions in a row mean that something else is wrong. */
const MAX_TRIES = 20;

/** The code of a campaign's short link: made at the first request, constant from then on. */
export async function shortenLink(ctx: Context, campaignId: string): Promise<string> {
  for (let i = 0; i < MAX_TRIES; i++) {
    const known = await findShortCode(ctx.db, campaignId);
    if (known !== null) return known;
    const code = makeShortCode((bound) => randomInt(bound));
    if (await insertShortCode(ctx.db, { code, campaignId })) return code;
  }
  throw new Error('There is no short code left');
}
