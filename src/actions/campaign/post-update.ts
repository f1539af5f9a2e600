import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { checkUpdate, updateWarnings } from '../../domain/campaign-update.ts';
import { ConflictError, type FieldProblem } from '../../domain/errors.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import {
  type CampaignUpdateRecord,
  insertUpdate,
  listUpdates,
} from '../../store/campaign-update.ts';
import { audit } from '../../store/operator.ts';
import { findNamed, isCampaignPublic } from './find-campaign.ts';

/** As many as a page can show, and a campaign should tell. */
export const MAX_UPDATES = 100;

/** An update that stands on the page, and what in it is allowed and may not be meant, by field. */
export interface PostedUpdate {
  update: CampaignUpdateRecord;
  warnings: readonly FieldProblem[];
}

/**
 * Tells something on a campaign's page, at once.
 * @throws NotFoundError; InputError with fields such as `text.fr`; ConflictError `not_public` or `too_many_updates`.
 */
export async function postUpdate(
  ctx: Context,
  input: { slug: string; document: unknown; author: string },
): Promise<PostedUpdate> {
  const { slug, author } = input;
  const campaign = await findNamed(ctx, slug);
  const text = checkUpdate(input.document, campaign.content.locales);
  if (!isCampaignPublic(campaign)) throw notPublic(campaign);
  const id = randomUUID();
  const at = await ctx.db.transaction().execute(async (db) => {
    const known = await listUpdates(db, campaign.id, MAX_UPDATES);
    if (known.length >= MAX_UPDATES) throw tooMany();
    const posted = await insertUpdate(db, { id, campaignId: campaign.id, author, text });
    await audit(db, { actor: author, action: 'campaign.update', subject: `${slug} ${id}` });
    return posted;
  });
  const warnings = updateWarnings(input.document, text, campaign.content.link);
  return { update: { id, at, author, text }, warnings };
}

function notPublic({ state }: CampaignRecord): ConflictError {
  return new ConflictError(
    'not_public',
    `The campaign is ${state.replaceAll('_', ' ')}, so nobody would read an update; post it once the campaign is approved`,
  );
}

function tooMany(): ConflictError {
  return new ConflictError(
    'too_many_updates',
    `The campaign has ${MAX_UPDATES} updates, which are the most; withdraw old ones first`,
  );
}
