import { expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { startInstance } from '../src/instance.ts';
import { createLogger } from '../src/log.ts';
import { migrateAt } from '../src/store/connection/database.ts';
import { needs, testDatabase } from './support/database.ts';
import { tempFolder } from './support/temp.ts';

needs('postgres')('E1 an address to listen on', () => {
  it.each(['999.1.1.1', '192.0.2.1', 'nowhere.invalid'])(
    'E1 that is none of this machine is said to be wrong in HOST: %s',
    async (HOST) => {
      const DATA_DIR = await tempFolder('listen');
      const { url: DATABASE_URL } = await testDatabase(migrateAt);
      const config = loadConfig({ HOST, PORT: '0', DATA_DIR, DATABASE_URL, LOG_LEVEL: 'silent' });
      const starting = startInstance(config, createLogger(config), new AbortController().signal);
      await expect(starting).rejects.toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringMatching(/^HOST: "[^\n]* is no address of this machine/),
      });
    },
  );
});
