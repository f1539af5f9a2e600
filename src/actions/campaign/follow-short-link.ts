import type { Context } from '../../context.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { readShortCode } from '../../domain/short-code.ts';
import { findShortened } from '../../store/short-link.ts';
import { findPublicCampaign } from './find-campaign.ts';

/** The slug that a short link leads to. @throws NotFoundError for what is no code, and for what the public may not see. */
export async function followShortLink(ctx: Context, input: { code: string }): Promise<string> {
  const code = readShortCode(input.code);
  const id = code === null ? null : await findShortened(ctx.db, code);
  if (id === null) throw new NotFoundError('There is no such link');
  return (await findPublicCampaign(ctx, { id })).slug;
}
