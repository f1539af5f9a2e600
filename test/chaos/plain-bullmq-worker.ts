// Textbook BullMQ, as its documentation begins: one job per post, everything at its default but the width. For comparison only.
import { Worker } from 'bullmq';

const [redisUrl = '', networkUrl = '', queue = ''] = process.argv.slice(2);

interface Post {
  token: string;
  text: string;
}

const worker = new Worker<Post>(
  queue,
  async ({ data }) => {
    const answer = await fetch(`${networkUrl}/2/tweets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${data.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: data.text }),
    });
    if (!answer.ok) throw new Error(`The platform answered ${answer.status}`);
    return answer.json();
  },
  { connection: { url: redisUrl, maxRetriesPerRequest: null }, concurrency: 64 },
);
await worker.waitUntilReady();
console.log('The plain worker is ready');
