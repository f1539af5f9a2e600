import { loadConfig } from '../../config/config.ts';
import { type Burst, createBurst } from '../../src/actions/delivery/burst/burst.ts';
import type { BurstShard } from '../../src/actions/delivery/burst/burst-entry.ts';
import { type BurstStore, createBurstStore } from '../../src/actions/delivery/burst/burst-store.ts';
import { createHostGates } from '../../src/actions/delivery/burst/host-gate.ts';
import { createOutcomeWriter } from '../../src/actions/delivery/burst/outcome-writer.ts';
import { type Context, createClock, createContext } from '../../src/context.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { createLogger } from '../../src/log.ts';
import type { Platform } from '../../src/platforms/platform.ts';
import { findCampaign } from '../../src/store/campaign.ts';
import { measureOffset } from '../../src/store/connection/clock.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { armShard } from '../../src/store/delivery.ts';
import type { LeasedShard } from '../../src/store/shard.ts';
import { type Armed, AT_ONCE, leaseAgain } from './armed.ts';
import { atEnd } from './at-end.ts';
import { testDatabase } from './database.ts';
import { tempFolder } from './temp.ts';

export type Send = (deliveryId: string) => Promise<Outcome>;

const HOST = 'api.x.example';

/** Bursts on real records, to a platform that does what the test wants. */
export interface BurstStage {
  ctx: Context;
  /** Where the records are. */
  url: string;
  /** What another process has on the same records: a clock that has been measured, lanes and a writer of its own. */
  anew(change?: Partial<Context>): Promise<BurstStage>;
  /** Asks the process to stop. */
  stop(): void;
  burst(notBeforeMs: number, change?: Partial<Platform>, records?: Partial<BurstStore>): Burst;
  /** A shard as it joins a burst, each post of it sent by `send`. */
  shard(armed: Armed, send: Send, signal?: AbortSignal): Promise<BurstShard>;
  /** The same shard for its next holder, when the one before has let go of it. */
  again(armed: Armed): Promise<Armed>;
}

export async function startBurstStage(): Promise<BurstStage> {
  const { url } = await testDatabase(migrateAt);
  const config = loadConfig({
    DATA_DIR: await tempFolder('burst'),
    DATABASE_URL: url,
    LOG_LEVEL: 'silent',
    X_CLIENT_ID: 'test-app',
  });
  const stopping = new AbortController();
  const ctx = await createContext(config, createLogger(config), stopping.signal);
  atEnd(() => ctx.dispose());
  return stageOf(ctx, url, stopping);
}

function stageOf(ctx: Context, url: string, stopping: AbortController): BurstStage {
  const store = createBurstStore(ctx);
  const writer = createOutcomeWriter(ctx, store);
  const laneOf = createHostGates(ctx);
  const base = ctx.platforms.get('x');
  if (!base) throw new Error('There is no platform x');
  return {
    ctx,
    url,
    anew: async (change) => {
      const other = new AbortController();
      const clock = createClock(await measureOffset(ctx.db));
      return stageOf({ ...ctx, clock, stopping: other.signal, ...change }, url, other);
    },
    stop: () => stopping.abort(),
    burst: (notBeforeMs, change, changedRecords) => {
      // Ours to write: the contract of a platform, with a network that is this test.
      const platform: Platform = {
        ...base,
        connections: 256,
        openConnections: async () => 1,
        ...change,
      };
      const gate = laneOf(platform, HOST);
      const drained = () => undefined;
      return createBurst({
        ctx,
        platform,
        host: HOST,
        gate,
        writer,
        store: { ...store, ...changedRecords },
        notBeforeMs,
        onDrained: drained,
      });
    },
    shard: async ({ leased, armed, campaignId }, send, signal = ctx.stopping) => {
      const campaign = await findCampaign(ctx.db, { id: campaignId });
      if (!campaign) throw new Error('There is no such campaign');
      const ready = armed.map((delivery) => ({ delivery, send: () => send(delivery.id) }));
      return { leased, campaign, host: HOST, prepared: ready, signal };
    },
    again: async (armed) => {
      const leased: LeasedShard = await leaseAgain(ctx.db, armed.leased);
      return { ...armed, leased, armed: await armShard(ctx.db, leased, 'next', AT_ONCE) };
    },
  };
}
