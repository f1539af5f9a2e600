import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './services/programs.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MAX_MS = 5 * 60_000;

/**
 * Installs the packages that a folder has a lock file of its own for, such as `test/peers`, unless they are there.
 * @throws an Error with npm's last words.
 */
export async function installFromNpm(name: string, signal?: AbortSignal): Promise<void> {
  const folder = join(root, name);
  // Says which lock file was installed, and for which Node: some packages are compiled for it.
  const mark = join(folder, 'node_modules/.installed');
  const wanted = await fingerprint(folder);
  if ((await readFile(mark, 'utf8').catch(() => '')) === wanted) return;
  process.stderr.write(
    `Installing what ${name} needs with npm; some of it may have to be compiled.\n`,
  );
  const { code, output } = await run('npm', ['ci'], {
    cwd: folder,
    env: ownEnvironment(),
    timeoutMs: MAX_MS,
    ...(signal ? { signal } : {}),
    show: true,
  });
  if (code !== 0) throw new Error(`npm ci failed in ${name}:\n${output.trim().slice(-2_000)}`);
  await writeFile(mark, wanted);
}

async function fingerprint(folder: string): Promise<string> {
  const lock = await readFile(join(folder, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  return `${hash} ${process.platform} ${process.arch} ${process.versions.modules}`;
}

/** Without what an npm that runs us says of its own folder. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  const kept = Object.fromEntries(
    entries.filter(([name]) => !/^npm_(?!config_)|^npm_config_local_prefix$/i.test(name)),
  );
  // What has to be compiled may use the whole machine.
  return { ...kept, JOBS: 'max' };
}
