import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InstanceSecrets } from '../../../config/secrets.ts';
import { textHash } from '../../../src/domain/consent.ts';
import { ConfigurationError } from '../../../src/domain/errors.ts';
import { connect, type Database } from '../../../src/store/connection/database.ts';
import { findIntent } from '../../../src/store/intent.ts';
import { openNoteBook } from '../../../src/store/platform-note.ts';
import { sealOldRows } from '../../../src/store/vault/seal-old-rows.ts';
import { openPledge } from '../../../src/store/vault/sealed-pledge.ts';
import { openPost, openStage } from '../../../src/store/vault/sealed-post.ts';
import { createVault } from '../../../src/store/vault/vault.ts';
import { atEnd } from '../../support/at-end.ts';
import { needs, testDatabase } from '../../support/database.ts';
import { dumpOf, formsOf } from '../../support/dump.ts';
import { migrateTo } from '../../support/migrate-to.ts';
import { newSecrets } from '../../support/rows.ts';

const nobody = async (): Promise<void> => undefined;

/** AES-256-GCM as the version before sealed: nonce, ciphertext, tag. */
function encrypt(key: Buffer, plain: Buffer, aad: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** An instance of the version before: one key a campaign, and rows with people and their words in clear. */
class OldInstance {
  readonly secrets: InstanceSecrets = newSecrets();
  readonly campaignId = randomUUID();
  readonly #master = Buffer.from(this.secrets.masterKey.reveal(), 'base64');
  readonly #key = randomBytes(32);
  readonly #client: pg.Client;

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url });
  }

  seal(column: string, platform: string, rowId: string, value: unknown): Buffer {
    const aad = [column, this.campaignId, platform, rowId].join('|');
    const dataKey = randomBytes(32);
    const sealed = encrypt(dataKey, Buffer.from(JSON.stringify(value)), aad);
    return Buffer.concat([Buffer.from([1]), encrypt(this.#key, dataKey, aad), sealed]);
  }

  async query(text: string, values: unknown[]): Promise<void> {
    await this.#client.query(text, values);
  }

  async open(state: string): Promise<void> {
    await this.#client.connect();
    const { masterKeyId } = this.secrets;
    await this.query(
      `insert into campaign (id, slug, state, content, moment, moment_wall, moment_zone, moment_tzdata, preflight_at,
        lock_at, arm_at, too_late_at, created_by, locked_at)
      values ($1, $2, $3, '{}', now(), '', '', '', now(), now(), now(), now() + interval '1 hour', 'test', now())`,
      [this.campaignId, `old-${this.campaignId}`, state],
    );
    const wrapped = encrypt(this.#master, this.#key, `campaign|${this.campaignId}|${masterKeyId}`);
    await this.query(
      'insert into campaign_key (campaign_id, master_key_id, wrapped) values ($1, $2, $3)',
      [this.campaignId, masterKeyId, wrapped],
    );
  }

  async pledge(n: number): Promise<OldPledge> {
    const person = personOf(n);
    const { id, deliveryId, account, text } = person;
    await this.query(
      `insert into pledge (id, campaign_id, platform, account_hash, account, state, locale, text, text_hash, scope,
        policy_version, consented_at, host)
      values ($1, $2, 'mastodon', $3, $4, 'active', 'xh', $5, $6, 'write', '1', clock_timestamp(), 'hash')`,
      [
        ...[
          id,
          this.campaignId,
          randomBytes(32),
          this.seal('pledge.account', 'mastodon', id, account),
        ],
        ...[text, textHash(text)],
      ],
    );
    await this.query(
      `insert into delivery (id, pledge_id, campaign_id, platform, state, remote_id, url, staged)
      values ($1, $2, $3, 'mastodon', 'posted', $4, $5, $6)`,
      [deliveryId, id, this.campaignId, person.remoteId, person.url, person.staged],
    );
    await this.query(
      `insert into attempt (delivery_id, campaign_id, number, worker, answered_at, outcome, detail, remote_id, position, hash)
      values ($1, $2, 1, 'w', now(), 'posted', '', $3, $4, 'sealed')`,
      [deliveryId, this.campaignId, person.remoteId, n + 1],
    );
    return person;
  }

  async rest(): Promise<{ intentId: string; reminderId: string }> {
    const [intentId, reminderId] = [randomUUID(), randomUUID()];
    await this.query(
      `insert into intent (id, campaign_id, locale, text_locale, variant, own, typed, expires_at)
      values ($1, $2, 'tlh', 'xh', 7, $3, $4, now() + interval '1 hour')`,
      [intentId, this.campaignId, WORDS.own, JSON.stringify(WORDS.typed)],
    );
    await this.query(
      `insert into oauth_flow (state_hash, browser_hash, campaign_id, platform, locale, text_locale, text, verifier, expires_at, intent_id)
      values ($1, $2, $3, 'mastodon', 'tlh', 'xh', $4, $5, now() + interval '1 hour', $6)`,
      [randomBytes(32), randomBytes(32), this.campaignId, FLOW_TEXT, randomBytes(80), intentId],
    );
    const { masterKeyId } = this.secrets;
    const note = encrypt(
      this.#master,
      Buffer.from('{"clientId":"1"}'),
      `own|platform_note|mastodon|${NOTE}|${masterKeyId}`,
    );
    await this.query(
      `insert into platform_note (platform, key, sealed) values ('mastodon', $1, $2)`,
      [NOTE, Buffer.concat([Buffer.from([1]), note])],
    );
    await this.query(
      `insert into reminder (id, campaign_id, state, locale, address_hash, address)
      values ($1, $2, 'confirmed', 'en', $3, $4)`,
      [
        ...[reminderId, this.campaignId, randomBytes(32)],
        this.seal('reminder.address', '', reminderId, ADDRESS),
      ],
    );
    return { intentId, reminderId };
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

interface OldPledge {
  id: string;
  deliveryId: string;
  account: { id: string; handle: string };
  text: string;
  remoteId: string;
  url: string;
  staged: string;
}

function personOf(n: number): OldPledge {
  const handle = `planted_person_${n}`;
  return {
    ...{ id: randomUUID(), deliveryId: randomUUID() },
    account: { id: `https://one.person-${n}.example/users/1`, handle },
    text: `Planted words of ${n}, nobody else’s`,
    remoteId: `plantedpost${n}x`,
    url: `https://one.person-${n}.example/@${handle}/plantedpost${n}x`,
    staged: `plantedcontainer${n}x`,
  };
}

const WORDS = { own: 'Planted, and still being written', typed: { name: 'Planted Zoë', town: '' } };
const FLOW_TEXT = 'Planted on the way to a server';
const NOTE = 'app|https://only-typed.planted.example|https://bell.example/callback/mastodon';
const ADDRESS = 'planted@mail.example';
const PEOPLE = 600;

needs('postgres')('A4 a database of before anything but accounts was sealed', () => {
  let old: OldInstance;
  let people: OldPledge[];
  let rest: { intentId: string; reminderId: string };
  let url: string;
  let database: Database;
  let bytesBefore: number;

  beforeAll(async () => {
    ({ url } = await testDatabase(nobody));
    await migrateTo(url, '0011_host_events');
    old = new OldInstance(url);
    await old.open('firing');
    people = [];
    for (let n = 0; n < PEOPLE; n++) people.push(await old.pledge(n));
    rest = await old.rest();
    await old.close();
    database = await connect(url, () => undefined);
    atEnd(() => database.dispose());
    bytesBefore = await onDisk('Planted words of');
    // Two processes start at once, and one of them is ended on its way.
    const { db } = database;
    const vault = createVault(old.secrets);
    const dying = { ...vault, seal: dieAfter(550, vault.seal) };
    const [dead] = await Promise.allSettled([sealOldRows(db, dying)]);
    expect(dead?.status).toBe('rejected');
    const done = await Promise.all([
      sealOldRows(db, createVault(old.secrets)),
      sealOldRows(db, vault),
    ]);
    expect(done[0] + done[1]).toBeGreaterThan(PEOPLE);
  }, 120_000);

  function dieAfter<A extends unknown[], R>(count: number, work: (...args: A) => Promise<R>) {
    let left = count;
    return async (...args: A): Promise<R> => {
      left -= 1;
      if (left < 0) throw new Error('killed');
      return work(...args);
    };
  }

  /** How many pages of the tables hold these bytes, rows that are gone and columns that were dropped included. */
  async function onDisk(needle: string): Promise<number> {
    await sql`create extension if not exists pageinspect`.execute(database.db);
    let found = 0;
    for (const table of [
      'pledge',
      'intent',
      'oauth_flow',
      'delivery',
      'attempt',
      'platform_note',
    ]) {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n
        from generate_series(0, pg_relation_size(${table}::regclass) / 8192 - 1) as page
        where position(convert_to(${needle}, 'UTF8') in get_raw_page(${table}, page::int)) > 0`.execute(
        database.db,
      );
      found += rows[0]?.n ?? 0;
    }
    return found;
  }

  it('holds nothing in clear afterwards, neither in its rows nor on its pages', async () => {
    const dump = await dumpOf(database.db);
    const planted = [
      ...people
        .slice(0, 20)
        .flatMap(({ account, text, remoteId, url: address, staged }) => [
          ...[account.handle, account.id, text, textHash(text), remoteId, address, staged],
        ]),
      ...[WORDS.own, WORDS.typed.name, FLOW_TEXT, 'only-typed.planted.example', ADDRESS],
    ];
    expect(dump).toContain(`old-${old.campaignId}`);
    const hits = planted.filter((one) => formsOf(one).some((form) => dump.includes(form)));
    expect(hits).toEqual([]);
    expect(dump.toLowerCase()).not.toContain('planted');
    expect(bytesBefore).toBeGreaterThan(0);
    expect(await onDisk('lanted')).toBe(0);
  });

  it('opens everything as it was', async () => {
    const { db } = database;
    const vault = createVault(old.secrets);
    const rows = await db.selectFrom('pledge').selectAll().execute();
    expect(rows).toHaveLength(PEOPLE);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const deliveries = new Map(
      (await db.selectFrom('delivery').selectAll().execute()).map((row) => [row.id, row]),
    );
    for (const person of people) {
      const row = byId.get(person.id);
      const delivery = deliveries.get(person.deliveryId);
      if (!row || !delivery) throw new Error('A row has gone');
      const key = { campaignId: old.campaignId, platform: 'mastodon' };
      const pledge = { ...key, id: row.id, consentedAt: row.consented_at, sealed: row.sealed };
      expect(await openPledge(vault, db, pledge)).toEqual({
        ...{ account: person.account, locale: 'xh', text: person.text },
        ...{ textHash: textHash(person.text), scope: 'write', policyVersion: '1' },
      });
      const { id, sealed, sealed_stage: sealedStage } = delivery;
      const post = await openPost(vault, db, { ...key, id, sealed });
      expect(post).toEqual({ id: person.remoteId, url: person.url });
      expect(await openStage(vault, db, { ...key, id, sealedStage })).toBe(person.staged);
    }
    expect(await findIntent(db, vault, rest.intentId)).toEqual({
      ...{ id: rest.intentId, campaignId: old.campaignId, locale: 'tlh' },
      words: { textLocale: 'xh', variant: 7, ...WORDS },
    });
    expect(await openNoteBook(db, vault, 'mastodon').read(NOTE)).toBe('{"clientId":"1"}');
    const { address } = await db
      .selectFrom('reminder')
      .select('address')
      .where('id', '=', rest.reminderId)
      .executeTakeFirstOrThrow();
    const place = { column: 'reminder.address', campaignId: old.campaignId, platform: '' } as const;
    const opened = await vault.open(db, { ...place, rowId: rest.reminderId }, address as Buffer);
    expect(opened).toBe(ADDRESS);
  });

  it('has two keys a campaign, and nothing is left to do', async () => {
    const { db } = database;
    const { rows } = await sql<{ purpose: string }>`
      select purpose from campaign_key order by purpose`.execute(db);
    expect(rows).toEqual([{ purpose: 'grants' }, { purpose: 'receipts' }]);
    expect(await sealOldRows(db, createVault(old.secrets))).toBe(0);
    const tables = await sql`select to_regclass('unsealed') as left`.execute(db);
    expect(tables.rows).toEqual([{ left: null }]);
  });

  it('A15 knows posts that were locked before by what they were named then', async () => {
    const { rows } = await sql<{ rule: number }>`
      select post_key_rule as rule from campaign`.execute(database.db);
    expect(rows).toEqual([{ rule: 1 }]);
  });
});

describe('A4 sealing old rows', () => {
  needs('postgres')('with other secrets', () => {
    it('does nothing but say so, and goes on once the right ones are there', async () => {
      const { url } = await testDatabase(nobody);
      await migrateTo(url, '0011_host_events');
      const old = new OldInstance(url);
      await old.open('open');
      const person = await old.pledge(0);
      await old.close();
      const { db, dispose } = await connect(url, () => undefined);
      atEnd(dispose);
      const stranger = createVault({ ...newSecrets(), masterKeyId: old.secrets.masterKeyId });
      const refusal = await sealOldRows(db, stranger).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigurationError);
      expect((refusal as Error).message).toMatch(/^DATA_DIR: secrets\.json is not the one/);
      const { rows } = await sql<{ value: unknown }>`select value from unsealed`.execute(db);
      expect(JSON.stringify(rows)).toContain(person.text);
      expect(await sealOldRows(db, createVault(old.secrets))).toBeGreaterThan(0);
      expect(await dumpOf(db)).not.toContain('Planted');
    });
  });

  it('does it while a campaign fires as well', async () => {
    const { url } = await testDatabase(nobody);
    await migrateTo(url, '0011_host_events');
    const old = new OldInstance(url);
    await old.open('firing');
    const person = await old.pledge(0);
    await old.close();
    const { db, dispose } = await connect(url, () => undefined);
    atEnd(dispose);
    const vault = createVault(old.secrets);
    expect(await sealOldRows(db, vault)).toBeGreaterThan(0);
    expect(await dumpOf(db)).not.toContain('lanted');
    const row = await db.selectFrom('pledge').selectAll().executeTakeFirstOrThrow();
    const key = { id: row.id, campaignId: old.campaignId, platform: 'mastodon' };
    const pledge = { ...key, consentedAt: row.consented_at, sealed: row.sealed };
    expect((await openPledge(vault, db, pledge)).text).toBe(person.text);
  });
});
