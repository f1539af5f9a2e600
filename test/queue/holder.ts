// A worker of its own process that takes a job and never ends it; the test kills it.
import { openQueues, type QueueHome } from '../../src/queue/queues.ts';

const home = JSON.parse(process.argv[2] ?? '') as QueueHome;
const queues = await openQueues(home, ['x'], (error) => console.error(error.message));
queues.work('campaign', 1, (name) => {
  console.log(`holding ${name}`);
  return new Promise(() => undefined);
});
console.log('ready');
