import pg from 'pg';
import { expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { startInstance } from '../../src/instance.ts';
import { createLogger } from '../../src/log.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { commandIn } from '../cli/command.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { startStage } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';

interface Answer {
  status: number;
  reasons: { check: string; what: string; mend: string }[];
}

needs('postgres')('A3 a PostgreSQL that has become read-only', () => {
  it('A3 is named by /readyz, the doctor, orders and the next start, and mended without a restart', async () => {
    const { url } = await testDatabase(migrateAt);
    const environment = { DATABASE_URL: url, DATA_DIR: await tempFolder('read-only') };
    const stage = await startStage({ environment });
    const command = commandIn(environment);
    const admin = new pg.Client({ connectionString: url });
    admin.on('error', () => undefined);
    await admin.connect();
    atEnd(() => admin.end());
    const database = new URL(url).pathname.slice(1);
    /** For every session from now on, and no other one is left. */
    const turn = async (setting: string): Promise<void> => {
      await admin.query(`alter database ${database} ${setting}`);
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
    };
    const ask = async (): Promise<Answer> => {
      const answer = await fetch(`${stage.url}/readyz`);
      const { reasons } = (await answer.json()) as Answer;
      return { status: answer.status, reasons };
    };

    await turn('set default_transaction_read_only = on');
    const isNamed = async () => (await ask()).reasons[0]?.what.includes('read-only');
    await waitFor(isNamed, { timeoutMs: 30_000, what: '/readyz to name it' });
    const { status, reasons } = await ask();
    expect([status, reasons.map(({ check }) => check)]).toEqual([503, ['database']]);
    expect(reasons[0]?.mend).toContain('default_transaction_read_only');

    const doctor = await command('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain('the database is read-only');
    const pause = await command('instance', 'pause');
    expect(pause.code).not.toBe(0);
    expect(pause.stderr).toMatch(/^the database is read-only[^\n]*\n$/);

    const config = loadConfig({ ...environment, PORT: '0', LOG_LEVEL: 'silent' });
    const again = startInstance(config, createLogger(config), new AbortController().signal);
    await expect(again).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^DATABASE_URL: the database is read-only[^\n]*alter system/),
    });

    await turn('reset default_transaction_read_only');
    await waitFor(async () => (await ask()).status === 200, { timeoutMs: 60_000, what: 'ready' });
  }, 120_000);
});
