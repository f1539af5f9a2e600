import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { addNextMasterKey, dropOldMasterKey } from '../../config/rotate-secrets.ts';
import { loadSecrets, readSecrets } from '../../config/secrets.ts';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { tempFolder } from '../support/temp.ts';

describe('D the place of secrets.json', () => {
  it('may be a file of its own, which nothing is written beside', async () => {
    const data = await tempFolder('data');
    const made = loadSecrets(data);
    const mount = await tempFolder('mount');
    const path = join(mount, 'tocsin-secrets.json');
    await cp(join(data, 'secrets.json'), path);
    const elsewhere = join(await tempFolder('data'), 'not', 'made', 'yet');
    const { secrets } = loadConfig({ DATA_DIR: elsewhere, SECRETS_FILE: path });
    expect(secrets.masterKeyId).toBe(made.masterKeyId);
    expect(secrets.receiptKey.reveal()).toBe(made.receiptKey.reveal());
    expect(await readdir(mount)).toEqual(['tocsin-secrets.json']);
  });

  it('may be a link, as orchestrators mount them', async () => {
    const data = await tempFolder('data');
    const made = loadSecrets(data);
    const mount = await tempFolder('mount');
    await mkdir(join(mount, '..data'));
    await cp(join(data, 'secrets.json'), join(mount, '..data', 'secrets.json'));
    await symlink(join('..data', 'secrets.json'), join(mount, 'secrets.json'));
    expect(loadSecrets(mount).masterKeyId).toBe(made.masterKeyId);
    expect(loadSecrets('/nowhere', join(mount, 'secrets.json')).path).toContain(mount);
  });

  it.each([
    [
      'is not there',
      (folder: string) => join(folder, 'none.json'),
      /^SECRETS_FILE: there is no .*none\.json; give the path/,
    ],
    ['is a folder', (folder: string) => folder, /^SECRETS_FILE: .* cannot be used \(EISDIR/],
  ])('is named in one line when it %s, and no other keys are made', async (_, of, line) => {
    const folder = await tempFolder('mount');
    const data = await tempFolder('data');
    expect(() => loadConfig({ DATA_DIR: data, SECRETS_FILE: of(folder) })).toThrow(line);
    expect(() => loadConfig({ DATA_DIR: data, SECRETS_FILE: of(folder) })).toThrow(
      ConfigurationError,
    );
    expect([await readdir(folder), await readdir(data)]).toEqual([[], []]);
  });

  it('is asked for where a folder cannot be written and has none', () => {
    expect(() => loadSecrets('/proc/self/fdinfo')).toThrow(
      /^DATA_DIR: .* cannot be written \(.*\), and there is no secrets\.json in it; .*SECRETS_FILE/,
    );
  });
});

describe('A4 a master key in the file', () => {
  it('gets another one beside it, and gives way to it', async () => {
    const data = await tempFolder('data');
    const made = loadSecrets(data);
    const raw = { ...JSON.parse(await readFile(made.path, 'utf8')), counter: 7 };
    await writeFile(made.path, JSON.stringify(raw), { mode: 0o600 });
    addNextMasterKey({ path: made.path });
    const both = readSecrets(made.path);
    expect(both.masterKey.reveal()).toBe(made.masterKey.reveal());
    expect(both.nextMasterKey?.id).not.toBe(made.masterKeyId);
    addNextMasterKey({ path: made.path });
    expect(readSecrets(made.path).nextMasterKey?.id).toBe(both.nextMasterKey?.id);
    dropOldMasterKey({ path: made.path });
    const after = readSecrets(made.path);
    expect([after.masterKeyId, after.masterKey.reveal()]).toEqual([
      both.nextMasterKey?.id,
      both.nextMasterKey?.key.reveal(),
    ]);
    expect(after.nextMasterKey).toBeNull();
    expect(after.accountHashKey.reveal()).toBe(made.accountHashKey.reveal());
    const text = await readFile(made.path, 'utf8');
    expect(JSON.parse(text).counter, 'what is not ours to change stays').toBe(7);
    expect(text).not.toContain(made.masterKey.reveal());
    dropOldMasterKey({ path: made.path });
    expect(await readFile(made.path, 'utf8')).toBe(text);
    expect(await readdir(data)).toEqual(['secrets.json']);
  });

  it('is overwritten where it lay', async () => {
    const data = await tempFolder('data');
    const { path, masterKey } = loadSecrets(data);
    addNextMasterKey({ path });
    const other = join(data, 'same-file');
    execFileSync('ln', [path, other]);
    dropOldMasterKey({ path });
    const left = await readFile(other);
    expect(left.length).toBeGreaterThan(0);
    expect(left.every((byte) => byte === 0)).toBe(true);
    expect(await readFile(path, 'utf8')).not.toContain(masterKey.reveal());
  });
});
