import { Logger, makeWorkerUtils, run, WorkerPreset } from 'graphile-worker';
import { createPoster, type PostJob, pagesOf, runPeer, WIDTH } from './peer.ts';

const TASK = 'post';
const logger = new Logger(() => () => undefined);

/** graphile-worker as its page on performance has it: local queue, batched completion; and it asks every 100 ms, not every 2 s. */
await runPeer({
  async enqueue({ databaseUrl, dueAt }, jobs) {
    const utils = await makeWorkerUtils({ connectionString: databaseUrl, logger });
    await utils.migrate();
    const runAt = new Date(dueAt);
    for (const page of pagesOf(jobs, 1_000)) {
      await utils.addJobs(page.map((payload) => ({ identifier: TASK, payload, runAt })));
    }
    await utils.release();
  },
  async work({ databaseUrl, networkUrl }) {
    const post = createPoster(networkUrl);
    await run({
      logger,
      taskList: { [TASK]: (payload) => post(payload as PostJob) },
      preset: {
        extends: [WorkerPreset],
        worker: {
          connectionString: databaseUrl,
          concurrentJobs: WIDTH,
          maxPoolSize: 25,
          pollInterval: 100,
          localQueue: { size: 500 },
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
  },
});
