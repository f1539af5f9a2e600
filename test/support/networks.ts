import type { PlatformName } from '../../src/simulator/client.ts';
import type { Child } from './child.ts';

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
