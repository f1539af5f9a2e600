import type { Context } from '../../context.ts';
import { ConflictError, InputError, noCampaign } from '../../domain/errors.ts';
import { type CampaignRecord, type CampaignTimes, findCampaign } from '../../store/campaign.ts';
import { appendEvent } from '../../store/campaign-event.ts';
import { notify } from '../../store/connection/database.ts';
import { sealTimes } from '../../store/decided-times.ts';
import { isMomentHeld, writeTimes } from '../../store/moment.ts';
import { audit } from '../../store/operator.ts';
import { liftHolds } from '../../store/stop/hold.ts';
import { raiseEpoch } from '../../store/stop/restored.ts';
import { noteEpoch } from '../stop/check-restored.ts';
import { refuseOwn } from './approve-campaign.ts';
import { type ChangedTimes, changedTimes } from './check-decided.ts';
import { describeDoubt, type MomentStanding, momentStanding, readingKey } from './check-moment.ts';
import { scheduleCampaign } from './schedule-campaign.ts';
import { timesAround, timesMoved } from './times-around.ts';

/** What a person decides about a moment in doubt. */
export interface MomentDecision {
  slug: string;
  operator: string;
  /**
   * `keep`: the instant stays. `move`: the wall time stays, and the instant is the one that the rules give now; or, where the
   * database has other times than were decided, the campaign goes back to those.
   */
  decision: 'keep' | 'move';
  /** Which instant to move to, where the sources give more than one; RFC 3339. */
  to?: string;
}

/** What is known of a campaign whose moment is to be decided about. */
interface Case {
  campaign: CampaignRecord;
  standing: MomentStanding;
  /** Null where its times are those that were decided last. */
  change: ChangedTimes | null;
}

/**
 * Decides about a campaign that is held because the rules of its time zone have changed, or are not agreed upon, or because its
 * times are not those that were decided; and lets it go on. By an operator other than its author, as an approval is.
 * @throws NotFoundError; InputError `to`; ConflictError `second_person`, `nothing_to_decide`, `moment_past` or `moment_changed`.
 */
export async function decideMoment(ctx: Context, input: MomentDecision): Promise<CampaignRecord> {
  const campaign = await findCampaign(ctx.db, { slug: input.slug });
  if (!campaign) throw noCampaign(input.slug);
  const standing = momentStanding(ctx, campaign);
  const change = await changedTimes(ctx, campaign);
  const isHeld = change !== null || (await isMomentHeld(ctx.db, campaign.id));
  if (!isHeld && standing.doubts.length === 0) {
    throw new ConflictError(
      'nothing_to_decide',
      'Nothing is in doubt about the moment of this campaign, so there is nothing to decide; leave it as it is',
    );
  }
  refuseOwn(ctx, campaign.createdBy, input.operator);
  const one = { campaign, standing, change };
  const decision = input.decision === 'keep' ? kept(ctx, one) : moved(ctx, one, input.to);
  await decide(ctx, campaign, input.operator, decision);
  const decided = await findCampaign(ctx.db, { id: campaign.id });
  if (!decided) throw new Error('A campaign has gone');
  if (decided.state === 'open') await scheduleCampaign(ctx, decided);
  return decided;
}

interface Decision {
  action: 'kept' | 'moved';
  detail: string;
  times: CampaignTimes;
  /** It can be done only before the first post has been begun. */
  unbegun: boolean;
}

function kept(ctx: Context, { campaign, standing, change }: Case): Decision {
  const { instant } = campaign.moment;
  const differing = standing.readings.filter(
    (reading) => reading.instant?.getTime() !== instant.getTime(),
  );
  const against = differing.map(readingKey);
  const though = [
    ...(change ? [change.what] : []),
    ...(against.length > 0 ? [describeDoubt(campaign, { doubts: differing })] : []),
  ];
  const detail = `${instant.toISOString()} stays${though.length > 0 ? `, though ${though.join('; ')}` : ''}`;
  const times = {
    ...stepsAt(ctx, { campaign, change }, instant),
    ...{ moment: campaign.moment, momentKeptAgainst: against },
  };
  return { action: 'kept', detail, times, unbegun: false };
}

/** The steps around an instant, as far from it as they were decided to be. */
function stepsAt(ctx: Context, { campaign, change }: Omit<Case, 'standing'>, instant: Date) {
  if (change === null) return timesMoved(campaign, instant);
  return change.decided ? timesMoved(change.decided, instant) : timesAround(ctx, instant);
}

/** @throws InputError, ConflictError */
function moved(ctx: Context, one: Case, to: string | undefined): Decision {
  const { campaign, standing, change } = one;
  const choice = chosen(one, to);
  const { instant } = choice;
  const from = campaign.moment.instant.toISOString();
  if (choice.decided) {
    const detail = `from ${from} back to ${instant.toISOString()}, as decided, though ${change?.what}`;
    return { action: 'moved', detail, times: choice.decided, unbegun: false };
  }
  if (instant.getTime() <= ctx.clock.now()) {
    throw new ConflictError(
      'moment_past',
      `${instant.toISOString()} is past; keep the moment as it is, or abort the campaign`,
    );
  }
  const detail = `from ${from} to ${instant.toISOString()}, by the zone rules of ${choice.sources.join(' and ')}`;
  const moment = { ...campaign.moment, instant, tzdata: standing.version };
  const times = { ...stepsAt(ctx, one, instant), moment, momentKeptAgainst: [] };
  return { action: 'moved', detail, times, unbegun: true };
}

/** An instant that a campaign can be moved to. */
export interface MomentChoice {
  instant: Date;
  /** Whose word it is. */
  sources: readonly string[];
  /** The times that were decided, where it is a way back to those. */
  decided: CampaignTimes | null;
}

/** What a campaign can be moved to; the times that were decided come first where the database has others. */
export function momentChoices(
  { moment }: Pick<CampaignRecord, 'moment'>,
  { readings }: Pick<MomentStanding, 'readings'>,
  change: ChangedTimes | null,
): MomentChoice[] {
  const decided = change?.decided ?? null;
  const back = decided
    ? [{ instant: decided.moment.instant, sources: ['what was decided'], decided }]
    : [];
  const taken = new Set([moment, ...back].map(({ instant }) => instant.getTime()));
  const byRules = readings.flatMap(({ instant, sources }) =>
    instant && !taken.has(instant.getTime()) ? [{ instant, sources, decided: null }] : [],
  );
  return [...back, ...byRules];
}

/** @throws InputError, ConflictError */
function chosen({ campaign, standing, change }: Case, to: string | undefined): MomentChoice {
  const choices = momentChoices(campaign, standing, change);
  const [first] = choices;
  if (!first) {
    throw new ConflictError(
      'nothing_to_decide',
      'The rules that are known here give no other instant to move to; keep the moment, or abort the campaign',
    );
  }
  const found =
    to === undefined ? first : choices.find(({ instant }) => instant.getTime() === Date.parse(to));
  if (found && (to !== undefined || choices.length === 1)) return found;
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
  operator: string,
  { action, detail, times, unbegun }: Decision,
): Promise<void> {
  const { id, slug } = campaign;
  await ctx.db.transaction().execute(async (db) => {
    if (!(await writeTimes(db, { id, seen: campaign.moment.instant, unbegun }, times))) {
      throw new ConflictError(
        'moment_changed',
        'The campaign has gone on meanwhile, or its moment is not the one that you saw; look at it again',
      );
    }
    await liftHolds(db, { scope: 'campaign', campaignId: id }, ['moment']);
    const event = { action, scope: 'campaign', platform: null, actor: operator, detail } as const;
    await appendEvent(db, { campaignId: id }, event);
    await sealTimes(db, ctx.vault, id, times);
    await audit(db, { actor: operator, action: `campaign.moment_${action}`, subject: slug });
    await notify(db, 'hold', '');
    await notify(db, 'delivery', id);
    // In an older copy of the database the campaign has the moment that it had before.
    await raiseEpoch(db);
  });
  await noteEpoch(ctx);
}
