import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** How a program is run to its end. */
export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  timeoutMs?: number;
  /** Ends the program early, with SIGINT. */
  signal?: AbortSignal;
  /** Shows its output on our stderr while it comes. */
  show?: boolean;
}

/** How a program ended; code -1 when it could not be started or was ended by a signal. */
export interface Ran {
  code: number;
  /** Both streams, in the order of arrival. */
  output: string;
  stdout: string;
}

/** Runs a program to its end and gives its exit code and all it said. Never rejects. */
export function run(program: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  const { timeoutMs, show = false, ...rest } = options;
  return new Promise((resolve) => {
    const said = { output: '', stdout: '' };
    const child = spawn(program, args, {
      ...rest,
      timeout: timeoutMs,
      killSignal: 'SIGINT',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (chunk: string) => {
      said.output += chunk;
      if (show) process.stderr.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said.stdout += chunk;
      hear(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', hear);
    // After an 'error' there may be no 'close'; the first of the two settles.
    child.once('error', (error) =>
      resolve({ ...said, code: -1, output: said.output + error.message }),
    );
    child.once('close', (code) => resolve({ ...said, code: code ?? -1 }));
  });
}

/** The path of the first of these programs that is in one of `folders`, else on the PATH; null when none is. */
export async function findProgram(
  names: readonly string[],
  folders: readonly string[] = [],
): Promise<string | null> {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...folders, ...onPath]) {
    for (const name of names) {
      const path = join(folder, name);
      const found = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return path;
    }
  }
  return null;
}
