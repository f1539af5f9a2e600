import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from './database.ts';
import { type Child, startProcess } from './process.ts';
import { tempFolder } from './temp.ts';
import { waitFor } from './wait-for.ts';

/** `npm test`, as package.json has it. */
const RUN = ['--import', 'tsx', 'test/support/run.ts', 'daily'];

/** A temporary folder that PostgreSQL's user may enter too. */
async function openFolder(): Promise<string> {
  const folder = await tempFolder('run');
  await chmod(folder, 0o755);
  return folder;
}

function lastLine(child: Child): string | undefined {
  return child.stdout().trimEnd().split('\n').at(-1);
}

/** The pid of the PostgreSQL that a run keeps in its temporary folder. */
async function serverPid(folder: string): Promise<number | undefined> {
  const data = (await readdir(folder)).find((name) => name.startsWith('tocsin-postgres-'));
  const text = await readFile(join(folder, data ?? '', 'data/postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

needs('postgres', 'redis')('npm test', () => {
  it('ends with the count and leaves nothing behind', async () => {
    const folder = await openFolder();
    const run = await startProcess({
      args: [...RUN, 'test/support/count.test.ts'],
      env: { TMPDIR: folder, CI: 'true' },
    });
    expect(await run.exit, run.output()).toEqual({ code: 0, signal: null });
    expect(lastLine(run)).toMatch(/^[1-9]\d* passed, 0 failed, 0 skipped$/);
    expect(await leftIn(folder)).toEqual([]);
  });

  it('stops its servers when it is interrupted', async () => {
    const folder = await openFolder();
    const run = await startProcess({
      args: [...RUN, 'test/support/count.test.ts'],
      env: { TMPDIR: folder },
    });
    await run.line(/^Redis: /);
    const pid = (await waitFor(() => serverPid(folder))) ?? 0;
    expect(process.kill(pid, 0)).toBe(true);
    expect((await run.stop('SIGINT', { timeoutMs: 30_000 })).code).toBe(1);
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(lastLine(run)).toMatch(/^\d+ passed, [1-9]\d* failed, \d+ skipped$/);
    expect(await leftIn(folder)).toEqual([]);
  });
});

/** Ours alone: tsx and vite keep caches in the temporary folder. */
async function leftIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('tocsin-'));
}

describe('the gate', () => {
  it('turns a leaked process and a test without an assertion red', async () => {
    const run = await startProcess({
      args: [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config',
        'test/support/fixtures/vitest.config.ts',
      ],
      env: { NO_COLOR: '1' },
    });
    expect((await run.exit).code, run.output()).toBe(1);
    expect(run.output()).toMatch(/Process \d+ .* ended and left \d+ running/s);
    expect(run.output()).toMatch(/expected any number of assertion, but got none/);
    expect(run.output()).toMatch(/Tests .*2 failed/);
  });
});
