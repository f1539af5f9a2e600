import { hasApt, installPackages } from './apt.ts';
import { chromium } from './chromium.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import type { Ladder, Running } from './service.ts';

/** What a run has, what it lacks, and how to undo it. */
export interface SetUp {
  /** Variables for the tests: TEST_DATABASE_URL, TEST_REDIS_URL, CHROMIUM_PATH, PYTHON_PATH, PGBOUNCER_PATH, FAKETIME_PATH, as far as they are there. */
  environment: Record<string, string>;
  /** One line for each service that could not be had, with the reason. */
  leftOut: string[];
  /** Stops what was started, last first. */
  stop(): Promise<void>;
}

/** Where set-up speaks, what ends it early, and what to set up. */
export interface SetUpOptions {
  say: (line: string) => void;
  signal?: AbortSignal;
  ladders?: readonly Ladder[];
  /** Whether to install what is missing; null where that is impossible. */
  install?: ((packages: string[], signal?: AbortSignal) => Promise<string | null>) | null;
}

/** A rung that led somewhere, or why it did not. */
type Climbed = { running: Running; how: string } | { problems: string[] };

/**
 * For each service: what the caller named, else a program of this machine, else Docker, else apt-get once for all that
 * is still missing. A service that the caller named and that does not answer is an error; all else is left out by name.
 */
export async function setUp(options: SetUpOptions): Promise<SetUp> {
  const { say, signal, ladders = [postgres, redis, chromium] } = options;
  const install = options.install === undefined ? hasApt() && installPackages : options.install;
  const running: Running[] = [];
  const result: SetUp = {
    environment: {},
    leftOut: [],
    async stop() {
      for (const one of running.splice(0).reverse()) await one.stop();
    },
  };
  const take = (ladder: Ladder, climbed: { running: Running; how: string }) => {
    running.push(climbed.running);
    result.environment[ladder.variable] = climbed.running.url;
    say(`${ladder.name}: ${climbed.how}`);
  };

  try {
    const missing = new Map<Ladder, string[]>();
    for (const ladder of ladders) {
      if (signal?.aborted) return result;
      const climbed = await climb(ladder);
      if ('running' in climbed) take(ladder, climbed);
      else missing.set(ladder, climbed.problems);
    }
    if (missing.size > 0 && install && !signal?.aborted) {
      await installMissing(missing, install, take, options);
    }
    for (const [ladder, problems] of missing) {
      if (!install) problems.push('installing it needs root on Debian');
      result.leftOut.push(`${ladder.name} (${problems.join('; ')})`);
    }
    return result;
  } catch (error) {
    await result.stop();
    throw error;
  }
}

async function climb(ladder: Ladder): Promise<Climbed> {
  const given = await ladder.given().catch((cause: unknown) => {
    throw new Error(`${ladder.variable}: ${wordsOf(cause)}`, { cause });
  });
  if (given) return { running: given, how: `what ${ladder.variable} names` };
  const problems: string[] = [];
  const rungs = [
    { how: 'this machine’s program', go: ladder.installed, lacking: 'no program on this machine' },
    { how: 'in Docker', go: ladder.docker, lacking: 'no Docker that could run it' },
  ];
  for (const { how, go, lacking } of rungs) {
    try {
      const running = await go();
      if (running) return { running, how };
      problems.push(lacking);
    } catch (error) {
      problems.push(wordsOf(error));
    }
  }
  return { problems };
}

/** One apt-get for all; whatever starts after it is no longer missing. */
async function installMissing(
  missing: Map<Ladder, string[]>,
  install: NonNullable<Exclude<SetUpOptions['install'], null>>,
  take: (ladder: Ladder, climbed: { running: Running; how: string }) => void,
  { say, signal }: SetUpOptions,
): Promise<void> {
  const packages = [...missing.keys()].flatMap((ladder) => ladder.packages);
  say(`Missing: ${packages.join(', ')}. Installing with apt-get, as we are root on Debian.`);
  const failure = await install(packages, signal);
  for (const [ladder, problems] of missing) {
    if (failure !== null) {
      problems.push(`apt-get failed: ${failure.trim().split('\n').at(-1)}`);
      continue;
    }
    const climbed = await climb(ladder);
    if ('running' in climbed) {
      missing.delete(ladder);
      take(ladder, { ...climbed, how: `${climbed.how}, just installed` });
    } else {
      problems.push(...climbed.problems.map((problem) => `after apt-get: ${problem}`));
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
