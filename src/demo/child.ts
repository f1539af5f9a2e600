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

/**
 * Starts a program and waits for a line on its stdout that matches `ready`.
 * @throws with what it said on stderr when it ends or is silent instead.
 */
export async function startChild(
  program: Program,
  args: readonly string[],
  environment: Record<string, string>,
  ready: RegExp,
): Promise<Child> {
  const child = spawnProgram(program, args, environment);
  const lines: string[] = [];
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new Error(`${program} ${why}\n${said.join('')}`.trimEnd()));
    const timer = setTimeout(() => fail('is not ready'), READY_MS);
    child.once('exit', (code) => fail(`ended with ${code}`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (!ready.test(line)) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve();
    });
  });
  return { lines, stop: () => stop(child) };
}

/** Runs a command of the product to its end and gives the last line of its stdout. @throws with its stderr. */
export async function runChild(
  program: Program,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<string> {
  const child = spawnProgram(program, args, environment);
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
