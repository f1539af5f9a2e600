import { programLadder } from './program-ladder.ts';
import { findProgram } from './programs.ts';

/** The ways to PgBouncer, which stands between PostgreSQL and us in some tests. */
export const pgbouncer = programLadder('PgBouncer', 'PGBOUNCER_PATH', ['pgbouncer'], () =>
  findProgram(['pgbouncer'], ['/usr/sbin']),
);
