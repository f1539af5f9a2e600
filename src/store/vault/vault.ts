import { createHmac } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { InstanceSecrets } from '../../../config/secrets.ts';
import { NotFoundError } from '../../domain/errors.ts';
import type { Db } from '../connection/database.ts';
import { coverHash, recoverHash, recoverHashes } from '../cover.ts';
import { makeLinkToken, readLinkToken } from '../link-token.ts';
import { deriveKey, newKey, openSealed, seal } from './envelope.ts';
import {
  attachMasterKey,
  createKeyring,
  followMasterKeys,
  presentMasterKey,
  recogniseMasterKey,
  underMasterKey,
} from './keyring.ts';
import {
  batchAad,
  KEY_PURPOSES,
  type KeyPurpose,
  keyPurpose,
  type SealContext,
  valueAad,
} from './seal-context.ts';
import {
  forgetDestroyed,
  type KeyCache,
  openOwn,
  rewrapKeys,
  sealOwnUnder,
  unwrap,
  wrap,
} from './wrapped-key.ts';

/** The only part of the product that encrypts and decrypts what supporters entrust to it. */
export interface Vault {
  /** Makes the keys of a campaign that it does not have yet; when the campaign is made. */
  createCampaignKeys(db: Db, campaignId: string): Promise<void>;
  /** A grant gets a data key of its own, all else the campaign's. @throws NotFoundError when the campaign's key is destroyed. */
  seal(db: Db, context: SealContext, value: unknown): Promise<Buffer>;
  /**
   * `purpose`: of the key, where it is not the place's own, since it was sealed before there were two.
   * @throws SealError when the bytes are not what was sealed for this place; NotFoundError when the campaign's key is destroyed.
   */
  open<T>(db: Db, context: SealContext, sealed: Buffer, purpose?: KeyPurpose): Promise<T>;
  /**
   * Gives what a platform may know a delivery's post by: the same however often it is asked for, and nothing that anybody can
   * compute without the campaign's key. 32 hexadecimal digits. @throws NotFoundError when the campaign's key is destroyed.
   */
  postKeys(db: Db, campaignId: string): Promise<(deliveryId: string) => string>;
  /**
   * Seals what is the instance's own and no campaign's; `place` is bound into it. `write` stores it while `present`, a query, still
   * has its row, and tells whether it had: if not, the master key was rotated meanwhile, and it is sealed anew.
   */
  sealOwn(db: Db, context: string, value: string, write: WriteOwn): Promise<void>;
  /** @throws SealError when the bytes are not what was sealed for this place. */
  openOwn(context: string, sealed: Buffer): string;
  /** Seals for another place, under another master key, what `openOwn` opens. @throws SealError */
  resealOwn(from: string, to: string, sealed: Buffer, masterKeyId: string): Buffer;
  /** Wraps every key that is left under another master key, in a transaction that holds the present one. @throws SealError */
  rewrapKeys(db: Db, masterKeyId: string): Promise<void>;
  /**
   * Checks that what is in the database can be opened with the master keys of this process; on an empty one, says which it is.
   * @throws ConfigurationError when it is sealed under another one.
   */
  attach(db: Db): Promise<void>;
  /** The same before a migration: of a database of any older version, too, and nothing is changed. @throws ConfigurationError */
  recognise(db: Db): Promise<void>;
  /**
   * Takes over what the database and the file say of keys: forgets those of campaigns that are destroyed, and reads the file with the
   * master keys again where it must have changed.
   */
  follow(db: Db): Promise<void>;
  /** Ids of the master keys that this process has. */
  masterKeys(): readonly string[];
  /** The name under which a host that supporters name is kept: a server of one person names that person. */
  hostHash(platform: string, host: string): string;
  /** Stands for a host in the address to come back from it: nobody can tell which it is, nor find it in the records. */
  callbackPart(platform: string, host: string): string;
  /** The hash under which what a platform remembers is kept: its name may hold the name of a server. */
  noteHash(platform: string, name: string): Buffer;
  /** The hash under which an account is kept: the same account gives the same hash, and only with this instance's key. */
  accountHash(platform: string, accountId: string): Buffer;
  /** The master key that hashes are covered with now: a rotation changes them all. */
  hashedUnder(): string;
  /** A hash as it is after a rotation to this master key. */
  recoverHash(hash: Buffer, masterKeyId: string): Buffer;
  /** Covers all hashes anew, but for those of notes. In a transaction that holds the row of the present master key. */
  recoverHashes(db: Db, masterKeyId: string): Promise<void>;
  /** The secret of a receipt's link. It is stored nowhere: it is the pledge's id with proof that we made it. */
  receiptToken(receiptId: string): string;
  /** The receipt that a link is for, or null when we did not make it. */
  readReceiptToken(token: string): string | null;
  /** The secret of the pages on which somebody joins, before there is a receipt. */
  intentToken(intentId: string): string;
  /** The intent that such a page is for, or null when we did not make it. */
  readIntentToken(token: string): string | null;
  /** The secret of the links in a reminder's mails; stored nowhere, like a receipt's, and good for no receipt. */
  reminderToken(reminderId: string): string;
  /** The reminder that a link is for, or null when we did not make it. */
  readReminderToken(token: string): string | null;
  /** The hash under which an e-mail address is kept, however its letters are cased. */
  addressHash(address: string): Buffer;
  /** The hash under which somebody's own post is counted; the same post of another campaign has another. */
  linkHash(campaignId: string, postKey: string): Buffer;
}

/** Stores sealed bytes if `present` still gives a row, and tells whether it did. */
export type WriteOwn = (sealed: Buffer, present: RawBuilder<unknown>) => Promise<boolean>;

const HASH_BYTES = 32;
const HOST_BYTES = 16;

/** Envelope encryption; see envelope.ts. */
export function createVault(secrets: InstanceSecrets): Vault {
  const masters = createKeyring(secrets);
  const hashKey = Buffer.from(secrets.accountHashKey.reveal(), 'base64');
  const receiptKey = Buffer.from(secrets.receiptKey.reveal(), 'base64');
  const keys: KeyCache = { grants: new Map(), receipts: new Map() };

  /** Kept in the database; see cover.ts. */
  const hash = (words: string, bytes = HASH_BYTES): Buffer => {
    const bare = createHmac('sha256', hashKey).update(words).digest().subarray(0, bytes);
    return coverHash(masters, masters.present, bare);
  };

  const readKey = async (db: Db, campaignId: string, purpose: KeyPurpose): Promise<Buffer> => {
    const row = await db
      .selectFrom('campaign_key')
      .select(['wrapped', 'master_key_id'])
      .where('campaign_id', '=', campaignId)
      .where('purpose', '=', purpose)
      .executeTakeFirst();
    if (!row?.wrapped) throw new NotFoundError('The key of this campaign has been destroyed');
    const key = unwrap(masters, { ...row, wrapped: row.wrapped, campaign_id: campaignId, purpose });
    keys[purpose].set(campaignId, key);
    return key;
  };

  return {
    createCampaignKeys: async (db, campaignId) => {
      await underMasterKey(db, masters, async (id) => {
        const rows = KEY_PURPOSES.map(
          (purpose) =>
            sql`(${purpose}, ${wrap(masters, { campaign_id: campaignId, purpose }, newKey(), id)}::bytea)`,
        );
        const { rows: present } = await sql`
          with present as (${presentMasterKey(id)}), made as (
            insert into campaign_key (campaign_id, master_key_id, purpose, wrapped)
            select ${campaignId}::uuid, ${id}, key.purpose, key.wrapped
            from present, (values ${sql.join(rows)}) as key (purpose, wrapped)
            on conflict do nothing)
          select 1 from present`.execute(db);
        return present.length > 0;
      });
    },
    seal: async (db, context, value) => {
      const purpose = keyPurpose(context);
      const { campaignId } = context;
      const key = keys[purpose].get(campaignId) ?? (await readKey(db, campaignId, purpose));
      const aad = valueAad(context);
      return seal(deriveDataKey(key, purpose, aad), asBytes(value), aad);
    },
    open: async (db, context, sealed, purpose = keyPurpose(context)) => {
      const { campaignId } = context;
      const key = keys[purpose].get(campaignId) ?? (await readKey(db, campaignId, purpose));
      const aad = valueAad(context);
      const plain = openSealed(sealed, {
        ...{ key, aad },
        dataKey: () => deriveDataKey(key, purpose, aad),
        batchAad: () => batchAad(context),
      });
      return JSON.parse(plain.toString('utf8'));
    },
    postKeys: async (db, campaignId) => {
      const key = keys.receipts.get(campaignId) ?? (await readKey(db, campaignId, 'receipts'));
      return (deliveryId) =>
        createHmac('sha256', key).update(`post|${deliveryId}`).digest('hex').slice(0, 32);
    },
    sealOwn: (db, context, value, write) =>
      underMasterKey(db, masters, (id) =>
        write(sealOwnUnder(masters, id, context, Buffer.from(value)), presentMasterKey(id)),
      ),
    openOwn: (context, sealed) => openOwn(masters, context, sealed).toString('utf8'),
    resealOwn: (from, to, sealed, masterKeyId) =>
      sealOwnUnder(masters, masterKeyId, to, openOwn(masters, from, sealed)),
    rewrapKeys: (db, masterKeyId) => rewrapKeys(db, masters, masterKeyId),
    attach: (db) => attachMasterKey(db, masters, secrets.path),
    recognise: (db) => recogniseMasterKey(db, masters, secrets.path),
    follow: async (db) => {
      await followMasterKeys(db, masters);
      await forgetDestroyed(db, keys);
    },
    masterKeys: () => masters.ids(),
    hostHash: (platform, host) => hash(`host|${platform}|${host}`, HOST_BYTES).toString('hex'),
    callbackPart: (platform, host) =>
      createHmac('sha256', hashKey)
        .update(`callback|${platform}|${host}`)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    noteHash: (platform, name) => hash(`note|${platform}|${name}`),
    accountHash: (platform, accountId) => hash(`${platform}|${accountId}`),
    hashedUnder: () => masters.present,
    recoverHash: (covered, to) => recoverHash(masters, { from: masters.present, to }, covered),
    recoverHashes: (db, to) => recoverHashes(db, masters, { from: masters.present, to }),
    receiptToken: (receiptId) => makeLinkToken(receiptKey, 'receipt', receiptId),
    readReceiptToken: (token) => readLinkToken(receiptKey, 'receipt', token),
    intentToken: (intentId) => makeLinkToken(receiptKey, 'intent', intentId),
    readIntentToken: (token) => readLinkToken(receiptKey, 'intent', token),
    reminderToken: (reminderId) => makeLinkToken(receiptKey, 'reminder', reminderId),
    readReminderToken: (token) => readLinkToken(receiptKey, 'reminder', token),
    addressHash: (address) => hash(`address|${address.toLowerCase()}`),
    linkHash: (campaignId, postKey) => hash(`link|${campaignId}|${postKey}`),
  };
}

/** A grant has a data key of its own; what receipts show is under their campaign's. */
function deriveDataKey(key: Buffer, purpose: KeyPurpose, aad: string): Buffer {
  return purpose === 'grants' ? deriveKey(key, aad) : key;
}

function asBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
