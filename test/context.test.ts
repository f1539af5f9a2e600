import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { createContext } from '../src/context.ts';
import { createLogger, type Logger } from '../src/log.ts';
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

  it('A16 warns that no restore would be noticed where DATA_DIR/high-water cannot be written', async () => {
    const { url } = await testDatabase(migrateAt);
    const dataDir = await tempFolder('data');
    // A folder would be made here.
    await writeFile(join(dataDir, 'high-water'), '');
    const config = loadConfig({ DATA_DIR: dataDir, DATABASE_URL: url, LOG_LEVEL: 'silent' });
    const said: unknown[][] = [];
    const log = { ...createLogger(config), warn: (...line: unknown[]) => said.push(line) };
    const stopping = new AbortController();
    const ctx = await createContext(config, log as unknown as Logger, stopping.signal);
    atEnd(() => ctx.dispose());
    ctx.highWater.noteEpoch('a database', 1);
    ctx.highWater.noteEpoch('a database', 2);
    expect(said).toEqual([
      [
        { error: expect.stringContaining('high-water'), mend: expect.stringContaining('DATA_DIR') },
        expect.stringMatching(/^DATA_DIR\/high-water cannot be written: .* not be noticed$/),
      ],
    ]);
  });

  it('A2 takes the time of relays and of TIME_URLS for that of hosts in the configuration', async () => {
    const { url } = await testDatabase(migrateAt);
    const server = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(() => {
      server.closeAllConnections();
      server.close();
    });
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const heard = async (more: Record<string, string>, platform: string) => {
      const config = loadConfig({
        ...{ DATA_DIR: await tempFolder('data'), DATABASE_URL: url, LOG_LEVEL: 'silent', ...more },
      });
      const stopping = new AbortController();
      const ctx = await createContext(config, createLogger(config), stopping.signal);
      atEnd(() => ctx.dispose());
      await ctx.networkTimeClient.askFirst([platform]);
      return ctx.networkClock.opinion().configured?.hosts ?? [];
    };
    const relays = { NOSTR_RELAYS: `ws://${host}`, NOSTR_QUORUM: '1' };
    expect(await heard(relays, 'nostr')).toEqual([host]);
    // They are none of our business where nothing is to be sent there.
    expect(await heard(relays, 'mastodon')).toEqual([]);
    expect(await heard({ TIME_URLS: `http://${host}/` }, 'mastodon')).toEqual([host]);
  });
});
