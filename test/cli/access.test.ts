import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import {
  findKeyHolder,
  findOperatorOfSession,
  signIn,
} from '../../src/actions/operator/operator-access.ts';
import { type Context, createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
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
    expect(await findKeyHolder(ctx, key)).toBe('press office');
    const [second, again, json] = await inTurn(
      [['second'], ['press office'], ['press office', '--json']],
      (args) => command('keys', 'create', ...args),
    );
    expect(await findKeyHolder(ctx, second?.stdout.trim() ?? '')).toBe('second');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again?.stderr).toMatch(
      /^name: there is a key "press office" already; choose another name, or revoke that one\n$/,
    );
    expect(json).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(json?.stderr ?? '').error).toMatch(/^name: /);
    expect(await findKeyHolder(ctx, key)).toBe('press office');
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
      X_CLIENT_ID: 'app',
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

  it('A13 keys are listed without their secrets, and revoked at once', async () => {
    const made = JSON.parse((await command('keys', 'create', 'intern', '--json')).stdout);
    expect(await findKeyHolder(ctx, made.key)).toBe('intern');
    const all = [
      await command('keys', 'list'),
      await command('keys', 'list', '--json'),
      await command('keys', 'revoke', 'intern', '--as', 'Vera', '--json'),
      await command('keys', 'list', '--json'),
    ];
    const [read, before, revoked, after] = all;
    for (const { code, stdout, stderr } of all) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain(made.key);
      expect(stdout).not.toContain('tocsin_');
    }
    expect(read?.stdout).toMatch(/^intern: created 20\S+Z$/m);
    const known = (said: string | undefined) =>
      JSON.parse(said ?? '').keys.find(({ name }: { name: string }) => name === 'intern');
    expect(known(before?.stdout)).toMatchObject({ revoked: null });
    expect(JSON.parse(revoked?.stdout ?? '')).toMatchObject({
      name: 'intern',
      revoked: expect.any(String),
    });
    expect(known(after?.stdout)).toEqual(JSON.parse(revoked?.stdout ?? ''));
    expect(await findKeyHolder(ctx, made.key)).toBeNull();

    expect(await command('keys', 'revoke', 'intern')).toMatchObject({ code: 1, stdout: '' });
    expect((await command('keys', 'revoke', 'nobody')).stderr).toBe(
      'There is no API key "nobody"\n',
    );
    expect(await command('keys', 'revoke')).toMatchObject({ code: 2, stdout: '' });
    expect(await audited('key.revoke')).toEqual([{ actor: 'Vera', subject: 'intern' }]);
  });

  it('A13 sessions and open links are listed, and ended by id or by name', async () => {
    const tokenOf = async (name: string) =>
      (await command('user', 'link', name)).stdout.trim().split('/').at(-1) ?? '';
    const sessions = [
      await signIn(ctx, { token: await tokenOf('Maria') }),
      await signIn(ctx, { token: await tokenOf('Maria') }),
      await signIn(ctx, { token: await tokenOf('Nadia') }),
    ].map((session) => session ?? '');
    const open = await tokenOf('Maria');
    const listed = await command('sessions', 'list', '--json');
    const told = JSON.parse(listed.stdout).sessions as {
      id: string;
      kind: string;
      operator: string;
    }[];
    const of = (operator: string) => told.filter((one) => one.operator === operator);
    expect(
      of('Maria')
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['link', 'session', 'session']);
    for (const secret of [...sessions, open]) expect(listed.stdout).not.toContain(secret);

    const id = of('Nadia')[0]?.id ?? '';
    const one = await command('sessions', 'end', id, '--as', 'Vera');
    expect(one.stdout).toMatch(new RegExp(`^ended: ${id}  session of Nadia, until `));
    expect(await findOperatorOfSession(ctx, sessions[2] ?? '')).toBeNull();
    expect(await findOperatorOfSession(ctx, sessions[0] ?? '')).toBe('Maria');

    const all = await command('sessions', 'end', 'Maria', '--as', 'Vera', '--json');
    expect(JSON.parse(all.stdout).ended).toHaveLength(3);
    for (const session of sessions) expect(await findOperatorOfSession(ctx, session)).toBeNull();
    expect(await signIn(ctx, { token: open })).toBeNull();
    expect(await command('sessions', 'end', 'Maria')).toMatchObject({ code: 1, stdout: '' });
    expect(await command('sessions', 'end')).toMatchObject({ code: 2, stdout: '' });
    expect(await command('sessions', 'lend')).toMatchObject({ code: 2, stdout: '' });
    expect(await audited('session.end')).toHaveLength(3);
    expect((await audited('link.end')).map(({ actor }) => actor)).toEqual(['Vera']);
  });

  async function audited(action: string) {
    return ctx.db
      .selectFrom('audit_entry')
      .select(['actor', 'subject'])
      .where('action', '=', action)
      .execute();
  }
});
