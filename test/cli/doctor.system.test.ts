import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { oweRotation } from '../../src/store/vault/master-key.ts';
import { needs, testDatabase } from '../support/database.ts';
import { programPath } from '../support/program.ts';
import { tempFolder } from '../support/temp.ts';

/** Whether this machine lets a process mount something for itself alone. */
const mayMount =
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0;

needs('postgres')('A4 doctor', () => {
  it.skipIf(!mayMount)(
    'says that the operator must rotate where secrets are on a read-only mount, and how',
    async () => {
      const data = await tempFolder('data');
      const env = { DATA_DIR: data, DATABASE_URL: (await testDatabase(migrateAt)).url };
      const config = loadConfig({ ...env, LOG_LEVEL: 'silent' });
      const ctx = await createContext(config, createLogger(config), new AbortController().signal);
      await oweRotation(ctx.db);
      const tocsin = await programPath('src/cli/main.ts');
      const run = (...args: string[]) => {
        const mount = `mount --bind ${data} ${data} && mount -o remount,ro,bind ${data}`;
        const { status, stdout, stderr } = spawnSync(
          'unshare',
          [
            ...['--user', '--map-root-user', '--mount', 'sh', '-c', `${mount} && exec "$@"`, 'sh'],
            process.execPath,
            tocsin,
            ...args,
          ],
          { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } },
        );
        return { status, stdout, stderr };
      };
      const sick = run('doctor', '--json');
      expect(sick.status, sick.stderr).toBe(1);
      const { well, troubles } = JSON.parse(sick.stdout) as {
        well: boolean;
        troubles: { what: string; mend: string }[];
      };
      expect(well).toBe(false);
      expect(troubles).toContainEqual(
        expect.objectContaining({
          what: expect.stringContaining('still holds the master key'),
          mend: expect.stringContaining('keys rotate --out FILE'),
        }),
      );
      const refused = run('keys', 'rotate');
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('--out FILE')]);
      const out = join(await tempFolder('out'), 'both.json');
      const written = run('keys', 'rotate', '--out', out);
      expect([written.status, written.stdout]).toEqual([
        0,
        expect.stringContaining('holds both keys'),
      ]);
      await ctx.dispose();
    },
  );
});
