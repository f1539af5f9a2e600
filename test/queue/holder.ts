// A worker of its own process that takes a job and never ends it; the test kills it.
import { openQueues, type QueueHome } from '../../src/queue/queues.ts';
import { connect } from '../../src/store/connection/database.ts';

const given = JSON.parse(process.argv[2] ?? '') as QueueHome;
let home = given;
if (given.kind === 'postgres') {
  const { ear } = await connect(given.url, () => undefined);
  home = { ...given, ear };
}
const queues = await openQueues(home, ['x'], (error) => console.error(error.message));
queues.work('campaign', 1, (name) => {
  console.log(`holding ${name}`);
  return new Promise(() => undefined);
});
console.log('ready');
