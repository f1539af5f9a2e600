import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { holderOfKey, signIn } from '../../src/actions/operator-access.ts';
import { type Context, createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { migrateAt } from '../../src/store/database.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { tempFolder } from '../support/temp.ts';
import { type Command, commandIn, inTurn } from './command.ts';

needs('postgres')('ways in, made on the command line', () => {
  let environment: Record<string, string>;
  let command: Command;
  let ctx: Context;
  beforeAll(async () => {
    environment = {
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      DATA_DIR: await tempFolder('data'),
      BASE_URL: 'https://tocsin.example',
    };
    command = commandIn(environment);
    const config = loadConfig({ ...environment, LOG_LEVEL: 'silent' });
    ctx = await createContext(config, createLogger(config), new AbortController().signal);
    atEnd(() => ctx.dispose());
  });

  it('are links that sign somebody in, once', async () => {
    const [plain, json, nobody] = await inTurn(
      [['Vera'], ['Omar', '--json'], ['no\nname']],
      (args) => command('user', 'link', ...args),
    );
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    const link = /^https:\/\/tocsin\.example\/ops\/sign-in\/(\S+)\n$/;
    const token = link.exec(plain?.stdout ?? '')?.[1] ?? '';
    expect(await signIn(ctx, { token })).not.toBeNull();
    expect(await signIn(ctx, { token })).toBeNull();
    expect(JSON.parse(json?.stdout ?? '')).toEqual({
      name: 'Omar',
      url: expect.stringMatching(link.source.replace('\\n', '')),
    });
    expect(nobody).toMatchObject({ code: 1, stdout: '' });
    expect(nobody?.stderr).toMatch(/^name: /);
  });

  it('are keys, each under a name of its own', async () => {
    const first = await command('keys', 'create', 'press office', '--json');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const { name, key } = JSON.parse(first.stdout);
    expect(name).toBe('press office');
    expect(await holderOfKey(ctx, key)).toBe('press office');
    const [second, again, json] = await inTurn(
      [['second'], ['press office'], ['press office', '--json']],
      (args) => command('keys', 'create', ...args),
    );
    expect(await holderOfKey(ctx, second?.stdout.trim() ?? '')).toBe('second');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again?.stderr).toMatch(/^name: there is a key "press office" already\n$/);
    expect(json).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(json?.stderr ?? '').error).toMatch(/^name: /);
    expect(await holderOfKey(ctx, key)).toBe('press office');
  });

  it('config check shows what holds, and no secret', async () => {
    const password = randomBytes(12).toString('hex');
    const secret = randomBytes(12).toString('hex');
    const file = join(await tempFolder('secret'), 'client-secret');
    await writeFile(file, `${secret}\n`);
    const checked = commandIn({
      ...environment,
      DATABASE_URL: `postgres://somebody:${password}@db.example/tocsin`,
      REDIS_URL: `redis://:${password}@cache.example`,
      X_CLIENT_SECRET_FILE: file,
      LOCK_LEAD_SECONDS: '90',
    });
    const [pretty, line] = await inTurn([[], ['--json']], (args) =>
      checked('config', 'check', ...args),
    );
    const kept = loadConfig(environment).secrets;
    const hidden = [password, secret, kept.masterKey, kept.accountHashKey, kept.receiptKey];
    for (const said of [pretty, line]) {
      expect(said).toMatchObject({ code: 0, stderr: '' });
      const shown = JSON.parse(said?.stdout ?? '');
      expect(shown).toMatchObject({
        http: { baseUrl: 'https://tocsin.example' },
        databaseUrl: '[secret]',
        redisUrl: '[secret]',
        secrets: { masterKey: '[secret]', accountHashKey: '[secret]', receiptKey: '[secret]' },
        delivery: { lockLeadMs: 90_000 },
        platforms: { x: { clientSecret: '[secret]' } },
      });
      for (const value of hidden) {
        expect(said?.stdout).not.toContain(typeof value === 'string' ? value : value.reveal());
      }
    }
    expect(line?.stdout.trim().split('\n')).toHaveLength(1);
  });
});
