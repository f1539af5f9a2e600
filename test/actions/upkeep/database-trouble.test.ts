import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';
import { checkReadiness } from '../../../src/actions/health/check-readiness.ts';
import { type Context, createContext } from '../../../src/context.ts';
import { type AwayReason, DatabaseAwayError } from '../../../src/domain/errors.ts';
import { judgeAway } from '../../../src/domain/health/database.ts';
import { createLogger, type Logger } from '../../../src/log.ts';
import { connectionTrouble } from '../../../src/open-records.ts';
import { asAway } from '../../../src/store/connection/away.ts';
import { createLateTrouble } from '../../../src/store/connection/away-reason.ts';
import { connect, migrateAt } from '../../../src/store/connection/database.ts';
import { explainStart } from '../../../src/store/refusal.ts';
import { atEnd } from '../../support/at-end.ts';
import { needs, testDatabase } from '../../support/database.ts';
import { tempFolder } from '../../support/temp.ts';
import { waitFor } from '../../support/wait-for.ts';

needs('postgres')('a PostgreSQL that refuses what it is asked', () => {
  let ctx: Context;
  beforeAll(async () => {
    const config = loadConfig({
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      DATA_DIR: await tempFolder('trouble'),
      LOG_LEVEL: 'silent',
    });
    ctx = await createContext(config, createLogger(config), new AbortController().signal, {
      besideInstance: true,
    });
    atEnd(() => ctx.dispose());
  });

  /** PostgreSQL itself answers with this code. */
  const refusedWith = async (code: string): Promise<unknown> => {
    const raise = sql.raw(
      `do $$ begin raise exception using errcode = '${code}', message = 'said'; end $$`,
    );
    return raise.execute(ctx.db).then(
      () => null,
      (error: unknown) => error,
    );
  };

  it.each<[string, AwayReason, string]>([
    ['25006', 'read-only', 'is read-only'],
    ['53300', 'no-connections', 'has no connection left for us'],
    ['28P01', 'refused', 'does not let us in'],
    ['57P03', 'silent', 'does not answer'],
    ['53200', 'out-of-memory', 'has run out of memory'],
    ['53100', 'disk-full', 'has no room left on its disk'],
  ])('says of %s what it is, %s', async (code, reason, what) => {
    const error = await refusedWith(code);
    expect(error).toBeInstanceOf(DatabaseAwayError);
    expect(error).toMatchObject({ reason, message: `the database ${what} (said)` });
  });

  it('D is told of in our words where a connection is cut, with its own behind them', async () => {
    const { url } = await testDatabase(migrateAt);
    const told: string[] = [];
    const { db, dispose } = await connect(url, (error) => told.push(error.message));
    atEnd(dispose);
    await sql`select 1`.execute(db);
    const other = await connect(url, () => undefined);
    atEnd(other.dispose);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(other.db);
    await waitFor(() => told.length > 0, { what: 'the trouble' });
    expect(told.filter((one) => !/^the database does not answer \(.+\)$/.test(one))).toEqual([]);
  });

  it('D is told of in our words by the log too, and Redis is not taken for it', () => {
    const said: unknown[] = [];
    const tell = connectionTrouble({
      warn: (line: unknown) => said.push(line),
    } as unknown as Logger);
    tell(Object.assign(new Error('said'), { severity: 'FATAL', code: '53100' }));
    tell(new Error('Connection terminated unexpectedly'));
    tell(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' }));
    expect(said).toEqual([
      { error: 'the database has no room left on its disk (said)' },
      { error: 'the database does not answer (Connection terminated unexpectedly)' },
      { error: 'connect ECONNREFUSED 127.0.0.1:6379' },
    ]);
  });

  it('is named by /readyz although it can be read', async () => {
    await refusedWith('53100');
    const { isReady, findings } = await checkReadiness(ctx);
    expect([isReady, findings]).toEqual([
      false,
      [
        expect.objectContaining({
          check: 'database',
          what: 'the database has no room left on its disk, so nothing can be written down or sent',
          mend: 'Make room on the disk of the PostgreSQL server; no restart is needed.',
        }),
      ],
    ]);
  });
});

describe('what a database refused', () => {
  it('counts for a minute and a half, unless reading meets it, too', () => {
    let now = 0;
    const trouble = createLateTrouble(() => now);
    for (const reason of ['silent', 'read-only', 'no-connections', 'refused'] as const) {
      trouble.note(reason);
      expect(trouble.reason()).toBeNull();
    }
    trouble.note('disk-full');
    now = 89_999;
    expect(trouble.reason()).toBe('disk-full');
    now = 90_000;
    expect(trouble.reason()).toBeNull();
  });

  it('is told with the mend of the database that it is', () => {
    const now = new Date();
    const disk = (isEmbedded: boolean) => judgeAway('disk-full', { isEmbedded, now }).mend;
    expect(disk(true)).toContain('DATA_DIR');
    expect(disk(false)).toContain('PostgreSQL server');
    expect(judgeAway('silent', { isEmbedded: true, now }).mend).not.toContain('DATABASE_URL');
  });

  it('is told to a pooler’s words as well', () => {
    const error = Object.assign(new Error('no more connections allowed'), { code: '08P01' });
    expect(asAway(error)).toMatchObject({ reason: 'no-connections' });
  });

  it.each([
    ['53100', /^DATABASE_URL: PostgreSQL has no room left on its disk \(said\); make room/],
    ['53200', /^DATABASE_URL: PostgreSQL has run out of memory \(said\); give/],
    ['53300', /^DATABASE_URL: PostgreSQL has no connection left for us \(said\), .* 13; raise/],
  ])('is one line where it keeps a process from starting: %s', (code, line) => {
    const error = Object.assign(new Error('said'), { code });
    const wrapped = new Error('wrapped', { cause: error });
    for (const one of [error, wrapped]) {
      expect(explainStart(one, { connections: 13, withRedis: null }).message).toMatch(line);
    }
  });
});
