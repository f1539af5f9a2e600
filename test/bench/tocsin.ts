import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Config, loadConfig } from '../../config/config.ts';
import { approveCampaign } from '../../src/actions/campaign/approve-campaign.ts';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { createContext } from '../../src/context.ts';
import { momentAt } from '../../src/domain/moment.ts';
import { createLogger } from '../../src/log.ts';
import { type Db, notify, openDatabase } from '../../src/store/connection/database.ts';
import { createVault, type Vault } from '../../src/store/vault/vault.ts';
import { startLinks } from '../chaos/links.ts';
import { sealAsDecided } from '../support/bring-forward.ts';
import type { Child } from '../support/child.ts';
import { seedCrowd } from '../support/crowd.ts';
import { watchBurst } from './burst.ts';
import type { House } from './house.ts';
import type { Burst, Kept } from './measure.ts';
import type { Answers } from './options.ts';
import { referenceAt, ZONE } from './reference.ts';
import { SEALED, type Variant } from './seal/variants.ts';
import { readUsage } from './usage.ts';

export interface TocsinBurst extends Burst {
  kept: Kept;
  /** CPU of the worker processes from before the lock until the ledger was complete, a post. */
  campaign_cpu_us_per_post: number;
}

/** What to fire: which databases, or a Redis that is lost before the lock, how many posts, by how many processes. */
export interface TocsinPlan {
  /** Both without Redis, `tocsin-embedded` and `tocsin-postgres`, are one instance that does everything; the others are workers. */
  system: 'tocsin-redis' | 'tocsin-redis-dead' | 'tocsin-embedded' | 'tocsin-postgres';
  posts: number;
  answers: Answers;
  workers: number;
  /** What the network takes from the app; without it, as much as anybody sends. */
  limit?: Limit;
  /** A Redis of its own; without it, that of the house. */
  redisUrl?: string;
  /** Done when the processes are up, before the moment is set. */
  beforeLock?: (processes: readonly Child[]) => Promise<void>;
  /** Begins at the moment; the burst is over when this is, too. */
  inBurst?: (db: Db) => Promise<void>;
  /** The code that plays it, where it is not the product as it is. */
  variant?: Variant;
}

/** So many posts in each window, which begins with its first post. */
export interface Limit {
  limit: number;
  windowSeconds: number;
}

/** One burst of Tocsin, from pledges in the records to a complete ledger, in processes as anybody would run them. */
export async function fireTocsin(house: House, plan: TocsinPlan): Promise<TocsinBurst> {
  const { limit, variant = SEALED } = plan;
  await house.clear(plan.answers);
  if (limit) await house.control.behaviour({ limits: { tweetsPerAppDay: limit } });
  const windows = limit ? Math.ceil(plan.posts / limit.limit) : 0;
  const patienceMs = 180_000 + windows * (limit?.windowSeconds ?? 0) * 1_000;
  const database = plan.system === 'tocsin-embedded' ? null : await house.makeDatabase();
  const links =
    database && plan.system === 'tocsin-redis-dead'
      ? await startLinks({ databaseUrl: database.url, redisUrl: house.redisUrl })
      : null;
  const redisUrl = links?.redisUrl ?? plan.redisUrl ?? house.redisUrl;
  const servers = database && {
    DATABASE_URL: database.url,
    ...(hasRedis(plan.system) && { REDIS_URL: redisUrl }),
  };
  const environment = await environmentOf(house, plan.posts, servers ?? {});
  await openCampaign(house, loadConfig(environment), plan);
  const processes = await startProcesses(house, plan, environment);
  links?.turn('redis', 'cut');
  await plan.beforeLock?.(processes);
  const config = loadConfig(environment);
  const records = await openRecords(config);
  try {
    const used = await cpuOf(processes);
    const vault = variant.vaultOf(createVault(config.secrets));
    const momentMs = await setMoment(records.db, vault, leadSeconds(plan.posts));
    const lockArmMs = await untilArmed(records.db, plan.posts, momentMs);
    const [burst] = await Promise.all([
      watchBurst({
        control: house.control,
        processes,
        posts: plan.posts,
        momentMs,
        patienceMs,
        finished: () => untilSettled(records.db, plan.posts),
      }),
      sleep(Math.max(0, momentMs - Date.now())).then(() => plan.inBurst?.(records.db)),
    ]);
    const spent = (await cpuOf(processes)) - used;
    const ledger = await readLedger(records.db);
    return {
      ...burst,
      kept: { lock_arm_ms: lockArmMs, ...ledger },
      campaign_cpu_us_per_post: spent / plan.posts,
    };
  } finally {
    await records.dispose();
    for (const process of processes) await process.sweep();
    links?.stop();
    await database?.drop();
  }
}

function hasRedis(system: TocsinPlan['system']): boolean {
  return system === 'tocsin-redis' || system === 'tocsin-redis-dead';
}

/** Joining closes, and arming begins, so long before the moment: enough for 100,000 with room. */
function leadSeconds(posts: number): number {
  return 10 + posts / 1_500;
}

/** Until its moment is set, a campaign is so far off that nothing is done about it. */
const FAR_MS = 12 * 3_600_000;

async function environmentOf(
  house: House,
  posts: number,
  servers: Record<string, string>,
): Promise<Record<string, string>> {
  const seconds = leadSeconds(posts);
  const lead = String(seconds);
  return {
    DATA_DIR: await house.makeFolder(),
    PORT: '0',
    LOG_LEVEL: 'warn',
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: lead,
    // Arming follows locking at once, so that both together can be timed.
    ARM_LEAD_SECONDS: lead,
    PREFLIGHT_AGAIN_SECONDS: String(seconds + 600),
    X_CLIENT_ID: 'bench',
    X_CLIENT_SECRET: 'bench-secret',
    X_API_URL: house.networkUrl,
    X_AUTHORIZE_URL: `${house.networkUrl}/i/oauth2/authorize`,
    X_POST_URL: house.networkUrl,
    ...servers,
  };
}

/** Puts an open campaign with its pledges into the records before anything runs on them. */
async function openCampaign(
  house: House,
  config: Config,
  { posts, variant = SEALED }: TocsinPlan,
): Promise<void> {
  const ctx = await createContext(config, createLogger(config), new AbortController().signal);
  ctx.vault = variant.vaultOf(ctx.vault);
  try {
    const document = await referenceAt(new Date(Date.now() + FAR_MS));
    const { campaign } = await createCampaign(ctx, { document, author: 'bench' });
    await approveCampaign(ctx, { slug: campaign.slug, operator: 'bench' });
    await seedCrowd(ctx, house.control, campaign.id, posts);
    // The planner knows a table that grew over weeks; one filled in a second it has not seen yet.
    await sql`analyze`.execute(ctx.db);
  } finally {
    await ctx.dispose();
  }
}

/**
 * How long pledges take to put in, and processes to start, hangs on the machine; so the moment is set when all that is over, as
 * creating the campaign would have set it. Returns it, epoch milliseconds.
 */
async function setMoment(db: Db, vault: Vault, lead: number): Promise<number> {
  const { wall, zone, instant } = momentAt(new Date(Date.now() + 1_000 + lead * 1_000), ZONE);
  const later = (seconds: number) => new Date(instant.getTime() + seconds * 1_000);
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      update campaign set moment = ${instant}, moment_wall = ${wall}, moment_zone = ${zone},
        preflight_at = ${later(-6_000)}, lock_at = ${later(-lead)}, arm_at = ${later(-lead)},
        too_late_at = ${later(7_200)} returning id`.execute(tx);
    for (const { id } of rows) await sealAsDecided({ db: tx, vault }, id);
    // As those hear it who have decided so.
    await notify(tx, 'work', '');
  });
  return instant.getTime();
}

async function startProcesses(
  house: House,
  { system, workers, variant }: TocsinPlan,
  env: Record<string, string>,
): Promise<Child[]> {
  const source = hasRedis(system) ? 'workers/main.ts' : 'src/main.ts';
  const file = variant ? await variant.program(source) : source;
  const started = await Promise.all(
    Array.from({ length: workers }, () => house.start({ args: [file], env })),
  );
  await Promise.all(
    started.map((child) => child.line(/^Tocsin .*is ready/, { timeoutMs: 120_000 })),
  );
  return started;
}

async function cpuOf(processes: readonly Child[]): Promise<number> {
  const usages = await Promise.all(processes.map(({ pid }) => readUsage(pid)));
  return usages.reduce((sum, { cpuUs }) => sum + cpuUs, 0);
}

/** The records of an instance that runs, beside it. */
function openRecords(config: Config) {
  return openDatabase({
    databaseUrl: config.databaseUrl?.reveal() ?? null,
    dataDir: config.dataDir,
    besideInstance: true,
    onError: () => undefined,
  });
}

/** Milliseconds from the time to lock until all were armed; null when that was not so two seconds before the moment. */
async function untilArmed(db: Db, posts: number, momentMs: number): Promise<number | null> {
  while (Date.now() < momentMs - 2_000) {
    const { rows } = await sql<{ owed: number; pending: number; since: number }>`
      select count(d.id)::int as owed, (count(*) filter (where d.state = 'pending'))::int as pending,
        (extract(epoch from clock_timestamp() - c.lock_at) * 1000)::float8 as since
      from campaign c left join delivery d on d.campaign_id = c.id group by c.id`.execute(db);
    const [now] = rows;
    if (now && now.owed === posts && now.pending === 0) return now.since;
    await sleep(250);
  }
  return null;
}

async function untilSettled(db: Db, posts: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if ((await readLedger(db)).ledger_posted >= posts) return;
    await sleep(100);
  }
}

async function readLedger(db: Db): Promise<Omit<Kept, 'lock_arm_ms'>> {
  const { rows } = await sql<Omit<Kept, 'lock_arm_ms'>>`
    with s as (
      select count(*)::int as posted, min(d.sent_at) as first, max(d.sent_at) as last, max(d.settled_at) as complete
      from delivery d where d.state = 'posted' and exists (
        select 1 from attempt a where a.delivery_id = d.id and a.outcome = 'posted')
    )
    select s.posted as ledger_posted,
      (extract(epoch from s.first - c.moment) * 1000)::float8 as ledger_first_send_ms,
      (extract(epoch from s.last - c.moment) * 1000)::float8 as ledger_last_send_ms,
      (extract(epoch from s.complete - c.moment) * 1000)::float8 as ledger_complete_ms
    from s, campaign c`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('There is no campaign');
  return row;
}
