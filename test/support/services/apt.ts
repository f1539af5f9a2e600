import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ran, run } from './programs.ts';

/** Debian asks this program whether a fresh package may start its server; 101 means no. */
const policy = '/usr/sbin/policy-rc.d';

/** Lock waits: somebody else's apt-get is let finish. */
const patienceMs = 5 * 60_000;

/** True where `installPackages` can work: as root on Debian or its children. */
export function hasApt(): boolean {
  return (
    process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
  );
}

/**
 * Installs Debian packages for their programs only: no server is started, and what we change to
 * that end is put back. The packages stay. Resolves to null, or to what apt-get said when it failed.
 */
export async function installPackages(
  packages: readonly string[],
  signal?: AbortSignal,
): Promise<string | null> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const updated = await aptGet(['update'], signal);
    if (updated.code !== 0) return updated.output;
    undo.push(await forbidStarts());
    const installed = await aptGet(['install', '-y', ...quiet, ...packages], signal);
    return installed.code === 0 ? null : installed.output;
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

const quiet = ['--no-install-recommends', '-q', '-o', 'Dpkg::Use-Pty=0'];

/** Runs apt-get, in the open, and waits while another one holds a lock. */
async function aptGet(args: string[], signal?: AbortSignal): Promise<Ran> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const ran = await run('apt-get', ['-o', `DPkg::Lock::Timeout=${patienceMs / 1000}`, ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      signal,
      show: true,
    });
    const locked = ran.code !== 0 && /Could not get lock|Unable to lock/.test(ran.output);
    if (!locked || Date.now() > deadline || signal?.aborted) return ran;
    await sleep(2000);
  }
}

/** Keeps packages from starting their servers; one who has a policy already keeps it. */
async function forbidStarts(): Promise<() => Promise<void>> {
  if (existsSync(policy)) return async () => undefined;
  await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rm(policy, { force: true });
}
