import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { programPath } from './program.ts';
import { waitFor } from './wait-for.ts';

/** The repository's top folder. */
export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Every process that descends from ours carries this in its environment, so that none can hide. */
const markName = 'TOCSIN_TEST_CHILD';

/** What to start and how. */
export interface ChildOptions {
  /** Arguments of Node; a first one that ends in .ts or .tsx is a program of the repository, see {@link programPath}. */
  args: readonly string[];
  /** Added to an otherwise clean environment (PATH, HOME and TMPDIR only). */
  env?: Record<string, string | undefined>;
  /** Default: the repository. */
  cwd?: string;
}

/** How a process ended: one of the two is null. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running process of the product, and what it has said. */
export interface Child {
  readonly pid: number;
  /** Settles when the process has ended and its output is complete; never rejects. */
  readonly exit: Promise<Exit>;
  /** True once `exit` has settled. */
  readonly ended: boolean;
  /** Waits for a line of stdout or stderr, from its start on; fails when the process ends first or `timeoutMs` (default 60 000) pass. */
  line(pattern: RegExp, options?: { timeoutMs?: number }): Promise<RegExpExecArray>;
  /** Sends a signal (default SIGTERM) and waits for the end; after `timeoutMs` (default 15 000) SIGKILL, and the promise rejects. */
  stop(signal?: NodeJS.Signals, options?: { timeoutMs?: number }): Promise<Exit>;
  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void;
  /** All that was said so far, both streams in the order of arrival. */
  output(): string;
  /** Standard output alone. */
  stdout(): string;
  /** Ends the process and everything it started. Returns the pids of what had outlived an end of its own (not SIGKILL). */
  sweep(): Promise<number[]>;
}

/** Starts Node on a file of the product, in a process group of its own. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const mark = randomUUID();
  const child = spawn(process.execPath, await nodeArguments(options.args), {
    cwd: options.cwd ?? repository,
    env: { ...cleanEnvironment(), ...options.env, [markName]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await new Promise<void>((started, failed) => {
    child.once('spawn', started);
    child.once('error', failed);
  });
  return handle(child, mark);
}

function handle(child: ChildProcess, mark: string): Child {
  const pid = child.pid ?? Number.NaN;
  const said = listen(child);
  let ended = false;
  const exit = untilOver(child).then((end) => {
    said.finish();
    ended = true;
    return end;
  });
  const send = (signal: NodeJS.Signals) => {
    if (!hasExited(child)) child.kill(signal);
  };

  return {
    pid,
    exit,
    get ended() {
      return ended;
    },
    output: () => said.all,
    stdout: () => said.stdout,
    signal: send,
    async line(pattern, { timeoutMs = 60_000 } = {}) {
      const once = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
      const look = () => {
        for (const line of said.lines) {
          const match = once.exec(line);
          if (match) return match;
        }
        return ended ? 'ended' : null;
      };
      const found = await waitFor(look, { timeoutMs, what: String(pattern) }).catch(
        (cause: unknown) => {
          const message = `Process ${pid} did not say ${pattern}. It said:\n${said.all}`;
          throw new Error(message, { cause });
        },
      );
      if (found !== 'ended') return found;
      throw new Error(`Process ${pid} ended without saying ${pattern}. It said:\n${said.all}`);
    },
    async stop(signal = 'SIGTERM', { timeoutMs = 15_000 } = {}) {
      send(signal);
      const late = setTimeout(() => killGroup(pid), timeoutMs);
      const end = await exit;
      clearTimeout(late);
      if (end.signal === 'SIGKILL' && signal !== 'SIGKILL') {
        throw new Error(
          `Process ${pid} did not end within ${timeoutMs} ms of ${signal}. It said:\n${said.all}`,
        );
      }
      return end;
    },
    async sweep() {
      const faultless = !hasExited(child) || child.signalCode === 'SIGKILL';
      const outlived = faultless ? [] : await lasting(mark, pid);
      killGroup(pid);
      for (const one of await descendants(mark, pid)) kill(one);
      await lasting(mark, pid);
      await exit;
      return outlived;
    },
  };
}

/** Settles when the process has ended and its pipes are empty, or are held open by a process that it left behind. */
function untilOver(child: ChildProcess): Promise<Exit> {
  return new Promise((settle) => {
    child.once('close', (code, signal) => settle({ code, signal }));
    child.once('exit', (code, signal) => setTimeout(() => settle({ code, signal }), 1000).unref());
  });
}

interface Said {
  all: string;
  stdout: string;
  /** Whole lines only: half of a line would match half of a port. */
  lines: string[];
  /** Counts what has no line end as lines. */
  finish(): void;
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Keeps what the process says. */
function listen(child: ChildProcess): Said {
  const open = { stdout: '', stderr: '' };
  const said: Said = {
    all: '',
    stdout: '',
    lines: [],
    finish: () => {
      said.lines.push(...Object.values(open).filter((rest) => rest !== ''));
      open.stdout = '';
      open.stderr = '';
    },
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      said.all += chunk;
      if (name === 'stdout') said.stdout += chunk;
      const lines = (open[name] + chunk).split(/\r?\n/);
      open[name] = lines.pop() ?? '';
      said.lines.push(...lines);
    });
  }
  return said;
}

async function nodeArguments(args: readonly string[]): Promise<string[]> {
  const [first, ...rest] = args;
  if (first === undefined || !/\.tsx?$/.test(first)) return [...args];
  return [await programPath(first), ...rest];
}

function cleanEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}

/** Descendants that are still there after two seconds' grace; one that is ending is no leak. */
async function lasting(mark: string, self: number): Promise<number[]> {
  const gone = async () => (await descendants(mark, self)).length === 0;
  return waitFor(gone, { timeoutMs: 2000 }).then(
    () => [],
    () => descendants(mark, self),
  );
}

/** Living processes that carry our mark, except `self`. Empty where there is no /proc. */
async function descendants(mark: string, self: number): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const marked = await Promise.all(
    pids.map(async (pid) => {
      // A process that has just ended, or is not ours to read, is not a descendant.
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.includes(`${markName}=${mark}`);
    }),
  );
  return pids.filter((pid, index) => marked[index] && pid !== self);
}

function killGroup(leader: number): void {
  kill(-leader);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Gone already is what we wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
