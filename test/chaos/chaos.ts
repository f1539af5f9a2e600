import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import type { Context } from '../../src/context.ts';
import type { BehaviourChange } from '../../src/simulator/behaviour.ts';
import { environmentFor, type PlatformName } from '../../src/simulator/client.ts';
import { type ChildOptions, repository } from '../support/child.ts';
import { NO_LIMITS } from '../support/networks.ts';
import { makeTemp } from '../support/services/temp.ts';
import { createChance } from './chance.ts';
import { type Counts, countAll } from './count.ts';
import { countEvents, type EventFigures, type EventParts, runEvents } from './events.ts';
import { type FleetOptions, startFleet } from './fleet.ts';
import { embeddedHome, type Home, type Servers, serverHome, whenThere } from './home.ts';
import { type Networks, startNetworks } from './networks.ts';
import { type ChaosOptions, EVENTS, errorRatesOf } from './options.ts';
import { createPace, type Pace } from './pace.ts';
import { LOCK_LEAD_MS, openWave, type Wave } from './waves.ts';
import { withdrawSome } from './withdrawals.ts';

export interface ChaosResult extends Counts {
  posts: number;
  /** People who asked for their pledges back around the moment. */
  withdrawals_asked: number;
  kills: number;
  seed: number;
  /** Kills at which the worker had posts under way, and how many those were in all. */
  kills_in_doubt: number;
  deliveries_in_doubt: number;
  events: EventFigures['counts'];
  slowest_stop_ms: number;
  /** Deliveries that a polite stop left in doubt. */
  left_by_sigterm: number;
  starts: number;
  failed_starts: number;
  seconds: number;
  problems: string[];
}

const TIMEOUT_MS = 1_500;
/** Waiting ends when so long nothing has changed: a delivery may wait for a second look at its account, half a minute later. */
const STANDSTILL_MS = 180_000;
/** And in any case then. */
const SETTLE_WITHIN_MS = 1_800_000;
/** The next wave waits while more than so many are owed: kills are to hit work, and no heap of what has been put off. */
const MAX_OWED_WAVES = 3;
const CLOCK_SHIFT_MS = 5_000;

/** How a platform is while the faults last: never limited by its own rules, and it takes a post twice if we send it twice. */
export function behaviourOf(
  { faults }: Pick<ChaosOptions, 'faults'>,
  platform: PlatformName,
): BehaviourChange {
  return {
    latency: { kind: 'lognormal', medianMs: 40, sigma: 0.6 },
    errorRates: errorRatesOf(faults, platform),
    ...(faults.has('5xx') && { pathErrorRates: { timeline: { status503: 0.02 } } }),
    limits: NO_LIMITS,
    forcedResetSeconds: 2,
    hangSeconds: 20,
    refuseDuplicates: false,
  };
}

/**
 * One run: waves of posts, kills and faults by the seed, until everything has come to an end. `servers`: null for one instance on its
 * embedded database. Throws when it cannot be run.
 */
export async function runChaos(
  options: ChaosOptions,
  servers: Servers | null,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ChaosResult> {
  const undo: (() => unknown)[] = [];
  // When one part fails, the others do not go on for ever.
  const over = new AbortController();
  try {
    const folder = await makeTemp('chaos');
    undo.push(() => folder.remove());
    const { networks, stop } = await startNetworks(options.platforms, options.seed, folder.path);
    undo.push(stop);
    for (const [name, { control }] of networks) await control.behaviour(behaviourOf(options, name));
    const environment = environmentOf(join(folder.path, 'data'), networks);
    const home = servers ? await serverHome(environment, servers) : await embeddedHome(environment);
    undo.push(() => home.dispose());
    const ending = AbortSignal.any([signal, over.signal]);
    const { ctx } = home;
    return await play({ options, say, signal: ending, ctx, networks, home, environment }, undo);
  } finally {
    over.abort(new Error('The run is over'));
    for (const step of undo.reverse()) await quietly(step, say);
  }
}

/** What goes wrong while cleaning up does not hide what went wrong before. */
async function quietly(step: () => unknown, say: (line: string) => void): Promise<void> {
  await Promise.resolve()
    .then(step)
    .catch((error: Error) => say(`Not cleaned up: ${error.message}`));
}

interface Run {
  options: ChaosOptions;
  say(line: string): void;
  signal: AbortSignal;
  ctx: Context;
  networks: Networks;
  home: Home;
  environment: Record<string, string>;
}

async function play(run: Run, undo: (() => unknown)[]): Promise<ChaosResult> {
  const { options, ctx, signal } = run;
  const began = performance.now();
  const names = EVENTS.filter((name) => options.faults.has(name) && run.home.able(name));
  const total = countEvents(names, options.times, options.kills);
  const pace = createPace({ ...options, events: total, signal });
  const doubt = { kills: 0, deliveries: 0, asking: [] as Promise<void>[] };
  const fleet = startFleet({
    ...fleetOf(run, pace),
    onKilled: (pid) => doubt.asking.push(countDoubt(run, pid, doubt)),
  });
  undo.push(() => fleet.abandon());
  if (options.faults.has('redis-dead')) undo.push(await killRedis(run, fleet));
  const database = createTurn();
  const waves: Wave[] = [];
  const wishes: Promise<void>[] = [];
  const minds = createChance(options.seed, 'minds');
  const progress = setInterval(() => run.say(progressLine(pace, waves, options)), 10_000);
  undo.push(() => clearInterval(progress));
  const waving = pace.run((wave, size) =>
    database(async () => {
      await untilCaughtUp(run, MAX_OWED_WAVES * size);
      let tries = 0;
      const made = await inTime((patience) =>
        whenThere(() => {
          const slug = `${slugOf(options, wave)}-${++tries}`;
          return openWave(ctx, run.networks, slug, size, patience);
        }, signal),
      );
      waves.push(made);
      if (options.withdraw > 0)
        wishes.push(withdrawSome(ctx, made, options.withdraw, minds, signal));
      return made.momentMs;
    }),
  );
  const happening = runEvents({ ...eventsOf(run, pace, fleet, database), names, total });
  const [events] = await Promise.all([happening, waving, untilKilled(pace, options, signal)]);
  await Promise.all(wishes);
  clearInterval(progress);
  run.say('All kills and faults are done; waiting for the last deliveries to settle.');
  const problems = [...events.problems, ...fleet.figures.unexpectedEnds];
  if (!(await untilSettled(run))) problems.push('Not everything settled in time');
  const stopMs = await fleet.stop();
  // What was killed last may have taken the database with it before it was asked about.
  await run.home.beforeCount();
  await Promise.all(doubt.asking);
  return {
    posts: options.posts,
    withdrawals_asked: waves.reduce((sum, wave) => sum + wave.asked.size, 0),
    kills: pace.kills,
    ...(await whenThere(() => countAll(ctx, run.networks, waves, run.say), signal)),
    seed: options.seed,
    kills_in_doubt: doubt.kills,
    deliveries_in_doubt: doubt.deliveries,
    events: events.counts,
    slowest_stop_ms: Math.round(Math.max(stopMs, events.slowestStopMs)),
    left_by_sigterm: events.leftBySigterm,
    starts: fleet.figures.starts,
    failed_starts: fleet.figures.failedStarts,
    seconds: Math.round((performance.now() - began) / 1000),
    problems,
  };
}

/** How long a dead Redis stays in one of its two ways. */
const DEAD_MS = { from: 2_000, to: 8_000 } as const;
/** A worker that has not said by then that it is ready is not waited for. */
const READY_MS = 30_000;

/**
 * Takes Redis away for good once the workers are up, so that they lose it in the middle of their lives and their successors
 * begin without it. By turns it refuses connections and swallows what is sent. Returns how to end that.
 */
async function killRedis(
  { options, home, signal }: Run,
  { slots }: ReturnType<typeof startFleet>,
): Promise<() => void> {
  const chance = createChance(options.seed, 'redis');
  const deadline = performance.now() + READY_MS;
  while (slots.some(({ ready }) => !ready) && performance.now() < deadline) {
    await sleep(50, null, { signal });
  }
  let timer: NodeJS.Timeout;
  const turn = (): void => {
    home.turn('redis', chance.next() < 0.5 ? 'cut' : 'silent');
    timer = setTimeout(turn, chance.between(DEAD_MS.from, DEAD_MS.to));
  };
  turn();
  return () => clearTimeout(timer);
}

const TRIES = 10;
const MAX_PATIENCE = 8;

/** On a busy machine a wave may not be written before its lock; it does not count then, and the next try has more time. */
async function inTime(open: (patience: number) => Promise<Wave | null>): Promise<Wave> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const made = await open(Math.min(2 ** tries, MAX_PATIENCE));
    if (made) return made;
  }
  throw new Error('This machine is too slow: the pledges were not written before the lock');
}

function slugOf(options: ChaosOptions, wave: number): string {
  return `chaos-${options.seed}-${wave}-${process.pid}`;
}

function progressLine(pace: Pace, waves: readonly Wave[], options: ChaosOptions): string {
  const owed = waves.reduce((sum, wave) => sum + wave.voices.length, 0);
  return `${owed} of ${options.posts} posts under way, ${pace.kills} of ${options.kills} kills`;
}

function environmentOf(dataDir: string, networks: Networks): Record<string, string> {
  const urls = new Map([...networks].map(([name, { url }]) => [name, url]));
  const patience = [...networks.keys()].map((name) => [
    `${name.toUpperCase()}_TIMEOUT_MS`,
    String(TIMEOUT_MS),
  ]);
  return {
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'silent',
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: String(LOCK_LEAD_MS / 1000),
    ARM_LEAD_SECONDS: String((LOCK_LEAD_MS - 300) / 1000),
    RECONCILE_DELAY_SECONDS: '5',
    SHARD_SIZE: '50',
    MASTODON_POSTS_PER_SECOND: '10000',
    ...environmentFor(urls),
    ...Object.fromEntries(patience),
  };
}

function fleetOf(run: Run, pace: Pace): FleetOptions {
  const { options, home } = run;
  const env = { ...run.environment, ...home.environment };
  return {
    workers: options.workers,
    pace,
    chanceOf: (slot) => createChance(options.seed, `worker ${slot}`),
    command: (slot): ChildOptions => ({ args: [...clockOf(options, slot), home.entry], env }),
    ready: home.ready,
  };
}

/** The first place's clock is ahead, the second's behind. */
function clockOf({ faults }: ChaosOptions, slot: number): string[] {
  if (!faults.has('clock') || slot > 1) return [];
  const url = pathToFileURL(join(repository, 'test/chaos/clock.js'));
  url.searchParams.set('shift', String(slot === 0 ? CLOCK_SHIFT_MS : -CLOCK_SHIFT_MS));
  return ['--import', url.href];
}

function eventsOf(
  run: Run,
  pace: Pace,
  fleet: ReturnType<typeof startFleet>,
  database: Turn,
): Omit<EventParts, 'names' | 'total'> {
  const { options, home, ctx, signal } = run;
  const { restartDatabase } = home;
  return {
    chance: createChance(options.seed, 'events'),
    pace,
    fleet,
    turn: home.turn,
    restartDatabase: restartDatabase && (() => database(restartDatabase)),
    flushQueue: home.flushQueue,
    sendingOf: (pid) => whenThere(() => sendingOf(ctx, pid), signal),
    signal,
  };
}

type Turn = <T>(act: () => Promise<T>) => Promise<T>;

/** One at a time: we do not write pledges into a database that we are restarting. */
function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const next = last.then(act, act);
    last = next.catch(() => undefined);
    return next;
  };
}

async function untilKilled(pace: Pace, options: ChaosOptions, signal: AbortSignal): Promise<void> {
  while (pace.kills < options.kills) await sleep(50, null, { signal });
}

/** Deliveries in `sending` whose worker was this process, or whose shard nobody holds. */
async function sendingOf(ctx: Context, pid: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from delivery d join shard s on s.id = d.shard_id
    where d.state = 'sending' and (s.leased_by is null or s.leased_by like ${`%-${pid}`})`.execute(
    ctx.db,
  );
  return rows[0]?.count ?? 0;
}

async function countDoubt(
  { ctx, home, signal }: Run,
  pid: number,
  doubt: { kills: number; deliveries: number },
): Promise<void> {
  const ask = () => sendingOf(ctx, pid);
  // While a server of the database is away nobody can be asked; the figure is then a little low.
  const found = await (home.diesWithIt ? whenThere(ask, signal) : ask()).catch(() => 0);
  if (found > 0) doubt.kills += 1;
  doubt.deliveries += found;
}

/** Until no more than so many are owed a send; doubt does not count, since it is looked into beside the rest. */
async function untilCaughtUp({ ctx, signal }: Run, most: number): Promise<void> {
  for (;;) {
    const owed = sql<{ owed: number }>`
      select count(*)::int as owed from delivery d join campaign c on c.id = d.campaign_id
      where d.state in ('pending', 'armed', 'sending') and c.moment < now()`;
    const { rows } = await whenThere(() => owed.execute(ctx.db), signal);
    if ((rows[0]?.owed ?? 0) <= most) return;
    await sleep(100, null, { signal });
  }
}

/** True when nothing will change by itself any more. Says every ten seconds what it is that it waits for. */
async function untilSettled({ ctx, say, signal }: Run): Promise<boolean> {
  const began = performance.now();
  let told = began;
  let moved = began;
  let last = '';
  while (performance.now() < Math.min(began + SETTLE_WITHIN_MS, moved + STANDSTILL_MS)) {
    const unfinished = sql<{ open: string }>`
      select state || ' campaigns: ' || count(*) as open from campaign
        where state in ('open', 'locked') group by state
      union all select state || ': ' || count(*) from delivery
        where state in ('pending', 'armed', 'sending', 'waiting')
          or (state = 'unconfirmed' and due_at is not null and due_at <> 'infinity')
        group by state`;
    const { rows } = await whenThere(() => unfinished.execute(ctx.db), signal);
    if (rows.length === 0) return true;
    const open = rows.map((row) => row.open).join(', ');
    if (open !== last) moved = performance.now();
    last = open;
    if (performance.now() > told + 10_000) {
      say(`Still ${open}`);
      told = performance.now();
    }
    await sleep(250, null, { signal });
  }
  return false;
}
