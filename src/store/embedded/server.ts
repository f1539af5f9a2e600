import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '../../domain/errors.ts';
import { isReady, stopLeftover } from './ask-server.ts';
import type { EmbeddedPaths } from './paths.ts';
import type { PlainUser } from './plain-user.ts';
import { noProgram, type PostgresPrograms } from './programs.ts';

/** What one machine's folder needs; everything else is PostgreSQL's default. */
const SETTINGS = [
  'listen_addresses=',
  'unix_socket_permissions=0700',
  'shared_buffers=32MB',
  'max_connections=100',
  'max_wal_size=512MB',
  'io_method=sync',
  'max_logical_replication_workers=0',
  'max_parallel_workers_per_gather=0',
  'jit=off',
  'log_checkpoints=off',
  'log_timezone=UTC',
];

const ASK_AGAIN_MS = 20;
/** A fast shutdown that takes longer is ended by an immediate one, from which the next start recovers. */
const STOP_MS = 30_000;
const RESTART_MS = 200;
const MAX_RESTART_MS = 5_000;
/** Starts in a row that may fail because of a process of the one before that has not ended yet. */
const MAX_STARTS = 25;
/** Lines of PostgreSQL's own log that go into an error. */
const LAST_LINES = 5;

/**
 * Runs a program that gets SIGINT when its standard input, a pipe from us, ends, as it does when we are killed: the shell leaves a
 * process behind that waits for that end, and becomes the program.
 */
const UNTIL_END_OF_INPUT =
  'exec 3<&0; (exec >/dev/null 2>&1; (read -r _ <&3; kill -INT $$) &); exec "$@" </dev/null 3<&-';

/** A PostgreSQL of ours, which is started again whenever it ends by itself. */
export interface EmbeddedServer {
  /** Lets it write everything down, and ends it. */
  stop(): Promise<void>;
}

/** What an embedded PostgreSQL tells while it runs. */
export interface EmbeddedWatch {
  /** Each line of its log. */
  onLine(line: string): void;
  /** That a program has been started, and is waited for. */
  onStart(): void;
  /** That it ended by itself, and is started again. */
  onError(error: Error): void;
}

export interface ServerOptions {
  paths: EmbeddedPaths;
  programs: PostgresPrograms;
  user: PlainUser;
  watch: EmbeddedWatch;
}

/** Starts it, and waits until it answers, however long recovery takes. @throws ConfigurationError when it ends instead. */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  await stopLeftover(options.paths);
  let running = await startPatiently(options);
  let isStopping = false;
  const stopping = new AbortController();
  const follow = async (): Promise<void> => {
    for (let pause = RESTART_MS; !isStopping; pause = Math.min(pause * 2, MAX_RESTART_MS)) {
      const why = await running.ended;
      if (isStopping) return;
      options.watch.onError(
        new Error(`the embedded PostgreSQL ended (${why}) and is started again`),
      );
      try {
        await sleep(pause, undefined, { signal: stopping.signal });
        running = start(options);
        await running.ready;
        pause = RESTART_MS / 2;
      } catch (error) {
        if (!isStopping) options.watch.onError(error as Error);
      }
    }
  };
  const followed = follow();
  return {
    stop: async () => {
      isStopping = true;
      stopping.abort();
      await running.stop();
      await followed;
    },
  };
}

/** Processes of a server that was killed may outlive it by an instant, and hold its memory. */
async function startPatiently(options: ServerOptions): Promise<Run> {
  for (let tries = 1; ; tries++) {
    const run = start(options);
    try {
      await run.ready;
      return run;
    } catch (error) {
      const isHeld = /still in use|already exists/.test((error as Error).message);
      if (!isHeld || tries === MAX_STARTS) throw error;
      await sleep(RESTART_MS);
    }
  }
}

/** One run of the program. */
interface Run {
  /** @throws ConfigurationError when it ended before. */
  ready: Promise<void>;
  /** Resolves with how it ended. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

function start({ paths, programs, user, watch }: ServerOptions): Run {
  const folder = `"${paths.host.replaceAll('"', '""')}"`;
  const settings = [...SETTINGS, `unix_socket_directories=${folder}`];
  const child = spawn(
    'sh',
    [
      ...['-c', UNTIL_END_OF_INPUT, 'sh', ...user.prefix, programs.postgres, '-D', paths.cluster],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    {
      ...user.owner,
      env: programs.env,
      cwd: paths.host,
      // A group of its own: Ctrl-C is for us, who still have things to write down.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  );
  watch.onStart();
  const lines = linesOf(child, watch);
  const ended = endOf(child);
  let isEnded = false;
  ended.then(() => {
    isEnded = true;
    child.stdin?.destroy();
  });
  const ready = (async () => {
    while (!isEnded) {
      if (await isReady(paths)) return;
      await sleep(ASK_AGAIN_MS);
    }
    throw explainStop(await ended, lines);
  })();
  // The caller awaits it; this keeps Node from ending the process before that.
  ready.catch(() => undefined);
  return {
    ready,
    ended,
    stop: async () => {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.stdin?.on('error', () => undefined);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** What PostgreSQL said last, and the first line about a full disk, behind which others may have come. */
interface Said {
  last: string[];
  noRoom: string | null;
}

function linesOf(child: ChildProcess, watch: EmbeddedWatch): Said {
  const said: Said = { last: [], noRoom: null };
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const [...lines] = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      watch.onLine(line);
      if (NO_ROOM.test(line)) said.noRoom ??= line;
      said.last.push(line);
      if (said.last.length > LAST_LINES) said.last.shift();
    }
  });
  return said;
}

const NO_ROOM = /No space left on device/;

function explainStop(how: string, { last, noRoom }: Said): ConfigurationError {
  const said = last.join(' | ');
  if (/not found|cannot execute|No such file/.test(said) && !/FATAL/.test(said))
    return noProgram(said);
  if (noRoom !== null) {
    return new ConfigurationError(
      `DATA_DIR: the disk is full, so the embedded PostgreSQL does not start (${noRoom}); make room there`,
    );
  }
  return new ConfigurationError(
    `DATA_DIR: the embedded PostgreSQL does not start (${how}): ${said}`,
  );
}
