import {
  createHash,
  createHmac,
  createPublicKey,
  type KeyObject,
  randomBytes,
  verify,
} from 'node:crypto';
import type { Incoming, World } from '../platform.ts';

/** A proof that holds: by which key it was signed (RFC 7638), or why it does not. */
export type Checked = { key: string } | { error: 'use_dpop_nonce' | 'invalid_dpop_proof' };

export type Proofs = ReturnType<typeof createProofs>;

/** How long a proof is accepted, in either direction of time; its id is remembered for as long. */
const PROOF_LIFE_MS = 5 * 60_000;
const MAX_KEYS = 50_000;

interface Parsed {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  signed: string;
  signature: Buffer;
}

/** Checks proofs of possession for real (RFC 9449, 4.3), with nonces that are good for two periods. */
export function createProofs(world: World, urlOf: () => string) {
  const secret = randomBytes(32);
  const keys = new Map<string, KeyObject>();
  let used = new Set<string>();
  let usedBefore = new Set<string>();
  let turnedMs = 0;

  /** `place`: the authorization server's nonces are not those of the account's server. */
  function nonceOf(place: string, period: number): string {
    return createHmac('sha256', secret).update(`${place} ${period}`).digest('base64url');
  }

  function periodAt(nowMs: number): number {
    return Math.floor(nowMs / (world.behaviour.bluesky.nonceLifeSeconds * 1_000));
  }

  function isCurrent(place: string, nonce: unknown, nowMs: number): boolean {
    const period = periodAt(nowMs);
    return nonce === nonceOf(place, period) || nonce === nonceOf(place, period - 1);
  }

  function isReplayed(id: string, nowMs: number): boolean {
    if (nowMs - turnedMs > 2 * PROOF_LIFE_MS) {
      usedBefore = used;
      used = new Set();
      turnedMs = nowMs;
    }
    if (used.has(id) || usedBefore.has(id)) return true;
    used.add(id);
    return false;
  }

  function keyOf(jwk: Record<string, unknown>): { thumbprint: string; key: KeyObject } | undefined {
    const { kty, crv, x, y } = jwk;
    if (kty !== 'EC' || crv !== 'P-256' || 'd' in jwk) return undefined;
    if (typeof x !== 'string' || typeof y !== 'string') return undefined;
    const known = { crv, kty, x, y };
    const thumbprint = createHash('sha256').update(JSON.stringify(known)).digest('base64url');
    const key = keys.get(thumbprint) ?? createPublicKey({ key: known, format: 'jwk' });
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(thumbprint, key);
    return { thumbprint, key };
  }

  function check(request: Incoming, place: string, accessToken?: string): Checked {
    const proof = parse(request.headers.dpop);
    const wrong = { error: 'invalid_dpop_proof' } as const;
    if (proof?.header.typ !== 'dpop+jwt' || proof.header.alg !== 'ES256') return wrong;
    const { htm, htu, iat, jti, ath, nonce } = proof.claims;
    const nowMs = request.atUs / 1_000;
    if (htm !== request.method || htu !== urlOf() + request.path) return wrong;
    const serverMs = nowMs + world.behaviour.dateSkewSeconds * 1_000;
    if (typeof iat !== 'number' || Math.abs(serverMs - iat * 1_000) > PROOF_LIFE_MS) return wrong;
    if (typeof jti !== 'string' || jti === '') return wrong;
    if (accessToken !== undefined && ath !== hash(accessToken)) return wrong;
    const signer = keyOf((proof.header.jwk ?? {}) as Record<string, unknown>);
    if (!signer || !isSigned(proof, signer.key)) return wrong;
    if (!isCurrent(place, nonce, nowMs)) return { error: 'use_dpop_nonce' };
    return isReplayed(`${signer.thumbprint} ${jti}`, nowMs) ? wrong : { key: signer.thumbprint };
  }

  return {
    /** Never throws. */
    check(request: Incoming, place: string, accessToken?: string): Checked {
      try {
        return check(request, place, accessToken);
      } catch {
        return { error: 'invalid_dpop_proof' };
      }
    },
    /** Whether it would be sent back for its nonce alone, as far as can be seen without checking anything. */
    wantsNonce(request: Incoming, place: string): boolean {
      try {
        const nonce = parse(request.headers.dpop)?.claims.nonce;
        return !isCurrent(place, nonce, request.atUs / 1_000);
      } catch {
        return true;
      }
    },
    /** The header line with the newest nonce. */
    nonceLine: (place: string, nowMs: number) =>
      `dpop-nonce: ${nonceOf(place, periodAt(nowMs))}\r\n`,
    clear() {
      used.clear();
      usedBefore.clear();
      keys.clear();
    },
  };
}

/** A compact JWS, read and not believed; undefined when it is none. */
export function parse(text: string | undefined): Parsed | undefined {
  const parts = (text ?? '').split('.');
  const [header, claims, signature] = parts;
  if (!header || !claims || !signature || parts.length !== 3) return undefined;
  return {
    header: JSON.parse(Buffer.from(header, 'base64url').toString('utf8')),
    claims: JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')),
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** ES256 (RFC 7518, 3.4). */
export function isSigned({ signed, signature }: Parsed, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
