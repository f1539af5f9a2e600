import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSecrets } from '../../config/secrets.ts';
import { programPath } from '../support/program.ts';
import { tempFolder } from '../support/temp.ts';

/** Whether this machine lets a process mount something for itself alone. */
const mayMount =
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0;

describe('D the place of secrets.json', () => {
  it.skipIf(!mayMount)('may be a read-only mount, as a folder or as a file', async () => {
    const data = await tempFolder('data');
    const { masterKeyId } = loadSecrets(data);
    const empty = await tempFolder('empty');
    const file = join(empty, 'secrets.json');
    await writeFile(file, '');
    const tocsin = await programPath('src/cli/main.ts');
    const check = (variables: string, mount: string): string =>
      execFileSync(
        'unshare',
        [
          '--user',
          '--map-root-user',
          '--mount',
          'sh',
          '-c',
          `${mount} && ${variables} "$0" "$1" config check --json`,
          process.execPath,
          tocsin,
        ],
        { encoding: 'utf8', env: { PATH: process.env.PATH } },
      );
    const readOnly = (from: string, to: string) =>
      `mount --bind ${from} ${to} && mount -o remount,ro,bind ${to}`;
    const folder = check(`DATA_DIR=${data}`, `${readOnly(data, data)} && ! touch ${data}/x 2>&-`);
    expect(JSON.parse(folder).secrets.masterKeyId).toBe(masterKeyId);
    const one = check(`DATA_DIR=${empty}`, readOnly(join(data, 'secrets.json'), file));
    expect(JSON.parse(one).secrets.masterKeyId).toBe(masterKeyId);
    const named = check(
      `DATA_DIR=/nowhere SECRETS_FILE=${file}`,
      readOnly(join(data, 'secrets.json'), file),
    );
    expect(JSON.parse(named).secrets.masterKeyId).toBe(masterKeyId);
  });
});
