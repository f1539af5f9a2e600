import type { Context } from '../../context.ts';
import {
  type ClockBounds,
  isClockOff,
  middleOfBounds,
  shiftBounds,
} from '../../domain/network-time.ts';
import { type ClockOffset, measureOffset } from '../../store/connection/clock.ts';
import { hasEarly, holdEarly, liftEarly } from '../../store/stop/early.ts';

/** How far the networks' clocks are ahead of the database's, by which everything here goes. */
export interface ClockStanding {
  /** By hosts that the configuration names; null where none has answered. */
  configured: { bounds: ClockBounds; hosts: readonly string[] } | null;
  /** By servers that supporters name: they may lie, so that this is never more than a warning. */
  named: { bounds: ClockBounds; hosts: readonly string[] } | null;
}

/** `offset`: of this process's clock to the database's. */
export function clockStanding(ctx: Context, offset: ClockOffset = ctx.clock.offset): ClockStanding {
  const { configured, named } = ctx.networkClock.opinion();
  const { offsetMs } = offset;
  const ours = (opinion: typeof configured) =>
    opinion && { hosts: opinion.hosts, bounds: shiftBounds(opinion.bounds, offsetMs) };
  return { configured: ours(configured), named: ours(named) };
}

/** By how much the database's clock may be ahead of the networks' of the configuration; 0 where it is not off. Milliseconds. */
export function aheadMs(ctx: Context, offset: ClockOffset = ctx.clock.offset): number {
  const bounds = clockStanding(ctx, offset).configured?.bounds;
  // No post is to be early, so the later end of what may be true counts.
  return bounds && isClockOff(bounds) && middleOfBounds(bounds) < 0 ? -bounds.min : 0;
}

/** When nothing of a campaign is sent any more, by our clock: later than it says where that is ahead of the networks'. */
export function windowEnd(ctx: Context, campaign: { tooLateAt: Date }): number {
  return campaign.tooLateAt.getTime() + aheadMs(ctx);
}

/** As a worker tells of it; milliseconds. */
export function clockForHeartbeat(ctx: Context) {
  const { configured, named } = clockStanding(ctx);
  return {
    networkOffsetMs: configured && middleOfBounds(configured.bounds),
    namedOffsetMs: named && middleOfBounds(named.bounds),
    networkOff: configured !== null && isClockOff(configured.bounds),
  };
}

/**
 * Holds campaigns that would go out early by the time of the networks that the configuration names, until their clocks show the
 * moment, and lets them go when our clock has been put right, or when hosts that are asked only now overrule those that were heard. A
 * clock that is behind is only told of.
 */
export async function checkClock(
  ctx: Context,
  measured: ClockOffset = ctx.clock.offset,
): Promise<void> {
  const { configured } = clockStanding(ctx, measured);
  if (!configured) return;
  const { bounds, hosts } = configured;
  if (!isClockOff(bounds)) {
    await liftEarly(ctx.db, ctx.workerName);
    return;
  }
  const offset = middleOfBounds(bounds);
  ctx.log.error({ offsetMs: Math.round(offset), hosts }, 'our clock differs from the networks’');
  if (offset > 0) return;
  const seconds = (-offset / 1_000).toFixed(1);
  const reason = `our clock is ${seconds} s ahead of that of ${hosts.slice(0, 3).join(', ')}`;
  const ahead = aheadMs(ctx, measured);
  const held = await ctx.db.transaction().execute((db) => holdEarly(db, ahead, reason));
  if (held > 0) ctx.log.error({ held, reason }, 'held: it would go out early');
  // Held first: nothing may go out early while others are asked.
  const isMoreTold = await ctx.networkTimeClient.askOthers();
  if (isMoreTold) await checkClock(ctx, measured);
}

/**
 * While a campaign is held for the clock, asks the networks for their time and goes by it: nothing else is asked of them then, so
 * that what they said before would hold it until the end. To be called every few seconds.
 */
export async function recheckClock(ctx: Context): Promise<void> {
  if (!(await hasEarly(ctx.db))) return;
  await ctx.networkTimeClient.refresh();
  await checkClock(ctx, await measureOffset(ctx.db));
}

/**
 * Before a step that cannot be undone: a process that has heard no network yet, as after a start, asks for the time those at which we have an
 * app, and these, since its clock may be ahead; what would be early is held. Costs nothing once one has told its time and ours is right.
 */
export async function untilHeard(ctx: Context, platforms: readonly string[] = []): Promise<void> {
  await ctx.networkTimeClient.askFirst(platforms);
  // It may have been heard by the way, since the clock was last checked.
  if (aheadMs(ctx) > 0) await checkClock(ctx, await measureOffset(ctx.db));
}

/**
 * Aims by the database's clock as it was measured now. Where that has run ahead of the networks', what would be early is held
 * before anything here goes by it. Returns whether it has.
 */
export async function takeOffset(ctx: Context, measured: ClockOffset): Promise<boolean> {
  const isAhead = aheadMs(ctx, measured) > 0;
  if (isAhead) await checkClock(ctx, measured);
  ctx.clock.offset = measured;
  return isAhead;
}
