import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { parse } from 'yaml';
import { findPlainUser, type PlainUser } from '../../../src/store/embedded/plain-user.ts';
import { findPrograms, type PostgresPrograms } from '../../../src/store/embedded/programs.ts';
import { repository } from '../child.ts';
import { freePort } from '../free-port.ts';
import { startDaemon } from './daemon.ts';
import { run } from './programs.ts';
import type { Ladder, Running } from './service.ts';
import { makeTemp } from './temp.ts';

/** Databases that tests copy; the rest of the name is a hash of the migrations. */
export const templatePrefix = 'tocsin_template_';

/** Key of the advisory lock under which templates are made, copied and dropped. */
export const adminLock = 0x70c51;

/**
 * Data that lives for one run need not survive a power cut, so nothing is forced to the disk. Commits stay synchronous:
 * what a client sees after a commit, or after its own crash, is what production would show it.
 */
const fleeting = [
  ...['fsync=off', 'full_page_writes=off', 'max_connections=400'],
  // The log may lie in memory.
  'max_wal_size=256MB',
];

/** What docker-compose.yml starts its PostgreSQL with: commits are on the disk, and it has the memory we advise. */
async function shipped(): Promise<string[]> {
  const text = await readFile(join(repository, 'docker-compose.yml'), 'utf8');
  const { services } = parse(text) as { services: { postgres: { command: string[] } } };
  const settings = services.postgres.command.filter((word) => word.includes('='));
  return settings.map((setting) => setting.replace(/\$\{\w+:-(\w+)\}/, '$1'));
}

export interface PostgresOptions {
  durable?: boolean;
  secure?: SecurePostgres;
  /** More for its environment. */
  env?: Record<string, string>;
}

/** A server with TLS: PEM files, and lines of pg_hba.conf. */
export interface SecurePostgres {
  cert: string;
  key: string;
  ca: string;
  access: readonly string[];
}

/** It copies the files, since only their owner may read the key of a server. */
async function startSecure({ access, ...files }: SecurePostgres): Promise<Running> {
  const prepare = async (folder: string, user: PlainUser): Promise<string[]> => {
    const put = async (name: string, text: string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, text, { mode: 0o600 });
      await user.give(path);
      return path;
    };
    const named = Object.entries(files).map(
      async ([name, path]) => `ssl_${name}_file=${await put(name, await readFile(path, 'utf8'))}`,
    );
    const hba = await put('hba.conf', `${access.join('\n')}\n`);
    return ['ssl=on', `hba_file=${hba}`, ...(await Promise.all(named))];
  };
  return startOwn(fleeting, { prepare });
}

/**
 * Starts a PostgreSQL of our own, from the programs of the embedded database. `durable`: commits are forced to the disk, with
 * the settings that we ship; what is measured without that is a lie.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Running> {
  if (options.secure) return startSecure(options.secure);
  const settings = options.durable ? ['max_connections=400', ...(await shipped())] : fleeting;
  return startOwn(settings, { env: options.env });
}

/** The ways to a PostgreSQL. */
export const postgres: Ladder = {
  name: 'PostgreSQL',
  variable: 'TEST_DATABASE_URL',
  packages: [],
  async given() {
    const url = process.env.TEST_DATABASE_URL;
    if (!url) return null;
    await answers(url);
    return { url, stop: () => dropTemplates(url) };
  },
  installed: () => startOwn(fleeting),
  docker: async () => null,
};

interface OwnChange {
  /** Puts files beside the data, and gives the settings that name them. */
  prepare?: (folder: string, user: PlainUser) => Promise<string[]>;
  env?: Record<string, string>;
}

async function startOwn(
  given: readonly string[],
  { prepare = async () => [], env = {} }: OwnChange = {},
): Promise<Running> {
  const folder = await makeTemp('postgres', { inMemory: given.includes('fsync=off') });
  try {
    const user = await findPlainUser();
    await user.give(folder.path);
    const programs = findPrograms(join(folder.path, 'libraries'));
    const data = join(folder.path, 'data');
    const password = await initialize(programs, folder.path, data, user);
    const settings = [...given, ...(await prepare(folder.path, user))];
    const [program = '', ...words] = [...user.prefix, programs.postgres];
    const port = await freePort();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const start = () =>
      startDaemon({
        program,
        args: [
          ...words,
          ...['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
          ...settings.flatMap((setting) => ['-c', setting]),
        ],
        cwd: folder.path,
        env: { ...programs.env, ...env },
        ...user.owner,
        // Fast shutdown: clients are disconnected.
        stopSignal: 'SIGINT',
        answers: () => answers(url),
      });
    let daemon = await start();
    return {
      url,
      stop: () => daemon.stop().then(() => folder.remove()),
      restart: async () => {
        // Immediate shutdown: nothing is written any more, and the log is replayed at the start.
        await daemon.stop('SIGQUIT');
        daemon = await start();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Makes a cluster whose superuser has a password, so that no other user of this machine gets in. Returns it. */
async function initialize(
  programs: PostgresPrograms,
  folder: string,
  data: string,
  user: PlainUser,
): Promise<string> {
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await user.give(passwordFile);
  const [program = '', ...words] = [...user.prefix, programs.initdb];
  const made = await run(
    program,
    [
      ...words,
      ...['-D', data, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--no-locale', '--no-sync'],
    ],
    { cwd: folder, env: programs.env, ...user.owner, timeoutMs: 60_000 },
  );
  if (made.code !== 0) throw new Error(`initdb failed: ${made.output.trim()}`);
  return password;
}

async function answers(url: string): Promise<void> {
  await asClient(url, (client) => client.query('select 1'));
}

/** Leaves a server that is not ours as it was. */
async function dropTemplates(url: string): Promise<void> {
  await asClient(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [adminLock]);
    const found = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [templatePrefix],
    );
    for (const { datname } of found.rows) {
      await client.query(`alter database ${datname} with is_template false`);
      await client.query(`drop database ${datname}`);
    }
  });
}

async function asClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // A server that ends while we are connected says so here; the query in hand rejects by itself.
  client.on('error', () => undefined);
  await client.connect();
  await work(client).finally(() => client.end());
}
