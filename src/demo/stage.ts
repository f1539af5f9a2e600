import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../config/env.ts';
import { TOP } from '../built.ts';
import { parseCampaignYaml } from '../domain/campaign-input.ts';
import { momentAt } from '../domain/moment.ts';
import type { ZoneRules } from '../domain/zone/zone-rules.ts';
import {
  createControlClient,
  environmentFor,
  type PlatformName,
  type SimulatorControl,
} from '../simulator/client.ts';
import { createZoneKeeper } from '../zones/zone-keeper.ts';
import { type Child, runChild, startChild } from './child.ts';
import type { DemoOptions } from './options.ts';

const ZONE = 'Europe/Moscow';

/** One simulated network: where it is, and what it can be told and asked. */
export interface Network {
  name: PlatformName;
  url: string;
  control: SimulatorControl;
}

/** Everything that is up: the simulated networks, the instance, and a key to its API. */
export interface Stage {
  networks: readonly Network[];
  url: string;
  /** The operator's one-time link. */
  signInUrl: string;
  key: string;
  dispose(): Promise<void>;
}

/** How long before the moment joining closes: enough to lock and to arm, and short, since people are watching. */
export function lockLeadSeconds(supporters: number): number {
  return 3 + Math.ceil(supporters / 2_000);
}

/**
 * Starts the simulated networks and the instance, in processes and a data folder of their own.
 * @throws when one of them does not start, or when it is stopped meanwhile; nothing is left then.
 */
export async function setStage(options: DemoOptions, stopping: AbortSignal): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tocsin-demo-'));
  const children: Child[] = [];
  const dispose = async (): Promise<void> => {
    for (const child of children.toReversed()) await child.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const simulator = await startChild(
      'simulator',
      ['--port', '0', '--platforms', options.platforms.join(','), '--seed', String(options.seed)],
      { environment: {}, stopping },
      /is ready at/,
    );
    children.push(simulator);
    const networks = networksIn(options.platforms, simulator.lines);
    const environment = instanceEnvironment(options, dataDir, networks);
    const instance = await startChild('main', [], { environment, stopping }, /is ready at/);
    children.push(instance);
    const url = addressIn(instance.lines);
    // Commands run beside the instance, on its own address and database.
    const beside = { environment: { ...environment, BASE_URL: url }, stopping };
    const command = (...args: string[]): Promise<string> =>
      runChild('tocsin', [...args, '--json'], beside);
    const { key } = JSON.parse(await command('keys', 'create', `demo ${Date.now()}`));
    const { url: signInUrl } = JSON.parse(await command('user', 'link', 'demo'));
    return { networks, url, signInUrl, key, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function addressIn(lines: readonly string[]): string {
  const address = /https?:\/\/\S+/.exec(lines.at(-1) ?? '')?.[0];
  if (!address) throw new Error('A process did not say where it is');
  return address;
}

/** The first is where the simulator says that it is ready; the others are on lines of their own before that. */
function networksIn(names: readonly PlatformName[], lines: readonly string[]): Network[] {
  return names.map((name, index) => {
    const line = lines.find((one) => one.startsWith(`${name}: `));
    const url = addressIn(index === 0 || line === undefined ? lines : [line]);
    return { name, url, control: createControlClient(url) };
  });
}

function instanceEnvironment(
  options: DemoOptions,
  dataDir: string,
  networks: readonly Network[],
): Record<string, string> {
  const lead = lockLeadSeconds(options.supporters);
  return {
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
    BASE_URL: '',
    LOG_LEVEL: 'warn',
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: String(lead),
    ARM_LEAD_SECONDS: String(lead - 1),
    ...environmentFor(new Map(networks.map(({ name, url }) => [name, url]))),
  };
}

/** The rules by which the instance reads the same wall time. */
function zoneRules(): ZoneRules {
  return createZoneKeeper({ systemDir: readEnvironment().TZDIR }).current();
}

/** Creates the reference campaign through the API, its moment a little ahead, and opens it. */
export async function openCampaign(
  stage: Stage,
  inMs: number,
): Promise<{ slug: string; url: string; moment: Date }> {
  const file = join(TOP, 'config/campaigns/reference.yaml');
  const reference = parseCampaignYaml(await readFile(file, 'utf8')) as Record<string, unknown>;
  const moment = momentAt(new Date(Date.now() + inMs), ZONE, zoneRules());
  const document = {
    ...reference,
    // A database that has seen a demo before has its campaign, too.
    slug: `100-days-${moment.instant.getTime().toString(36)}`,
    moment: { at: moment.wall, zone: ZONE },
  };
  const created = await callApi<{ slug: string; url: string }>(
    stage,
    'POST',
    'campaigns',
    document,
  );
  await callApi(stage, 'POST', `campaigns/${created.slug}/approve`, {});
  return { ...created, moment: moment.instant };
}

/** Calls the instance's API. @throws Error with the problem's detail. */
export async function callApi<T>(
  stage: Stage,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${stage.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${stage.key}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(30_000),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = (await response.json()) as { detail?: string };
  if (!response.ok) throw new Error(`${method} ${path}: ${answer.detail}`);
  return answer as T;
}
