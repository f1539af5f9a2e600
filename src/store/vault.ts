import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InstanceSecrets } from '../../config/secrets.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Db } from './database.ts';
import {
  createBatch,
  decrypt,
  encrypt,
  newKey,
  openDirect,
  openSealed,
  sealDirect,
  sealSingle,
} from './envelope.ts';
import {
  batchAad,
  KEY_PURPOSES,
  type KeyPurpose,
  keyAad,
  type Place,
  placeAad,
  purposeOf,
} from './place.ts';

/** The only part of the product that encrypts and decrypts what supporters entrust to it. */
export interface Vault {
  /** Makes the keys of a campaign that it does not have yet; when the campaign is made. */
  createCampaignKeys(db: Db, campaignId: string): Promise<void>;
  /** @throws NotFoundError when the campaign's key is destroyed. */
  seal(db: Db, place: Place, value: unknown): Promise<Buffer>;
  /**
   * Seals many values at little more than half the cost: each by itself, in the order given, but of one campaign and purpose under one
   * data key. @throws NotFoundError when the key of a campaign is destroyed.
   */
  sealBatch(db: Db, values: readonly { place: Place; value: unknown }[]): Promise<Buffer[]>;
  /** @throws SealError when the bytes are not what was sealed for this place; NotFoundError when the campaign's key is destroyed. */
  open<T>(db: Db, place: Place, sealed: Buffer): Promise<T>;
  /** Seals what is the instance's own and no campaign's; `place` is bound into it. */
  sealOwn(place: string, value: string): Buffer;
  /** @throws SealError when the bytes are not what was sealed for this place. */
  openOwn(place: string, sealed: Buffer): string;
  /** The name under which a host that supporters name is kept: a server of one person names that person. */
  hostHash(platform: string, host: string): string;
  /** Stands for a host in the address to come back from it: nobody can tell which it is, nor find it in the records. */
  callbackPart(platform: string, host: string): string;
  /** The hash under which an account is kept: the same account gives the same hash, and only with this instance's key. */
  accountHash(platform: string, accountId: string): Buffer;
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

/** Envelope encryption; see envelope.ts. */
export function createVault(secrets: InstanceSecrets): Vault {
  const master = Buffer.from(secrets.masterKey.reveal(), 'base64');
  const hashKey = Buffer.from(secrets.accountHashKey.reveal(), 'base64');
  const receiptKey = Buffer.from(secrets.receiptKey.reveal(), 'base64');
  const keys = new Map<string, Buffer>();

  const campaignKey = async (db: Db, campaignId: string, purpose: KeyPurpose): Promise<Buffer> => {
    const name = `${purpose} ${campaignId}`;
    const known = keys.get(name);
    if (known) return known;
    const row = await db
      .selectFrom('campaign_key')
      .select(['wrapped', 'master_key_id'])
      .where('campaign_id', '=', campaignId)
      .where('purpose', '=', purpose)
      .executeTakeFirst();
    if (!row?.wrapped) throw new NotFoundError('The key of this campaign has been destroyed');
    const key = decrypt(master, row.wrapped, keyAad(campaignId, purpose, row.master_key_id));
    keys.set(name, key);
    return key;
  };

  return {
    createCampaignKeys: async (db, campaignId) => {
      const { masterKeyId } = secrets;
      await db
        .insertInto('campaign_key')
        .values(
          KEY_PURPOSES.map((purpose) => ({
            campaign_id: campaignId,
            purpose,
            master_key_id: masterKeyId,
            wrapped: encrypt(master, newKey(), keyAad(campaignId, purpose, masterKeyId)),
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    seal: async (db, place, value) => {
      const key = await campaignKey(db, place.campaignId, purposeOf(place));
      return sealSingle(key, asBytes(value), placeAad(place));
    },
    sealBatch: async (db, values) => {
      const batches = new Map<string, ReturnType<typeof createBatch>>();
      const sealed: Buffer[] = [];
      for (const { place, value } of values) {
        const aad = batchAad(place);
        let batch = batches.get(aad);
        if (!batch) {
          const key = await campaignKey(db, place.campaignId, purposeOf(place));
          batch = createBatch(key, aad);
          batches.set(aad, batch);
        }
        sealed.push(batch(asBytes(value), placeAad(place)));
      }
      return sealed;
    },
    open: async (db, place, sealed) => {
      const key = await campaignKey(db, place.campaignId, purposeOf(place));
      const plain = openSealed(key, sealed, {
        aad: placeAad(place),
        batchAad: batchAad(place),
      });
      return JSON.parse(plain.toString('utf8'));
    },
    sealOwn: (place, value) => sealDirect(master, Buffer.from(value), ownAad(place, secrets)),
    openOwn: (place, sealed) => openDirect(master, sealed, ownAad(place, secrets)).toString('utf8'),
    hostHash: (platform, host) =>
      createHmac('sha256', hashKey).update(`host|${platform}|${host}`).digest('hex').slice(0, 24),
    callbackPart: (platform, host) =>
      createHmac('sha256', hashKey)
        .update(`callback|${platform}|${host}`)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    accountHash: (platform, accountId) =>
      createHmac('sha256', hashKey).update(`${platform}|${accountId}`).digest(),
    receiptToken: (receiptId) => tokenOf(receiptKey, 'receipt', receiptId),
    readReceiptToken: (token) => readToken(receiptKey, 'receipt', token),
    intentToken: (intentId) => tokenOf(receiptKey, 'intent', intentId),
    readIntentToken: (token) => readToken(receiptKey, 'intent', token),
    reminderToken: (reminderId) => tokenOf(receiptKey, 'reminder', reminderId),
    readReminderToken: (token) => readToken(receiptKey, 'reminder', token),
    addressHash: (address) =>
      createHmac('sha256', hashKey).update(`address|${address.toLowerCase()}`).digest(),
    linkHash: (campaignId, postKey) =>
      createHmac('sha256', hashKey).update(`link|${campaignId}|${postKey}`).digest(),
  };
}

/** What a link is good for; its proof is of no use for anything else. */
type Purpose = 'receipt' | 'intent' | 'reminder';

/** An id with proof that we made it. */
function tokenOf(key: Buffer, purpose: Purpose, uuid: string): string {
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, proof(key, purpose, id)]).toString('base64url');
}

function readToken(key: Buffer, purpose: Purpose, token: string): string | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== token) return null;
  const id = bytes.subarray(0, 16);
  if (!timingSafeEqual(bytes.subarray(16), proof(key, purpose, id))) return null;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function proof(key: Buffer, purpose: Purpose, id: Buffer): Buffer {
  return createHmac('sha256', key).update(purpose).update(id).digest().subarray(0, 16);
}

function asBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function ownAad(place: string, { masterKeyId }: InstanceSecrets): string {
  return `own|${place}|${masterKeyId}`;
}
