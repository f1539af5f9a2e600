import { join } from 'node:path';
import { createControlClient, type PlatformName } from '../../src/simulator/client.ts';
import { startChild } from '../support/child.ts';
import { type Network, networkUrls } from '../support/networks.ts';

export type Networks = ReadonlyMap<PlatformName, Network>;

/** Starts the simulator in a process of its own; its records are on disk too, and outlive every kill. */
export async function startNetworks(
  platforms: readonly PlatformName[],
  seed: number,
  folder: string,
): Promise<{ networks: Networks; stop(): Promise<unknown> }> {
  const child = await startChild({
    args: [
      ...['src/simulator/main.ts', '--port', '0', '--seed', String(seed)],
      ...['--platforms', platforms.join(','), '--record', join(folder, 'record.jsonl')],
    ],
  });
  const urls = await networkUrls(child, platforms);
  const networks = new Map(
    [...urls].map(([name, url]) => [name, { url, control: createControlClient(url) }] as const),
  );
  return { networks, stop: () => child.stop() };
}
