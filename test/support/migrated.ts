import { openPostgresQueues } from '../../src/queue/postgres.ts';
import { migrateAt } from '../../src/store/connection/database.ts';

/** Gives an empty database our schema and BullMQ's, as a worker's first start would. For `testDatabase`. */
export async function migrateWithQueues(url: string): Promise<void> {
  await migrateAt(url);
  const nobodyHears = () => Promise.reject(new Error('Nobody listens here'));
  const ear = { client: nobodyHears, onLost: () => undefined };
  const queues = await openPostgresQueues({ url, session: '', max: 1, ear }, (error) => {
    throw error;
  });
  await queues.close();
}
