import type { Context } from '../../context.ts';
import type { JobName, JobPayloads } from '../../queue/jobs.ts';
import { moveCampaign } from '../../store/campaign.ts';
import { listUnderWay } from '../../store/campaign-list.ts';
import { hasRevoking } from '../../store/credential.ts';
import { hasUnchecked } from '../../store/credential-check.ts';
import { findDueWork } from '../../store/delivery.ts';
import { purgeIntents } from '../../store/intent.ts';
import { findUnsealed } from '../../store/ledger.ts';
import { isQuiet } from '../../store/near.ts';
import { purgeOauthFlows } from '../../store/oauth-flow.ts';
import { eraseStaleReminders, findDueReminders } from '../../store/reminder.ts';
import { doubtRestored } from '../../store/stop/restored.ts';
import { holdChanged } from '../campaign/check-decided.ts';
import { preflightRound } from '../credential/preflight-campaign.ts';
import { findArmableShards } from '../delivery/arm-shards.ts';
import { dropWhatIsLate } from '../delivery/drop-late.ts';
import { endRetention } from '../keys/destroy-keys.ts';
import { finishAborted } from '../stop/finish-aborted.ts';

/** Jobs whose work must be done with or without the queue: all but those that show whether it goes round. */
export type StepName = Exclude<JobName, 'canary'>;

/** Has the work of a job done, by the queue or, where the queue does not do it in due time, here. */
export interface StepRunner {
  /** Returns at once. Asked again while the work is under way in this process, it does nothing. */
  ensure<Name extends StepName>(
    name: Name,
    payload: JobPayloads[Name],
    options?: { platform?: string },
  ): void;
}

type Step = (ctx: Context, steps: StepRunner) => Promise<unknown>;

/** Reminders that one sweep asks for; the next one asks for more. */
const MAX_MAILS = 200;

/** What the sweep looks for, in this order: what a moment waits for comes first. */
const STEPS = {
  restored: ({ db, workerName }) => doubtRestored(db, workerName),
  moments: sweepMoments,
  shards: sweepShards,
  waiting: sweepWaiting,
  late: dropWhatIsLate,
  preflight: sweepPreflight,
  aborted: finishAborted,
  revoking: async ({ db }, steps) => {
    if (await hasRevoking(db)) steps.ensure('revoke', {});
  },
  ledger: async ({ db }, steps) => {
    for (const campaignId of await findUnsealed(db)) steps.ensure('seal', { campaignId });
  },
  flows: ({ db }) => purgeOauthFlows(db),
  intents: ({ db }) => purgeIntents(db),
  reminders: sweepReminders,
  retention: endRetention,
} satisfies Record<string, Step>;

/** A step that takes longer is left to itself, and the others go on. */
const PATIENCE_MS = 5_000;

/** What one look through the records came to. */
export interface Swept {
  /** How many steps have failed or not ended. */
  failed: number;
  /** Nothing was due, and nothing will be for {@link REST_MS}: the next look may wait that long, unless a notification comes. */
  isQuiet: boolean;
}

/** From one look to the next while nothing is due, so that a change without a notification is found too. */
export const REST_MS = 5_000;

/** What tells that something may have come due: a campaign is opened, held, let go, moved, stopped or destroyed. */
const WAKING = ['work', 'delivery', 'hold', 'keys'] as const;

/** Calls `wake` whenever something may have come due; returns how to stop. */
export function onWork(ctx: Context, wake: () => void): () => void {
  const stops = WAKING.map((channel) => ctx.listen(channel, wake));
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * Makes the function that looks through the records for whatever is due and has it done. Called every second while anything is
 * near or under way, and every few seconds else, for as long as a worker lives, so that no step depends on the queue: an empty,
 * wrong, silent or forgetful one delays it by seconds. Each step fails alone, and none runs twice at once.
 */
export function createSweep(ctx: Context, steps: StepRunner): () => Promise<Swept> {
  const underWay = new Set<string>();
  let asked = 0;
  const counting: StepRunner = {
    ensure: (...step) => {
      asked += 1;
      steps.ensure(...step);
    },
  };
  const attempt = async (name: string, step: Step): Promise<boolean> => {
    if (underWay.has(name)) return false;
    underWay.add(name);
    try {
      await step(ctx, counting);
      return true;
    } catch (error) {
      const { message } = error as Error;
      ctx.log.warn({ step: name, error: message }, 'sweep step failed; it will be tried again');
      return false;
    } finally {
      underWay.delete(name);
    }
  };
  return async () => {
    asked = 0;
    let failed = 0;
    for (const [name, step] of Object.entries(STEPS)) {
      if (ctx.stopping.aborted) break;
      if (!(await withPatience(attempt(name, step)))) failed += 1;
    }
    const isIdle = failed === 0 && asked === 0;
    return { failed, isQuiet: isIdle && (await isQuiet(ctx.db, REST_MS)) };
  };
}

async function withPatience(work: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false);
  });
  return Promise.race([work, enough]).finally(() => clearTimeout(timer));
}

/** Locks, and what follows the moment. */
async function sweepMoments(ctx: Context, steps: StepRunner): Promise<void> {
  const now = ctx.clock.now();
  for (const campaign of await listUnderWay(ctx.db)) {
    const { id, state, lockAt, moment } = campaign;
    const payload = { campaignId: id };
    if (state === 'open' && lockAt.getTime() <= now) steps.ensure('lock', payload);
    if (state === 'firing') steps.ensure('settle', payload);
    if (state === 'locked' && moment.instant.getTime() <= now) {
      if ((await holdChanged(ctx, campaign)) !== 'decided') continue;
      await moveCampaign(ctx.db, id, 'locked', 'firing');
    }
  }
}

async function sweepShards(ctx: Context, steps: StepRunner): Promise<void> {
  for (const { id, platform } of await findArmableShards(ctx)) {
    steps.ensure('fire', { shardId: id }, { platform });
  }
}

async function sweepWaiting(ctx: Context, steps: StepRunner): Promise<void> {
  for (const work of await findDueWork(ctx.db)) {
    const payload = { campaignId: work.campaign_id };
    if (work.waiting) steps.ensure('gather', payload);
    if (work.doubtful) steps.ensure('reconcile', payload);
  }
}

async function sweepPreflight(ctx: Context, steps: StepRunner): Promise<void> {
  const platforms = [...ctx.platforms.keys()];
  for (const campaign of await listUnderWay(ctx.db)) {
    if (campaign.state === 'firing') continue;
    const round = preflightRound(ctx, campaign);
    if (!round) continue;
    const since = new Date(round.from);
    if (await hasUnchecked(ctx.db, { campaignId: campaign.id, platforms, since })) {
      steps.ensure('preflight', { campaignId: campaign.id });
    }
  }
}

/** Erases addresses that have had their time, and asks for every mail that is due and whose own alarm did not ring. */
async function sweepReminders({ db }: Context, steps: StepRunner): Promise<void> {
  await eraseStaleReminders(db);
  for (const reminderId of await findDueReminders(db, MAX_MAILS)) {
    steps.ensure('mail', { reminderId });
  }
}
