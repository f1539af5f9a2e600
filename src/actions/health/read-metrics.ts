import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import type { CampaignState } from '../../domain/campaign.ts';
import type { DiskEvidence, Finding } from '../../domain/health/health.ts';
import { countCampaigns, findNextMoment } from '../../store/campaign.ts';
import { type CanaryRecord, listCanaries } from '../../store/canary.ts';
import { listOverdue, type Overdue } from '../../store/overdue.ts';
import { countOwed, type Owed } from '../../store/report.ts';
import { listHolds } from '../../store/stop/hold.ts';
import { listProcesses, type WorkerRecord } from '../../store/worker.ts';
import { checkReadiness } from './check-readiness.ts';
import { readDisks } from './read-disks.ts';

/** How the instance is doing, for a machine that watches over it. Sums only: no campaign, no text and no supporter is in it. */
export interface Metrics {
  /** Null: the database does not answer. */
  records: RecordMetrics | null;
  /** Jobs by queue and state; null: the queue does not answer, which holds up nothing. */
  jobs: ReadonlyMap<string, Record<string, number>> | null;
  /** What is not as it should be. */
  findings: readonly Finding[];
  disks: readonly DiskEvidence[];
}

interface RecordMetrics {
  campaigns: readonly { state: CampaignState; count: number }[];
  nextMoment: Date | null;
  /** Deliveries of campaigns that are locked or firing. */
  owed: readonly Owed[];
  /** With what is held; a step that nothing waits for is not there. */
  overdue: readonly Overdue[];
  canaries: readonly CanaryRecord[];
  holds: readonly { scope: string; kind: string }[];
  workers: readonly WorkerRecord[];
}

/** Prometheus waits ten seconds by default; the answer has to come before, also when a part does not answer. */
const PATIENCE_MS = 4_000;

/** Reads all of it anew. What does not answer in time is null; never rejects. */
export async function readMetrics(ctx: Context): Promise<Metrics> {
  const [records, jobs] = await Promise.all([
    orNull(ctx, 'database', readRecords(ctx)),
    orNull(ctx, 'queue', ctx.queues.count()),
  ]);
  const { findings } = await checkReadiness(ctx);
  return { records, jobs, findings, disks: await readDisks(ctx) };
}

async function readRecords({ db }: Context): Promise<RecordMetrics> {
  return {
    campaigns: await countCampaigns(db),
    nextMoment: await findNextMoment(db),
    owed: await countOwed(db),
    overdue: await listOverdue(db, { held: true }),
    canaries: await listCanaries(db),
    holds: await listHolds(db),
    workers: await listProcesses(db),
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
