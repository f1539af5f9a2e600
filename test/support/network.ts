import { createControlClient, type PlatformName } from '../../src/simulator/client.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { atEnd } from './at-end.ts';
import type { Network } from './networks.ts';

/** Starts a simulated network in this process; it ends with the test or file that asked for it. */
export async function startNetwork(
  platform: PlatformName = 'x',
  change: SimulatorChange = {},
): Promise<Network> {
  const [network] = (await startNetworks([platform], change)).values();
  if (!network) throw new Error('There is no network');
  return network;
}

/** Simulated networks of these platforms, each on a port of its own; they end with the test or file that asked for them. */
export async function startNetworks(
  platforms: readonly PlatformName[],
  change: SimulatorChange = {},
): Promise<ReadonlyMap<PlatformName, Network>> {
  const simulator = createSimulator({ host: '127.0.0.1', port: 0, platforms, seed: 1, ...change });
  await simulator.start();
  atEnd(() => simulator.dispose());
  return new Map(
    [...simulator.urls].map(([name, url]) => [name, { url, control: createControlClient(url) }]),
  );
}

/** What is not as usual in a simulator of the tests. */
export interface SimulatorChange {
  seed?: number;
}
