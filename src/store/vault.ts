import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { InstanceSecrets } from '../../config/secrets.ts';
import { NotFoundError, SealError } from '../domain/errors.ts';
import type { Db } from './database.ts';

/**
 * Where a sealed value belongs. It is bound into the encryption as additional data, so that a ciphertext moved to another
 * row, column, campaign or platform does not open.
 */
export interface Place {
  column:
    | 'credential.sealed'
    | 'pledge.account'
    | 'oauth_flow.verifier'
    | 'oauth_flow.choices'
    | 'reminder.address';
  campaignId: string;
  platform: string;
  rowId: string;
}

/** The only part of the product that encrypts and decrypts what supporters entrust to it. */
export interface Vault {
  /** Makes the campaign's key; once, when the campaign is made. */
  createCampaignKey(db: Db, campaignId: string): Promise<void>;
  seal(db: Db, place: Place, value: unknown): Promise<Buffer>;
  /** @throws SealError when the bytes are not what was sealed for this place; NotFoundError when the campaign's key is destroyed. */
  open<T>(db: Db, place: Place, sealed: Buffer): Promise<T>;
  /** Seals what is the instance's own and no campaign's; `place` is bound into it. */
  sealOwn(place: string, value: string): Buffer;
  /** @throws SealError when the bytes are not what was sealed for this place. */
  openOwn(place: string, sealed: Buffer): string;
  /** The name under which a host that supporters name is kept: a server of one person names that person. */
  hostHash(platform: string, host: string): string;
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

const VERSION = 1;
const IV = 12;
const TAG = 16;
const KEY = 32;

/** Envelope encryption, AES-256-GCM throughout: value under a data key of its own, that under the campaign's, that under the master key. */
export function createVault(secrets: InstanceSecrets): Vault {
  const master = Buffer.from(secrets.masterKey.reveal(), 'base64');
  const hashKey = Buffer.from(secrets.accountHashKey.reveal(), 'base64');
  const receiptKey = Buffer.from(secrets.receiptKey.reveal(), 'base64');
  const keys = new Map<string, Buffer>();

  const campaignKey = async (db: Db, campaignId: string): Promise<Buffer> => {
    const known = keys.get(campaignId);
    if (known) return known;
    const row = await db
      .selectFrom('campaign_key')
      .select(['wrapped', 'master_key_id'])
      .where('campaign_id', '=', campaignId)
      .executeTakeFirst();
    if (!row?.wrapped) throw new NotFoundError('The key of this campaign has been destroyed');
    const key = decrypt(master, row.wrapped, `campaign|${campaignId}|${row.master_key_id}`);
    keys.set(campaignId, key);
    return key;
  };

  return {
    createCampaignKey: async (db, campaignId) => {
      const key = randomBytes(KEY);
      const aad = `campaign|${campaignId}|${secrets.masterKeyId}`;
      const wrapped = encrypt(master, key, aad);
      await db
        .insertInto('campaign_key')
        .values({ campaign_id: campaignId, master_key_id: secrets.masterKeyId, wrapped })
        .execute();
    },
    seal: async (db, place, value) => {
      const dataKey = randomBytes(KEY);
      const aad = bound(place);
      const wrapped = encrypt(await campaignKey(db, place.campaignId), dataKey, aad);
      const sealed = encrypt(dataKey, Buffer.from(JSON.stringify(value)), aad);
      return Buffer.concat([Buffer.from([VERSION]), wrapped, sealed]);
    },
    open: async (db, place, sealed) => {
      checkVersion(sealed);
      const split = 1 + IV + KEY + TAG;
      const aad = bound(place);
      const key = await campaignKey(db, place.campaignId);
      const dataKey = decrypt(key, sealed.subarray(1, split), aad);
      return JSON.parse(decrypt(dataKey, sealed.subarray(split), aad).toString('utf8'));
    },
    sealOwn: (place, value) => {
      const aad = `own|${place}|${secrets.masterKeyId}`;
      return Buffer.concat([Buffer.from([VERSION]), encrypt(master, Buffer.from(value), aad)]);
    },
    openOwn: (place, sealed) => {
      checkVersion(sealed);
      const aad = `own|${place}|${secrets.masterKeyId}`;
      return decrypt(master, sealed.subarray(1), aad).toString('utf8');
    },
    hostHash: (platform, host) =>
      createHmac('sha256', hashKey).update(`host|${platform}|${host}`).digest('hex').slice(0, 24),
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

function bound(place: Place): string {
  return [place.column, place.campaignId, place.platform, place.rowId].join('|');
}

function encrypt(key: Buffer, plain: Buffer, aad: string): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(aad));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, sealed, cipher.getAuthTag()]);
}

function checkVersion(sealed: Buffer): void {
  if (sealed[0] !== VERSION) throw new SealError(`Sealed by an unknown version ${sealed[0]}`);
}

function decrypt(key: Buffer, bytes: Buffer, aad: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV))
      .setAAD(Buffer.from(aad))
      .setAuthTag(bytes.subarray(bytes.length - TAG));
    const plain = decipher.update(bytes.subarray(IV, bytes.length - TAG));
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new SealError('A sealed value cannot be opened: other bytes, or another master key');
  }
}
