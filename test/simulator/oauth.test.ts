import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import {
  api,
  authorize,
  basic,
  consentRequest,
  obtainCode,
  postForm,
  REDIRECT,
  refresh,
  refreshed,
} from './support.ts';

const BAD_CODE = {
  status: 400,
  body: {
    error: 'invalid_request',
    error_description: 'Value passed for the authorization code was invalid.',
  },
};

let simulator: Network;
let url: string;

beforeAll(async () => {
  simulator = await startNetwork();
  url = simulator.url;
});
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.createAccounts({ accounts: [{ handle: 'anna' }, { handle: 'ben' }] });
});

async function consentPage(change: Record<string, string | undefined>) {
  const response = await fetch(`${url}/i/oauth2/authorize?${consentRequest(change).query}`);
  return { status: response.status, headers: response.headers, html: await response.text() };
}

describe('the consent page', () => {
  test('says what it is and offers the accounts and both buttons', async () => {
    await simulator.control.registerApp({ clientId: 'test-app', name: 'Tocsin <test>' });
    const { status, html, headers } = await consentPage({ login_hint: 'ben' });
    expect(status).toBe(200);
    expect(html).toContain('This is not X');
    expect(html).toContain('Tocsin &lt;test&gt;');
    expect(html).toContain('name="account" value="ben"');
    expect(html).toContain('<option value="anna">');
    expect(html).toMatch(/name="decision" value="allow"[\s\S]*name="decision" value="deny"/);
    expect(html).not.toMatch(/(src|href)=/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    ['client_id', { client_id: undefined }],
    ['redirect_uri', { redirect_uri: undefined }],
    ['redirect_uri', { redirect_uri: 'nowhere' }],
    ['response_type', { response_type: 'token' }],
    ['state', { state: 's'.repeat(501) }],
    ['code_challenge', { code_challenge: undefined }],
    ['code_challenge_method', { code_challenge_method: 'md5' }],
    ['scope', { scope: undefined }],
  ])('shows an error page for a wrong %s (%j)', async (name, change) => {
    const { status, html } = await consentPage(change);
    expect(status).toBe(400);
    expect(html).toContain(`<code>${name} `);
  });

  test('refuses a redirect address that the app did not register', async () => {
    await simulator.control.registerApp({
      clientId: 'test-app',
      redirectUris: ['https://x.test/'],
    });
    const { status, html } = await consentPage({});
    expect(status).toBe(400);
    expect(html).toContain('redirect_uri');
  });

  test('sends the person back with code and state, or with the refusal', async () => {
    const page = `${url}/i/oauth2/authorize?${consentRequest({ state: 's'.repeat(500) }).query}`;
    const allowed = new URL(await decideConsent(page, 'anna'));
    expect(allowed.origin + allowed.pathname).toBe(REDIRECT);
    expect(allowed.searchParams.get('state')).toBe('s'.repeat(500));
    expect(allowed.searchParams.get('code')).toMatch(/^[\w-]{43}$/);
    const denied = new URL(await decideConsent(page, 'anna', 'deny'));
    expect(Object.fromEntries(denied.searchParams)).toEqual({
      error: 'access_denied',
      state: 's'.repeat(500),
    });
  });

  test('takes a handle that nobody has yet, and refuses what is no handle', async () => {
    const page = `${url}/i/oauth2/authorize?${consentRequest().query}`;
    await decideConsent(page, 'newcomer');
    expect(await simulator.control.accounts()).toContainEqual(
      expect.objectContaining({ handle: 'newcomer' }),
    );
    await expect(decideConsent(page, 'not a handle')).rejects.toThrow(/400: account must be/);
  });
});

describe('a code', () => {
  test('is redeemed once, by form or by JSON', async () => {
    const fields = await obtainCode(url, 'anna');
    const response = await fetch(`${url}/2/oauth2/token`, {
      method: 'POST',
      headers: { authorization: basic(), 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ token_type: 'bearer', expires_in: 7200 });
    expect(await postForm(url, 'token', fields)).toEqual(BAD_CODE);
    expect((await authorize(url, 'ben')).refresh_token).toBeDefined();
  });

  test.each(['S256', 's256'])('may be bound with %s', async (method) => {
    const tokens = await authorize(url, 'anna', { code_challenge_method: method });
    expect(tokens.access_token).toBeDefined();
  });

  test('may be bound with a plain verifier', async () => {
    const change = { code_challenge_method: 'plain', code_challenge: 'the-verifier-itself' };
    const fields = await obtainCode(url, 'anna', change);
    const answer = await postForm(url, 'token', {
      ...fields,
      code_verifier: 'the-verifier-itself',
    });
    expect(answer.status).toBe(200);
  });

  test.each([
    ['verifier', { code_verifier: 'another' }],
    ['redirect address', { redirect_uri: `${REDIRECT}2` }],
    ['code', { code: 'made-up' }],
  ])('is worth nothing with another %s', async (_what, change) => {
    const fields = await obtainCode(url, 'anna');
    expect(await postForm(url, 'token', { ...fields, ...change })).toEqual(BAD_CODE);
  });

  test('is worth nothing to another app', async () => {
    const fields = await obtainCode(url, 'anna');
    const headers = { authorization: basic('other-app') };
    expect(await postForm(url, 'token', fields, headers)).toEqual(BAD_CODE);
  });

  test('runs out', async () => {
    await simulator.control.behaviour({ codeLifeSeconds: 0.001 });
    const fields = await obtainCode(url, 'anna');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await postForm(url, 'token', fields)).toEqual(BAD_CODE);
  });

  test('gives no refresh token without offline.access', async () => {
    const tokens = await authorize(url, 'anna', { scope: 'tweet.read users.read' });
    expect(tokens.refresh_token).toBeUndefined();
    const answer = await api(url, tokens.access_token, '/2/tweets', { text: 'Hello' });
    expect(answer.status).toBe(403);
  });
});

describe('the client', () => {
  test.each<Record<string, string>>([
    {},
    { authorization: 'Basic !' },
    { authorization: 'Bearer x' },
  ])('must show itself (%j)', async (headers) => {
    const fields = await obtainCode(url, 'anna');
    expect(await postForm(url, 'token', fields, headers)).toEqual({
      status: 401,
      body: {
        error: 'unauthorized_client',
        error_description: 'Missing valid authorization header',
      },
    });
  });

  test('must know its secret once the app is registered', async () => {
    await simulator.control.registerApp({ clientId: 'test-app', clientSecret: 'right' });
    const fields = await obtainCode(url, 'anna');
    expect((await postForm(url, 'token', fields)).status).toBe(401);
    const headers = { authorization: basic('test-app', 'right') };
    expect((await postForm(url, 'token', fields, headers)).status).toBe(200);
  });

  test('must name a grant type that exists', async () => {
    const answer = await postForm(url, 'token', { grant_type: 'password' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
  });
});

describe('refreshing', () => {
  test('rotates, and using a rotated token kills the family', async () => {
    const first = await authorize(url, 'anna');
    const second = await refreshed(url, first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await api(url, second.access_token, '/2/users/me')).status).toBe(200);

    const again = await refresh(url, first.refresh_token);
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await api(url, second.access_token, '/2/users/me')).status).toBe(401);
    const dead = await refresh(url, second.refresh_token);
    expect(dead).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('is bound to the app', async () => {
    const { refresh_token } = await authorize(url, 'anna');
    const fields = { grant_type: 'refresh_token', refresh_token };
    const headers = { authorization: basic('other-app') };
    expect((await postForm(url, 'token', fields, headers)).status).toBe(400);
    expect((await refresh(url, refresh_token)).status).toBe(200);
  });
});

describe('a grant ends', () => {
  test.each(['access_token', 'refresh_token'] as const)('by revoking its %s', async (kind) => {
    const tokens = await authorize(url, 'anna');
    const other = await authorize(url, 'anna');
    const answer = await postForm(url, 'revoke', { token: tokens[kind] });
    expect(answer).toEqual({ status: 200, body: { revoked: true } });
    expect((await api(url, tokens.access_token, '/2/users/me')).status).toBe(401);
    expect((await refresh(url, tokens.refresh_token)).status).toBe(400);
    expect((await api(url, other.access_token, '/2/users/me')).status).toBe(200);
  });

  test('not by revoking as another app, and not without saying what', async () => {
    const { access_token } = await authorize(url, 'anna');
    const headers = { authorization: basic('other-app') };
    await postForm(url, 'revoke', { token: access_token }, headers);
    expect((await api(url, access_token, '/2/users/me')).status).toBe(200);
    expect((await postForm(url, 'revoke', {})).status).toBe(400);
  });

  test('by the control API, and access tokens can be expired alone', async () => {
    const tokens = await authorize(url, 'anna');
    const expired = await simulator.control.changeAccount('anna', { expireAccessTokens: true });
    expect(expired).toMatchObject({ handle: 'anna', expired: 1, revoked: 0 });
    expect((await api(url, tokens.access_token, '/2/users/me')).status).toBe(401);
    const next = await refreshed(url, tokens.refresh_token);
    expect((await api(url, next.access_token, '/2/users/me')).status).toBe(200);
    const revoked = await simulator.control.changeAccount('anna', { revokeGrants: true });
    expect(revoked.revoked).toBe(1);
    expect((await refresh(url, next.refresh_token)).status).toBe(400);
  });

  test('an access token runs out after its configured life', async () => {
    await simulator.control.behaviour({ tokenLifeSeconds: 0.001 });
    const { access_token, expires_in } = await authorize(url, 'anna');
    expect(expires_in).toBe(0.001);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await api(url, access_token, '/2/users/me')).status).toBe(401);
  });
});
