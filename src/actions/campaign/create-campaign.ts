import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import type { CampaignContent } from '../../domain/campaign.ts';
import { withFileLines } from '../../domain/campaign-file/yaml-places.ts';
import { type Preview, validateCampaign } from '../../domain/campaign-input.ts';
import { cardWarnings } from '../../domain/card-warnings.ts';
import { ConflictError, type FieldProblem, InputError } from '../../domain/errors.ts';
import type { TextRule } from '../../domain/text-rule.ts';
import type { Understood } from '../../domain/understood.ts';
import { TEXT_RULES } from '../../platforms/index.ts';
import type { Platform } from '../../platforms/platform.ts';
import { type CampaignRecord, findCampaign, insertCampaign } from '../../store/campaign.ts';
import { sealTimes } from '../../store/decided-times.ts';
import { audit } from '../../store/operator.ts';
import { offeredPlatforms } from '../platform/offered-platforms.ts';
import { canRemind } from './can-remind.ts';
import { holdDoubtful } from './check-moment.ts';
import { timesAround } from './times-around.ts';

/** A campaign as stored, with what each platform would carry in each language. */
export interface CreatedCampaign {
  campaign: CampaignRecord;
  previews: readonly Preview[];
  /** What is allowed and may not be meant, by field. */
  warnings: readonly FieldProblem[];
  understood: Understood;
}

/**
 * Checks and stores a campaign; it waits for approval. One validator stands behind the CLI and the API. Each message has to
 * fit all platforms that are offered now, or all there are while none is; one that comes later and does not take it is not
 * offered for it.
 * @throws InputError naming every field that is wrong; ConflictError `slug_taken`. Nothing is stored then.
 */
export async function createCampaign(
  ctx: Context,
  input: { document: unknown; author: string },
): Promise<CreatedCampaign> {
  const { must, may } = await textRules(ctx);
  const valid = validateCampaign(
    input.document,
    must,
    new Date(ctx.clock.now()),
    may,
    ctx.zones.current(),
  );
  withFileLines(input.document, () => refuseReminders(ctx, valid.content));
  const id = randomUUID();
  await ctx.db.transaction().execute(async (db) => {
    const isNew = await insertCampaign(db, {
      id,
      slug: valid.slug,
      content: valid.content,
      moment: valid.moment,
      ...timesAround(ctx, valid.moment.instant),
      createdBy: input.author,
    });
    if (!isNew) throw slugTaken(valid.slug);
    await ctx.vault.createCampaignKeys(db, id);
    await audit(db, { actor: input.author, action: 'campaign.create', subject: valid.slug });
    const stored = await findCampaign(db, { id });
    if (!stored) throw new Error('A campaign was stored and is not there');
    await sealTimes(db, ctx.vault, id, stored);
    // Sources that count may differ on it; then a person decides before it is approved.
    await holdDoubtful(ctx, stored, db);
    ctx.crash('in-create');
  });
  const campaign = await findCampaign(ctx.db, { id });
  if (!campaign) throw new Error('A campaign was stored and is not there');
  const { previews, understood } = valid;
  const warnings = [...valid.warnings, ...cardWarnings(valid.content, ctx.cardLetters)];
  return { campaign, previews, warnings, understood };
}

/** @throws InputError where the reminders that a campaign promises could not be sent. */
function refuseReminders(ctx: Context, content: CampaignContent): void {
  if (!content.reminders || canRemind(ctx)) return;
  const message =
    'cannot be true here: this instance sends no mail. Leave it out, or have its operator set SMTP_URL and MAIL_FROM';
  throw new InputError([{ field: 'reminders', message }]);
}

/** The rules that a message must not break, and those of the other platforms that are connected. */
export async function textRules(
  ctx: Context,
): Promise<Record<'must' | 'may', readonly TextRule[]>> {
  const offered = await offeredPlatforms(ctx);
  if (offered.length === 0) return { must: TEXT_RULES, may: [] };
  const others = [...ctx.platforms.values()].filter((platform) => !offered.includes(platform));
  const rulesOf = (platforms: readonly Platform[]) => platforms.map(({ textRule }) => textRule);
  return { must: rulesOf(offered), may: rulesOf(others) };
}

function slugTaken(slug: string): ConflictError {
  return new ConflictError(
    'slug_taken',
    `"${slug}" belongs to another campaign; choose another`,
    'slug',
  );
}
