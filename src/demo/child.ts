import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { childEnvironment } from '../../config/env.ts';
import { builtProgram } from '../built.ts';

/** A process of the product's, started by the demo. */
export interface Child {
  /** The line it said it is ready with, and all that came before it. */
  lines: readonly string[];
  /** Asks it to stop and waits. */
  stop(): Promise<void>;
}

const READY_MS = 120_000;
const STOP_MS = 20_000;

/** The programs that the demo starts. */
type Program = 'main' | 'simulator' | 'tocsin';

/** What a process is started with. */
interface Setting {
  environment: Record<string, string>;
  /** Aborted, it stops the process, whatever the process was doing. */
  stopping: AbortSignal;
}

/**
 * Starts a program and waits for a line on its stdout that matches `ready`.
 * @throws with what it said on stderr when it ends, is silent or is stopped instead; it has ended then.
 */
export async function startChild(
  program: Program,
  args: readonly string[],
  { environment, stopping }: Setting,
  ready: RegExp,
): Promise<Child> {
  const child = spawnProgram(program, args, environment);
  const lines: string[] = [];
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  let silent: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new Error(`${program} ${why}\n${said.join('')}`.trimEnd()));
      silent = setTimeout(() => fail('is not ready'), READY_MS);
      child.once('exit', (code) => fail(`ended with ${code}`));
      whenStopped(stopping, () => fail('was stopped'));
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        if (ready.test(line)) resolve();
      });
    });
  } catch (error) {
    await stop(child);
    throw error;
  } finally {
    clearTimeout(silent);
  }
  return { lines, stop: () => stop(child) };
}

/** Runs a command of the product to its end and gives the last line of its stdout. @throws with its stderr. */
export async function runChild(
  program: Program,
  args: readonly string[],
  { environment, stopping }: Setting,
): Promise<string> {
  const child = spawnProgram(program, args, environment);
  whenStopped(stopping, () => child.kill());
  let output = '';
  let said = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${said}`);
  return output.trim().split('\n').at(-1) ?? '';
}

function spawnProgram(
  program: Program,
  args: readonly string[],
  environment: Record<string, string>,
) {
  return spawn(process.execPath, [builtProgram(program), ...args], {
    env: childEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function whenStopped(stopping: AbortSignal, act: () => void): void {
  if (stopping.aborted) act();
  else stopping.addEventListener('abort', act, { once: true });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
