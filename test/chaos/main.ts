// `npm run chaos`: its own PostgreSQL and Redis, a run of ours, one of plain BullMQ, a table, and a verdict.
import { writeFile } from 'node:fs/promises';
import { build } from '../../src/build/build.mjs';
import { startPostgres } from '../support/services/postgres.ts';
import { startRedis } from '../support/services/redis.ts';
import { type ChaosResult, runChaos } from './chaos.ts';
import { isBroken } from './count.ts';
import type { Servers } from './home.ts';
import { type CommandOptions, HELP, readOptions } from './options.ts';
import { runPlain } from './plain.ts';
import { sumOf } from './sum.ts';
import { tableOf } from './table.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(new Error(`Stopped by ${signal}`)));
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args);
  } catch (error) {
    say((error as Error).message);
    return 2;
  }
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  try {
    return await run(options, `npm run chaos -- ${args.join(' ')}`.trim());
  } catch (error) {
    say(`The chaos run came to no end: ${(error as Error).stack ?? error}`);
    return 1;
  }
}

async function run(options: CommandOptions, command: string): Promise<number> {
  await build(say);
  const runs: ChaosResult[] = [];
  for (let i = 0; i < options.seeds; i++) {
    const one = { ...options, seed: options.seed + i };
    const act = (servers: Servers | null) => runChaos(one, servers, say, stopping.signal);
    runs.push(options.embedded ? await act(null) : await onServers(act));
  }
  const plain =
    options.plainPosts > 0
      ? await onServers((servers) => runPlain(options, servers, say, stopping.signal))
      : null;
  const tocsin = sumOf(runs);
  const { workers, faults, platforms, embedded } = options;
  const date = new Date().toISOString().slice(0, 10);
  const page = tableOf({
    command,
    date,
    workers,
    faults,
    platforms,
    embedded,
    runs,
    tocsin,
    plain,
  });
  if (options.out) await writeFile(options.out, page);
  (options.json ? say : console.log)(page);
  if (options.json) console.log(JSON.stringify({ ...tocsin, plain }));
  return isBroken(tocsin) ? 1 : 0;
}

/** A PostgreSQL and a Redis for one run alone. */
async function onServers<T>(act: (servers: Servers) => Promise<T>): Promise<T> {
  const database = await startPostgres();
  const redis = await startRedis();
  try {
    return await act({
      databaseUrl: database.url,
      redisUrl: redis.url,
      restartDatabase: database.restart ?? null,
    });
  } finally {
    await redis.stop();
    await database.stop();
  }
}
