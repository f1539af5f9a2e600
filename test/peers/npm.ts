import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { run } from '../support/services/programs.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
/** Says which lock file was installed, and for which Node: one package is compiled for it. */
const mark = `${folder}node_modules/.installed`;
const MOST_MS = 5 * 60_000;

/** Installs the packages of this folder, unless they are there. @throws an Error with npm's last words. */
export async function installFromNpm(signal: AbortSignal): Promise<void> {
  const wanted = await fingerprint();
  if ((await readFile(mark, 'utf8').catch(() => '')) === wanted) return;
  process.stderr.write('Installing the peers with npm; one of them may have to be compiled.\n');
  const { code, output } = await run('npm', ['ci'], {
    cwd: folder,
    env: ownEnvironment(),
    timeoutMs: MOST_MS,
    signal,
    show: true,
  });
  if (code !== 0) throw new Error(`npm ci failed in test/peers:\n${output.trim().slice(-2_000)}`);
  await writeFile(mark, wanted);
}

async function fingerprint(): Promise<string> {
  const lock = await readFile(`${folder}package-lock.json`);
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
