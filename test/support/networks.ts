import { LIMIT_NAMES } from '../../src/simulator/behaviour.ts';
import type { PlatformName, SimulatorControl } from '../../src/simulator/client.ts';
import type { Child } from './child.ts';

/** A simulated network: its address, and what it can be told. */
export interface Network {
  url: string;
  control: SimulatorControl;
}

/** Limits of a network that limits nobody. */
export const NO_LIMITS = Object.fromEntries(
  LIMIT_NAMES.map((name) => [name, { limit: 1_000_000_000, windowSeconds: 900 }]),
);

/** Where a simulator that has been started for these platforms has each of them. */
export async function networkUrls(
  simulator: Child,
  platforms: readonly PlatformName[],
): Promise<ReadonlyMap<PlatformName, string>> {
  const [, first = ''] = await simulator.line(/Simulator is ready at (http:\S+)/);
  // Those of the others are on lines of their own, before that one.
  const lines = simulator.stdout().matchAll(/^(\w+): (http:\S+)$/gm);
  const others = new Map([...lines].map(([, name = '', url = '']) => [name, url]));
  return new Map(platforms.map((name) => [name, others.get(name) ?? first]));
}
