import { readFile, rm, writeFile } from 'node:fs/promises';
import { installPackages } from '../support/services/apt.ts';
import { programLadder } from '../support/services/program-ladder.ts';
import { findProgram, run } from '../support/services/programs.ts';
import type { Ladder } from '../support/services/service.ts';

/** A Python that has the library. */
async function findPythonWithMastodon(): Promise<string | null> {
  // Debian's own before another that comes first on the PATH.
  const python = await findProgram(['python3'], ['/usr/bin']);
  if (python === null) return null;
  return (await run(python, ['-c', 'import mastodon'])).code === 0 ? python : null;
}

/** What the tests need of Debian's packages, or of the same programs from elsewhere. */
export const LADDERS: readonly Ladder[] = [
  programLadder('snac', 'PEER_SNAC', ['snac2'], () => findProgram(['snac'])),
  programLadder('toot', 'PEER_TOOT', ['toot'], () => findProgram(['toot'])),
  programLadder(
    'Mastodon.py',
    'PEER_PYTHON_MASTODON',
    ['python3-mastodon'],
    findPythonWithMastodon,
  ),
];

/** Where Debian's backports are named while something is installed from them. */
const backports = '/etc/apt/sources.list.d/tocsin-peers.list';

/** As `installPackages`; what this Debian lacks comes from its backports, which are forgotten again. */
export async function installFromDebian(
  packages: string[],
  signal?: AbortSignal,
): Promise<string | null> {
  const isLacking = packages.includes('snac2') && !(await isOffered('snac2'));
  try {
    if (isLacking) await writeFile(backports, await backportsLine());
    return await installPackages(packages, signal);
  } finally {
    if (isLacking) await rm(backports, { force: true });
  }
}

async function isOffered(name: string): Promise<boolean> {
  const { stdout } = await run('apt-cache', ['policy', name], { env: plainWords() });
  return /Candidate: (?!\(none\))\S/.test(stdout);
}

/** From the mirror that this machine uses for everything else. */
async function backportsLine(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? '';
  const format = ['indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)'];
  const { stdout } = await run('apt-get', [...format, 'Created-By: Packages'], {
    env: plainWords(),
  });
  const main = stdout.split('\n').find((line) => line.endsWith(` ${codename} main`));
  return main ? `deb ${main.split(' ')[0]} ${codename}-backports main\n` : '';
}

function plainWords(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C' };
}
