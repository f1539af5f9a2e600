import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GrantedAccount, SimulatorControl } from '../../src/simulator/client.ts';
import { startNetwork } from '../support/network.ts';

interface Key {
  jwk: Record<string, unknown>;
  sign(text: string): string;
}

function keyOf(jwk: Record<string, unknown>): Key {
  const { d: _private, ...known } = jwk;
  return {
    jwk: known,
    sign: (text) =>
      sign('sha256', Buffer.from(text), {
        ...{ key: jwk, format: 'jwk', dsaEncoding: 'ieee-p1363' },
      }).toString('base64url'),
  };
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function proofOf(key: Key, claims: Record<string, unknown>): string {
  const text = `${encoded({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk })}.${encoded(claims)}`;
  return `${text}.${key.sign(text)}`;
}

describe('the simulated Bluesky server', () => {
  let url: string;
  let control: SimulatorControl;
  let given: GrantedAccount;
  let key: Key;
  beforeAll(async () => {
    ({ url, control } = await startNetwork('bluesky'));
    [given] = (await control.createGrants({ clientId: 'app', count: 1 })) as [GrantedAccount];
    key = keyOf(JSON.parse(given.extra?.key ?? '{}'));
  });

  /** getSession with a proof; `change` spoils it. */
  async function session(nonce: string | null, change: Record<string, unknown> = {}, by = key) {
    const claims = {
      ...{ htm: 'GET', htu: `${url}/xrpc/com.atproto.server.getSession`, jti: randomUUID() },
      iat: Math.floor(Date.now() / 1_000),
      ath: createHash('sha256').update(given.accessToken).digest('base64url'),
      ...(nonce && { nonce }),
      ...change,
    };
    const response = await fetch(`${url}/xrpc/com.atproto.server.getSession`, {
      headers: { authorization: `DPoP ${given.accessToken}`, dpop: proofOf(by, claims) },
    });
    const body = (await response.json()) as { error?: string; did?: string };
    return { status: response.status, nonce: response.headers.get('dpop-nonce'), ...body };
  }

  it('checks every part of a proof', async () => {
    const { nonce, ...first } = await session(null);
    expect(first).toMatchObject({ status: 401, error: 'use_dpop_nonce' });
    expect(await session(nonce)).toMatchObject({ status: 200, did: given.id });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = keyOf({ ...privateKey.export({ format: 'jwk' }) });
    const forged = { jwk: key.jwk, sign: other.sign };
    const spoilt = [
      session(nonce, { htm: 'POST' }),
      session(nonce, { htu: 'http://127.0.0.1:9/xrpc/com.atproto.server.getSession' }),
      session(nonce, { ath: 'nonsense' }),
      session(nonce, { iat: 1 }),
      session(nonce, { jti: '' }),
      session(nonce, {}, forged),
    ];
    for (const answer of await Promise.all(spoilt)) {
      expect(answer).toMatchObject({ status: 401, error: 'invalid_dpop_proof' });
    }
    expect(await session(nonce, {}, other)).toMatchObject({ error: 'invalid_token' });
  });

  it('takes a proof once', async () => {
    const { nonce } = await session(null);
    const jti = randomUUID();
    expect(await session(nonce, { jti })).toMatchObject({ status: 200 });
    expect(await session(nonce, { jti })).toMatchObject({ error: 'invalid_dpop_proof' });
  });

  it('replaces its nonces', async () => {
    await control.behaviour({ bluesky: { nonceLifeSeconds: 0.1 } });
    const { nonce } = await session(null);
    await expect
      .poll(async () => (await session(nonce)).error, { timeout: 5_000 })
      .toBe('use_dpop_nonce');
    await control.behaviour({});
  });

  it('finds accounts as a directory and a resolver do', async () => {
    const ask = async (path: string) => (await fetch(url + path)).json();
    const resolver = '/xrpc/com.atproto.identity.resolveHandle?handle=';
    expect(await ask(`${resolver}${given.handle}.bsky.social`)).toEqual({ did: given.id });
    expect(await ask(`${resolver}nobody.bsky.social`)).toMatchObject({ error: 'HandleNotFound' });
    expect(await ask(`/${given.id}`)).toMatchObject({
      id: given.id,
      alsoKnownAs: [`at://${given.handle}.bsky.social`],
      service: [{ type: 'AtprotoPersonalDataServer', serviceEndpoint: url }],
    });
  });

  it('lets an address ask so often, and says until when it has to wait', async () => {
    await control.behaviour({ limits: { xrpcPerAddress: { limit: 1 } } });
    const read = () =>
      fetch(`${url}/xrpc/com.atproto.repo.getRecord?repo=${given.id}&collection=a&rkey=b`);
    expect(await (await read()).json()).toMatchObject({ error: 'RecordNotFound' });
    const limited = await read();
    expect(limited.status).toBe(429);
    expect(limited.headers.get('ratelimit-policy')).toBe('1;w=300');
    expect(Number(limited.headers.get('ratelimit-reset'))).toBeGreaterThan(Date.now() / 1_000);
    await control.behaviour({});
  });
});
