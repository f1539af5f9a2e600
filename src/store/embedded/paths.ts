import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { explainFolder, makeFolder } from '../../../config/folder.ts';
import { ConfigurationError } from '../../domain/errors.ts';

/** Unix socket addresses are at most 108 bytes, terminator included (unix(7)). */
const MAX_SOCKET_BYTES = 107;
/** The name that libpq and pg look for in a folder given as host. */
const SOCKET = '.s.PGSQL.5432';

/** Paths of the embedded database, all below the data folder but for the sockets of one whose path is too long. */
export interface EmbeddedPaths {
  /** What a version of PostgreSQL wrote; another major version has another folder. */
  cluster: string;
  /** Where the cluster is made until it is complete. */
  unfinished: string;
  /** What the embedded database was before it was a server; and the name that this gets once all of it is in the cluster. */
  former: string;
  moved: string;
  /** Symbolic links to the libraries. */
  libraries: string;
  /** What to connect to. */
  url: string;
  /** The folder of the sockets. */
  host: string;
  socket: string;
  lock: string;
}

/** The major version of the programs: their files are of no use to another one. */
export const POSTGRES_VERSION = 18;

/** @throws ConfigurationError when the folder for the sockets of a long path belongs to someone else. */
export function embeddedPaths(dataDir: string): EmbeddedPaths {
  const folder = resolve(dataDir);
  const cluster = join(folder, `postgres-${POSTGRES_VERSION}`);
  const host = socketFolder(folder);
  return {
    cluster,
    unfinished: `${cluster}.unfinished`,
    former: join(folder, 'postgres'),
    moved: join(folder, 'postgres-moved'),
    libraries: join(folder, 'postgres-libraries'),
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(host)}`,
    host,
    socket: join(host, SOCKET),
    lock: join(host, 'lock.sock'),
  };
}

/** Where an instance with this data folder serves its embedded database; usable while that instance runs. */
export function embeddedUrl(dataDir: string): string {
  return embeddedPaths(dataDir).url;
}

function socketFolder(path: string): string {
  if (Buffer.byteLength(join(path, SOCKET)) <= MAX_SOCKET_BYTES) return path;
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `tocsin-${name}`);
  if (Buffer.byteLength(join(folder, SOCKET)) > MAX_SOCKET_BYTES) {
    throw new ConfigurationError(
      `DATA_DIR: the path is too long for a socket in it, and so is that of the temporary folder (${folder}); choose a shorter one`,
    );
  }
  makeSocketFolder(folder);
  const { uid, mode } = lstatSync(folder);
  const isOurs = uid === process.getuid?.() || process.getuid?.() === 0;
  if (!isOurs || (mode & 0o777) !== 0o700 || !lstatSync(folder).isDirectory()) {
    throw new ConfigurationError(
      `DATA_DIR: its path is too long for a socket in it, and ${folder}, which would stand in for it, is not a private folder of yours; remove that, or choose a shorter path`,
    );
  }
  return folder;
}

function makeSocketFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const and = ', and stands in for DATA_DIR, whose path is too long for a socket in it';
    const or = ', or a shorter DATA_DIR, which needs none';
    throw new ConfigurationError(
      explainFolder({ path: folder, variable: 'TMPDIR', and, or }, error),
    );
  }
}
