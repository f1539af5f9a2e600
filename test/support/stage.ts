import { loadConfig } from '../../config/config.ts';
import { approveCampaign } from '../../src/actions/campaign/approve-campaign.ts';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { momentAt } from '../../src/domain/moment.ts';
import { type Instance, startInstance } from '../../src/instance.ts';
import { createLogger } from '../../src/log.ts';
import {
  environmentFor,
  type PlatformName,
  type SimulatorControl,
} from '../../src/simulator/client.ts';

import { atEnd } from './at-end.ts';
import { bringForward } from './bring-forward.ts';
import { testDatabase, testRedis } from './database.ts';
import { referenceCampaign } from './full-campaign.ts';
import { migrateWithQueues } from './migrated.ts';
import { startNetworks } from './network.ts';
import type { Network } from './networks.ts';
import { tempFolder } from './temp.ts';

export { referenceCampaign } from './full-campaign.ts';

/** A simulated network and a whole instance, both in this process, on a database of their own. */
export interface TestStage {
  instance: Instance;
  url: string;
  networkUrl: string;
  control: SimulatorControl;
  /** Every simulated network by its platform; the two above are the first one's. */
  networks: ReadonlyMap<PlatformName, Network>;
  /** Stops the instance as SIGTERM does; also done at the end. */
  stop(): Promise<void>;
  /** Creates the reference campaign with these changes and opens it; its moment is `inMs` from now. */
  open(change?: OpenChange): Promise<OpenedCampaign>;
  /** Moves the moment of a campaign so close that it locks at once; see {@link bringForward}. Returns it with its new moment. */
  bringForward(campaign: OpenedCampaign, inMs?: number): Promise<OpenedCampaign>;
}

export interface OpenChange {
  inMs?: number;
  /** Over what the reference campaign says. */
  document?: Record<string, unknown>;
}

export interface OpenedCampaign {
  id: string;
  slug: string;
  url: string;
  moment: Date;
}

/** The environment that points an instance at a simulated network. */
export function networkEnvironment(networkUrl: string): Record<string, string> {
  return {
    X_CLIENT_ID: 'test-app',
    X_CLIENT_SECRET: 'test-secret',
    X_API_URL: networkUrl,
    X_AUTHORIZE_URL: `${networkUrl}/i/oauth2/authorize`,
    X_POST_URL: networkUrl,
  };
}

export interface StageOptions {
  /** BullMQ on Redis, or on the database, which is the default. */
  queue?: 'redis' | 'postgres';
  /** Over the defaults, which are short leads and one operator. */
  environment?: Record<string, string>;
  /** Which networks are simulated; X alone by default. */
  platforms?: readonly PlatformName[];
}

/** A second more than the stage's lead of the lock. */
const SOON_MS = 3_000;

/** Starts both. Needs postgres, and redis for that queue. */
export async function startStage(options: StageOptions = {}): Promise<TestStage> {
  const networks = await startNetworks(options.platforms ?? ['x']);
  const urls = new Map([...networks].map(([name, { url }]) => [name, url]));
  const [network] = networks.values();
  if (!network) throw new Error('There is no network');
  const database = await testDatabase(migrateWithQueues);
  const config = loadConfig({
    DATA_DIR: await tempFolder('stage'),
    DATABASE_URL: database.url,
    REDIS_URL: options.queue === 'redis' ? (await testRedis()).url : '',
    PORT: '0',
    LOG_LEVEL: 'silent',
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: '2',
    ARM_LEAD_SECONDS: '1.5',
    RECONCILE_DELAY_SECONDS: '5',
    ...(options.platforms ? environmentFor(urls) : networkEnvironment(network.url)),
    ...options.environment,
  });
  const stopping = new AbortController();
  const instance = await startInstance(config, createLogger(config), stopping.signal);
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping.abort();
    stopped ??= instance.dispose();
    return stopped;
  };
  atEnd(stop);
  return {
    instance,
    url: instance.url,
    networkUrl: network.url,
    control: network.control,
    networks,
    stop,
    open: (change) => openCampaign(instance, change),
    bringForward: (campaign, inMs = SOON_MS) => bringForward(instance.ctx, campaign, inMs),
  };
}

let opened = 0;

/** Creates the reference campaign with these changes in these records, and opens it. */
export async function openCampaign(
  instance: Pick<Instance, 'ctx' | 'url'>,
  change: OpenChange = {},
): Promise<OpenedCampaign> {
  const { ctx } = instance;
  const document = { ...(await referenceCampaign()), ...change.document };
  const moment = momentAt(new Date(Date.now() + (change.inMs ?? 3_600_000)), 'Europe/Moscow');
  opened += 1;
  const created = await createCampaign(ctx, {
    document: {
      ...document,
      slug: `campaign-${process.pid}-${opened}`,
      moment: { at: moment.wall, zone: moment.zone },
    },
    author: 'test',
  });
  const campaign = await approveCampaign(ctx, {
    slug: created.campaign.slug,
    operator: 'somebody else',
  });
  return {
    id: campaign.id,
    slug: campaign.slug,
    url: `${instance.url}/c/${campaign.slug}`,
    moment: moment.instant,
  };
}
