import type { Config } from '../config/config.ts';
import type { Logger } from './log.ts';
import { POSTGRES_CONNECTIONS } from './queue/home.ts';
import { asAway } from './store/connection/away.ts';
import { type Database, openDatabase } from './store/connection/database.ts';
import { createVault, type Vault } from './store/vault/vault.ts';

/** Records that are being opened. */
export interface OpeningRecords {
  /** Settles once all that is left is to wait: for the programs of the embedded database, or for a server to answer. Never rejects. */
  underWay: Promise<void>;
  /** @throws ConfigurationError, one line. */
  opened: Promise<Database>;
  /** By which it is seen, before anything in them is changed, that these records belong to the configured secrets. */
  vault: Vault;
}

/**
 * Opens the records that the configuration names. `besideInstance`: for commands, which may use the embedded database of an instance
 * that runs. This file imports little, so that a process can load the rest of its code while its database starts.
 */
export function openRecords(config: Config, log: Logger, besideInstance = false): OpeningRecords {
  let begun: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const vault = createVault(config.secrets);
  const opened = openDatabase({
    databaseUrl: config.databaseUrl?.reveal() ?? null,
    dataDir: config.dataDir,
    besideInstance,
    queueConnections: config.redisUrl || besideInstance ? 0 : POSTGRES_CONNECTIONS,
    recognise: vault.recognise,
    onLine: (line) => log.debug({ line }, 'embedded PostgreSQL'),
    onStart: begun,
    onError: connectionTrouble(log),
  });
  // It is awaited later, when the code that needs it is there.
  opened.catch(() => undefined);
  const ended = opened.then(
    () => undefined,
    () => undefined,
  );
  const isRemote = config.databaseUrl !== null;
  const underWay = isRemote ? Promise.resolve() : Promise.race([waiting, ended]);
  return { underWay, opened, vault };
}

/** Logs what is wrong with a connection that is kept for long. */
export function connectionTrouble(log: Logger): (error: Error & { code?: string }) => void {
  return (error) => {
    // PostgreSQL's own words stand behind what they mean.
    const { message } = (isOfPostgres(error) ? asAway(error) : error) as Error;
    // One whose name leads to several addresses has no message of its own.
    log.warn({ error: message || error.code || error.name }, 'connection trouble');
  };
}

/** What the queue in PostgreSQL meets comes as the driver has it, and must not be taken for what Redis says. */
function isOfPostgres(error: Error): boolean {
  return 'severity' in error || /^Connection terminated/.test(error.message);
}
