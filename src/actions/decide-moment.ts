import type { Context } from '../context.ts';
import { ConflictError, InputError, NotFoundError } from '../domain/errors.ts';
import { type CampaignRecord, findCampaign } from '../store/campaign.ts';
import { appendEvent } from '../store/campaign-event.ts';
import { notify } from '../store/database.ts';
import { liftHolds } from '../store/hold.ts';
import { isMomentHeld, keepMoment, moveMoment } from '../store/moment.ts';
import { audit } from '../store/operator.ts';
import { refuseOwn } from './approve-campaign.ts';
import { describeDoubt, type MomentStanding, momentStanding, readingKey } from './check-moment.ts';
import { scheduleCampaign } from './schedule-campaign.ts';

/** What a person decides about a moment in doubt. */
export interface MomentDecision {
  slug: string;
  operator: string;
  /** `keep`: the instant stays. `move`: the wall time stays, and the instant is the one that the rules give now. */
  decision: 'keep' | 'move';
  /** Which instant to move to, where the sources give more than one; RFC 3339. */
  to?: string;
}

/**
 * Decides about a campaign that is held because the rules of its time zone have changed, or are not agreed upon, and lets it go
 * on. By an operator other than its author, as an approval is.
 * @throws NotFoundError; InputError `to`; ConflictError `second_person`, `nothing_to_decide`, `moment_past` or `moment_changed`.
 */
export async function decideMoment(ctx: Context, input: MomentDecision): Promise<CampaignRecord> {
  const campaign = await findCampaign(ctx.db, { slug: input.slug });
  if (!campaign) throw new NotFoundError(`There is no campaign "${input.slug}"`);
  const standing = momentStanding(ctx, campaign);
  const isHeld = await isMomentHeld(ctx.db, campaign.id);
  if (!isHeld && standing.doubts.length === 0) {
    throw new ConflictError(
      'nothing_to_decide',
      'Nothing is in doubt about the moment of this campaign, so there is nothing to decide',
    );
  }
  refuseOwn(ctx, campaign.createdBy, input.operator);
  if (input.decision === 'keep') await keep(ctx, campaign, standing, input);
  else await move(ctx, campaign, standing, input);
  const decided = await findCampaign(ctx.db, { id: campaign.id });
  if (!decided) throw new Error('A campaign has gone');
  if (decided.state === 'open') await scheduleCampaign(ctx, decided);
  return decided;
}

async function keep(
  ctx: Context,
  campaign: CampaignRecord,
  standing: MomentStanding,
  { operator }: MomentDecision,
): Promise<void> {
  const { instant } = campaign.moment;
  const against = standing.readings
    .filter((reading) => reading.instant?.getTime() !== instant.getTime())
    .map(readingKey);
  const detail = `${instant.toISOString()} stays${against.length > 0 ? `, though ${describeDoubt(campaign, { doubts: standing.readings.filter((one) => against.includes(readingKey(one))) })}` : ''}`;
  await decide(ctx, campaign, { operator, action: 'kept', detail }, (db) =>
    keepMoment(db, campaign, against),
  );
}

async function move(
  ctx: Context,
  campaign: CampaignRecord,
  standing: MomentStanding,
  { operator, to }: MomentDecision,
): Promise<void> {
  const reading = chosenReading(campaign, standing, to);
  if (reading.instant.getTime() <= ctx.clock.now()) {
    throw new ConflictError(
      'moment_past',
      `${reading.instant.toISOString()} is past; keep the moment as it is, or abort the campaign`,
    );
  }
  const from = campaign.moment.instant.toISOString();
  const detail = `from ${from} to ${reading.instant.toISOString()}, by the zone rules of ${reading.sources.join(' and ')}`;
  await decide(ctx, campaign, { operator, action: 'moved', detail }, (db) =>
    moveMoment(db, campaign, { instant: reading.instant, tzdata: standing.version }),
  );
}

/** @throws InputError, ConflictError */
function chosenReading(
  campaign: CampaignRecord,
  standing: MomentStanding,
  to: string | undefined,
): { instant: Date; sources: readonly string[] } {
  const choices = standing.readings.flatMap(({ instant, sources }) =>
    instant && instant.getTime() !== campaign.moment.instant.getTime()
      ? [{ instant, sources }]
      : [],
  );
  const [first] = choices;
  if (!first) {
    throw new ConflictError(
      'nothing_to_decide',
      'The rules that are known here give no other instant to move to; keep the moment, or abort the campaign',
    );
  }
  const chosen =
    to === undefined ? first : choices.find(({ instant }) => instant.getTime() === Date.parse(to));
  if (chosen && (to !== undefined || choices.length === 1)) return chosen;
  const said = choices.map(({ instant }) => instant.toISOString()).join(' or ');
  const message =
    to === undefined
      ? `is needed: say ${said}`
      : `"${to.slice(0, 60)}" is none of the instants in question; say ${said}`;
  throw new InputError([{ field: 'to', message }]);
}

async function decide(
  ctx: Context,
  campaign: CampaignRecord,
  { operator, action, detail }: { operator: string; action: 'kept' | 'moved'; detail: string },
  write: (db: Context['db']) => Promise<boolean>,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    if (!(await write(db))) {
      throw new ConflictError(
        'moment_changed',
        'The campaign has gone on meanwhile, or its moment is not the one that you saw; look at it again',
      );
    }
    await liftHolds(db, { scope: 'campaign', campaignId: campaign.id }, ['moment']);
    await appendEvent(
      db,
      { campaignId: campaign.id },
      { action, scope: 'campaign', platform: null, actor: operator, detail },
    );
    await audit(db, {
      actor: operator,
      action: `campaign.moment_${action}`,
      subject: campaign.slug,
    });
    await notify(db, 'hold', '');
    await notify(db, 'delivery', campaign.id);
  });
}
