import type { QueueHome } from '../../src/queue/queues.ts';
import { connect } from '../../src/store/connection/database.ts';
import { atEnd } from './at-end.ts';

/** A home for queues in this PostgreSQL, with records open beside it until the file ends, as in every process. */
export async function postgresHome(url: string): Promise<QueueHome> {
  const records = await connect(url, () => undefined);
  atEnd(() => records.dispose());
  const { session, ear } = records;
  return { kind: 'postgres', url, session, max: 4, ear };
}
