import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SealError } from '../domain/errors.ts';

/**
 * Envelopes, AES-256-GCM throughout: a value under a data key, and that key under the campaign's, wrapped beside it. Byte by byte:
 * version, wrapped data key (60), nonce (12), ciphertext, tag (16). What is bound as additional data differs by version: of a
 * SINGLE value the place binds both parts; of a BATCH the place binds the value, and the batch's own words the shared data key.
 */
const SINGLE = 1;
const BATCH = 2;
const NONCE = 12;
const TAG = 16;
const KEY = 32;
const WRAPPED = NONCE + KEY + TAG;

export function newKey(): Buffer {
  return randomBytes(KEY);
}

/** `aad`: bound as additional data; what is opened with another one does not open. */
export function encrypt(key: Buffer, plain: Buffer, aad: string): Buffer {
  return Buffer.concat(encryptWith(key, randomBytes(NONCE), plain, aad));
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
  // Asking for randomness costs as much as a short encryption, however little is asked for.
  const random = randomBytes(KEY + 2 * NONCE);
  const dataKey = random.subarray(0, KEY);
  const wrapped = encryptWith(key, random.subarray(KEY, KEY + NONCE), dataKey, aad);
  const sealed = encryptWith(dataKey, random.subarray(KEY + NONCE), plain, aad);
  return Buffer.concat([SINGLE_HEAD, ...wrapped, ...sealed]);
}

/**
 * Seals any number of values under one data key, which is wrapped once; each is opened and erased without the others. The data
 * key is used for nothing else, so that counting gives nonces that are never the same.
 */
export function createBatch(key: Buffer, batchAad: string): (plain: Buffer, aad: string) => Buffer {
  const dataKey = newKey();
  const head = Buffer.concat([Buffer.from([BATCH]), encrypt(key, dataKey, batchAad)]);
  let count = 0;
  return (plain, aad) => {
    const nonce = Buffer.alloc(NONCE);
    nonce.writeUInt32BE(count++, NONCE - 4);
    return Buffer.concat([head, ...encryptWith(dataKey, nonce, plain, aad)]);
  };
}

/** Opens what either of the two made. @throws SealError */
export function openSealed(
  key: Buffer,
  sealed: Buffer,
  { aad, batchAad }: { aad: string; batchAad: string },
): Buffer {
  const version = sealed[0];
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
