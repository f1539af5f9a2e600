import { existsSync, statSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainFolder, makeFolder } from '../../config/folder.ts';
import { loadSecrets } from '../../config/secrets.ts';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { lockFolder } from '../../src/store/embedded/lock.ts';
import { openHighWaterFile } from '../../src/store/high-water-file.ts';
import { tempFolder } from '../support/temp.ts';

const OR_SECRETS =
  /, and there is no secrets\.json in it; .*, or mount this instance's secrets\.json and name it in SECRETS_FILE$/;

async function refusalOf(dataDir: string): Promise<[secrets: Error, lock: Error]> {
  const secrets = ((): unknown => {
    try {
      return loadSecrets(dataDir);
    } catch (error) {
      return error;
    }
  })();
  const lock = await lockFolder(dataDir).catch((error: unknown) => error);
  expect([secrets, lock]).toEqual([expect.any(ConfigurationError), expect.any(ConfigurationError)]);
  return [secrets as Error, lock as Error];
}

describe('a DATA_DIR that cannot be', () => {
  const outside = ['/proc/x', '/proc/x/y', '/dev/fd/x', '/proc/self/fd/x/y', '/sys/x', '/sys/x/y'];
  const made: [string, (folder: string) => Promise<string> | string, RegExp][] = [
    ...outside
      .filter((path) => existsSync(path.replace(/\/x.*/, '')))
      .map((path): (typeof made)[number] => [path, () => path, /choose a folder .*such as \//]),
    ['a file', (folder) => fileIn(folder), /\/file is a file, not a folder\).*; choose a folder/],
    [
      'a path through a file',
      async (folder) => join(await fileIn(folder), 'x', 'y'),
      /a part of that path is a file: .*; choose a folder/,
    ],
    [
      'a link that leads nowhere',
      (folder) => linkIn(folder, '/nowhere/at/all'),
      /\/link is a link that leads to no folder\).*; make the folder that it leads to, or choose/,
    ],
    [
      'below a link that leads nowhere',
      async (folder) => join(await linkIn(folder, '/nowhere/at/all'), 'x'),
      /\/link is a link that leads to no folder\).*; make/,
    ],
    ['a link to itself', (folder) => linkIn(folder, 'link'), /\/link is a link that leads to no/],
    [
      'below a link to itself',
      async (folder) => join(await linkIn(folder, 'link'), 'x'),
      /its links lead in a circle/,
    ],
    [
      'a name that is too long',
      (folder) => join(folder, 'a'.repeat(300), 'x'),
      /a name in it is too long\).*; choose a shorter path/,
    ],
  ];
  it.each(made)('is named with the mend, and nothing tries for ever: %s', async (_, of, why) => {
    const dataDir = await of(await tempFolder('data'));
    const [secrets, lock] = await refusalOf(dataDir);
    for (const { message } of [secrets, lock]) {
      expect(message.startsWith(`DATA_DIR: ${dataDir} cannot be written (`)).toBe(true);
      expect(message.split('\n')).toHaveLength(1);
      expect(message).toMatch(why);
    }
    expect(secrets.message).toMatch(OR_SECRETS);
  });

  it('is told of as an error where no post is kept back for it', () => {
    const errors: Error[] = [];
    const file = openHighWaterFile('/proc/x', (error) => errors.push(error));
    file.noteEpoch('some-database', 1);
    file.dispose();
    expect(errors).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
  });
});

it.each([
  ['ENOSPC', /\(the disk is full: said\); make room there, or choose a folder on another disk$/],
  ['EDQUOT', /\(the disk is full: said\); make room there/],
  ['EROFS', /\(it is on a read-only file system: said\); choose a folder/],
  ['EACCES', /\(said\); choose a folder that this user may write, such as \/var\/lib\/tocsin$/],
])('what the system says by %s is explained', (code, line) => {
  const error = Object.assign(new Error('said'), { code });
  expect(explainFolder({ path: '/data', variable: 'DATA_DIR' }, error)).toMatch(line);
});

it('a folder is made with those above it, for its owner alone, and may be there already', async () => {
  const top = await tempFolder('made');
  const folder = join(top, 'a', 'b', 'c');
  makeFolder(folder);
  makeFolder(folder);
  for (const path of [folder, join(top, 'a')]) {
    expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o700]);
  }
  await mkdir(join(top, 'real'));
  await symlink('real', join(top, 'to-real'));
  makeFolder(join(top, 'to-real', 'below'));
  expect(existsSync(join(top, 'real', 'below'))).toBe(true);
});

async function fileIn(folder: string): Promise<string> {
  const path = join(folder, 'file');
  await writeFile(path, '');
  return path;
}

async function linkIn(folder: string, target: string): Promise<string> {
  const path = join(folder, 'link');
  await symlink(target, path);
  return path;
}
