import PgBoss from 'pg-boss';
import { createPoster, eachOf, type PostJob, pagesOf, runPeer, WIDTH } from './peer.ts';

const QUEUE = 'posts';
/** Together they fetch as many jobs as there is width for; each asks again when its batch is done, at most twice a second. */
const WORKERS = 4;

/** pg-boss as its manual has it for many jobs: inserted in bulk, fetched in batches by several workers at its shortest interval. */
await runPeer({
  async enqueue({ databaseUrl, dueAt }, jobs) {
    const boss = await open(databaseUrl);
    await boss.createQueue(QUEUE);
    const startAfter = new Date(dueAt);
    for (const page of pagesOf(jobs, 1_000)) {
      await boss.insert(page.map((data) => ({ name: QUEUE, data, startAfter })));
    }
    await boss.stop({ graceful: false });
  },
  async work({ databaseUrl, networkUrl }) {
    const boss = await open(databaseUrl);
    const post = createPoster(networkUrl);
    const options = { batchSize: WIDTH, pollingIntervalSeconds: 0.5 };
    for (let n = 0; n < WORKERS; n++) {
      await boss.work<PostJob>(QUEUE, options, (batch) =>
        eachOf(batch, WIDTH / WORKERS, ({ data }) => post(data)),
      );
    }
  },
});

function open(connectionString: string): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString, max: 10 });
  boss.on('error', (error) => console.error(error.message));
  return boss.start();
}
