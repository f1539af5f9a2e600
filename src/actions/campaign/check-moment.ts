import type { Context } from '../../context.ts';
import { checkMoment, type MomentCheck, type MomentReading } from '../../domain/moment.ts';
import type { ZoneRules } from '../../domain/zone/zone-rules.ts';
import type { Db } from '../../store/connection/database.ts';
import { holdMoment, listMoments, type MomentRecord } from '../../store/moment.ts';
import { type DecidedStanding, findChanged, holdChanged } from './check-decided.ts';

const DAY_MS = 86_400_000;

/** What the rules of time zones say of a campaign's moment now. */
export interface MomentStanding extends MomentCheck {
  /** When the edition that decides came out, as far as is known. */
  published: Date | null;
  /** Readings that differ from the stored instant and that no person has decided about. Empty: nothing is in doubt. */
  doubts: readonly MomentReading[];
}

/** Derives the instant of a campaign anew, by the rules as they are now. */
export function momentStanding(
  ctx: Pick<Context, 'zones'>,
  campaign: MomentRecord,
): MomentStanding {
  const rules = ctx.zones.current();
  const check = checkMoment(campaign.moment, rules);
  const stored = campaign.moment.instant.getTime();
  const differing = check.readings.filter((reading) => reading.instant?.getTime() !== stored);
  const doubts = differing.filter(
    (reading) => !campaign.momentKeptAgainst.includes(readingKey(reading)),
  );
  return { ...check, published: publishedAt(rules, check.version), doubts };
}

function publishedAt(rules: ZoneRules, version: string): Date | null {
  return rules.sources.find((source) => source.version === version)?.published ?? null;
}

/** A reading as it is kept: RFC 3339 in UTC, or `none`. */
export function readingKey({ instant }: Pick<MomentReading, 'instant'>): string {
  return instant?.toISOString() ?? 'none';
}

/** How old the rules are that a moment goes by, in words: `zone rules 2026f, published on 2026-10-29, 31 days ago`. */
export function describeRules(
  ctx: Pick<Context, 'zones' | 'clock'>,
  campaign: MomentRecord,
): string {
  const standing = momentStanding(ctx, campaign);
  const days = ageInDays(ctx, standing);
  if (standing.published === null || days === null) {
    return `zone rules ${standing.version}, of unknown age`;
  }
  const published = standing.published.toISOString().slice(0, 10);
  return `zone rules ${standing.version}, published on ${published}, ${days === 1 ? '1 day' : `${days} days`} ago`;
}

/** How many days ago the edition came out that decides; null where that is not known. */
export function ageInDays(
  ctx: Pick<Context, 'clock'>,
  { published }: Pick<MomentStanding, 'published'>,
): number | null {
  if (published === null) return null;
  return Math.max(0, Math.floor((ctx.clock.now() - published.getTime()) / DAY_MS));
}

/**
 * Holds a campaign whose instant is in doubt, or whose times are not those that were decided, until a person keeps or moves it.
 * Changes nothing else. In a transaction or alone.
 */
export async function holdDoubtful(
  ctx: Context,
  campaign: MomentRecord,
  db: Db = ctx.db,
): Promise<MomentStanding & { decided: DecidedStanding }> {
  const decided = await holdChanged(ctx, campaign, db);
  const standing = { ...momentStanding(ctx, campaign), decided };
  // Zone rules are compared with decided times only.
  if (standing.doubts.length === 0 || decided !== 'decided') return standing;
  const reason = describeDoubt(campaign, standing);
  const place = (tx: Db): Promise<boolean> => holdMoment(tx, campaign.id, reason);
  const isNews = await (db.isTransaction ? place(db) : db.transaction().execute(place));
  if (isNews) ctx.log.error({ campaign: campaign.slug, reason }, 'held: its moment is in doubt');
  return standing;
}

/** What is in doubt about a campaign's instant, in one sentence. */
export function describeDoubt(
  { moment }: Pick<MomentRecord, 'moment'>,
  { doubts }: Pick<MomentStanding, 'doubts'>,
): string {
  const said = doubts.map(({ instant, sources }) => {
    const what = instant === null ? 'a time that does not exist' : utc(instant);
    return `${what} by the zone rules of ${sources.join(' and ')}`;
  });
  return `${moment.wall} in ${moment.zone} is ${said.join(', and ')}; the campaign is set for ${utc(moment.instant)}`;
}

function utc(instant: Date): string {
  return instant.toISOString().replace('.000Z', 'Z');
}

/** The rules by which each process has looked at all campaigns. */
const checkedBy = new WeakMap<Context, ZoneRules>();

/**
 * Looks at every campaign that is to come: whether its times are those that were decided, always; by the rules of its zone when
 * this process starts and whenever they have been renewed.
 */
export async function checkMoments(ctx: Context): Promise<void> {
  const rules = ctx.zones.current();
  const isNew = checkedBy.get(ctx) !== rules;
  const campaigns = await listMoments(ctx.db);
  const changed = await findChanged(ctx, campaigns);
  for (const campaign of campaigns) {
    if (isNew || changed.has(campaign.id)) await holdDoubtful(ctx, campaign);
  }
  if (!isNew) return;
  checkedBy.set(ctx, rules);
  for (const { what, mend } of rules.faults()) ctx.log.warn({ mend }, what);
}
