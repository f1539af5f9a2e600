import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { loadSecrets, Secret } from '../../config/secrets.ts';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { tempFolder } from '../support/temp.ts';

const VALUE = 'correct horse battery staple';

describe('a secret', () => {
  it('is given to whoever asks for it by name, and to nobody else', () => {
    const secret = new Secret(VALUE);
    expect(secret.reveal()).toBe(VALUE);
    const said = [
      String(secret),
      `${secret}`,
      `${secret} and more`,
      JSON.stringify({ secret }),
      JSON.stringify([secret]),
      inspect(secret),
      inspect({ deep: { in: [secret] } }, { depth: 9, showHidden: true }),
      Object.entries(secret).join(),
      JSON.stringify({ ...secret }),
      String(new Error(`It was ${secret}`)),
    ];
    for (const text of said) expect(text).not.toContain('horse');
    expect(said.slice(0, 2)).toEqual(['[secret]', '[secret]']);
    expect(said[3]).toBe('{"secret":"[secret]"}');
  });

  it('is not in a line of the log', () => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const log = pino(sink);
    const secret = new Secret(VALUE);
    log.info({ secret, deep: { secret } }, 'with %s and %o', secret, secret);
    log.info(secret);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('[secret]');
    expect(lines.join('')).not.toContain('horse');
  });

  it('is not in a configuration that is printed whole', async () => {
    const config = loadConfig({
      DATA_DIR: await tempFolder('data'),
      DATABASE_URL: 'postgres://me:horse@db/tocsin',
      REDIS_URL: 'redis://:horse@cache',
      X_CLIENT_ID: 'app',
      X_CLIENT_SECRET: 'horse',
      METRICS_TOKEN: 'horse-horse-horse',
    });
    const { masterKey, accountHashKey, receiptKey } = config.secrets;
    for (const text of [JSON.stringify(config), inspect(config, { depth: 9, showHidden: true })]) {
      expect(text).toContain('127.0.0.1');
      expect(text).not.toContain('horse');
      for (const key of [masterKey, accountHashKey, receiptKey]) {
        expect(text).not.toContain(key.reveal());
      }
    }
  });
});

describe('the secrets of an instance', () => {
  it('are made once, for its user alone, and kept', async () => {
    const folder = join(await tempFolder('data'), 'made', 'here');
    const first = loadSecrets(folder);
    const file = await stat(join(folder, 'secrets.json'));
    expect((file.mode & 0o777).toString(8)).toBe('600');
    expect(((await stat(folder)).mode & 0o777).toString(8)).toBe('700');
    const text = await readFile(join(folder, 'secrets.json'), 'utf8');
    const second = loadSecrets(folder);
    expect(second.masterKeyId).toBe(first.masterKeyId);
    const keys = (['masterKey', 'accountHashKey', 'receiptKey'] as const).map((name) => {
      expect(second[name].reveal()).toBe(first[name].reveal());
      expect(Buffer.from(first[name].reveal(), 'base64')).toHaveLength(32);
      return first[name].reveal();
    });
    expect(new Set(keys).size).toBe(3);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toBe(text);
  });

  it('are of each instance’s own', async () => {
    const one = loadSecrets(await tempFolder('data'));
    const other = loadSecrets(await tempFolder('data'));
    expect(other.masterKey.reveal()).not.toBe(one.masterKey.reveal());
    expect(other.masterKeyId).not.toBe(one.masterKeyId);
  });

  it.each([
    ['no JSON', () => 'not JSON'],
    ['nothing', () => ''],
    ['no mapping', () => 'null'],
    ['a key missing', (made: string) => made.replace('receiptKey', 'lostKey')],
    ['a key cut short', (made: string) => made.replace(/("masterKey": ".{8}).*"/, '$1"')],
    ['a key that is no text', (made: string) => made.replace(/("masterKey": )".*"/, '$17')],
  ])(
    'are refused with a sentence when their file holds %s, and left as they are',
    async (_, spoil) => {
      const folder = await tempFolder('data');
      const { masterKey } = loadSecrets(folder);
      const path = join(folder, 'secrets.json');
      const spoiled = spoil(await readFile(path, 'utf8'));
      await writeFile(path, spoiled);
      let message = 'it was taken';
      try {
        loadSecrets(folder);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
        message = (error as Error).message;
      }
      expect(message).toMatch(/^DATA_DIR: .*secrets\.json cannot be used \(.+\); restore it/);
      expect(message).not.toContain(masterKey.reveal().slice(0, 8));
      expect(await readFile(path, 'utf8')).toBe(spoiled);
    },
  );

  it('are refused when something else has their name', async () => {
    const folder = await tempFolder('data');
    await mkdir(join(folder, 'secrets.json'));
    expect(() => loadSecrets(folder)).toThrow(/^DATA_DIR: .*cannot be used/);
  });
});
