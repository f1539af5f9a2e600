import { createAccounts } from './accounts.ts';
import { defaultBehaviour } from './behaviour.ts';
import { createControl } from './control.ts';
import { createOrderedFaults } from './faults.ts';
import type { Caller, SimulatedPlatform, World } from './platform.ts';
import { createRecord } from './record.ts';
import { createPlatformServer } from './server.ts';
import { createWire } from './wire.ts';

export interface SiteOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  recordFile: string | undefined;
  seed: number;
}

/** One simulated platform on a port of its own. */
export interface Site {
  /** Where it listens; throws before `start`. */
  readonly url: string;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** What makes a platform out of a site. */
export interface Kind<C extends Caller> {
  /** `urlOf`: the site's own address, once it listens. */
  create(world: World, urlOf: () => string): SimulatedPlatform<C>;
  /** The platform's form of an id, for its nth account, from 1. */
  idOf(nth: number, handle: string): string;
}

/** A burst opens thousands of connections at once; the kernel takes the smaller of this and somaxconn. */
const BACKLOG = 65_535;
const DRAIN_MS = 1_000;

/** A platform that speaks HTTP, and its control API. @throws when the record file cannot be written. */
export function createSite<C extends Caller>(options: SiteOptions, kind: Kind<C>): Site {
  let url = '';
  const urlOf = (): string => {
    if (!url) throw new Error('The simulator has not started, so it has no address yet');
    return url;
  };
  const world: World = {
    accounts: createAccounts(kind.idOf),
    behaviour: defaultBehaviour(),
    limitsEpoch: 0,
  };
  const platform = kind.create(world, urlOf);
  const faults = createOrderedFaults();
  const record = createRecord(options.recordFile);
  const parts = { world, platform, faults, record, seed: options.seed };
  const requests = createPlatformServer(parts);
  const control = createControl(parts);
  const wire = createWire({
    handle(incoming, connection) {
      (control.owns(incoming) ? control : requests).handle(incoming, connection);
    },
    abandoned: requests.abandoned,
    dated: () => ({
      skewSeconds: world.behaviour.dateSkewSeconds,
      ageSeconds: world.behaviour.dateAgeSeconds,
    }),
  });
  return {
    get url() {
      return urlOf();
    },
    async start() {
      const port = await wire.listen(options.host, options.port, BACKLOG);
      url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
    },
    async dispose() {
      await wire.dispose(DRAIN_MS);
      await control.dispose();
      await record.close();
    },
  };
}
