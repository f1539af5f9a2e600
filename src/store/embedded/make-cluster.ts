import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { ConfigurationError } from '../../domain/errors.ts';
import { type EmbeddedPaths, POSTGRES_VERSION } from './paths.ts';
import type { PlainUser } from './plain-user.ts';
import { noProgram } from './programs.ts';
import type { ServerOptions } from './server.ts';

/** What a cluster looks like on every machine: no library of the system has a say in how texts are sorted. */
const INITDB = [
  ...['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-instructions'],
  ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
];

/**
 * Makes the cluster in a folder of its own, which gets the cluster's name once it is complete and on the disk: what an interrupted
 * start leaves is made anew. It asks for no password: its socket is in a folder that only its owner can enter.
 * @throws ConfigurationError
 */
export async function makeCluster({ paths, programs, user, watch }: ServerOptions): Promise<void> {
  await rm(paths.unfinished, { recursive: true, force: true });
  await mkdir(paths.unfinished, { mode: 0o700 });
  await user.give(paths.unfinished);
  const [program = '', ...words] = [...user.prefix, programs.initdb, '-D', paths.unfinished];
  try {
    const made = promisify(execFile)(program, [...words, ...INITDB], {
      ...user.owner,
      env: programs.env,
      cwd: paths.host,
    });
    watch.onStart();
    await made;
  } catch (error) {
    await rm(paths.unfinished, { recursive: true, force: true });
    throw explainInitdb(error as Failure, user);
  }
}

/** Gives the finished cluster its name, so that it is there as a whole or not at all, also after a power cut. */
export async function nameCluster(paths: EmbeddedPaths): Promise<void> {
  await rename(paths.unfinished, paths.cluster);
  const folder = await open(dirname(paths.cluster), 'r');
  await folder.sync();
  await folder.close();
}

/** @throws ConfigurationError when another major version wrote the folder. */
export async function refuseOtherVersions(paths: EmbeddedPaths): Promise<void> {
  if (existsSync(paths.cluster)) return;
  const names = await readdir(dirname(paths.cluster));
  const other = names.find((name) => /^postgres-\d+$/.test(name));
  if (other === undefined) return;
  throw new ConfigurationError(
    `DATA_DIR: was written by another version of Tocsin (it has ${other}, this one runs PostgreSQL ${POSTGRES_VERSION}); start that version, or restore a backup into an empty folder`,
  );
}

interface Failure extends Error {
  code?: number | string;
  stderr?: string;
}

function explainInitdb(
  { code, stderr = '', message }: Failure,
  user: PlainUser,
): ConfigurationError {
  const said = stderr.trim().replaceAll('\n', ' | ') || message;
  // The libraries are reached by way of the data folder.
  const isKeptOut = code === 'EACCES' || /Permission denied|loading shared libraries/.test(said);
  if (isKeptOut && user.owner.uid !== undefined) {
    return noProgram(
      `as root it runs as another user, who cannot enter the folder of the installation or of the data: ${said}; start Tocsin as a plain user instead`,
    );
  }
  if (code === 'ENOENT' || code === 'EACCES') return noProgram(message);
  if (/No space left/.test(said)) {
    return new ConfigurationError(
      'DATA_DIR: the disk is full; the embedded PostgreSQL needs 100 MB to begin with',
    );
  }
  return new ConfigurationError(`DATA_DIR: the embedded PostgreSQL cannot be made there: ${said}`);
}
