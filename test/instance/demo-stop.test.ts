import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProcess } from '../support/process.ts';
import { tempFolder } from '../support/temp.ts';
import { firstOf } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

/** Names in the data folder of the demo that uses this folder for temporary files; null while there is none. */
async function dataFolder(TMPDIR: string): Promise<string[] | null> {
  const [name] = await readdir(TMPDIR);
  return name === undefined ? null : readdir(join(TMPDIR, name));
}

describe('a demo that is stopped while it starts', () => {
  const starting: [string, (names: string[]) => boolean][] = [
    ['the instance', (names) => names.length > 0],
    ['the simulated networks', (names) => names.length === 0],
  ];
  it.each(firstOf(starting, 1))('%s: ends them, and leaves nothing', async (_what, begun) => {
    const TMPDIR = await tempFolder('demo');
    const demo = await startProcess({ args: ['src/demo/main.ts'], env: { TMPDIR } });
    await demo.line(/^Starting /);
    await waitFor(
      async () => {
        const names = await dataFolder(TMPDIR);
        return names !== null && begun(names);
      },
      { timeoutMs: 60_000, what: 'the start' },
    );
    expect(await demo.stop('SIGINT', { timeoutMs: 30_000 })).toEqual({ code: 130, signal: null });
    expect(demo.output()).not.toContain('Error');
    expect(await readdir(TMPDIR)).toEqual([]);
  });
});
