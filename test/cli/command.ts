import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MockInstance, vi } from 'vitest';
import { runTocsin } from '../../src/cli/tocsin.ts';
import { type Exit, startProcess } from '../support/process.ts';
import { tempFolder } from '../support/temp.ts';

/** How a command ended and what it said. */
export interface Said {
  code: Exit['code'];
  stdout: string;
  stderr: string;
}

/** Runs `npm run tocsin -- ARGS` in an environment; one at a time. */
export type Command = (...args: string[]) => Promise<Said>;

/** In this process, since a process of its own costs seconds. What it writes past `console` is not seen. */
export function commandIn(env: Record<string, string>): Command {
  return async (...args) => {
    // Vite has set a BASE_URL of its own.
    for (const [name, value] of Object.entries({ BASE_URL: '', ...env })) vi.stubEnv(name, value);
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      const code = await runTocsin(args);
      return { code, stdout: linesOf(log), stderr: linesOf(error) };
    } finally {
      log.mockRestore();
      error.mockRestore();
      vi.unstubAllEnvs();
    }
  };
}

/** As people and scripts run it: a process of its own. */
export function processIn(env: Record<string, string>): Command {
  return async (...args) => {
    const child = await startProcess({ args: ['src/cli/main.ts', ...args], env });
    const { code } = await child.exit;
    const stdout = child.stdout();
    return { code, stdout, stderr: child.output().replace(stdout, '') };
  };
}

/** Does the same for every item, one after the other. */
export async function inTurn<T, R>(
  items: readonly T[],
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

/** Writes a campaign file; texts and bytes as they are, objects as JSON, which is YAML as well. Gives its path. */
export async function campaignFile(content: unknown): Promise<string> {
  const path = join(await tempFolder('campaign'), 'campaign.yaml');
  const isText = typeof content === 'string' || content instanceof Uint8Array;
  await writeFile(path, isText ? content : JSON.stringify(content));
  return path;
}

function linesOf(spy: MockInstance<typeof console.log>): string {
  return spy.mock.calls.map((call) => `${call.join(' ')}\n`).join('');
}
