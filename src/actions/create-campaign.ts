import { randomUUID } from 'node:crypto';
import type { Context } from '../context.ts';
import { type Preview, validateCampaign } from '../domain/campaign-input.ts';
import { ConflictError } from '../domain/errors.ts';
import { TEXT_RULES } from '../platforms/index.ts';
import { type CampaignRecord, findCampaign, insertCampaign } from '../store/campaign.ts';
import { audit } from '../store/operator.ts';

/** A campaign as stored, with what each platform would carry in each language. */
export interface CreatedCampaign {
  campaign: CampaignRecord;
  previews: readonly Preview[];
}

/**
 * Checks and stores a campaign; it waits for approval. One validator stands behind the CLI and the API.
 * @throws InputError naming every field that is wrong; ConflictError `slug_taken`. Nothing is stored then.
 */
export async function createCampaign(
  ctx: Context,
  input: { document: unknown; author: string },
): Promise<CreatedCampaign> {
  const valid = validateCampaign(input.document, TEXT_RULES, new Date(ctx.clock.now()));
  const id = randomUUID();
  const { delivery } = ctx.config;
  const moment = valid.moment.instant.getTime();
  await ctx.db.transaction().execute(async (db) => {
    const stored = await insertCampaign(db, {
      id,
      slug: valid.slug,
      content: valid.content,
      moment: valid.moment,
      preflightAt: new Date(moment - delivery.preflightLeadMs),
      lockAt: new Date(moment - delivery.lockLeadMs),
      armAt: new Date(moment - delivery.armLeadMs),
      tooLateAt: new Date(moment + delivery.tooLateMs),
      createdBy: input.author,
    });
    if (!stored) throw slugTaken(valid.slug);
    await ctx.vault.createCampaignKey(db, id);
    await audit(db, { actor: input.author, action: 'campaign.create', subject: valid.slug });
  });
  const campaign = await findCampaign(ctx.db, { id });
  if (!campaign) throw new Error('A campaign was stored and is not there');
  return { campaign, previews: valid.previews };
}

function slugTaken(slug: string): ConflictError {
  return new ConflictError(
    'slug_taken',
    `slug: "${slug}" belongs to another campaign; choose another`,
  );
}
