import { loadConfig } from '../config/config.ts';
import { describeNoRound } from '../src/actions/health/canary.ts';
import { createContext } from '../src/context.ts';
import { ConfigurationError } from '../src/domain/errors.ts';
import { createLogger } from '../src/log.ts';
import { runProcess } from '../src/run.ts';
import { startWorkers } from './start-workers.ts';

/** A worker process of its own, beside an instance that shares its DATABASE_URL, REDIS_URL and secrets. */
await runProcess(async (stopping) => {
  const config = loadConfig();
  if (!config.databaseUrl) {
    throw new ConfigurationError(
      'DATABASE_URL: a separate worker needs a PostgreSQL that it shares with the instance; the embedded one serves one process',
    );
  }
  const ctx = await createContext(config, createLogger(config), stopping);
  const workers = await startWorkers(ctx, 'worker');
  if (!(await workers.untilRound())) console.log(describeNoRound(ctx));
  console.log(`Tocsin worker ${ctx.workerName} is ready`);
  return async () => {
    await workers.stop();
    await ctx.dispose();
  };
});
