import type { Site } from './site.ts';
import { type PlatformName, SITES } from './sites.ts';

export interface SimulatorOptions {
  host: string;
  /** The first platform is there, the others at the ports that follow; 0: any free ones. */
  port: number;
  platforms: readonly PlatformName[];
  /** The record is appended here as JSON lines; of every platform but the first, to a file with its name at the end. */
  recordFile?: string | undefined;
  /** Shapes every draw of chance: faults by rate, and latencies. */
  seed: number;
}

export interface Simulator {
  /** Where each platform is, in the order asked for; before `start` it is not known which ports those are. */
  readonly urls: ReadonlyMap<PlatformName, string>;
  start(): Promise<void>;
  /** Answers what it can within a second, cuts the rest, and puts the records on disk. */
  dispose(): Promise<void>;
}

/**
 * Builds the simulator; nothing listens before `start`. Each platform is a site of its own, with its own port, accounts,
 * behaviour, record and control API.
 * @throws from `start` with code EADDRINUSE when a port is taken, and at once when a record file cannot be written.
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { host, port, platforms, recordFile, seed } = options;
  const sites = new Map<PlatformName, Site>();
  for (const [index, name] of platforms.entries()) {
    const file = recordFile !== undefined && index > 0 ? `${recordFile}.${name}` : recordFile;
    sites.set(
      name,
      SITES[name].create({ host, port: port && port + index, recordFile: file, seed }),
    );
  }
  return {
    get urls() {
      return new Map([...sites].map(([name, site]) => [name, site.url]));
    },
    async start() {
      for (const site of sites.values()) await site.start();
    },
    async dispose() {
      for (const site of sites.values()) await site.dispose();
    },
  };
}
