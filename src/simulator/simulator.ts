import { createAccounts } from './accounts.ts';
import { defaultBehaviour } from './behaviour.ts';
import { createControl } from './control.ts';
import { createOrderedFaults } from './faults.ts';
import type { World } from './platform.ts';
import { createRecord } from './record.ts';
import { createPlatformServer } from './server.ts';
import { createWire } from './wire.ts';
import { createX } from './x/index.ts';

export interface SimulatorOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  /** The record is appended here as JSON lines. */
  recordFile?: string | undefined;
  /** Shapes every draw of chance: faults by rate, and latencies. */
  seed: number;
}

export interface Simulator {
  /** Where it listens; before `start` it is not known which port that is. */
  readonly url: string;
  start(): Promise<void>;
  /** Answers what it can within a second, cuts the rest, and puts the record on disk. */
  dispose(): Promise<void>;
}

/** A burst opens thousands of connections at once; the kernel takes the smaller of this and somaxconn. */
const BACKLOG = 65_535;
const DRAIN_MS = 1_000;

/**
 * Builds the platform simulator; nothing listens before `start`.
 * @throws from `start` with code EADDRINUSE when the port is taken, and at once when the record file cannot be written.
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const world: World = {
    accounts: createAccounts(),
    behaviour: defaultBehaviour(),
    limitsEpoch: 0,
  };
  const platform = createX(world);
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
  });
  let url = '';

  return {
    get url() {
      if (!url) throw new Error('The simulator has not started, so it has no address yet');
      return url;
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
