import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/store/connection/database.ts';
import type { SealContext } from '../../../src/store/vault/seal-context.ts';
import { createVault, type Vault } from '../../../src/store/vault/vault.ts';
import { needs } from '../../support/database.ts';
import { insertCampaignRow, newSecrets, openRecords } from '../../support/rows.ts';

const VALUE = { accessToken: 'the-access-token', refreshToken: 'the-refresh-token' };

needs('postgres')('sealing', () => {
  const secrets = newSecrets();
  let db: Db;
  let vault: Vault;
  let context: SealContext;
  let elsewhere: string;

  beforeAll(async () => {
    db = (await openRecords()).db;
    vault = createVault(secrets);
    const campaignId = await insertCampaignRow({ db, vault });
    elsewhere = await insertCampaignRow({ db, vault });
    context = { column: 'credential.sealed', campaignId, platform: 'x', rowId: randomUUID() };
  });

  it('opens what it has sealed, also after a restart', async () => {
    const sealed = await vault.seal(db, context, VALUE);
    expect(await vault.open(db, context, sealed)).toEqual(VALUE);
    expect(await createVault(secrets).open(db, context, sealed)).toEqual(VALUE);
  });

  it('opens any value there can be, as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
        const opened = await vault.open(db, context, await vault.seal(db, context, value));
        expect(opened).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 50 },
    );
  });

  it('shows nothing of the value, and no two sealings are alike', async () => {
    const once = await vault.seal(db, context, VALUE);
    const twice = await vault.seal(db, context, VALUE);
    for (const encoding of ['latin1', 'utf16le', 'base64', 'hex'] as const) {
      for (const secret of Object.values(VALUE)) {
        expect(once.toString('latin1')).not.toContain(Buffer.from(secret).toString(encoding));
      }
    }
    expect(once.subarray(1, 13)).not.toEqual(twice.subarray(1, 13));
    expect(once.subarray(13)).not.toEqual(twice.subarray(13));
  });

  it('stays shut in another row, column, platform or campaign', async () => {
    const sealed = await vault.seal(db, context, VALUE);
    const moved: SealContext[] = [
      { ...context, rowId: randomUUID() },
      { ...context, column: 'pledge.sealed' },
      { ...context, platform: 'mastodon' },
      { ...context, campaignId: elsewhere },
    ];
    for (const other of moved) await expect(vault.open(db, other, sealed)).rejects.toThrow();
    expect(await vault.open(db, context, sealed)).toEqual(VALUE);
  });

  it('A4 seals what receipts show under the campaign’s key, each to be opened in its own place alone', async () => {
    const values = Array.from({ length: 5 }, (_, number) => ({
      place: { ...context, column: 'pledge.sealed' as const, rowId: randomUUID() },
      value: { number },
    }));
    const elsewhereToo = { place: { ...context, campaignId: elsewhere }, value: VALUE };
    const all = [...values, elsewhereToo];
    const sealed = await Promise.all(all.map((one) => vault.seal(db, one.place, one.value)));
    const restarted = createVault(secrets);
    for (const [index, { place: own, value }] of all.entries()) {
      const bytes = sealed[index] as Buffer;
      expect(await restarted.open(db, own, bytes)).toEqual(value);
      for (const other of values.filter((one) => one.place !== own)) {
        await expect(vault.open(db, other.place, bytes)).rejects.toThrow(/cannot be opened/);
      }
      for (let bit = 0; bit < bytes.length * 8; bit += 7) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await expect(vault.open(db, own, changed), `bit ${bit}`).rejects.toThrow();
      }
    }
  });

  it('A4 opens grants and what receipts show with keys of their own', async () => {
    const { campaignId } = context;
    const account: SealContext = { ...context, column: 'pledge.sealed' };
    const [grant, shown] = [
      await vault.seal(db, context, VALUE),
      await vault.seal(db, account, VALUE),
    ];
    const { rows } = await sql<{ purpose: string; wrapped: Buffer }>`
      select purpose, wrapped from campaign_key where campaign_id = ${campaignId}`.execute(db);
    expect(rows.map(({ purpose }) => purpose).sort()).toEqual(['grants', 'receipts']);
    const swapped = new Map(rows.map(({ purpose, wrapped }) => [purpose, wrapped]));
    await db.transaction().execute(async (tx) => {
      // A key in the other's place is no key.
      await sql`update campaign_key set wrapped = ${swapped.get('receipts')}
        where campaign_id = ${campaignId} and purpose = 'grants'`.execute(tx);
      await expect(createVault(secrets).open(tx, context, grant)).rejects.toThrow(
        /cannot be opened/,
      );
      await sql`update campaign_key set wrapped = null
        where campaign_id = ${campaignId} and purpose = 'grants'`.execute(tx);
      const workerless = createVault(secrets);
      await expect(workerless.open(tx, context, grant)).rejects.toThrow(/has been destroyed/);
      expect(await workerless.open(tx, account, shown)).toEqual(VALUE);
      await sql`update campaign_key set wrapped = ${swapped.get('grants')}
        where campaign_id = ${campaignId} and purpose = 'grants'`.execute(tx);
    });
    expect(await createVault(secrets).open(db, context, grant)).toEqual(VALUE);
  });

  it('stays shut when a single bit has changed, wherever', async () => {
    const sealed = await vault.seal(db, context, VALUE);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(vault.open(db, context, changed), `bit ${bit}`).rejects.toThrow();
    }
  });

  it('stays shut when it has been cut short or is nothing at all', async () => {
    const sealed = await vault.seal(db, context, VALUE);
    for (const length of [0, 1, 30, 61, 62, 80, sealed.length - 1]) {
      await expect(vault.open(db, context, sealed.subarray(0, length))).rejects.toThrow();
    }
  });

  it('stays shut under another master key, even one of the same name', async () => {
    const sealed = await vault.seal(db, context, VALUE);
    const stranger = createVault({ ...newSecrets(), masterKeyId: secrets.masterKeyId });
    await expect(stranger.open(db, context, sealed)).rejects.toThrow();
    const another = createVault({ ...newSecrets(), masterKeyId: 'another' });
    await expect(another.open(db, context, sealed)).rejects.toThrow(/cannot be opened/);
    const { masterKeyId: id, masterKey: key } = secrets;
    const both = createVault({ ...newSecrets(), nextMasterKey: { id, key } });
    expect(await both.open(db, context, sealed)).toEqual(VALUE);
  });

  it('stays shut for good once the campaign’s key is destroyed', async () => {
    const campaignId = await insertCampaignRow({ db, vault });
    const there = { ...context, campaignId };
    const sealed = await vault.seal(db, there, VALUE);
    await sql`update campaign_key set wrapped = null, destroyed_at = now()
      where campaign_id = ${campaignId}`.execute(db);
    const restarted = createVault(secrets);
    await expect(restarted.open(db, there, sealed)).rejects.toThrow(/has been destroyed/);
    await expect(restarted.seal(db, there, VALUE)).rejects.toThrow(/has been destroyed/);
  });

  it('keeps campaign keys only wrapped', async () => {
    const kept = await db.selectFrom('campaign_key').selectAll().execute();
    const bytes = Buffer.concat(kept.flatMap((row) => row.wrapped ?? []));
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.includes(Buffer.from(secrets.masterKey.reveal(), 'base64'))).toBe(false);
  });
});

describe('the account’s hash', () => {
  const secrets = newSecrets();
  const vault = createVault(secrets);

  it('is the same for the same account, and for no other', () => {
    const hash = vault.accountHash('x', '12345');
    expect(hash).toEqual(createVault(secrets).accountHash('x', '12345'));
    expect(hash).not.toEqual(vault.accountHash('x', '12346'));
    expect(hash).not.toEqual(vault.accountHash('mastodon', '12345'));
    expect(hash).toHaveLength(32);
  });

  it('tells nothing without this instance’s key', () => {
    const other = createVault({ ...secrets, accountHashKey: newSecrets().accountHashKey });
    expect(other.accountHash('x', '12345')).not.toEqual(vault.accountHash('x', '12345'));
  });
});

describe('a receipt’s token', () => {
  const secrets = newSecrets();
  const vault = createVault(secrets);
  const ids = fc.uuid();

  it('gives back the pledge it was made for', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const token = vault.receiptToken(id);
        expect(vault.readReceiptToken(token)).toBe(id);
        expect(token).toMatch(/^[\w-]{43}$/);
      }),
    );
  });

  it('is nobody’s when any character of it is another, is missing or is added', () => {
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.+/ é'];
    const token = vault.receiptToken(randomUUID());
    for (let at = 0; at < token.length; at++) {
      for (const letter of alphabet) {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        if (changed !== token) expect(vault.readReceiptToken(changed), changed).toBeNull();
      }
      expect(vault.readReceiptToken(token.slice(0, at) + token.slice(at + 1))).toBeNull();
      expect(vault.readReceiptToken(`${token.slice(0, at)}A${token.slice(at)}`)).toBeNull();
    }
  });

  it('is nobody’s when another instance made it, or nobody did', () => {
    const id = randomUUID();
    const other = createVault({ ...secrets, receiptKey: newSecrets().receiptKey });
    expect(vault.readReceiptToken(other.receiptToken(id))).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => vault.readReceiptToken(text) === null));
  });
});
