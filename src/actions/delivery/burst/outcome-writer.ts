import type { Context } from '../../../context.ts';
import type { Settlement } from '../../../store/delivery.ts';
import type { BurstStore } from './burst-store.ts';
import { type SentPost, toSettlement } from './settlement.ts';

/** Writes outcomes down in batches while the burst runs, and notifies those who watch. */
export interface OutcomeWriter {
  /** `written` is called once the outcome is on disk, or was given up because the process is to stop. */
  add(sent: SentPost, written: () => void): void;
}

const BATCHES_AT_ONCE = 2;
const BATCH = 400;
/** How long a batch waits for more outcomes. */
const GATHER_MS = 15;
/** Watchers are told no more often than this: commits that carry a notification go through one gate. */
const NOTIFY_MS = 250;
const RETRY_MS = 200;
/** A process that is to stop does not wait any longer for a database that is away. */
const LAST_TRIES_MS = 5_000;

interface Waiting {
  settlement: Settlement;
  campaignId: string;
  written: () => void;
}

export function createOutcomeWriter(ctx: Context, store: BurstStore): OutcomeWriter {
  let waiting: Waiting[] = [];
  let writing = 0;
  let scheduled = false;
  const news = createChangeNotifier(ctx, store);

  const schedule = (): void => {
    if (!scheduled) setTimeout(flush, GATHER_MS);
    scheduled = true;
  };
  const flush = (): void => {
    scheduled = false;
    while (writing < BATCHES_AT_ONCE && waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      void write(batch);
    }
  };
  const write = async (batch: readonly Waiting[]): Promise<void> => {
    writing++;
    const settlements = batch.map((entry) => entry.settlement);
    await settleWithRetries(ctx, store, settlements);
    writing--;
    for (const entry of batch) {
      news.about(entry.campaignId);
      entry.written();
    }
    if (waiting.length > 0) schedule();
  };
  return {
    add: async (sent, written) => {
      // Only a stale token takes time here; no other outcome waits for it.
      const settlement = await toSettlement(ctx, sent);
      waiting.push({ settlement, campaignId: sent.campaign.id, written });
      if (waiting.length >= BATCH && writing < BATCHES_AT_ONCE) flush();
      else schedule();
    },
  };
}

/** What came of these posts is known here and nowhere else, so it is kept until the database is back. */
async function settleWithRetries(
  ctx: Context,
  store: BurstStore,
  settlements: readonly Settlement[],
): Promise<void> {
  const triesEnd = (): boolean => ctx.stopping.aborted && performance.now() > givenUpAt;
  const givenUpAt = performance.now() + LAST_TRIES_MS;
  for (let again = false; ; again = true) {
    try {
      const settling = store.settle(settlements, again);
      if (ctx.crash.isNext('mid-commit')) setTimeout(() => ctx.crash('mid-commit'), 1);
      else ctx.crash('mid-commit');
      await settling;
      ctx.crash('after-commit');
      return;
    } catch (error) {
      const count = settlements.length;
      ctx.log.warn({ count, error: (error as Error).message }, 'outcomes not written yet');
      if (triesEnd()) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Tells of changes, campaign by campaign, now and then. */
function createChangeNotifier(
  ctx: Context,
  store: BurstStore,
): { about(campaignId: string): void } {
  const changed = new Set<string>();
  let scheduled = false;
  const tell = async (): Promise<void> => {
    scheduled = false;
    const ids = [...changed];
    changed.clear();
    for (const id of ids) {
      await store
        .notifyWatchers(id)
        .catch((error: Error) => ctx.log.warn({ error: error.message }, 'watchers not told'));
    }
  };
  return {
    about: (campaignId) => {
      changed.add(campaignId);
      if (!scheduled) setTimeout(tell, NOTIFY_MS).unref();
      scheduled = true;
    },
  };
}
