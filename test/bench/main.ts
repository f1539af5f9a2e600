// `npm run bench`: how late, how dear, how large, how fast; beside what people would use instead.

import { writeSection } from '../support/page.ts';
import { benchEmbedded } from './embedded.ts';
import { benchFire, type Findings } from './fire.ts';
import { benchFlood } from './flood/flood.ts';
import { type House, openHouse } from './house.ts';
import { benchJoin } from './join.ts';
import { benchLimits } from './limits.ts';
import { type BenchOptions, type Command, HELP, readOptions } from './options.ts';
import { benchPage } from './page.ts';
import { circumstanceLines, circumstances, PAGE_HEAD } from './print.ts';
import { benchRedis } from './redis/redis.ts';
import { benchRest } from './rest/rest.ts';
import { benchScale } from './scale.ts';
import { benchSeal } from './seal/seal.ts';

type Bench = (
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
) => Promise<Findings>;

const BENCHES: Record<Command, Bench> = {
  fire: benchFire,
  scale: benchScale,
  page: benchPage,
  join: benchJoin,
  limits: benchLimits,
  seal: benchSeal,
  redis: benchRedis,
  flood: benchFlood,
  rest: benchRest,
  embedded: benchEmbedded,
};

const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(args: readonly string[], options: BenchOptions): Promise<void> {
  const house = await openHouse(options.seed);
  endWith(house);
  try {
    const around = circumstances(house.postgres, options.seed, args);
    const { json, text } = await BENCHES[options.command](house, options, say);
    const page = `## ${options.command}\n\n${circumstanceLines(around)}\n\n${text}`;
    if (options.out !== null) {
      await writeSection(options.out, PAGE_HEAD, options.command, page);
    }
    console.log(page);
    if (options.json) console.log(JSON.stringify({ ...json, circumstances: around }));
  } finally {
    await house.dispose();
  }
}

/** Ctrl-C leaves no server behind: they are in process groups of their own and would not hear it. */
function endWith(house: House): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void house.dispose().finally(() => process.exit(130));
    });
  }
}

try {
  const args = process.argv.slice(2);
  const options = readOptions(args);
  if (options === null) console.log(HELP);
  else {
    await main(args, options).catch((error: unknown) => {
      say(`bench: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    });
  }
} catch (error) {
  say(`bench: ${(error as Error).message}\n\n${HELP}`);
  process.exitCode = 2;
}
