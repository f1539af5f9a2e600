import type { ListenConnection } from './postgres.ts';

/** Where the jobs are kept. */
export type QueueHome =
  | { kind: 'redis'; url: string }
  | {
      kind: 'postgres';
      url: string;
      /** The first statement of each session there. */
      session: string;
      /** Connections of this process, for all queues together. */
      max: number;
      ear: ListenConnection;
    };

/** Connections to PostgreSQL that the queues of one process share. */
export const POSTGRES_CONNECTIONS = 4;
