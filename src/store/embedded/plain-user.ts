import { spawn } from 'node:child_process';
import { chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Users who own nothing else, in the order in which they are looked for. */
const SERVICE_USERS = ['postgres', 'nobody'];

const OURSELVES: PlainUser = { prefix: [], owner: {}, give: async () => undefined };

/**
 * The user that runs this process. For root, whom PostgreSQL refuses: the person to whom the cluster belongs; else another number in a
 * user namespace, to which root's own folders belong as before; and where the system allows no namespaces, the user postgres or nobody,
 * who gets the folder. A cluster that was copied, or started by another of these, is given to the user that is returned.
 * @throws ConfigurationError where none of these is to be had, or the cluster belongs to another user and we are not root.
 */
export async function findPlainUser(cluster?: string): Promise<PlainUser> {
  const former = cluster === undefined ? null : await ownerOf(cluster);
  const ourselves = process.getuid?.();
  if (ourselves !== 0) {
    if (former !== null && former.uid !== ourselves) throw belongsToOther(cluster, former.uid);
    return OURSELVES;
  }
  if (former !== null && (await isPerson(former.uid))) return as(former);
  const prefix = ['unshare', '-U', `--map-user=${MAPPED_ID}`, `--map-group=${MAPPED_ID}`];
  const hasNamespaces = await succeeds([...prefix, 'true']);
  const owner = hasNamespaces ? ROOT : await findUser(SERVICE_USERS);
  if (cluster !== undefined && former !== null && former.uid !== owner.uid)
    await giveAll(cluster, owner);
  return hasNamespaces ? { prefix, owner: {}, give: as(ROOT).give } : as(owner);
}

interface Owner {
  uid: number;
  gid: number;
}

const ROOT: Owner = { uid: 0, gid: 0 };

function as(owner: Owner): PlainUser {
  return { prefix: [], owner, give: (path) => chown(path, owner.uid, owner.gid) };
}

/** Null where there is nothing. */
function ownerOf(path: string): Promise<Owner | null> {
  return stat(path).catch(() => null);
}

async function isPerson(uid: number): Promise<boolean> {
  if (uid === ROOT.uid) return false;
  const users = await readUsers();
  return !SERVICE_USERS.some((name) => users.get(name)?.uid === uid);
}

/** The folder itself comes last, so that the next start finishes what was interrupted. */
async function giveAll(folder: string, { uid, gid }: Owner): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    await lchown(join(folder, name), uid, gid);
  }
  await chown(folder, uid, gid);
}

function belongsToOther(path: string | undefined, uid: number): ConfigurationError {
  return new ConfigurationError(
    `DATA_DIR: its database, ${path}, belongs to the user ${uid}, and Tocsin runs as ${process.getuid?.()}; start it as that user, or give the whole folder to this one with chown -R`,
  );
}

function succeeds([program = '', ...args]: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** The first of these users that the system knows. @throws ConfigurationError when it knows none. */
export async function findUser(names: readonly string[]): Promise<Owner> {
  const users = await readUsers();
  for (const name of names) {
    const user = users.get(name);
    if (user) return user;
  }
  throw new ConfigurationError(
    'DATABASE_URL: the embedded PostgreSQL does not run as root, and there is no other user here; start Tocsin as a plain user, or set it to a PostgreSQL of your own',
  );
}

async function readUsers(): Promise<Map<string, Owner>> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const users = lines.map((line) => line.split(':'));
  return new Map(
    users.map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
}
