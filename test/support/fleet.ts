import { sql } from 'kysely';
import { loadConfig } from '../../config/config.ts';
import { type Context, createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import type { Post } from '../../src/simulator/accounts.ts';
import type { BehaviourChange } from '../../src/simulator/behaviour.ts';
import {
  environmentFor,
  type PlatformName,
  type SimulatorControl,
} from '../../src/simulator/client.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { listHolds } from '../../src/store/stop/hold.ts';
import { atEnd } from './at-end.ts';
import { bringForward } from './bring-forward.ts';
import { clientIdAt, seedPledges } from './crowd.ts';
import { testDatabase, testRedis } from './database.ts';
import { startNetwork } from './network.ts';
import { type Network, NO_LIMITS } from './networks.ts';
import { type Child, startProcess } from './process.ts';
import { type OpenedCampaign, openCampaign } from './stage.ts';
import { tempFolder } from './temp.ts';
import { waitFor } from './wait-for.ts';

/** A campaign, and how many people it posts for. */
export type Fleeted = OpenedCampaign & { people: number };

/** Records and a simulated network that worker processes share; this process only looks on. */
export interface Fleet {
  ctx: Context;
  control: SimulatorControl;
  /** Starts a worker process and waits until it takes jobs. */
  worker(environment?: Record<string, string>): Promise<Child>;
  /** Starts a worker process that may die before it says that it is ready. */
  victim(environment: Record<string, string>): Promise<Child>;
  /** Opens a campaign with `people` pledges, then brings its moment forward to a few seconds from now. */
  open(people: number): Promise<Fleeted>;
  /** The network's own record of a campaign, in the order of arrival. */
  posts(campaign: Fleeted): Promise<Post[]>;
  /** How many deliveries of a campaign are in each state that any is in. */
  states(campaign: Fleeted): Promise<Record<string, number>>;
  untilSettled(campaign: Fleeted, timeoutMs?: number): Promise<void>;
}

/** What is not as usual in a fleet. */
export interface FleetChange {
  /** A network that others use, too. It should be one that {@link TAKES_ALL}. */
  network?: Network;
  /** Which platform that is; X by default. */
  platform?: PlatformName;
  /** After how many milliseconds a worker gives up waiting for the network; 1,000 by default. */
  timeoutMs?: number;
}

/** A network that takes a text twice, so that a double post shows, and as many posts of one app as a busy machine needs campaigns for. */
export const TAKES_ALL: BehaviourChange = {
  refuseDuplicates: false,
  limits: NO_LIMITS,
};

/** From the last pledge to the moment: the fleet's lead of the lock, and a second for the sweep that sees it. */
const SOON_MS = 4_500;

/** `queue`: BullMQ on Redis or on the database. The network is one that {@link TAKES_ALL}, unless it is shared. */
export async function startFleet(
  queue: 'redis' | 'postgres',
  { network: shared, platform = 'x', timeoutMs = 1_000 }: FleetChange = {},
): Promise<Fleet> {
  const network = shared ?? (await startNetwork(platform));
  if (!shared) await network.control.behaviour(TAKES_ALL);
  const all = {
    DATA_DIR: await tempFolder('fleet'),
    DATABASE_URL: (await testDatabase(migrateAt)).url,
    REDIS_URL: queue === 'redis' ? (await testRedis()).url : '',
    LOG_LEVEL: 'warn',
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: '3.5',
    ARM_LEAD_SECONDS: '3',
    RECONCILE_DELAY_SECONDS: '5',
    SHARD_SIZE: '50',
    [`${platform.toUpperCase()}_TIMEOUT_MS`]: String(timeoutMs),
    MASTODON_POSTS_PER_SECOND: '10000',
    ...environmentFor(new Map([[platform, network.url]])),
  };
  const config = loadConfig({ ...all, LOG_LEVEL: 'silent' });
  const stopping = new AbortController();
  const ctx = await createContext(config, createLogger(config), stopping.signal);
  atEnd(() => ctx.dispose());
  return fleet(ctx, network.control, { all, platform });
}

function fleet(
  ctx: Context,
  control: SimulatorControl,
  { all, platform }: { all: Record<string, string>; platform: PlatformName },
): Fleet {
  const accounts = new Map<string, Set<string>>();
  return {
    ctx,
    control,
    worker: async (environment = {}) => {
      const child = await startWorker(all, environment);
      await child.line(/^Tocsin worker .* is ready/);
      return child;
    },
    victim: (environment) => startWorker(all, environment),
    open: async (people) => {
      const granted = await control.createGrants({ clientId: clientIdAt(platform), count: people });
      const campaign = await openCampaign({ ctx, url: '' });
      await seedPledges(ctx, campaign.id, granted, platform);
      accounts.set(campaign.id, new Set(granted.map((person) => person.id)));
      return { ...(await bringForward(ctx, campaign, SOON_MS)), people };
    },
    posts: async ({ id }) =>
      (await control.posts()).filter((post) => accounts.get(id)?.has(post.account)),
    states: ({ id }) => statesOf(ctx, id),
    untilSettled: async ({ id, slug }, timeoutMs = 60_000) => {
      const isSettled = async () =>
        (await ctx.db.selectFrom('campaign').select('state').where('id', '=', id).execute())[0]
          ?.state === 'settled';
      await waitFor(isSettled, { timeoutMs, everyMs: 200, what: `${slug} to settle` }).catch(
        async (cause: unknown) => {
          throw new Error(`${slug} is not settled: ${await unfinished(ctx, id)}`, { cause });
        },
      );
    },
  };
}

function startWorker(
  all: Record<string, string>,
  environment: Record<string, string>,
): Promise<Child> {
  return startProcess({ args: ['workers/main.ts'], env: { ...all, ...environment } });
}

async function statesOf(ctx: Context, campaignId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; count: number }>`
    select state, count(*)::int as count from delivery
    where campaign_id = ${campaignId} group by state`.execute(ctx.db);
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** What keeps a campaign from being settled: deliveries by state, with what was last written of them, and what is held. */
async function unfinished(ctx: Context, campaignId: string): Promise<string> {
  const { rows } = await sql<{ line: string }>`
    select format('%s of %s, last: %s, due %s s from now', count(*), d.state, a.detail,
      round(extract(epoch from min(d.due_at) - clock_timestamp()))) as line
    from delivery d left join lateral (
      select detail from attempt where delivery_id = d.id order by id desc limit 1) a on true
    where d.campaign_id = ${campaignId} and d.settled_at is null group by d.state, a.detail`.execute(
    ctx.db,
  );
  const holds = (await listHolds(ctx.db)).map((hold) => `${JSON.stringify(hold)}`);
  return [...rows.map(({ line }) => line), ...holds].join('; ') || 'nothing is left to do';
}

/** What the network has seen of a campaign, in figures: those who got more or fewer posts than one, and posts too early. */
export function countPosts(campaign: Fleeted, posts: readonly Post[]) {
  const perAccount = new Map<string, number>();
  for (const { account } of posts) perAccount.set(account, (perAccount.get(account) ?? 0) + 1);
  const counts = [...perAccount.values()];
  return {
    doubled: counts.filter((count) => count > 1).length,
    lost: campaign.people - counts.length,
    early: posts.filter((post) => post.at_us < campaign.moment.getTime() * 1000).length,
  };
}

export const FAULTLESS = { doubled: 0, lost: 0, early: 0 };
