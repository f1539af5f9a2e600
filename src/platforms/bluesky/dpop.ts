import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What a proof is for. `url`: without query and fragment (RFC 9449, 4.2). */
export interface Proven {
  method: 'GET' | 'POST';
  url: string;
  nonce: string | undefined;
  /** None for an authorization server (RFC 9449, 4.2: `ath` is for resources). */
  accessToken?: string;
}

/** Signs proofs of possession with one key. Costs about 50 us each. */
export type Prover = (proven: Proven, nowMs: number) => string;

/** A new private key for ES256, as JWK in JSON: one for every session (atproto.com/specs/oauth). */
export function newDpopKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y, d } = privateKey.export({ format: 'jwk' });
  return JSON.stringify({ kty, crv, x, y, d });
}

/** The public half of such a key. @throws when it is none. */
export function toPublicJwk(key: string): { kty: string; crv: string; x: string; y: string } {
  const { kty, crv, x, y } = JSON.parse(key) as Record<string, string>;
  if (!kty || !crv || !x || !y) throw new Error('This is not a key');
  return { kty, crv, x, y };
}

/** @throws when `key` is no JWK. */
export function createProver(key: string): Prover {
  const jwk = toPublicJwk(key);
  const signing = {
    key: createPrivateKey({ key: JSON.parse(key), format: 'jwk' }),
    dsaEncoding: 'ieee-p1363' as const,
  };
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk });
  return ({ method, url, nonce, accessToken }, nowMs) => {
    const claims = encode({
      jti: randomBytes(16).toString('base64url'),
      htm: method,
      htu: url,
      iat: Math.floor(nowMs / 1_000),
      ...(accessToken !== undefined && {
        ath: createHash('sha256').update(accessToken).digest('base64url'),
      }),
      ...(nonce !== undefined && { nonce }),
    });
    const signature = sign('sha256', Buffer.from(`${header}.${claims}`), signing);
    return `${header}.${claims}.${signature.toString('base64url')}`;
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
