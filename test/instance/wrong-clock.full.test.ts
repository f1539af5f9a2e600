import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { type Context, createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { environmentFor } from '../../src/simulator/client.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { bringForward } from '../support/bring-forward.ts';
import { clientIdAt, seedPledges } from '../support/crowd.ts';
import { needs, serviceAt } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { startNetwork } from '../support/network.ts';
import { startProcess } from '../support/process.ts';
import { startPostgres } from '../support/services/postgres.ts';
import { type OpenedCampaign, openCampaign } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';

const PEOPLE = 5;
const SKEW_S = 90;
/** The database shows the moment so long after it was set. */
const SOON_MS = 12_000;

/** How the clock of a process is off: by so many seconds, or as a file says, which may change while it runs. */
type Skew = number | { file: string };

/** Nothing is done to the clock by which processes measure how long something takes; to set a clock does not move that one either. */
function skewed(skew: Skew): Record<string, string> {
  if (skew === 0) return {};
  const how: Record<string, string> =
    typeof skew === 'number'
      ? { FAKETIME: inWords(skew) }
      : { FAKETIME_TIMESTAMP_FILE: skew.file, FAKETIME_NO_CACHE: '1' };
  return {
    LD_PRELOAD: serviceAt('faketime'),
    ...{ DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    ...how,
  };
}

const inWords = (seconds: number): string => `${seconds < 0 ? '' : '+'}${seconds}s`;

interface Machine {
  ctx: Context;
  url: string;
  campaign: OpenedCampaign;
  /** The network's own record, by the right clock. */
  posts(): Promise<readonly { at_us: number }[]>;
  /** What the instance says of its readiness. */
  reasons(): Promise<string>;
  holds(): Promise<{ kind: string; reason: string }[]>;
  /** Ends the instance, has something done, and starts it again. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
}

interface Clocks {
  database: Skew;
  instance: Skew;
  /** X by default. */
  platform?: 'x' | 'mastodon' | undefined;
}

/** A web server whose clock is right. */
async function startTimeServer(): Promise<string> {
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * An instance and a PostgreSQL, each a process with a clock of its own, beside a network whose clock is right; with a campaign whose
 * grants have been looked at.
 */
async function startMachine(clocks: Clocks): Promise<Machine> {
  const { platform = 'x' } = clocks;
  const network = await startNetwork(platform);
  await network.control.behaviour({ refuseDuplicates: false });
  const server = await startPostgres({ env: skewed(clocks.database) });
  atEnd(() => server.stop());
  await migrateAt(server.url);
  const port = await freePort();
  const environment = {
    DATA_DIR: await tempFolder('clock'),
    DATABASE_URL: server.url,
    PORT: String(port),
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: '4',
    ARM_LEAD_SECONDS: '3',
    ...environmentFor(new Map([[platform, network.url]])),
    // Of the servers that supporters name no word counts.
    ...(platform === 'mastodon' && { TIME_URLS: await startTimeServer() }),
  };
  // This process looks on, by the right clock.
  const config = loadConfig({ ...environment, LOG_LEVEL: 'silent' });
  const ctx = await createContext(config, createLogger(config), new AbortController().signal);
  atEnd(() => ctx.dispose());
  const campaign = await openCampaign({ ctx, url: '' });
  const clientId = clientIdAt(platform);
  const granted = await network.control.createGrants({ clientId, count: PEOPLE });
  await seedPledges(ctx, campaign.id, granted, platform);
  await sql`update credential set checked_at = null`.execute(ctx.db);
  const start = async () => {
    const env = { ...environment, ...skewed(clocks.instance) };
    const started = await startProcess({ args: ['src/main.ts'], env });
    await started.line(/Tocsin is ready/, { timeoutMs: 120_000 });
    return started;
  };
  const instance = await start();
  const checked = sql<{ done: boolean }>`
    select bool_and(checked_at is not null) as done from credential`;
  await waitFor(async () => (await checked.execute(ctx.db)).rows[0]?.done === true, {
    timeoutMs: 60_000,
    what: 'preflight',
  });
  const heard = sql`
    select 1 from worker where network_offset_ms is not null or named_offset_ms is not null`;
  await waitFor(async () => (await heard.execute(ctx.db)).rows.length > 0, {
    timeoutMs: 60_000,
    what: 'what the network says of our clock',
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ ctx, url, campaign },
    posts: () => network.control.posts(),
    reasons: async () => JSON.stringify(await (await fetch(`${url}/readyz`)).json()),
    holds: async () => {
      const { rows } = await sql<{ kind: string; reason: string }>`
        select kind, reason from hold where campaign_id = ${campaign.id}`.execute(ctx.db);
      return rows;
    },
    restart: async (meanwhile) => {
      await instance.stop();
      await meanwhile();
      await start();
    },
  };
}

/** Waits for all posts; none is early by the network's own clock. Returns how late the first one is, milliseconds. */
async function untilPosted({ posts }: Machine, moment: Date): Promise<number> {
  await waitFor(async () => (await posts()).length >= PEOPLE, {
    timeoutMs: 300_000,
    what: 'the posts',
  });
  const late = (await posts()).map(({ at_us }) => at_us / 1_000 - moment.getTime());
  expect(late).toHaveLength(PEOPLE);
  expect(late.filter((ms) => ms < 0)).toEqual([]);
  return Math.min(...late);
}

const isHeld = async ({ holds }: Machine): Promise<boolean> =>
  (await holds()).some(({ kind }) => kind === 'clock');

/** By how much the worker's clock, and the database's, is ahead of this process's; whole seconds. */
async function clocksOf({ ctx }: Machine): Promise<{ database: number; instance: number }> {
  const { rows } = await sql<{ now: Date; offset: number }>`
    select clock_timestamp() as now, clock_offset_ms as offset from worker`.execute(ctx.db);
  const [row] = rows;
  if (!row) throw new Error('There is no worker');
  const database = row.now.getTime() - Date.now();
  const inSeconds = (ms: number): number => Math.round(ms / 1_000) + 0;
  return { database: inSeconds(database), instance: inSeconds(database - row.offset) };
}

async function fast(clocks: { database: number; instance: number }): Promise<void> {
  const machine = await startMachine(clocks);
  expect(await clocksOf(machine)).toEqual(clocks);
  // By the network's clock; ours shows it 90 s before.
  const inMs = SKEW_S * 1_000 + SOON_MS;
  const { moment } = await bringForward(machine.ctx, machine.campaign, inMs);
  await waitFor(() => isHeld(machine), { timeoutMs: 60_000, what: 'the hold' });
  expect(await machine.holds()).toContainEqual({
    kind: 'clock',
    reason: expect.stringMatching(/^our clock is (89|90)\.\d s ahead of that of 127\.0\.0\.1/),
  });
  await waitFor(async () => /our clock is (89|90)\.\d s ahead/.test(await machine.reasons()), {
    timeoutMs: 30_000,
    what: 'readiness to say it',
  });
  await untilPosted(machine, moment);
}

async function instanceFast(): Promise<void> {
  const clocks = { database: 0, instance: SKEW_S };
  const machine = await startMachine(clocks);
  expect(await clocksOf(machine)).toEqual(clocks);
  const { moment } = await bringForward(machine.ctx, machine.campaign, SOON_MS);
  await untilPosted(machine, moment);
  expect(await isHeld(machine)).toBe(false);
}

async function slow(): Promise<void> {
  const clocks = { database: -SKEW_S, instance: -SKEW_S };
  const machine = await startMachine(clocks);
  expect(await clocksOf(machine)).toEqual(clocks);
  // Ours shows it 90 s later.
  const inMs = SOON_MS - SKEW_S * 1_000;
  const { moment } = await bringForward(machine.ctx, machine.campaign, inMs);
  await waitFor(async () => /our clock is (89|90)\.\d s behind/.test(await machine.reasons()), {
    timeoutMs: 30_000,
    what: 'readiness to say it',
  });
  const first = await untilPosted(machine, moment);
  expect(first).toBeGreaterThanOrEqual((SKEW_S - 1) * 1_000);
  expect(await isHeld(machine)).toBe(false);
}

/** A clock that can be set while processes go by it. */
async function startClock(seconds: number) {
  const folder = await tempFolder('faketime');
  await chmod(folder, 0o755);
  const file = join(folder, 'skew');
  const set = (to: number) => writeFile(file, `${inWords(to)}\n`);
  await set(seconds);
  return { file, set };
}

/** The clock is set ahead when `leftMs` are left to the moment; where it is to be put right again, with `rightMs` left. */
async function runAhead({ what, leftMs, bySeconds = SKEW_S, rightMs }: Jump): Promise<void> {
  const { file, set } = await startClock(0);
  const machine = await startMachine({ database: { file }, instance: { file } });
  expect((await clocksOf(machine)).database).toBe(0);
  const inMs = Math.max(leftMs, SOON_MS);
  const { moment } = await bringForward(machine.ctx, machine.campaign, inMs);
  await waitFor(() => Date.now() >= moment.getTime() - leftMs, {
    timeoutMs: 60_000,
    everyMs: 20,
    what: `the time to set the clock, ${what}`,
  });
  await set(bySeconds);
  expect((await clocksOf(machine)).database).toBe(bySeconds);
  if (rightMs !== undefined) {
    await waitFor(() => Date.now() >= moment.getTime() - rightMs, {
      timeoutMs: 60_000,
      what: 'the time to put the clock right',
    });
    await set(0);
  }
  await untilPosted(machine, moment);
}

/** An instance ends before the moment, and is started again on a machine whose clock has passed it: it has heard no network yet. */
async function startAhead(seconds: number, platform?: Clocks['platform']): Promise<void> {
  const { file, set } = await startClock(0);
  const machine = await startMachine({ database: { file }, instance: { file }, platform });
  const { moment } = await bringForward(machine.ctx, machine.campaign, 45_000);
  await machine.restart(() => set(seconds));
  await untilPosted(machine, moment);
}

/** A clock that was 90 s ahead is put right when `leftMs` are left to the moment, and the campaign is held for it. */
async function putRight({ leftMs }: { leftMs: number }): Promise<void> {
  const { file, set } = await startClock(SKEW_S);
  const machine = await startMachine({ database: { file }, instance: { file } });
  expect((await clocksOf(machine)).database).toBe(SKEW_S);
  const { moment } = await bringForward(machine.ctx, machine.campaign, leftMs + SOON_MS);
  await waitFor(() => isHeld(machine), { timeoutMs: 60_000, what: 'the hold' });
  await waitFor(() => Date.now() >= moment.getTime() - leftMs, {
    timeoutMs: leftMs + 60_000,
    what: 'the time to put the clock right',
  });
  await set(0);
  expect((await clocksOf(machine)).database).toBe(0);
  const late = await untilPosted(machine, moment);
  expect(await isHeld(machine)).toBe(false);
  // By the clock that was wrong it would have been held until then.
  expect(late).toBeLessThan((SKEW_S * 1_000) / 3);
}

interface Jump {
  what: string;
  leftMs: number;
  bySeconds?: number;
  rightMs?: number;
}

/** Longer than the two hours in which posts may go out: a clock that shows the wrong zone's time, as a machine does that has just started. */
const FAR_S = 3 * 3_600;

const FAR_JUMPS: readonly Jump[] = [
  { what: 'beyond the window', leftMs: 20_000, bySeconds: FAR_S },
  { what: 'beyond the window, and put right', leftMs: 30_000, bySeconds: FAR_S, rightMs: 8_000 },
];

const JUMPS: readonly Jump[] = [
  { what: 'before the moment', leftMs: SKEW_S * 1_000 + 20_000 },
  // At once the database shows a time after the moment, and everything is due.
  { what: 'over the moment', leftMs: 30_000 },
  { what: 'over the moment, with all posts prepared', leftMs: 2_000 },
];

needs('postgres', 'faketime')('A2 clocks that are wrong as a whole', () => {
  // Side by side: each waits for a moment of its own.
  it('A2 posts nothing early where clocks are 90 s fast or slow, and says so', async () => {
    await Promise.all([
      fast({ database: SKEW_S, instance: SKEW_S }),
      fast({ database: SKEW_S, instance: 0 }),
      instanceFast(),
      slow(),
    ]);
  }, 600_000);

  it('A2 posts at the moment where a clock that was 90 s fast is put right before it', async () => {
    await Promise.all([{ leftMs: 5_000 }, { leftMs: 25_000 }].map(putRight));
  }, 600_000);

  it('A2 posts nothing early where the clock is set 90 s ahead after preflight', async () => {
    await Promise.all(JUMPS.map(runAhead));
  }, 600_000);

  it('A2 drops nothing where the clock is set further ahead than posts may be late', async () => {
    await Promise.all(FAR_JUMPS.map(runAhead));
  }, 600_000);

  it('A2 posts nothing early, and drops nothing, where a process starts with a clock that is ahead', async () => {
    await Promise.all([SKEW_S, FAR_S].map((seconds) => startAhead(seconds)));
  }, 600_000);

  it('A2 does so where only servers that supporters name are concerned, by the time of TIME_URLS', async () => {
    await Promise.all([SKEW_S, FAR_S].map((seconds) => startAhead(seconds, 'mastodon')));
  }, 600_000);
});
