import { randomUUID } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';
import { addNextMasterKey } from '../../../config/rotate-secrets.ts';
import {
  isRotationOwed,
  rotateMasterKey,
  rotateWhenTold,
} from '../../../src/actions/keys/rotate-master-key.ts';
import { sendHeartbeat } from '../../../src/actions/upkeep/heartbeat.ts';
import { type Context, createContext } from '../../../src/context.ts';
import { createLogger } from '../../../src/log.ts';
import { connect, migrateAt } from '../../../src/store/connection/database.ts';
import { openNoteBook } from '../../../src/store/platform-note.ts';
import { oweRotation, readMasterKey } from '../../../src/store/vault/master-key.ts';
import type { SealContext } from '../../../src/store/vault/seal-context.ts';
import { atEnd } from '../../support/at-end.ts';
import { restoreDump, takeDump } from '../../support/copy-records.ts';
import { needs, testDatabase } from '../../support/database.ts';
import { insertCampaignRow, insertPledges } from '../../support/rows.ts';
import { tempFolder } from '../../support/temp.ts';
import { waitFor } from '../../support/wait-for.ts';

const VALUE = { accessToken: 'a canary of a token' };
const NOTE = 'a canary of an app';

needs('postgres')('A4 rotating the master key', () => {
  let url: string;
  let folder: string;
  let ctx: Context;
  let campaignId: string;
  let sealed: Buffer;

  beforeEach(async () => {
    url = (await testDatabase(migrateAt)).url;
    folder = await tempFolder('data');
    ctx = await open();
    campaignId = await insertCampaignRow(ctx);
    sealed = await ctx.vault.seal(ctx.db, place(), VALUE);
    await notes(ctx).saveIfAbsent('server.example', NOTE);
  });

  /** A process of its own, as far as keys go. */
  async function open(dataDir = folder): Promise<Context> {
    const config = loadConfig({ DATA_DIR: dataDir, DATABASE_URL: url, LOG_LEVEL: 'silent' });
    const one = await createContext(config, createLogger(config), new AbortController().signal);
    one.workerName = `worker-${randomUUID()}`;
    atEnd(() => one.dispose());
    return one;
  }

  const place = (): SealContext => ({
    column: 'credential.sealed',
    campaignId,
    platform: 'x',
    rowId: 'row',
  });
  const notes = ({ db, vault }: Context) => openNoteBook(db, vault, 'mastodon');
  const file = () => readFile(join(folder, 'secrets.json'), 'utf8');
  const opened = async (one: Context) => [
    await one.vault.open(one.db, place(), sealed),
    await notes(one).read('server.example'),
  ];

  it('leaves everything open to every process, and the old key nowhere', async () => {
    const other = await open();
    const [workerA, workerB] = [ctx, other];
    for (const worker of [workerA, workerB]) await sendHeartbeat(worker);
    const old = ctx.config.secrets.masterKey.reveal();
    const [oldId] = ctx.vault.masterKeys();
    const result = await rotateMasterKey(ctx).then(async (first) => {
      if (first.kind !== 'waiting') return first;
      // They have not told yet that they have both.
      for (const worker of [workerA, workerB]) await sendHeartbeat(worker);
      return rotateMasterKey(ctx);
    });
    expect(result).toEqual({ kind: 'done', masterKeyId: expect.not.stringMatching(oldId ?? '') });
    expect(await file()).not.toContain(old);
    for (const one of [ctx, other, await open()]) expect(await opened(one)).toEqual([VALUE, NOTE]);
    await waitFor(
      () =>
        other.vault.masterKeys().length === 1 && !other.vault.masterKeys().includes(oldId ?? ''),
      {
        timeoutMs: 20_000,
        what: 'the other process to forget the old key',
      },
    );
    expect(other.config.secrets.masterKey.reveal()).not.toBe(old);
    const { rows } = await sql<{
      id: string;
    }>`select distinct master_key_id as id from campaign_key`.execute(ctx.db);
    expect(rows).toEqual([{ id: (await readMasterKey(ctx.db))?.id }]);
    expect(await isRotationOwed(ctx)).toBe(false);
    // What is sealed from now on, by whoever, is under the new one.
    const fresh = await insertCampaignRow(other);
    const there = { ...place(), campaignId: fresh };
    const later = await other.vault.seal(other.db, there, VALUE);
    expect(await ctx.vault.open(ctx.db, there, later)).toEqual(VALUE);
    await notes(other).saveIfAbsent('another.example', 'another');
    expect(await notes(await open()).read('another.example')).toBe('another');
  });

  it('lets hashes be compared with nobody’s guesses in an older dump, and still says who has joined', async () => {
    const [id = ''] = await insertPledges(ctx, campaignId, 1);
    const named = ({ vault }: Context) => [
      vault.accountHash('x', '4711'),
      vault.hostHash('mastodon', 'tiny.example'),
    ];
    const [account, host] = named(ctx) as [Buffer, string];
    await sql`update pledge set account_hash = ${account}, host = ${host} where id = ${id}`.execute(
      ctx.db,
    );
    const other = await open();
    const stored = async () => {
      const row = await ctx.db
        .selectFrom('pledge')
        .select(['account_hash', 'host'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return [row.account_hash, row.host];
    };
    expect(await stored()).toEqual(named(other));
    expect((await rotateMasterKey(ctx)).kind).toBe('done');
    // What lies in the older dump, nothing that is left can make again.
    for (const one of [ctx, await open()]) {
      expect(named(one)[0]).not.toEqual(account);
      expect(named(one)[1]).not.toEqual(host);
      expect(await stored()).toEqual(named(one));
    }
    await waitFor(() => other.vault.hashedUnder() === ctx.vault.hashedUnder(), {
      what: 'the other process to hear of it',
    });
    expect(await stored()).toEqual(named(other));
  });

  it('opens nothing in an older dump with the newer secrets, also of campaigns that are left', async () => {
    const dump = await takeDump(ctx.db);
    const kept = await cp(folder, `${folder}-copied`, { recursive: true }).then(
      () => `${folder}-copied`,
    );
    const gone = campaignId;
    await sql`update campaign_key set wrapped = null, destroyed_at = now() where campaign_id = ${gone}`.execute(
      ctx.db,
    );
    await oweRotation(ctx.db);
    expect(await isRotationOwed(ctx)).toBe(true);
    expect((await rotateMasterKey(ctx)).kind).toBe('done');
    const older = await testDatabase(migrateAt);
    const restored = await connect(older.url, () => {});
    atEnd(() => restored.dispose());
    await restoreDump(restored.db, dump);
    url = older.url;
    await expect(open()).rejects.toThrow(
      /sealed under the master key .* older backup, nobody can open/,
    );
    const shut = ctx.vault;
    await ctx.vault.follow(ctx.db);
    await expect(shut.open(restored.db, place(), sealed)).rejects.toThrow(
      /cannot be opened|destroyed/,
    );
    await expect(
      openNoteBook(restored.db, shut, 'mastodon').read('server.example'),
    ).rejects.toThrow(/cannot be opened/);
    // With secrets that were copied before, it can: that is what the documents warn of.
    const thief = await open(kept);
    expect(await opened(thief)).toEqual([VALUE, NOTE]);
  });

  it('waits for workers that read another copy, and breaks nothing for them', async () => {
    const copy = await tempFolder('copy');
    await cp(join(folder, 'secrets.json'), join(copy, 'secrets.json'));
    const elsewhere = await open(copy);
    await sendHeartbeat(elsewhere);
    await sendHeartbeat(ctx);
    await rotateMasterKey(ctx);
    await sendHeartbeat(ctx);
    expect(await rotateMasterKey(ctx)).toEqual({
      kind: 'waiting',
      workers: [elsewhere.workerName],
    });
    expect(await rotateMasterKey(elsewhere)).toEqual({ kind: 'elsewhere' });
    for (const one of [ctx, elsewhere]) expect(await opened(one)).toEqual([VALUE, NOTE]);
    await cp(join(folder, 'secrets.json'), join(copy, 'secrets.json'));
    await sendHeartbeat(elsewhere);
    expect((await rotateMasterKey(ctx)).kind).toBe('done');
    for (const one of [ctx, elsewhere]) expect(await opened(one)).toEqual([VALUE, NOTE]);
  });

  it('A4 waits for workers that read the same file until their next sign of life, for as long as it may', async () => {
    const worker = await open();
    await sendHeartbeat(worker);
    const shortly = await rotateWhenTold(ctx, { waitMs: 0 });
    expect(shortly).toEqual({ kind: 'waiting', workers: [worker.workerName] });
    const rotation = rotateWhenTold(ctx, { waitMs: 100_000 });
    await waitFor(() => worker.vault.masterKeys().length === 2, { what: 'the worker to read it' });
    await sendHeartbeat(worker);
    expect(await rotation).toMatchObject({ kind: 'done' });
    expect(await isRotationOwed(ctx)).toBe(false);
  });

  it('A4 makes no second key where a worker ends the rotation meanwhile', async () => {
    const worker = await open();
    await sendHeartbeat(worker);
    const rotation = rotateWhenTold(ctx, { waitMs: 100_000 });
    await waitFor(() => worker.vault.masterKeys().length === 2, { what: 'the worker to read it' });
    const next = (await readMasterKey(ctx.db))?.next_id;
    await sendHeartbeat(worker);
    await rotateMasterKey(worker);
    expect(await rotation).toEqual({ kind: 'done', masterKeyId: next });
  });

  it('goes on with a key that an operator has put beside the old one', async () => {
    const { path } = ctx.config.secrets;
    const out = join(await tempFolder('out'), 'both.json');
    expect(await rotateMasterKey(ctx, { out })).toEqual({ kind: 'hand_over', out, next: 'again' });
    expect(JSON.parse(await file()).nextMasterKeyId).toBeUndefined();
    await writeFile(path, await readFile(out, 'utf8'));
    await sendHeartbeat(ctx);
    const last = join(await tempFolder('out'), 'new.json');
    await ctx.vault.follow(ctx.db);
    let result = await rotateMasterKey(ctx, { out: last });
    if (result.kind === 'waiting') {
      await sendHeartbeat(ctx);
      result = await rotateMasterKey(ctx, { out: last });
    }
    expect(result).toEqual({ kind: 'hand_over', out: last, next: 'nothing' });
    expect(await opened(ctx)).toEqual([VALUE, NOTE]);
    await writeFile(path, await readFile(last, 'utf8'));
    expect(await opened(await open())).toEqual([VALUE, NOTE]);
    await ctx.vault.follow(ctx.db);
    expect(await isRotationOwed(ctx)).toBe(false);
  });

  it('is taken up where the file alone has changed', async () => {
    addNextMasterKey({ path: ctx.config.secrets.path });
    expect((await rotateMasterKey(await open())).kind).toBe('done');
    expect(await opened(ctx)).toEqual([VALUE, NOTE]);
  });
});
