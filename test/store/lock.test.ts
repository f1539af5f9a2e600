import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { isFolderLocked, lockFolder } from '../../src/store/embedded/lock.ts';
import { embeddedPaths } from '../../src/store/embedded/paths.ts';
import { tempFolder } from '../support/temp.ts';

/** A process that holds the folder, and is killed. */
async function leaveSocket(dataDir: string): Promise<void> {
  const path = embeddedPaths(dataDir).lock;
  const listen = `require('net').createServer().listen(process.argv[1], () => console.log('held'))`;
  const holder = spawn(process.execPath, ['-e', listen, path], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'close');
  expect((await lstat(path)).isSocket()).toBe(true);
}

async function takeAtOnce(dataDir: string): Promise<void> {
  const starters = Array.from({ length: 5 }, () => lockFolder(dataDir));
  const outcomes = await Promise.allSettled(starters);
  const locks = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const reasons = outcomes.flatMap((one) =>
    one.status === 'rejected' ? [String(one.reason)] : [],
  );
  expect(locks).toHaveLength(1);
  for (const reason of reasons) expect(reason).toContain('in use by another Tocsin');
  expect(await isFolderLocked(dataDir)).toBe(true);
  await locks[0]?.release();
  expect(await isFolderLocked(dataDir)).toBe(false);
}

it('E9 a data folder is held by one of several starters', async () => {
  await takeAtOnce(await tempFolder('lock'));
});

it('E9 a data folder that a killed process held is held by one of several starters', async () => {
  const dataDir = await tempFolder('lock');
  await leaveSocket(dataDir);
  await takeAtOnce(dataDir);
});
