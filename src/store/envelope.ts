import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SealError } from '../domain/errors.ts';

/**
 * Envelopes, AES-256-GCM throughout. SINGLE: a value under a data key of its own, and that key under the campaign's, wrapped beside it;
 * byte by byte: version, wrapped data key (60), nonce (12), ciphertext, tag (16). The place is bound to both parts as additional
 * data. UNDER: a value under the campaign's key itself: version, nonce, ciphertext, tag. BATCH is only opened any more: like SINGLE,
 * but with a data key that several values share, to which the batch's own words are bound.
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

/** `aad`: bound as additional data; what is opened with another one does not open. */
export function encrypt(key: Buffer, plain: Buffer, aad: string): Buffer {
  return Buffer.concat(encryptWith(key, nextNonce(), plain, aad));
}

/** In parts, so that a whole envelope is put together once. */
function encryptWith(key: Buffer, nonce: Buffer, plain: Buffer, aad: string): Buffer[] {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  const sealed = cipher.update(plain);
  cipher.final();
  return [nonce, sealed, cipher.getAuthTag()];
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

const SINGLE_HEAD = Buffer.from([SINGLE]);

/** Seals one value under a data key of its own. */
export function sealSingle(key: Buffer, plain: Buffer, aad: string): Buffer {
  const dataKey = newKey();
  const wrapped = encryptWith(key, nextNonce(), dataKey, aad);
  const sealed = encryptWith(dataKey, nextNonce(), plain, aad);
  return Buffer.concat([SINGLE_HEAD, ...wrapped, ...sealed]);
}

/**
 * Seals one value under a campaign's key itself: half the cost of {@link sealSingle}, and to be opened as cheaply. With random nonces a key
 * must not seal more than 2^32 values (NIST SP 800-38D, 8.3); a campaign of a million people seals some millions.
 */
export function sealUnder(key: Buffer, plain: Buffer, aad: string): Buffer {
  return Buffer.concat([UNDER_HEAD, ...encryptWith(key, nextNonce(), plain, under(aad))]);
}

const UNDER_HEAD = Buffer.from([UNDER]);

/** Bound as additional data, so that the wrapped data key of a SINGLE value of the same place is no value. */
function under(aad: string): string {
  return `under|${aad}`;
}

/** Opens what any of the three made. @throws SealError */
export function openSealed(
  key: Buffer,
  sealed: Buffer,
  { aad, batchAad }: { aad: string; batchAad: string },
): Buffer {
  const version = sealed[0];
  if (version === UNDER) return decrypt(key, sealed.subarray(1), under(aad));
  if (version !== SINGLE && version !== BATCH) {
    throw new SealError(`Sealed by an unknown version ${version}`);
  }
  const wrapped = sealed.subarray(1, 1 + WRAPPED);
  const dataKey = decrypt(key, wrapped, version === SINGLE ? aad : batchAad);
  return decrypt(dataKey, sealed.subarray(1 + WRAPPED), aad);
}

/** The instance's own, directly under its master key. */
export function sealDirect(key: Buffer, plain: Buffer, aad: string): Buffer {
  return Buffer.concat([Buffer.from([SINGLE]), encrypt(key, plain, aad)]);
}

/** @throws SealError */
export function openDirect(key: Buffer, sealed: Buffer, aad: string): Buffer {
  if (sealed[0] !== SINGLE) throw new SealError(`Sealed by an unknown version ${sealed[0]}`);
  return decrypt(key, sealed.subarray(1), aad);
}
