import { sql } from 'kysely';
import { loadConfig } from '../../config/config.ts';
import { approveCampaign } from '../../src/actions/campaign/approve-campaign.ts';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { composeMessage, messageWords } from '../../src/actions/message/compose-message.ts';
import { type Context, createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import type { CampaignRecord } from '../../src/store/campaign.ts';
import type { Child } from '../support/child.ts';
import type { House } from './house.ts';
import { referenceAt } from './reference.ts';
import type { Variant } from './seal/variants.ts';

/** An instance in a process of its own, with the reference campaign open on it. */
export interface BenchInstance {
  url: string;
  process: Child;
  campaign: CampaignRecord;
  /** Beside the instance, on the same records and with the same secrets. */
  ctx: Context;
  dispose(): Promise<void>;
}

/** The moment is so far off that nothing is done about it. */
const FAR_MS = 12 * 3_600_000;

let started = 0;

/** What is peculiar to an instance. */
interface Peculiar {
  /** The code that it runs, where it is not the product as it is. */
  variant?: Variant;
  environment?: Record<string, string>;
}

/** `pledges`: what the database holds before the instance starts. */
export async function startBenchInstance(
  house: House,
  pledges: number,
  { variant, environment: more = {} }: Peculiar = {},
): Promise<BenchInstance> {
  const database = await house.makeDatabase();
  const environment = {
    ...environmentOf(house, database.url, await house.makeFolder()),
    ...more,
  };
  const config = loadConfig(environment);
  const ctx = await createContext(config, createLogger(config), new AbortController().signal);
  if (variant) ctx.vault = variant.vaultOf(ctx.vault);
  const campaign = await openCampaign(ctx);
  if (pledges > 0) await seed(ctx, campaign, pledges);
  // As autovacuum does with a table that grows over weeks.
  await sql`vacuum (analyze)`.execute(ctx.db);
  await sql`checkpoint`.execute(ctx.db);
  const program = variant ? await variant.program('src/main.ts') : 'src/main.ts';
  const process = await house.start({ args: [program], env: environment });
  const ready = await process.line(/^Tocsin is ready at (http:\S+)/, { timeoutMs: 120_000 });
  ctx.baseUrl = ready[1] ?? '';
  return {
    ...{ url: ctx.baseUrl, process, campaign, ctx },
    dispose: async () => {
      // One that was flooded a moment ago answers what it has taken first.
      await process.stop('SIGTERM', { timeoutMs: 60_000 });
      await ctx.dispose();
      await database.drop();
    },
  };
}

function environmentOf(house: House, databaseUrl: string, folder: string): Record<string, string> {
  started += 1;
  // Queues of two instances on one Redis would be one.
  const redis = new URL(house.redisUrl);
  redis.pathname = `/${started % 16}`;
  return {
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.href,
    PORT: '0',
    LOG_LEVEL: 'warn',
    SOLE_OPERATOR: 'true',
    X_CLIENT_ID: 'bench',
    X_CLIENT_SECRET: 'bench-secret',
    X_API_URL: house.networkUrl,
    X_AUTHORIZE_URL: `${house.networkUrl}/i/oauth2/authorize`,
    X_POST_URL: house.networkUrl,
  };
}

async function openCampaign(ctx: Context): Promise<CampaignRecord> {
  const document = await referenceAt(new Date(Date.now() + FAR_MS));
  const { campaign } = await createCampaign(ctx, { document, author: 'bench' });
  return approveCampaign(ctx, { slug: campaign.slug, operator: 'bench' });
}

/** What is sealed of a pledge beside its text, and a sealed grant, are as long; nobody opens these. */
const PLEDGE_BYTES = 400;
const GRANT_BYTES = 330;

/** Pledges as large as real ones, made by the database itself: a million sealed one by one would take an hour. */
async function seed(ctx: Context, campaign: CampaignRecord, count: number): Promise<void> {
  const platform = ctx.platforms.get('x');
  if (!platform) throw new Error('There is no platform x');
  const message = composeMessage(campaign.content, messageWords('en'), platform.textRule);
  const length = PLEDGE_BYTES + Buffer.byteLength(message.text);
  await sql`
    insert into pledge (id, campaign_id, receipt_id, platform, account_hash, sealed, host, state, consented_at)
    select gen_random_uuid(), ${campaign.id}, gen_random_uuid(), 'x', sha256(convert_to('seed ' || n, 'UTF8')),
      decode(repeat('5a', ${length}::int), 'hex'), 'api.x.example', 'active', now()
    from generate_series(1, ${count}::int) n`.execute(ctx.db);
  await sql`
    insert into credential (id, pledge_id, campaign_id, platform, state, sealed, expires_at, checked_at)
    select gen_random_uuid(), p.id, p.campaign_id, p.platform, 'live', decode(repeat('5a', ${GRANT_BYTES}::int), 'hex'),
      now() + interval '2 hours', now()
    from pledge p where p.campaign_id = ${campaign.id}`.execute(ctx.db);
}
