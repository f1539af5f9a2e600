import { chmod, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { findUser } from '../../src/store/embedded/plain-user.ts';
import { atEnd } from './at-end.ts';
import { serviceAt } from './database.ts';
import { freePort } from './free-port.ts';
import { startDaemon } from './services/daemon.ts';
import { tempFolder } from './temp.ts';

/** For how long a pooler lends one of its connections. */
export type PoolMode = 'session' | 'transaction' | 'statement';

/**
 * Puts a PgBouncer of this test's (or file's) own before the database at `url`. Returns the address through it.
 * `poolSize`: how many connections to the server it has.
 */
export async function startPooler(url: string, mode: PoolMode, poolSize = 40): Promise<string> {
  const to = new URL(url);
  const folder = await tempFolder('pooler');
  const port = await freePort();
  const users = join(folder, 'users.txt');
  const configuration = join(folder, 'pgbouncer.ini');
  await writeFile(users, `"${to.username}" "${decodeURIComponent(to.password)}"\n`);
  await writeFile(
    configuration,
    `[databases]
* = host=${to.hostname} port=${to.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = ${poolSize}
max_client_conn = 400
`,
  );
  // PgBouncer does not run as root.
  const owner = process.getuid?.() === 0 ? await findUser(['postgres', 'nobody']) : null;
  if (owner) {
    for (const path of [folder, users, configuration]) await chown(path, owner.uid, owner.gid);
  }
  await chmod(users, 0o600);
  const through = new URL(url);
  through.port = String(port);
  const answers = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: through.href });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('select 1').finally(() => client.end());
  };
  const daemon = await startDaemon({
    program: serviceAt('pgbouncer'),
    args: [configuration],
    cwd: folder,
    env: { PATH: process.env.PATH },
    ...owner,
    stopSignal: 'SIGKILL',
    answers,
  });
  atEnd(() => daemon.stop());
  return through.href;
}
