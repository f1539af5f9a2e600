import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.ts';
import type { CampaignState } from '../domain/campaign.ts';
import { countCampaigns, findNextMoment } from '../store/campaign.ts';
import { listHolds } from '../store/hold.ts';
import { countOwed, type Owed, readOverdue } from '../store/report.ts';
import { listWorkers } from '../store/worker.ts';

/** How the instance is doing, for a machine that watches over it. Sums only: no campaign, no text and no supporter is in it. */
export interface Metrics {
  /** Null: the database does not answer. */
  records: RecordMetrics | null;
  /** Jobs by queue and state; null: the queue does not answer, which holds up nothing. */
  jobs: ReadonlyMap<string, Record<string, number>> | null;
}

interface RecordMetrics {
  campaigns: readonly { state: CampaignState; count: number }[];
  nextMoment: Date | null;
  /** Deliveries of campaigns that are locked or firing. */
  owed: readonly Owed[];
  overdueSeconds: number;
  holds: readonly { scope: string; kind: string }[];
  workers: readonly { name: string; clockOffsetMs: number }[];
}

/** Whoever collects metrics waits ten seconds by default, and wants to hear even of what is silent. */
const PATIENCE_MS = 4_000;

/** Reads all of it anew. What does not answer in time is null; never rejects. */
export async function readMetrics(ctx: Context): Promise<Metrics> {
  const [records, jobs] = await Promise.all([
    orNull(ctx, 'database', readRecords(ctx)),
    orNull(ctx, 'queue', ctx.queues.count()),
  ]);
  return { records, jobs };
}

async function readRecords({ db }: Context): Promise<RecordMetrics> {
  const workers = await listWorkers(db);
  return {
    campaigns: await countCampaigns(db),
    nextMoment: await findNextMoment(db),
    owed: await countOwed(db),
    overdueSeconds: await readOverdue(db),
    holds: await listHolds(db),
    workers: workers.map(({ name, clock_offset_ms }) => ({ name, clockOffsetMs: clock_offset_ms })),
  };
}

async function orNull<T>(
  ctx: Context,
  what: 'database' | 'queue',
  work: Promise<T>,
): Promise<T | null> {
  const enough = new AbortController();
  const { signal } = enough;
  const given = sleep(PATIENCE_MS, null, { signal }).catch(() => null);
  try {
    return await Promise.race([work, given]);
  } catch (error) {
    ctx.log.warn({ what, error: (error as Error).message }, 'no metrics of it');
    return null;
  } finally {
    enough.abort();
  }
}
