import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { embeddedPaths } from '../../src/store/embedded/paths.ts';
import { atEnd } from '../support/at-end.ts';
import { repository } from '../support/child.ts';
import { embeddedFolder } from '../support/embedded.ts';
import { programPath } from '../support/program.ts';
import { makeTemp } from '../support/services/temp.ts';
import { onlyInFull } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

/** A process that starts an embedded database. */
interface Starter {
  process: ChildProcess;
  /** What it says once it has an answer: "ready URL", or "refused: …". */
  answer: Promise<string>;
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** `before`: a program that runs it in another way, and its words. */
async function start(
  dataDir: string,
  before: readonly string[] = [],
  path = process.env.PATH,
): Promise<Starter> {
  const program = await programPath('test/store/start-embedded.ts');
  const [command = '', ...words] = [...before, process.execPath, program, dataDir];
  const child = spawn(command, words, {
    cwd: repository,
    env: { PATH: path, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  atEnd(() => stop());
  const answerIn = () => /^(ready|refused).*$/m.exec(output)?.[0];
  const answer = Promise.race([
    waitFor(answerIn, { what: 'the answer of a start', timeoutMs: 60_000 }),
    ended.then(() => answerIn() ?? `ended: ${output}`),
  ]);
  answer.catch(() => undefined);
  return { process: child, answer, output: () => output, stop };
}

async function query(dataDir: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: embeddedPaths(dataDir).url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** An empty folder. */
async function empty(): Promise<string> {
  const folder = await makeTemp('embedded', { inMemory: true });
  atEnd(() => folder.remove());
  return join(folder.path, 'data');
}

async function serverPid(dataDir: string): Promise<number> {
  const text = await readFile(join(embeddedPaths(dataDir).cluster, 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

/** One that has ended and is not waited for, as under a first process that reaps none, does not run. */
async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) [^ZX ] /.test(state);
}

const KEPT_OUT =
  /^refused: ConfigurationError: DATABASE_URL: there is no embedded PostgreSQL here \(as root.*start Tocsin as a plain user/;
const MADE = 'create table kept (n int)';
const KEPT = `insert into kept values (1)`;

describe('the embedded database', () => {
  it('is a PostgreSQL that keeps its rows and ends with its instance', async () => {
    const dataDir = await empty();
    const first = await start(dataDir);
    expect(await first.answer).toMatch(/^ready/);
    await query(dataDir, `${MADE}; ${KEPT}`);
    const pid = await serverPid(dataDir);
    await first.stop();
    expect(await isRunning(pid)).toBe(false);
    const second = await start(dataDir);
    expect(await second.answer).toMatch(/^ready/);
    expect(await query(dataDir, 'select n from kept')).toEqual([{ n: 1 }]);
    expect(second.output()).not.toContain('not properly shut down');
  });

  it('listens on its socket alone, which nobody else may enter', async () => {
    const dataDir = await embeddedFolder();
    await (await start(dataDir)).answer;
    expect(await query(dataDir, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    expect((await stat(embeddedPaths(dataDir).socket)).mode & 0o077).toBe(0);
    expect((await stat(dataDir)).mode & 0o077).toBe(0);
  });

  onlyInFull(() => {
    it('runs where the path is too long for a socket', async () => {
      const dataDir = join(dirname(await embeddedFolder()), 'l'.repeat(110), 'data');
      await mkdir(dirname(dataDir), { recursive: true });
      atEnd(() => rm(dirname(dataDir), { recursive: true, force: true }));
      const one = await start(dataDir);
      expect(await one.answer).toMatch(/^ready/);
      const { host } = embeddedPaths(dataDir);
      atEnd(() => rm(host, { recursive: true, force: true }));
      expect((await stat(host)).mode & 0o777).toBe(0o700);
      expect(await query(dataDir, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(await (await start(dataDir)).answer).toContain('in use by another Tocsin');
    });
  });

  it('is held by one process at a time, also of two that start at once', async () => {
    const dataDir = await empty();
    const both = await Promise.all([start(dataDir), start(dataDir)]);
    const answers = (await Promise.all(both.map(({ answer }) => answer))).sort();
    expect(answers[0]).toMatch(/^ready/);
    expect(answers[1]).toContain('in use by another Tocsin');
  });

  describe('after a death', () => {
    it('of its instance, ends, and the next start has every row', async () => {
      const dataDir = await embeddedFolder();
      const first = await start(dataDir);
      await first.answer;
      await query(dataDir, `${MADE}; ${KEPT}`);
      const pid = await serverPid(dataDir);
      await first.stop('SIGKILL');
      const second = await start(dataDir);
      expect(await second.answer).toMatch(/^ready/);
      expect(await isRunning(pid)).toBe(false);
      expect(await query(dataDir, 'select n from kept')).toEqual([{ n: 1 }]);
    });

    it('of its instance, ends without a next start, too', async () => {
      const dataDir = await embeddedFolder();
      const first = await start(dataDir);
      await first.answer;
      const pid = await serverPid(dataDir);
      await first.stop('SIGKILL');
      await waitFor(async () => !(await isRunning(pid)), { what: 'the end of the server' });
      expect(await isThere(join(embeddedPaths(dataDir).cluster, 'postmaster.pid'))).toBe(false);
    });

    it('of itself, is started again, and says so', async () => {
      const dataDir = await embeddedFolder();
      const one = await start(dataDir);
      await one.answer;
      await query(dataDir, `${MADE}; ${KEPT}`);
      const pid = await serverPid(dataDir);
      process.kill(pid, 'SIGKILL');
      const rows = await waitFor(() => query(dataDir, 'select n from kept').catch(() => null), {
        what: 'the rows',
      });
      expect(rows).toEqual([{ n: 1 }]);
      expect(await serverPid(dataDir)).not.toBe(pid);
      expect(one.output()).toContain('trouble: the embedded PostgreSQL ended (SIGKILL)');
    });

    it('of both, does not take another process for a server that it left', async () => {
      const dataDir = await embeddedFolder();
      const first = await start(dataDir);
      await first.answer;
      await query(dataDir, `${MADE}; ${KEPT}`);
      const written = join(embeddedPaths(dataDir).cluster, 'postmaster.pid');
      const text = await readFile(written, 'utf8');
      process.kill(await serverPid(dataDir), 'SIGKILL');
      await first.stop('SIGKILL');
      // As after a restart of the machine: the number belongs to this process.
      await writeFile(written, text.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
      const second = await start(dataDir);
      expect(await second.answer).toMatch(/^ready/);
      expect(await query(dataDir, 'select n from kept')).toEqual([{ n: 1 }]);
    });

    it('in the middle of being made, is made anew', async () => {
      const dataDir = await empty();
      const { unfinished, cluster } = embeddedPaths(dataDir);
      await cp(embeddedPaths(await embeddedFolder()).cluster, unfinished, { recursive: true });
      await rm(join(unfinished, 'global/pg_control'));
      const one = await start(dataDir);
      expect(await one.answer).toMatch(/^ready/);
      expect((await stat(join(cluster, 'global/pg_control'))).size).toBeGreaterThan(0);
      await expect(stat(unfinished)).rejects.toThrow('ENOENT');
    });
  });

  onlyInFull(() => {
    it('comes over with its folder from another place or machine', async () => {
      const there = await embeddedFolder();
      const first = await start(there);
      await first.answer;
      await query(there, `${MADE}; ${KEPT}`);
      await first.stop('SIGKILL');
      const here = await empty();
      await waitFor(
        async () => !(await isThere(join(embeddedPaths(there).cluster, 'postmaster.pid'))),
        {
          what: 'the end of the first server',
        },
      );
      await rename(there, here);
      await rm(join(here, 'postgres-libraries'), { recursive: true });
      await symlink('/nowhere', join(here, 'postgres-libraries'));
      const second = await start(here);
      expect(await second.answer).toMatch(/^ready/);
      expect(await query(here, 'select n from kept')).toEqual([{ n: 1 }]);
    });
  });

  it('refuses, in one line, a folder of another version', async () => {
    const dataDir = await empty();
    await mkdir(join(dataDir, 'postgres-17'), { recursive: true });
    expect(await (await start(dataDir)).answer).toMatch(
      /^refused: ConfigurationError: DATA_DIR: was written by another version of Tocsin \(it has postgres-17/,
    );
  });

  onlyInFull(() => {
    it('refuses, in one line, a disk that is full, and begins once there is room', async () => {
      const dataDir = await empty();
      await mkdir(dataDir, { recursive: true });
      const script = `mount -t tmpfs -o size=20m tmpfs "$0" && exec "$@"`;
      const inSmall = ['unshare', '-rm', 'sh', '-c', script, dataDir];
      expect(await (await start(dataDir, inSmall)).answer).toMatch(
        /^refused: ConfigurationError: DATA_DIR: the disk is full/,
      );
      expect(await (await start(dataDir)).answer).toMatch(/^ready/);
    });
  });

  onlyInFull(() => {
    it('runs from an installation that cannot be written', async () => {
      const dataDir = await empty();
      await mkdir(dataDir, { recursive: true });
      const modules = join(repository, 'node_modules');
      const script = `mount --bind -o ro "$0" "$0" && ! touch "$0/x" 2>/dev/null && exec "$@"`;
      const one = await start(dataDir, ['unshare', '-rm', 'sh', '-c', script, modules]);
      expect(await one.answer).toMatch(/^ready/);
    });
  });

  onlyInFull(() => {
    it('runs for root where the system allows no namespaces, or says in one line that it cannot', async () => {
      const programs = await makeTemp('programs');
      atEnd(() => programs.remove());
      await writeFile(join(programs.path, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      const data = await makeTemp('embedded');
      atEnd(() => data.remove());
      const path = `${programs.path}:${process.env.PATH}`;
      const one = await start(data.path, [], path);
      // Another user has to reach the programs, which a checkout in a folder of root's own does not allow.
      expect(await one.answer).toMatch(
        (await isOpenToAll(repository)) || process.getuid?.() !== 0 ? /^ready/ : KEPT_OUT,
      );
      if (process.getuid?.() === 0) {
        expect(await (await start(await empty(), [], path)).answer).toMatch(KEPT_OUT);
      }
    });
  });

  onlyInFull(() => {
    it('runs on a folder that another user made or copied, as root with and without namespaces', async () => {
      if (process.getuid?.() !== 0) return;
      const hidden = await makeTemp('programs');
      atEnd(() => hidden.remove());
      await writeFile(join(hidden.path, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      const withNone = `${hidden.path}:${process.env.PATH}`;
      const isOpen = await isOpenToAll(repository);
      const data = await makeTemp('embedded');
      atEnd(() => data.remove());
      const { cluster } = embeddedPaths(data.path);
      await startOnce(data.path);
      for (const path of [withNone, process.env.PATH, withNone]) {
        const one = await start(data.path, [], path);
        expect(await one.answer).toMatch(isOpen || path !== withNone ? /^ready/ : KEPT_OUT);
        await one.stop();
        const isRoots = (await stat(cluster)).uid === 0;
        expect(isRoots).toBe(path !== withNone);
      }
      execFileSync('chown', ['-R', '4321:4321', data.path]);
      const two = await start(data.path);
      expect(await two.answer).toMatch(isOpen ? /^ready/ : KEPT_OUT);
      await two.stop();
      expect((await stat(join(cluster, 'PG_VERSION'))).uid).toBe(4321);
    });

    it('says to whom a folder belongs that another user made', async () => {
      if (process.getuid?.() !== 0) return;
      const data = await makeTemp('embedded');
      atEnd(() => data.remove());
      await startOnce(data.path);
      execFileSync('chown', ['4321:4321', embeddedPaths(data.path).cluster]);
      const plain = ['unshare', '-U', '--map-user=1000', '--map-group=1000'];
      expect(await (await start(data.path, plain)).answer).toMatch(
        /^refused: ConfigurationError: DATA_DIR: its database, .* belongs to the user 65534, and Tocsin runs as 1000; start it as that user, or give/,
      );
    });
  });

  it('runs for a plain user', async () => {
    const dataDir = await empty();
    const plain = ['unshare', '-U', '--map-user=1000', '--map-group=1000'];
    expect(await (await start(dataDir, plain)).answer).toMatch(/^ready/);
    expect(await query(dataDir, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

async function startOnce(dataDir: string): Promise<void> {
  const one = await start(dataDir);
  expect(await one.answer).toMatch(/^ready/);
  await one.stop();
}

/** Whether every folder on the way to this one may be entered by everybody. */
async function isOpenToAll(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o001) === 0) return false;
  return path === '/' || isOpenToAll(dirname(path));
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
