import { createHash, randomBytes } from 'node:crypto';

/** A secret that cannot be guessed: 256 bits, safe in a URL. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether it is of the form of our own secrets. */
export function isSecret(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Under this a secret is kept; the secret itself is stored nowhere. 256 random bits need no salt and no slow hash. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
