import { loadConfig } from '../config/config.ts';
import { describeNoRound } from './actions/health/canary.ts';
import { createLogger, logStart } from './log.ts';
import { openRecords } from './open-records.ts';
import { runProcess } from './run.ts';

/** `npm start`: the instance, with nothing set and nothing installed. */
await runProcess(async (stopping) => {
  const config = loadConfig();
  const log = createLogger(config);
  const records = openRecords(config, log);
  logStart(log, 'configuration');
  await records.underWay;
  // Most of the code is loaded while the database starts.
  const { startInstance } = await import('./instance.ts');
  logStart(log, 'code');
  const instance = await startInstance(config, log, stopping, records);
  if (instance.firstLink) {
    console.log(`Sign in as the first operator, once, within the hour: ${instance.firstLink}`);
  }
  // Who has asked it to stop meanwhile need not hear what it would have been.
  if (stopping.aborted) return instance.dispose;
  if (!instance.goesRound) console.log(describeNoRound(instance.ctx));
  console.log(`Tocsin is ready at ${instance.url}`);
  return instance.dispose;
});
