import type { Context } from '../../../context.ts';
import { type Hold, type HoldTarget, isHeldBy, SELF_ACTOR } from '../../../domain/hold.ts';
import type { Allowance, Outcome } from '../../../domain/outcome.ts';
import type { Platform } from '../../../platforms/platform.ts';
import { appendEvent } from '../../../store/campaign-event.ts';
import { type Db, notify } from '../../../store/connection/database.ts';
import { listHolds, placeHold } from '../../../store/stop/hold.ts';

/** What this process knows of whether it may post to one host of a platform. The records know it better; this is only faster. */
export interface HostGate {
  /** True when a post of this campaign must not go out now. */
  isPaused(campaignId: string): boolean;
  /** Whether one more may be under way: never more are than the platform said it will still take, but for one. */
  canAcquire(): boolean;
  /** One more is under way, until `onOutcome` is called for it. */
  acquire(): void;
  /** Pauses the host for all other posts where an outcome asks for that. */
  onOutcome(campaignId: string, outcome: Outcome): void;
}

/** How many answers in a row that only the operator can mend stop the platform, for all workers. */
const FAULTS_TO_BREAK = 3;
/** Said to operators, of the app. */
const USED_UP = 'all that the platform takes from the app is used up';
/** Resets are told in whole seconds: two that are no further apart are the same. */
const SAME_RESET_MS = 2_000;
/** One gate for each host, for the life of the process. */
export function createHostGates(ctx: Context): (platform: Platform, host: string) => HostGate {
  const holds = watchHolds(ctx);
  const gates = new Map<string, HostGate>();
  return ({ name: platform, requires: asks }, host) => {
    const key = JSON.stringify([platform, host]);
    const known = gates.get(key);
    if (known) return known;
    // Where there is one host for all, it is the platform that stands still, and its queue with it.
    const target: HoldTarget =
      asks === 'nothing' ? { scope: 'platform', platform } : { scope: 'host', platform, host };
    const gate = createHostGate(ctx, { platform, host }, target, holds);
    gates.set(key, gate);
    return gate;
  };
}

/** What this process knows of the holds that stand. */
interface Holds {
  now(): readonly Hold[];
  /** Holds here at once, and everybody else as soon as it is written down. Never rejects. */
  place(one: Hold): Promise<void>;
}

function watchHolds(ctx: Context): Holds {
  let known: readonly Hold[] = [];
  /** Placed by us and not known to be in the records yet. */
  const fresh = new Set<Hold>();
  let holds: readonly Hold[] = [];
  let begun = 0;
  let newest = 0;
  const readHolds = async (): Promise<void> => {
    const nth = ++begun;
    try {
      const found = await listHolds(ctx.db);
      // What was begun later knows better, whichever ends first.
      if (nth > newest) {
        known = found;
        newest = nth;
      }
    } catch (error) {
      // Every dispatch mark asks the database anyhow.
      ctx.log.warn({ error: (error as Error).message }, 'holds not read');
    }
    holds = [...known, ...fresh];
  };
  ctx.listen('hold', () => void readHolds());
  void readHolds();
  const place = async (one: Hold): Promise<void> => {
    fresh.add(one);
    holds = [...known, ...fresh];
    try {
      await writeHold(ctx.db, one);
      await readHolds();
    } catch (error) {
      ctx.log.error({ error: (error as Error).message, kind: one.kind }, 'hold not written');
    } finally {
      fresh.delete(one);
      holds = [...known, ...fresh];
    }
    if (one.until === null || one.scope !== 'platform') return;
    await ctx.queues
      .throttle(one.platform, one.until)
      .catch((error: Error) => ctx.log.warn({ error: error.message }, 'queue not throttled'));
  };
  return { now: () => holds, place };
}

/** For all workers at once. */
async function writeHold(db: Db, hold: Hold): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const isNews = await placeHold(transaction, hold);
    if (isNews && hold.kind === 'broken') await noteBroken(transaction, hold);
    await notify(transaction, 'hold', '');
  });
}

/** The ledger of every campaign concerned says why it stood still. */
async function noteBroken(db: Db, hold: Hold): Promise<void> {
  const { actor, scope, reason } = hold;
  const platform = scope === 'platform' || scope === 'host' ? hold.platform : null;
  const event = { action: 'broken', scope, platform, actor, detail: reason } as const;
  await appendEvent(db, 'all under way', event);
}

function createHostGate(
  ctx: Context,
  place: { platform: string; host: string },
  target: HoldTarget,
  holds: Holds,
): HostGate {
  let faults = 0;
  let underWay = 0;
  let allowance: Allowance | null = null;
  const byUs = { ...target, actor: SELF_ACTOR };
  const isPaused = (campaignId: string): boolean =>
    holds.now().some((one) => isHeldBy(one, { ...place, campaignId }, ctx.clock.now()));
  return {
    isPaused,
    canAcquire: () =>
      allowance === null ||
      underWay < Math.max(1, allowance.remaining) ||
      allowance.until.getTime() <= ctx.clock.now(),
    acquire: () => {
      underWay++;
    },
    onOutcome: (campaignId, outcome) => {
      underWay--;
      const allowanceLeft = outcome.kind === 'posted' ? outcome.allowance : undefined;
      if (allowanceLeft) allowance = newerAllowance(allowance, allowanceLeft);
      const fault = outcome.kind === 'refused' && outcome.reason === 'app_problem';
      if (fault) faults++;
      else if (outcome.kind === 'posted') faults = 0;
      if (isPaused(campaignId)) return;
      if (outcome.kind === 'throttled') {
        void holds.place({
          ...byUs,
          kind: 'throttled',
          reason: describeThrottling(outcome),
          until: outcome.until,
        });
      } else if (allowanceLeft?.remaining === 0) {
        void holds.place({
          ...byUs,
          kind: 'throttled',
          reason: USED_UP,
          until: allowanceLeft.until,
        });
      } else if (fault && faults >= FAULTS_TO_BREAK) {
        void holds.place({ ...byUs, kind: 'broken', reason: outcome.detail, until: null });
      }
    },
  };
}

/** Said to operators, of an answer for which a host is left alone. */
function describeThrottling({ detail, reason }: Extract<Outcome, { kind: 'throttled' }>): string {
  if (reason !== 'challenged') return detail;
  return `${detail}: a shield took us for a machine and let no request in; nothing was carried out`;
}

/** Answers overtake one another: the least of a window holds, and a later window goes before an earlier one. */
function newerAllowance(known: Allowance | null, reported: Allowance): Allowance {
  const ahead = known ? reported.until.getTime() - known.until.getTime() : Infinity;
  if (known === null || ahead > SAME_RESET_MS) return reported;
  return ahead < -SAME_RESET_MS || known.remaining < reported.remaining ? known : reported;
}
