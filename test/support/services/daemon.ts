import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server to start and how to know that it serves. */
export interface DaemonOptions {
  program: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** What ends it tidily. */
  stopSignal: NodeJS.Signals;
  /** Resolves once it answers, rejects while it does not. */
  answers: () => Promise<unknown>;
  /** Default 30 000. */
  timeoutMs?: number;
}

/** A server that we started, and that only we may end. */
export interface Daemon {
  pid: number;
  /** Ends it, tidily or by this signal, and waits for that; after ten seconds by SIGKILL. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a server and waits until it answers. It gets a process group of its own, so that Ctrl-C in a terminal
 * reaches us first and the tests do not lose their database in mid-query.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { program, args, cwd, env, uid, gid } = options;
  const child = spawn(program, args, {
    cwd,
    env,
    uid,
    gid,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-4000);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
    child.once('exit', () => resolve());
  });
  const stop = (signal = options.stopSignal) => end(child, ended, signal);
  try {
    await untilAnswers(options, child);
  } catch (cause) {
    await stop();
    throw new Error(`${program} did not start. It said:\n${said.trim()}`, { cause });
  }
  return { pid: child.pid ?? -1, stop };
}

async function untilAnswers(options: DaemonOptions, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + (options.timeoutMs ?? 30_000);
  for (;;) {
    if (!isAlive(child)) throw new Error('It ended by itself.');
    const error = await options.answers().then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error === null) return;
    if (performance.now() > deadline) throw error;
    await sleep(50);
  }
}

async function end(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals) {
  if (!isAlive(child)) return;
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
