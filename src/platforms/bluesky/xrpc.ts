import { readHeader } from '../../outbound/retry-after.ts';
import type { Senders } from '../../outbound/senders.ts';
import type { PreparedRequest, SendResult } from '../../outbound/wire/sender.ts';
import { USER_AGENT } from '../../outbound/wire/user-agent.ts';
import { createProver, newDpopKey, type Prover } from './dpop.ts';
import { parseObject } from './json.ts';
import type { Nonces } from './nonces.ts';
import type { Session } from './session.ts';

/** A method of an account's server. `path`: with its query. */
export interface Call {
  method: 'GET' | 'POST';
  path: string;
  body: string | null;
}

/** Requests to accounts' servers, signed with the key of their session (RFC 9449, 7). */
export interface Xrpc {
  /** Signs ahead; calling it sends. Never rejects. Null when the session's key is none. */
  prepare(session: Session, accessToken: string, call: Call): (() => Promise<SendResult>) | null;
  /** Learns the newest nonce of a server, so that the first post need not. */
  learnNonce(origin: string): Promise<void>;
}

/** Servers take proofs for some minutes at most (RFC 9449, 11.1); a nonce may be older than the proof. */
const PROOF_LIFE_MS = 60_000;
export const SESSION_PATH = '/xrpc/com.atproto.server.getSession';

interface Proof {
  text: string;
  nonce: string | undefined;
  atMs: number;
}

export function createXrpc(senders: Senders, nonces: Nonces): Xrpc {
  const send = async (origin: string, request: PreparedRequest): Promise<SendResult> => {
    const result = await senders.send(origin, request);
    if (result.kind === 'answer') nonces.learn(origin, readHeader(result.headers, 'dpop-nonce'));
    return result;
  };
  return {
    prepare: (session, accessToken, call) => {
      const sign = signerOf(session, accessToken, call, nonces);
      if (!sign) return null;
      let ahead: Proof | null = sign();
      return async () => {
        const proof = ahead && isFresh(ahead, nonces.of(session.pds)) ? ahead : sign();
        // A proof works once.
        ahead = null;
        const result = await send(session.pds, requestOf(accessToken, call, proof.text));
        if (!wantsNonce(result)) return result;
        return send(session.pds, requestOf(accessToken, call, sign().text));
      };
    },
    learnNonce: async (origin) => {
      const session = { pds: origin, key: newDpopKey() };
      const call: Call = { method: 'GET', path: SESSION_PATH, body: null };
      const proof = signerOf(session, NOBODY, call, nonces)?.();
      if (proof) await send(origin, requestOf(NOBODY, call, proof.text));
    },
  };
}

/** A token that no server has given: what is wanted is the header of its refusal. */
const NOBODY = 'nobody';

function signerOf(
  { pds, key }: Pick<Session, 'pds' | 'key'>,
  accessToken: string,
  { method, path }: Call,
  nonces: Nonces,
): (() => Proof) | null {
  const prover = readProver(key);
  if (!prover) return null;
  const url = new URL(path.split('?')[0] as string, pds).href;
  return () => {
    const nonce = nonces.of(pds);
    const atMs = Date.now();
    return { text: prover({ method, url, nonce, accessToken }, atMs), nonce, atMs };
  };
}

function readProver(key: string): Prover | null {
  try {
    return createProver(key);
  } catch {
    return null;
  }
}

function isFresh({ nonce, atMs }: Proof, newest: string | undefined): boolean {
  const age = Date.now() - atMs;
  return nonce === newest && age >= 0 && age < PROOF_LIFE_MS;
}

function requestOf(accessToken: string, call: Call, proof: string): PreparedRequest {
  return {
    ...call,
    headers: [
      ...['authorization', `DPoP ${accessToken}`],
      ...['dpop', proof],
      ...['accept', 'application/json'],
      ...['accept-encoding', 'identity'],
      ...['user-agent', USER_AGENT],
      ...(call.body ? ['content-type', 'application/json'] : []),
    ],
  };
}

/** The server wants its newest nonce in the proof: it has carried nothing out (RFC 9449, 9). */
export function wantsNonce(result: SendResult): boolean {
  if (result.kind !== 'answer' || result.status !== 401) return false;
  if (parseObject(result.body)?.error === 'use_dpop_nonce') return true;
  const challenge = readHeader(result.headers, 'www-authenticate') ?? '';
  return /\berror="?use_dpop_nonce\b/.test(challenge);
}
