import { spawn } from 'node:child_process';
import { chown, readFile } from 'node:fs/promises';
import { ConfigurationError } from '../../domain/errors.ts';

/** How a program of PostgreSQL is started, which refuses to run as root. */
export interface PlainUser {
  /** Words before the program. */
  prefix: readonly string[];
  /** For `spawn`: set where it is another user than ours. */
  owner: { uid?: number; gid?: number };
  /** Gives a file or a folder, but not what is in it, to the user. */
  give(path: string): Promise<void>;
}

/** In a user namespace root has this number; any but 0 would do. */
const MAPPED_ID = 1000;

const OURSELVES: PlainUser = { prefix: [], owner: {}, give: async () => undefined };

/**
 * The user that runs this process. For root, whom PostgreSQL refuses: another number in a user namespace, to which root's own folders
 * belong as before; and where the system allows no namespaces, the user postgres or nobody, who gets the folder.
 * @throws ConfigurationError where none of these is to be had.
 */
export async function findPlainUser(): Promise<PlainUser> {
  if (process.getuid?.() !== 0) return OURSELVES;
  const prefix = ['unshare', '-U', `--map-user=${MAPPED_ID}`, `--map-group=${MAPPED_ID}`];
  if (await succeeds([...prefix, 'true'])) return { ...OURSELVES, prefix };
  const owner = await findUser(['postgres', 'nobody']);
  return { prefix: [], owner, give: (path) => chown(path, owner.uid, owner.gid) };
}

function succeeds([program = '', ...args]: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** The first of these users that the system knows. @throws ConfigurationError when it knows none. */
export async function findUser(names: readonly string[]): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const users = lines.map((line) => line.split(':'));
  for (const name of names) {
    const user = users.find((fields) => fields[0] === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new ConfigurationError(
    'DATABASE_URL: the embedded PostgreSQL does not run as root, and there is no other user here; start Tocsin as a plain user, or set it to a PostgreSQL of your own',
  );
}
