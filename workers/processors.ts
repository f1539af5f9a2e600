import { preflightCampaign } from '../src/actions/credential/preflight-campaign.ts';
import { revokeRetired } from '../src/actions/credential/revoke-retired.ts';
import { armShards } from '../src/actions/delivery/arm-shards.ts';
import { fireShard } from '../src/actions/delivery/fire-shard.ts';
import { gatherDeliveries } from '../src/actions/delivery/gather-deliveries.ts';
import { lockCampaign } from '../src/actions/delivery/lock-campaign.ts';
import { reconcileDeliveries } from '../src/actions/delivery/reconcile-deliveries.ts';
import { settleCampaign } from '../src/actions/delivery/settle-campaign.ts';
import { endCanaryRound } from '../src/actions/health/canary.ts';
import { sealLedger } from '../src/actions/ledger/seal-ledger.ts';
import { sendMail } from '../src/actions/reminder/send-mail.ts';
import type { Context } from '../src/context.ts';
import type { JobName, JobPayloads } from '../src/queue/jobs.ts';

/** What each job does. The type holds it to one processor for every name; a missing one does not compile. */
type Processors = {
  [Name in JobName]: (ctx: Context, payload: JobPayloads[Name]) => Promise<void>;
};

const processors: Processors = {
  preflight: preflightCampaign,
  lock: lockCampaign,
  arm: armShards,
  fire: fireShard,
  gather: gatherDeliveries,
  reconcile: reconcileDeliveries,
  settle: settleCampaign,
  revoke: revokeRetired,
  seal: sealLedger,
  mail: sendMail,
  canary: endCanaryRound,
};

/** Runs one job. A job of another version, whose name is not known here, is left to a worker that knows it. */
export async function processJob(ctx: Context, name: JobName, payload: unknown): Promise<void> {
  const run = processors[name] as ((ctx: Context, payload: unknown) => Promise<void>) | undefined;
  if (!run) throw new Error(`No processor for the job "${name}"`);
  await run(ctx, payload);
}
