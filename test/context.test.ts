import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { createContext } from '../src/context.ts';
import { createLogger } from '../src/log.ts';
import { migrateAt } from '../src/store/connection/database.ts';
import { atEnd } from './support/at-end.ts';
import { needs, testDatabase } from './support/database.ts';
import { tempFolder } from './support/temp.ts';

needs('postgres')('what is given to every action', () => {
  it('lets a hundred wait for the stop of the process, without a warning of Node on stderr', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    atEnd(async () => void process.off('warning', note));
    const { url } = await testDatabase(migrateAt);
    const config = loadConfig({
      ...{ DATA_DIR: await tempFolder('data'), DATABASE_URL: url, LOG_LEVEL: 'silent' },
    });
    const stopping = new AbortController();
    const ctx = await createContext(config, createLogger(config), stopping.signal);
    atEnd(() => ctx.dispose());
    const waiting = Array.from({ length: 100 }, () =>
      sleep(600_000, undefined, { signal: ctx.stopping }).catch(() => 'stopped'),
    );
    stopping.abort();
    expect(await Promise.all(waiting)).toEqual(Array(100).fill('stopped'));
    // Node hands a warning over after what runs has ended.
    await sleep(0);
    expect(warnings.map(({ name }) => name)).toEqual([]);
  });
});
