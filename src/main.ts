import { loadConfig } from '../config/config.ts';
import { describeNoRound } from './actions/canary.ts';
import { startInstance } from './instance.ts';
import { createLogger } from './log.ts';
import { runProcess } from './run.ts';

/** `npm start`: the instance, with nothing set and nothing installed. */
await runProcess(async (stopping) => {
  const config = loadConfig();
  const instance = await startInstance(config, createLogger(config), stopping);
  if (instance.firstLink) {
    console.log(`Sign in as the first operator, once, within the hour: ${instance.firstLink}`);
  }
  // Who has asked it to stop meanwhile need not hear what it would have been.
  if (stopping.aborted) return instance.dispose;
  if (!instance.goesRound) console.log(describeNoRound(instance.ctx));
  console.log(`Tocsin is ready at ${instance.url}`);
  return instance.dispose;
});
