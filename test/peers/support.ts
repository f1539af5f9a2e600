import { describe } from 'vitest';
import type { PlatformNotes } from '../../src/platforms/platform.ts';
import { createControlClient, type SimulatorControl } from '../../src/simulator/client.ts';
import { startProcess } from '../support/process.ts';

const variables = {
  chromium: 'CHROMIUM_PATH',
  snac: 'PEER_SNAC',
  toot: 'PEER_TOOT',
  mastodonPy: 'PEER_PYTHON_MASTODON',
} as const;

export type Program = keyof typeof variables;

/** `describe`, when this run has the program. */
export function needsPeer(program: Program): typeof describe.skip {
  return describe.skipIf(!process.env[variables[program]]);
}

/** The program's path. @throws when this run has none. */
export function peer(program: Program): string {
  const path = process.env[variables[program]];
  if (path) return path;
  throw new Error(`This run has no ${program}: wrap the tests in needsPeer('${program}').`);
}

/** Notes that end with the file. */
export function ownNotes(): PlatformNotes {
  const kept = new Map<string, string>();
  return {
    read: async (key) => kept.get(key) ?? null,
    saveIfAbsent: async (key, value) => {
      if (!kept.has(key)) kept.set(key, value);
      return kept.get(key) as string;
    },
    forget: async (key) => void kept.delete(key),
  };
}

/** Our simulator of one platform, in a process of its own. */
export async function startSimulated(
  platform: string,
): Promise<{ url: string; control: SimulatorControl }> {
  const args = ['src/simulator/main.ts', '--port', '0', '--platforms', platform];
  const child = await startProcess({ args });
  const [, url = ''] = await child.line(/^Simulator is ready at (http:\S+)$/);
  return { url, control: createControlClient(url) };
}

/** Runs one of the programs in clients/ to its end; gives what it printed, which is JSON. @throws with its words */
export async function runClient<T>(file: string, input: object): Promise<T> {
  const child = await startProcess({
    args: [`test/peers/clients/${file}`, JSON.stringify(input)],
  });
  const { code } = await child.exit;
  if (code !== 0) throw new Error(`${file} ended with ${code}. It said:\n${child.output()}`);
  return JSON.parse(child.stdout()) as T;
}
