import { Queue, Worker } from 'bullmq';
import { createPoster, type PostJob, pagesOf, runPeer, WIDTH } from './peer.ts';

const QUEUE = 'posts';

/** BullMQ as its manual has it: one delayed job a post, added in bulk; one worker, 256 at a time. */
await runPeer({
  async enqueue({ redisUrl, dueAt }, jobs) {
    const queue = new Queue<PostJob>(QUEUE, { connection: { url: redisUrl } });
    for (const page of pagesOf(jobs, 1_000)) {
      const opts = { delay: dueAt - Date.now(), removeOnComplete: true };
      await queue.addBulk(page.map((data) => ({ name: 'post', data, opts })));
    }
    await queue.close();
  },
  async work({ redisUrl, networkUrl }) {
    const post = createPoster(networkUrl);
    const worker = new Worker<PostJob>(QUEUE, (job) => post(job.data), {
      connection: { url: redisUrl, maxRetriesPerRequest: null },
      concurrency: WIDTH,
    });
    await worker.waitUntilReady();
  },
});
