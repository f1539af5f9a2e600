import type { Context } from '../../context.ts';
import { MasterKeyMissing } from '../../domain/errors.ts';
import { type CampaignRecord, type CampaignTimes, findCampaign } from '../../store/campaign.ts';
import type { Db } from '../../store/connection/database.ts';
import { differingTimes, readDecidedTimes } from '../../store/decided-times.ts';
import { holdMoment, type MomentRecord } from '../../store/moment.ts';

/** What is wrong with the times of a campaign in the database. */
export interface ChangedTimes {
  /** In one sentence. */
  what: string;
  /** What was decided; null where that cannot be told. */
  decided: CampaignTimes | null;
}

/** Whether the times of a campaign, as they were read, are those that were decided; null: they are. */
export async function changedTimes(
  ctx: Context,
  campaign: MomentRecord,
  db: Db = ctx.db,
): Promise<ChangedTimes | null> {
  const decided = await readDecidedTimes(db, ctx.vault, [campaign.id]);
  return compare(campaign, decided.get(campaign.id) ?? null);
}

/** The same for people to see; null also where this process lacks the master key and cannot tell. */
export async function shownChange(
  ctx: Context,
  campaign: MomentRecord,
): Promise<ChangedTimes | null> {
  return changedTimes(ctx, campaign).catch(unlessMissing(null));
}

/** Of these campaigns those whose times, as they were read, are not those that were decided; as far as this process can tell. */
export async function findChanged(
  ctx: Context,
  campaigns: readonly MomentRecord[],
): Promise<Set<string>> {
  const ids = campaigns.map(({ id }) => id);
  const none = new Map<string, CampaignTimes | null>();
  const decided = await readDecidedTimes(ctx.db, ctx.vault, ids).catch(unlessMissing(none));
  const changed = campaigns.filter((one) => {
    const times = decided.get(one.id);
    return times !== undefined && compare(one, times) !== null;
  });
  return new Set(changed.map(({ id }) => id));
}

function unlessMissing<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof MasterKeyMissing) return otherwise;
    throw error;
  };
}

function compare(campaign: CampaignTimes, decided: CampaignTimes | null): ChangedTimes | null {
  const is = utc(campaign.moment.instant);
  if (decided === null) {
    return {
      what: `nobody decided, as far as can be proved, on the times that the database gives this campaign (${is}): they were written, copied or put back by something other than Tocsin`,
      decided,
    };
  }
  const names = differingTimes(campaign, decided);
  if (names.length === 0) return null;
  const { instant, wall, zone } = decided.moment;
  const what = names.includes('instant')
    ? `the database says ${is}, and what was decided is ${utc(instant)}, ${wall} in ${zone}`
    : `the database has other times than were decided (${names.map((name) => WORDS[name]).join(', ')})`;
  return { what: `${what}: something other than Tocsin has changed them`, decided };
}

const WORDS: Readonly<Record<ReturnType<typeof differingTimes>[number], string>> = {
  instant: 'the moment',
  wall: 'its wall time',
  zone: 'its zone',
  tzdata: 'the edition of its zone rules',
  keptAgainst: 'which zone rules it was kept against',
  preflightAt: 'when permissions are looked at',
  lockAt: 'when joining closes',
  armAt: 'when posts are prepared',
  tooLateAt: 'when it is too late',
};

function utc(instant: Date): string {
  return instant.toISOString().replace('.000Z', 'Z');
}

/**
 * How a campaign that was read stands to what was decided. `changed`: it is held now, until a person decides. `stale`: it has been
 * decided about since it was read, so that it has to be read again.
 */
export type DecidedStanding = 'decided' | 'changed' | 'stale';

/** Holds a campaign whose times are not those that were decided, until a person decides. In a transaction or alone. */
export async function holdChanged(
  ctx: Context,
  campaign: MomentRecord,
  db: Db = ctx.db,
): Promise<DecidedStanding> {
  if ((await changedTimes(ctx, campaign, db)) === null) return 'decided';
  // Read again: an operator may have decided between the two reads.
  const now = await findCampaign(db, { id: campaign.id });
  const change = now && (await changedTimes(ctx, now, db));
  if (!change) return 'stale';
  await holdFor(ctx, campaign, change.what, db);
  return 'changed';
}

/** Later than now and this much: nothing sets a batch to be due in the future, but its moment. */
const SLACK_MS = 1_000;

/**
 * Whether a batch of posts is due when it was decided that it is; its campaign is held where it is not. What is in it has been
 * read before.
 */
export async function isDueAsDecided(
  ctx: Context,
  campaign: CampaignRecord,
  { dueAt }: { dueAt: Date },
): Promise<boolean> {
  if ((await holdChanged(ctx, campaign)) !== 'decided') return false;
  const latest = Math.max(campaign.moment.instant.getTime(), ctx.clock.now() + SLACK_MS);
  if (dueAt.getTime() <= latest) return true;
  const what = `the database puts off posts of this campaign until ${utc(dueAt)}, which nobody decided: something other than Tocsin has changed it`;
  await holdFor(ctx, campaign, what, ctx.db);
  return false;
}

async function holdFor(
  ctx: Context,
  { id, slug }: Pick<CampaignRecord, 'id' | 'slug'>,
  reason: string,
  db: Db,
): Promise<void> {
  const place = (tx: Db): Promise<boolean> => holdMoment(tx, id, reason);
  const isNews = await (db.isTransaction ? place(db) : db.transaction().execute(place));
  if (isNews) ctx.log.error({ campaign: slug, reason }, 'held: its times are not as decided');
}
