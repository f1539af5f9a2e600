import type { Context } from '../../context.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { settle } from '../../store/delivery.ts';
import type { ShardLease } from '../../store/shard.ts';
import { type Sent, settlementOf } from './settlement.ts';

/** Outcomes of one shard on their way to the records. */
export interface Outcomes {
  add(sent: Sent): void;
  /** Resolves once everything added so far is written. */
  written(): Promise<void>;
}

/** An outcome waits so long for company, since a statement for fifty costs hardly more than one for one. */
const GATHER_MS = 20;
const RETRY_MS = 500;

/** Writes outcomes in batches while the burst runs; one batch at a time, in the order of their coming. */
export function createOutcomes(ctx: Context, campaign: CampaignRecord, held: ShardLease): Outcomes {
  let waiting: Sent[] = [];
  let writing = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const write = async (batch: readonly Sent[]): Promise<void> => {
    const settlements = await Promise.all(batch.map((sent) => settlementOf(ctx, campaign, sent)));
    for (;;) {
      try {
        return await settle(ctx.db, ctx.workerName, campaign.id, held, settlements);
      } catch (error) {
        // What came of these posts is known here and nowhere else, so it is kept until the database is back.
        ctx.log.warn({ count: batch.length, error: (error as Error).message }, 'not written yet');
        if (ctx.stopping.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) writing = writing.then(() => write(batch));
    // Whoever waits for `written` hears of a failure; nobody else has to.
    writing.catch(() => undefined);
  };
  return {
    add: (sent) => {
      waiting.push(sent);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    written: async () => {
      flush();
      await writing;
    },
  };
}
