import { parseArgs } from 'node:util';
import { onStopSignal } from '../stop-signal.ts';
import { SIMULATOR_HELP } from './help.ts';
import { createSimulator, type SimulatorOptions } from './simulator.ts';
import { PLATFORM_NAMES, type PlatformName } from './sites.ts';

/** The options, or undefined when --help was asked for. Throws with a sentence when they are wrong. */
function readOptions(args: string[]): SimulatorOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      platforms: { type: 'string', default: 'x' },
      host: { type: 'string', default: '127.0.0.1' },
      record: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const port = Number(values.port ?? Number.NaN);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('--port must be a number from 0 to 65535');
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed must be a whole number');
  const platforms = readPlatforms(values.platforms);
  return { host: values.host, port, platforms, recordFile: values.record, seed };
}

function readPlatforms(text: string): PlatformName[] {
  if (text === 'all') return PLATFORM_NAMES;
  const names = [...new Set(text.split(','))];
  const known = names.filter((name): name is PlatformName =>
    PLATFORM_NAMES.some((p) => p === name),
  );
  if (known.length === names.length) return known;
  throw new Error(`--platforms must be all, or some of ${PLATFORM_NAMES.join(',')}`);
}

async function run(options: SimulatorOptions) {
  const simulator = createSimulator(options);
  const stop = new Promise<void>((resolve) => {
    onStopSignal(() => resolve());
  });
  await simulator.start();
  const [first, ...others] = simulator.urls;
  for (const [name, url] of others) console.log(`${name}: ${url}`);
  console.log(`Simulator is ready at ${first?.[1]}`);
  await stop;
  await simulator.dispose();
}

function explain(error: unknown, { host, port }: SimulatorOptions): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE'
    ? `port ${port} on ${host} is in use by another process; choose another --port`
    : message;
}

function fail(exitCode: number, message: string) {
  console.error(`simulator: ${message}`);
  process.exitCode = exitCode;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await run(options).catch((error) => fail(1, explain(error, options)));
  else console.log(SIMULATOR_HELP);
} catch (error) {
  fail(2, (error as Error).message);
}
