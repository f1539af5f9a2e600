import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel, limitConcurrency } from '../../async/in-parallel.ts';
import type { Context } from '../../context.ts';
import { errorWord } from '../../domain/error-word.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { UncheckedCredential } from '../../store/credential-check.ts';
import { type ProbeResult, probeCredential } from './probe-credential.ts';
import { type RefreshResult, refreshCredential } from './refresh-credential.ts';
import { type CheckPage, tallyChecks } from './tally-checks.ts';

/** Where a platform names no pace. 10,000 credentials fit into the last ten minutes with it. */
const CHECKS_PER_SECOND = 20;
/** Calls under way at a time. */
export const CHECK_CONCURRENCY = 8;

export interface CheckOptions {
  /** What has to live until then. */
  until: Date;
  /** No credential is checked from then on; database epoch milliseconds. */
  endsAt: number;
  /** How many may be refreshed at a time. */
  refreshes: number;
  /** The app was not looked at yet in this round. */
  appUnseen: boolean;
}

/** Looks at these credentials, a few at a time and no faster than the platform's pace. What is not looked at is given back. */
export async function checkCredentials(
  ctx: Context,
  platform: Platform,
  records: readonly UncheckedCredential[],
  how: CheckOptions,
): Promise<CheckPage> {
  const tally = tallyChecks(ctx, platform);
  const pace = createPacer(platform.checksPerSecond ?? CHECKS_PER_SECOND, ctx.stopping);
  const inTurn = limitConcurrency(how.refreshes);
  const isOver = (): boolean =>
    tally.page.over || ctx.stopping.aborted || ctx.clock.now() >= how.endsAt;
  const refresh = (pledgeId: string): Promise<RefreshResult> =>
    inTurn(async () => (isOver() ? 'busy' : refreshCredential(ctx, pledgeId)));
  let askAnyway = how.appUnseen;
  await inParallel(records, CHECK_CONCURRENCY, async (record) => {
    if (!isOver()) await pace();
    if (isOver()) {
      tally.leave(record);
      return;
    }
    const look = { until: how.until, askAnyway, refresh };
    askAnyway = false;
    tally.note(record, await lookSafely(ctx, platform, record, look));
  });
  return tally.page;
}

/** One credential that cannot be opened must not keep the others from being looked at. */
async function lookSafely(...args: Parameters<typeof probeCredential>): Promise<ProbeResult> {
  try {
    return await probeCredential(...args);
  } catch (error) {
    const [ctx, platform] = args;
    ctx.log.warn({ platform: platform.name, error: errorWord(error) }, 'check failed');
    return { kind: 'undecided', detail: 'the check failed' };
  }
}

/** Lets `perSecond` through in a second, evenly; all at once when the process is to stop. */
function createPacer(perSecond: number, stopping: AbortSignal): () => Promise<void> {
  let next = performance.now();
  return async () => {
    const wait = next - performance.now();
    next = Math.max(next, performance.now()) + 1000 / perSecond;
    if (wait > 0) await sleep(wait, undefined, { signal: stopping }).catch(() => undefined);
  };
}
