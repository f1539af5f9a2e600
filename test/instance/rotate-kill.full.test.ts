import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { type Context, createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { openNoteBook } from '../../src/store/platform-note.ts';
import type { SealContext } from '../../src/store/vault/seal-context.ts';
import { needs, testDatabase } from '../support/database.ts';
import { startProcess } from '../support/process.ts';
import { insertCampaignRow } from '../support/rows.ts';
import { tempFolder } from '../support/temp.ts';

const VALUE = { accessToken: 'a canary of a token' };
const NOTE = 'a canary of an app';

needs('postgres')('A4 a process killed while it rotates the master key', () => {
  let env: Record<string, string>;
  let folder: string;
  let campaignId: string;
  let sealed: Buffer;
  let old: string;

  beforeEach(async () => {
    folder = await tempFolder('data');
    env = {
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      DATA_DIR: folder,
      LOG_LEVEL: 'silent',
    };
    await withContext(async (ctx) => {
      campaignId = await insertCampaignRow(ctx);
      sealed = await ctx.vault.seal(ctx.db, place(), VALUE);
      await openNoteBook(ctx.db, ctx.vault, 'mastodon').saveIfAbsent('server.example', NOTE);
      old = ctx.config.secrets.masterKey.reveal();
    });
  });

  const place = (): SealContext => ({
    column: 'credential.sealed',
    campaignId,
    platform: 'x',
    rowId: 'row',
  });

  /** What a process that starts now has. */
  async function withContext<T>(act: (ctx: Context) => Promise<T>): Promise<T> {
    const config = loadConfig(env);
    const ctx = await createContext(config, createLogger(config), new AbortController().signal);
    return act(ctx).finally(() => ctx.dispose());
  }

  const opened = () =>
    withContext(async (ctx) => [
      await ctx.vault.open(ctx.db, place(), sealed),
      await openNoteBook(ctx.db, ctx.vault, 'mastodon').read('server.example'),
    ]);

  async function rotate(crashAt: string) {
    const child = await startProcess({
      args: ['src/cli/main.ts', 'keys', 'rotate', '--json'],
      env: { ...env, CRASH_AT: crashAt },
    });
    return { ...(await child.exit), said: child.stdout() };
  }

  it.each([
    ['with the file of both keys not in its place', 'rotation-draft-written:1'],
    ['when both keys are in the file', 'rotation-renamed:1'],
    ['when the database knows of both', 'rotation-begun'],
    ['before everything is sealed anew', 'rotation-sealed'],
    ['when everything is, and the old key is still there', 'rotation-committed'],
    ['with the file of the new key not in its place', 'rotation-draft-written:2'],
    ['when the file is in its place', 'rotation-renamed:2'],
  ])('loses nothing, and the next one ends it: %s', async (_, point) => {
    const killed = await rotate(point);
    expect(killed, killed.said).toMatchObject({ signal: 'SIGKILL' });
    expect(await opened()).toEqual([VALUE, NOTE]);
    const done = await rotate('');
    expect(done, done.said).toMatchObject({ code: 0 });
    expect(JSON.parse(done.said)).toMatchObject({ kind: 'done' });
    expect(await opened()).toEqual([VALUE, NOTE]);
    expect(await readdir(folder)).toEqual(['secrets.json']);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toContain(old);
  });
});
