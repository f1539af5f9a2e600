import { join } from 'node:path';
import { loadConfig } from '../../config/config.ts';
import { releaseRestored } from '../../src/actions/stop/release-restored.ts';
import { backUp } from '../../src/actions/upkeep/back-up.ts';
import { fillDatabase } from '../../src/actions/upkeep/restore-backup.ts';
import { type Context, createContext } from '../../src/context.ts';
import { ConflictError } from '../../src/domain/errors.ts';
import { createLogger } from '../../src/log.ts';
import { environmentFor, type PlatformName } from '../../src/simulator/client.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { listHolds } from '../../src/store/stop/hold.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import { atEnd } from './at-end.ts';
import { bringForward } from './bring-forward.ts';
import { clientIdAt, seedPledges } from './crowd.ts';
import { testDatabase } from './database.ts';
import { TAKES_ALL } from './fleet.ts';
import { startNetworks } from './network.ts';
import type { Network } from './networks.ts';
import { type OpenedCampaign, openCampaign } from './stage.ts';
import { tempFolder } from './temp.ts';
import { waitFor } from './wait-for.ts';

/** One machine with its data folder, and databases that are put back to earlier times under it. */
export interface RestoreStage {
  /** Where the campaign is and its posts go out first. */
  first: Machine;
  campaign: OpenedCampaign;
  /** Brings the moment to a few seconds from now, or to `inMs`. */
  begin(inMs?: number): Promise<void>;
  /** Writes a backup of a database, of the first one unless another is named; returns its file. */
  backUp(machine?: Machine): Promise<string>;
  /** A new database with what is in this file, as pg_restore would make it: nobody is told. */
  putBack(file: string): Promise<Machine>;
  network(platform: PlatformName): Network;
  /** How many posts each account of a network has, by the network's own record: account -> posts. */
  posts(platform: PlatformName): Promise<Map<string, number>>;
}

/** A process of the instance on one database; nothing runs in it until `start`. */
export interface Machine {
  ctx: Context;
  start(): Promise<void>;
  stop(): Promise<void>;
  states(): Promise<Record<string, number>>;
}

/** People on each network, all in one campaign whose moment is far off. */
export async function startRestoreStage(
  platforms: readonly PlatformName[],
  people: number,
): Promise<RestoreStage> {
  const networks = await startNetworks(platforms);
  const base = {
    DATA_DIR: await tempFolder('restore'),
    LOG_LEVEL: 'silent',
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: '2',
    ARM_LEAD_SECONDS: '1',
    RECONCILE_DELAY_SECONDS: '5',
    SHARD_SIZE: '50',
    MASTODON_POSTS_PER_SECOND: '10000',
    ...environmentFor(new Map([...networks].map(([name, { url }]) => [name, url]))),
  };
  const machineAt = async (url: string): Promise<Machine> =>
    openMachine({ ...base, DATABASE_URL: url });
  const first = await machineAt((await testDatabase(migrateAt)).url);
  const campaign = await openCampaign({ ctx: first.ctx, url: '' });
  for (const [platform, { control }] of networks) {
    await control.behaviour({ ...TAKES_ALL, latency: { kind: 'fixed', medianMs: 150 } });
    const clientId = clientIdAt(platform);
    const granted = await control.createGrants({ clientId, count: people });
    await seedPledges(first.ctx, campaign.id, granted, platform);
  }
  let backups = 0;
  return {
    first,
    campaign,
    begin: async (inMs = 3_500) => void (await bringForward(first.ctx, campaign, inMs)),
    backUp: async ({ ctx } = first) => {
      const file = join(base.DATA_DIR, `backup-${++backups}`);
      await backUp(ctx, { file });
      return file;
    },
    putBack: async (file) => {
      const { url } = await testDatabase(migrateAt);
      const machine = await machineAt(url);
      await fillDatabase(machine.ctx, file);
      return machine;
    },
    network: (platform) => {
      const network = networks.get(platform);
      if (!network) throw new Error(`There is no ${platform}`);
      return network;
    },
    posts: (platform) => countPosts(networks.get(platform)),
  };
}

async function openMachine(environment: Record<string, string>): Promise<Machine> {
  const config = loadConfig(environment);
  const stopping = new AbortController();
  const ctx = await createContext(config, createLogger(config), stopping.signal);
  let workers: Awaited<ReturnType<typeof startWorkers>> | null = null;
  let stopped: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    stopping.abort();
    await workers?.stop();
    await ctx.dispose();
  };
  const stop = (): Promise<void> => {
    stopped ??= end();
    return stopped;
  };
  atEnd(stop);
  return {
    ctx,
    start: async () => {
      workers = await startWorkers(ctx, 'worker');
    },
    stop,
    states: async () => {
      const rows = await ctx.db
        .selectFrom('delivery')
        .select(['state', (eb) => eb.fn.countAll<string>().as('count')])
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
    },
  };
}

async function countPosts(network: Network | undefined): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { account } of (await network?.control.posts()) ?? []) {
    counts.set(account, (counts.get(account) ?? 0) + 1);
  }
  return counts;
}

/** Whether sending is held on this machine's database because it was restored. */
export async function isHeldForRestore({ ctx }: Machine): Promise<boolean> {
  return (await listHolds(ctx.db)).some((hold) => hold.kind === 'restored');
}

/** Whether the campaign on this machine's database is settled. */
export async function isSettled({ ctx }: Machine): Promise<boolean> {
  const rows = await ctx.db.selectFrom('campaign').select('state').execute();
  return rows.every(({ state }) => state === 'settled');
}

/** Waits until everything has been looked for, and lets sending go on as an operator does. */
export async function untilReleased({ ctx }: Machine): Promise<void> {
  await waitFor(
    async () => {
      try {
        return (await releaseRestored(ctx, { actor: 'vera' })).changed;
      } catch (error) {
        if (error instanceof ConflictError) return false;
        throw error;
      }
    },
    { timeoutMs: 60_000, everyMs: 200, what: 'everything to be looked for' },
  );
}

/** Waits until nothing of the campaign changes by itself any more. */
export async function untilOver(machine: Machine): Promise<void> {
  const over = ['posted', 'refused', 'unconfirmed', 'dropped', 'withdrawn'];
  await waitFor(
    async () => {
      const states = Object.keys(await machine.states());
      return states.length > 0 && states.every((state) => over.includes(state));
    },
    { timeoutMs: 60_000, everyMs: 200, what: 'every delivery to be over' },
  ).catch(async (cause: unknown) => {
    throw new Error(`There are ${JSON.stringify(await machine.states())}`, { cause });
  });
}
