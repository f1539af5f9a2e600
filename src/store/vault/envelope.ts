import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { SealError } from '../../domain/errors.ts';

/**
 * Envelopes, AES-256-GCM throughout. What is written, byte by byte: version UNDER, nonce (12), ciphertext, tag (16), under a data key
 * that is derived for the value's own place or under the campaign's key itself. What is only opened any more, SINGLE and BATCH: version,
 * wrapped data key (60), nonce, ciphertext, tag; the place is bound to both parts of a SINGLE value as additional data, and the batch's
 * own words to a data key that several values share.
 */
const SINGLE = 1;
const BATCH = 2;
const UNDER = 3;
const NONCE = 12;
const TAG = 16;
const KEY = 32;
const WRAPPED = NONCE + KEY + TAG;
/** Nonces drawn at a time: asking for randomness costs as much as a short encryption, however little is asked for. */
const DRAWN = 256;

export function newKey(): Buffer {
  return randomBytes(KEY);
}

let nonces = Buffer.alloc(0);

/** A random one that no other value has: each is used once, and none of them is secret. */
function nextNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(NONCE * DRAWN);
  const nonce = nonces.subarray(0, NONCE);
  nonces = nonces.subarray(NONCE);
  return nonce;
}

/** `aad`: bound as additional data; what is opened with another one does not open. `head`: bytes to leave free before the nonce. */
export function encrypt(key: Buffer, plain: Buffer, aad: string, head = 0): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  const bytes = Buffer.allocUnsafe(head + NONCE + plain.length + TAG);
  bytes.set(nonce, head);
  bytes.set(cipher.update(plain), head + NONCE);
  cipher.final();
  bytes.set(cipher.getAuthTag(), bytes.length - TAG);
  return bytes;
}

/** @throws SealError for other bytes, another key or another `aad`. */
export function decrypt(key: Buffer, bytes: Buffer, aad: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE))
      .setAAD(Buffer.from(aad))
      .setAuthTag(bytes.subarray(bytes.length - TAG));
    const plain = decipher.update(bytes.subarray(NONCE, bytes.length - TAG));
    // Throws for other bytes. GCM keeps nothing back for the end.
    decipher.final();
    return plain;
  } catch {
    throw new SealError('A sealed value cannot be opened: other bytes, or another master key');
  }
}

/** A data key for one place: HKDF-Expand of RFC 5869 with SHA-256, whose first block is as long as a key. */
export function deriveKey(key: Buffer, aad: string): Buffer {
  return createHmac('sha256', key).update(`data key|${aad}\u0001`).digest();
}

/**
 * Seals one value. With random nonces a key must not seal more than 2^32 of them (NIST SP 800-38D, 8.3); a campaign of a million
 * people seals some millions.
 */
export function seal(key: Buffer, plain: Buffer, aad: string): Buffer {
  const sealed = encrypt(key, plain, under(aad), 1);
  sealed[0] = UNDER;
  return sealed;
}

/** Bound as additional data, so that the wrapped data key of a SINGLE value of the same place is no value. */
function under(aad: string): string {
  return `under|${aad}`;
}

/** What a value may be sealed under, and what may be bound to it: `dataKey` is asked for where it is needed. */
interface Opening {
  key: Buffer;
  dataKey: () => Buffer;
  aad: string;
  batchAad: () => string;
}

/** Opens what is sealed in any version. @throws SealError */
export function openSealed(sealed: Buffer, { key, dataKey, aad, batchAad }: Opening): Buffer {
  const version = sealed[0];
  if (version === UNDER) return decrypt(dataKey(), sealed.subarray(1), under(aad));
  if (version !== SINGLE && version !== BATCH) {
    throw new SealError(`Sealed by an unknown version ${version}`);
  }
  const wrapped = sealed.subarray(1, 1 + WRAPPED);
  const unwrapped = decrypt(key, wrapped, version === SINGLE ? aad : batchAad());
  return decrypt(unwrapped, sealed.subarray(1 + WRAPPED), aad);
}

/** The instance's own, directly under its master key. */
export function sealDirect(key: Buffer, plain: Buffer, aad: string): Buffer {
  const sealed = encrypt(key, plain, aad, 1);
  sealed[0] = SINGLE;
  return sealed;
}

/** @throws SealError */
export function openDirect(key: Buffer, sealed: Buffer, aad: string): Buffer {
  if (sealed[0] !== SINGLE) throw new SealError(`Sealed by an unknown version ${sealed[0]}`);
  return decrypt(key, sealed.subarray(1), aad);
}
