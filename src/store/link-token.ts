import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link is good for; its proof is of no use for anything else. */
type Purpose = 'receipt' | 'intent' | 'reminder';

/** An id with proof that we made it. */
export function makeLinkToken(key: Buffer, purpose: Purpose, uuid: string): string {
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, proof(key, purpose, id)]).toString('base64url');
}

/** The id in a token, or null when we did not make it for this purpose. */
export function readLinkToken(key: Buffer, purpose: Purpose, token: string): string | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== token) return null;
  const id = bytes.subarray(0, 16);
  if (!timingSafeEqual(bytes.subarray(16), proof(key, purpose, id))) return null;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function proof(key: Buffer, purpose: Purpose, id: Buffer): Buffer {
  return createHmac('sha256', key).update(purpose).update(id).digest().subarray(0, 16);
}
