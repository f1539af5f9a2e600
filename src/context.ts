import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import type { Config } from '../config/config.ts';
import { connectedApps } from '../config/platforms.ts';
import { type Crash, createCrash } from './crash.ts';
import type { CardLetters } from './domain/card-warnings.ts';
import { type Logger, logStart } from './log.ts';
import { createMailer, type Mailer } from './mail/mailer.ts';
import { connectionTrouble, type OpeningRecords, openRecords } from './open-records.ts';
import {
  type ConfiguredHosts,
  createNetworkTimeClient,
  type NetworkTimeClient,
} from './outbound/ask-time.ts';
import { createNetworkClock, type NetworkClock } from './outbound/wire/network-clock.ts';
import { createPlatforms, type Platforms } from './platforms/index.ts';
import { POSTGRES_CONNECTIONS, type QueueHome } from './queue/home.ts';
import { createNoQueues, openQueues, type Queues } from './queue/queues.ts';
import { type ClockOffset, localNow } from './store/connection/clock.ts';
import { type Database, type Db, notify } from './store/connection/database.ts';
import { sealOldTimes } from './store/decided-times.ts';
import { type HighWaterFile, openHighWaterFile } from './store/high-water-file.ts';
import { openNoteBook } from './store/platform-note.ts';
import { sealOldRows } from './store/vault/seal-old-rows.ts';
import type { Vault } from './store/vault/vault.ts';
import { cardLetters } from './web/cards/card-letters.ts';
import { showTimesBy } from './web/format.ts';
import { createZoneKeeper, type ZoneKeeper } from './zones/zone-keeper.ts';

/** What every action is given. One per process. */
export interface Context {
  config: Config;
  log: Logger;
  db: Db;
  listen: Database['listen'];
  /** Why the database refused to write something down of late; null: it did not. */
  databaseTrouble: Database['trouble'];
  vault: Vault;
  /** What processes on this data folder saw of the database, so that an older copy of it is recognised. */
  highWater: HighWaterFile;
  queues: Queues;
  platforms: Platforms;
  /** Null where no mail server is configured. */
  mailer: Mailer | null;
  clock: Clock;
  /** What the networks' answers say of our clock. */
  networkClock: NetworkClock;
  networkTimeClient: NetworkTimeClient;
  /** The rules of time zones, as they are now. */
  zones: ZoneKeeper;
  /** What the fonts of cards can show. */
  cardLetters: CardLetters;
  /** Named places where a test can have this process die. */
  crash: Crash;
  /** This process among the workers. */
  workerName: string;
  /** Public address without a trailing slash. Set once the port is known. */
  baseUrl: string;
  /** Aborted when the process is asked to stop: nothing new is begun, what is under way is finished or handed over. */
  stopping: AbortSignal;
  dispose(): Promise<void>;
}

/** The database's clock as this process knows it, by the offset measured last. */
export interface Clock {
  offset: ClockOffset;
  /** Epoch milliseconds of the database clock, with a fraction. */
  now(): number;
}

export function createClock(offset: ClockOffset = { offsetMs: 0, errorMs: 0 }): Clock {
  return {
    offset,
    now() {
      return localNow() + this.offset.offsetMs;
    },
  };
}

/** How a context differs from that of a process that lives long and opens its records itself. */
export interface ContextOptions {
  /** For commands, which may use the embedded database of an instance that runs, and need no queue. */
  besideInstance?: boolean;
  /** Records that are being opened already. */
  records?: OpeningRecords;
}

/**
 * Opens everything a process needs. The one place that knows which database and which queue it runs on.
 * @throws ConfigurationError, one line.
 */
export async function createContext(
  config: Config,
  log: Logger,
  stopping: AbortSignal,
  {
    besideInstance = false,
    records = openRecords(config, log, besideInstance),
  }: ContextOptions = {},
): Promise<Context> {
  // Whatever waits in this process listens to it, and Node would take that many for a leak and warn of it in plain text.
  setMaxListeners(0, stopping);
  const onError = connectionTrouble(log);
  const { vault } = records;
  const database = await records.opened;
  logStart(log, 'records');
  const zones = createZoneKeeper({ systemDir: config.zoneDir });
  showTimesBy(() => zones.current());
  const crash = createCrash(config.crashAt);
  try {
    await vault.attach(database.db);
    await sealOldRows(database.db, vault);
    await sealOldTimes(database.db, vault);
  } catch (error) {
    await database.dispose();
    throw error;
  }
  if (!besideInstance && !database.ear.hears()) {
    log.warn('a pooler keeps notifications from this process: it looks for changes twice a second');
  }
  followKeys(database, vault, onError);
  const highWater = openHighWaterFile(config.dataDir, (error) =>
    log.warn(
      { error: error.message, mend: 'let this user write DATA_DIR, and start again' },
      'DATA_DIR/high-water cannot be written: a database that is put back would not be noticed',
    ),
  );
  const mailer = createMailer(config.mail);
  const known = { baseUrl: config.http.baseUrl ?? '' };
  const clock = createClock();
  const configured = configuredAddresses(config);
  const networkClock = createNetworkClock([...configured.values()].flatMap(({ urls }) => urls));
  const networkTimeClient = createNetworkTimeClient(configured, networkClock);
  const platforms = createPlatforms({
    config,
    onResponse: networkClock.observe,
    now: () => clock.now(),
    crash,
    notesOf: (platform) => openNoteBook(database.db, vault, platform),
    callbackPart: vault.callbackPart,
    baseUrl: () => known.baseUrl,
  });
  try {
    const names = [...platforms.keys()];
    const queues = besideInstance
      ? createNoQueues(names, () => notify(database.db, 'work', '').catch(onError))
      : await openQueues(queueHome(config, database), names, onError);
    return {
      config,
      log,
      db: database.db,
      listen: database.listen,
      databaseTrouble: database.trouble,
      vault,
      highWater,
      queues,
      platforms,
      mailer,
      clock,
      networkClock,
      networkTimeClient,
      zones,
      cardLetters,
      crash,
      workerName: `${hostname()}-${process.pid}`,
      get baseUrl() {
        return known.baseUrl;
      },
      set baseUrl(url) {
        known.baseUrl = url;
      },
      stopping,
      dispose: async () => {
        await queues.dispose();
        mailer?.dispose();
        for (const platform of platforms.values()) platform.dispose();
        networkTimeClient.dispose();
        highWater.dispose();
        await database.dispose();
      },
    };
  } catch (error) {
    await database.dispose();
    throw error;
  }
}

/** What is destroyed or rotated by another process, this one forgets when it hears of it; its sign of life makes up for what it missed. */
function followKeys(database: Database, vault: Vault, onError: (error: Error) => void): void {
  database.listen('keys', () => void vault.follow(database.db).catch(onError));
}

function queueHome(config: Config, database: Database): QueueHome {
  if (config.redisUrl) return { kind: 'redis', url: config.redisUrl.reveal() };
  const { url, session, ear } = database;
  return { kind: 'postgres', url, session, max: POSTGRES_CONNECTIONS, ear };
}

/** By network the addresses that stand in the configuration; servers that supporters name are not among them. */
function configuredAddresses({ platforms, timeUrls }: Config): Map<string, ConfiguredHosts> {
  const { bluesky, nostr } = platforms;
  const directories = [bluesky.directoryUrl, bluesky.resolverUrl].filter((url) => url !== '');
  return new Map([
    ...connectedApps(platforms).map(([name, { apiUrl }]): [string, ConfiguredHosts] => [
      name,
      { urls: [apiUrl], isAlwaysAsked: true },
    ]),
    ['bluesky', { urls: directories, isAlwaysAsked: false }],
    ['nostr', { urls: nostr.relays.map(asWeb), isAlwaysAsked: false }],
    // No network has this name.
    ['TIME_URLS', { urls: timeUrls, isAlwaysAsked: true }],
  ]);
}

/** What answers at a relay's address to a request that is no WebSocket. */
function asWeb(relay: string): string {
  return relay.replace(/^ws/i, 'http');
}
