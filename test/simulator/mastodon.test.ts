import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';

let simulator: Network;
let url: string;

beforeAll(async () => {
  simulator = await startNetwork('mastodon');
  url = simulator.url;
});
beforeEach(() => simulator.control.reset());

const REDIRECT = 'http://127.0.0.1:9/callback';
const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';

interface Replied {
  status: number;
  headers: Headers;
  // Whatever the server has said.
  body: Record<string, unknown>;
}

async function call(path: string, init: RequestInit = {}): Promise<Replied> {
  const response = await fetch(url + path, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : { text },
  };
}

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

async function register(
  redirect = REDIRECT,
  scopes = 'read write',
): Promise<Record<string, string>> {
  const fields = { client_name: 'Test', redirect_uris: redirect, scopes };
  return (await call('/api/v1/apps', form(fields))).body as Record<string, string>;
}

async function authorize(handle: string, scope = 'read write'): Promise<string> {
  const { client_id = '', client_secret = '' } = await register(REDIRECT, scope);
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id, redirect_uri: REDIRECT, scope, state: 's' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const back = new URL(await decideConsent(`${url}/oauth/authorize?${query}`, handle));
  expect(back.searchParams.get('state')).toBe('s');
  const fields = { client_id, client_secret, redirect_uri: REDIRECT, code_verifier: verifier };
  const code = back.searchParams.get('code') ?? '';
  const token = await call(
    '/oauth/token',
    form({ grant_type: 'authorization_code', code, ...fields }),
  );
  expect(token).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope } });
  return String(token.body.access_token);
}

const as = (token: string, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { ...init.headers, authorization: `Bearer ${token}` },
});

const post = (token: string, status: string, key?: string, more = {}): Promise<Replied> =>
  call(
    '/api/v1/statuses',
    as(token, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: JSON.stringify({ status, visibility: 'public', ...more }),
    }),
  );

describe('what a server tells of itself', () => {
  test('is what its version has', async () => {
    expect((await call('/.well-known/oauth-authorization-server')).body).toMatchObject({
      issuer: `${url}/`,
      token_endpoint: `${url}/oauth/token`,
      code_challenge_methods_supported: ['S256'],
    });
    const instance = { title: 'Simulator', version: '4.5.0' };
    expect((await call('/api/v1/instance')).body).toMatchObject({
      ...instance,
      uri: new URL(url).host,
    });
    expect((await call('/api/v2/instance')).body).toMatchObject({
      ...instance,
      domain: new URL(url).host,
    });
    expect((await call('/nodeinfo/2.0')).body).toMatchObject({ software: { name: 'mastodon' } });
    await simulator.control.behaviour({ mastodon: { version: '3.5.0' } });
    for (const path of ['/.well-known/oauth-authorization-server', '/api/v2/instance']) {
      expect((await call(path)).status).toBe(404);
    }
    expect((await call('/api/v1/instance')).body).toMatchObject({ version: '3.5.0' });
  });
});

describe('apps and tokens', () => {
  test('an app must be registered, for these scopes and that way back', async () => {
    const { client_id = '' } = await register(REDIRECT, 'read');
    const page = (change: Record<string, string>): Promise<string> => {
      const fields = { response_type: 'code', client_id, redirect_uri: REDIRECT, scope: 'read' };
      return decideConsent(
        `${url}/oauth/authorize/?${new URLSearchParams({ ...fields, ...change })}`,
        'anna',
      );
    };
    await expect(page({ client_id: 'made-up' })).rejects.toThrow(/unknown client/);
    await expect(page({ redirect_uri: `${REDIRECT}2` })).rejects.toThrow(/redirect uri/);
    expect(await page({ scope: 'write' })).toContain('error=invalid_scope');
    expect(await page({})).toMatch(/code=/);
    expect((await call('/oauth/token', form({ client_id: 'made-up' }))).body).toMatchObject({
      error: 'invalid_client',
    });
  });

  test('shows the code to those who have no way back', async () => {
    const { client_id = '', client_secret = '' } = await register(OUT_OF_BAND);
    const fields = {
      response_type: 'code',
      client_id,
      redirect_uri: OUT_OF_BAND,
      scope: 'read write',
    };
    const allowed = form({ ...fields, account: 'anna', decision: 'allow' });
    const { status, body } = await call('/oauth/authorize/', allowed);
    expect(status).toBe(200);
    const code = /value="([\w-]{40,})"/.exec(String(body.text))?.[1] ?? '';
    const token = {
      client_id,
      client_secret,
      redirect_uri: OUT_OF_BAND,
      code,
      grant_type: 'authorization_code',
    };
    expect((await call('/oauth/token', form(token))).status).toBe(200);
    expect((await call('/oauth/token', form(token))).body).toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('an app has a token of its own, which is nobody’s', async () => {
    const { client_id = '', client_secret = '' } = await register();
    const { body } = await call(
      '/oauth/token',
      form({ grant_type: 'client_credentials', client_id, client_secret }),
    );
    const token = String(body.access_token);
    expect((await call('/api/v1/apps/verify_credentials', as(token))).body).toMatchObject({
      name: 'Test',
    });
    expect((await call('/api/v1/accounts/verify_credentials', as(token))).status).toBe(422);
    expect((await post(token, 'Hello')).status).toBe(422);
  });

  test('a token ends when its own app gives it back', async () => {
    const token = await authorize('anna');
    const { client_id = '', client_secret = '' } = await register();
    const other = await call('/oauth/revoke', form({ client_id, client_secret, token }));
    expect(other).toMatchObject({ status: 403, body: { error: 'unauthorized_client' } });
    expect((await call('/api/v1/accounts/verify_credentials', as(token))).body).toMatchObject({
      ...{
        username: 'anna',
        acct: 'anna',
        url: `${url}/@anna`,
        fields: [],
        source: { fields: [] },
      },
    });
    await simulator.control.changeAccount('anna', { revokeGrants: true });
    expect((await call('/api/v1/accounts/verify_credentials', as(token))).status).toBe(401);
  });
});

describe('statuses', () => {
  test('are made by form and by JSON, and read by anybody', async () => {
    const token = await authorize('anna');
    const text = 'Сто дней 🔔 <b> https://example.org/a';
    const made = await post(token, text);
    expect(made).toMatchObject({
      status: 200,
      body: { visibility: 'public', account: { acct: 'anna' } },
    });
    expect(made.headers.get('x-ratelimit-reset')).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z$/);
    const second = await call(
      '/api/v1/statuses',
      as(token, form({ status: 'By form', visibility: 'private' })),
    );
    expect(second.status).toBe(200);
    const { id } = made.body.account as { id: string };
    const list = await fetch(`${url}/api/v1/accounts/${id}/statuses`);
    expect(await list.json()).toMatchObject([
      { id: made.body.id, content: expect.stringContaining('&lt;b&gt;') },
    ]);
    expect((await simulator.control.posts()).map((one) => one.text)).toEqual([text, 'By form']);
    for (const wrong of ['', ' ', 'a'.repeat(501)])
      expect((await post(token, wrong)).status).toBe(422);
  });

  test('B16 keep a content warning, which makes them sensitive and counts with the text', async () => {
    const token = await authorize('warned');
    const warning = { spoiler_text: 'Torture & <b>' };
    const made = await post(token, 'Hear us.', undefined, warning);
    expect(made).toMatchObject({
      status: 200,
      body: { ...warning, sensitive: true, content: '<p>Hear us.</p>' },
    });
    const seen = await call(`/api/v1/statuses/${made.body.id}`);
    expect(seen.body).toMatchObject({ ...warning, sensitive: true });
    const bare = await post(token, 'Hear us.', undefined, { spoiler_text: '' });
    expect(bare.body).toMatchObject({ spoiler_text: '', sensitive: false });
    const byForm = as(token, form({ status: 'By form', ...warning }));
    expect((await call('/api/v1/statuses', byForm)).body).toMatchObject(warning);

    const length = 500 - warning.spoiler_text.length;
    expect((await post(token, 'a'.repeat(length + 1), undefined, warning)).status).toBe(422);
    expect((await post(token, 'a'.repeat(length), undefined, warning)).status).toBe(200);
    const posts = await simulator.control.posts();
    expect(posts.map(({ spoiler_text }) => spoiler_text)).toEqual([
      warning.spoiler_text,
      undefined,
      warning.spoiler_text,
      warning.spoiler_text,
    ]);
    const entries = await simulator.control.record(0, 'posts');
    const kept = entries.filter(({ spoiler_text }) => spoiler_text === warning.spoiler_text);
    expect(kept).toHaveLength(3);
  });

  const modes = [
    ['kept', [200, 200], 1],
    ['error500OnRepeat', [200, 500], 1],
    ['race', [200, 200], 2],
    ['ignored', [200, 200], 2],
  ] as const;
  test.each(modes)('with one key, where it is %s', async (idempotency, statuses, posts) => {
    await simulator.control.behaviour({ mastodon: { idempotency } });
    const token = await authorize('anna');
    const both = [await post(token, 'Once', 'key'), await post(token, 'Once', 'key')];
    expect(both.map(({ status }) => status)).toEqual(statuses);
    expect(await simulator.control.posts()).toHaveLength(posts);
    expect((await post(token, 'Once', 'other')).status).toBe(200);
    expect(await simulator.control.posts()).toHaveLength(posts + 1);
  });

  const formats = [
    ['mastodon', 'plain', 'text/markdown', '*a*'],
    ['mastodon', 'plain', undefined, '*a*'],
    ['mastodon', 'markdown', undefined, 'a'],
    ['mastodon', 'markdown', 'text/plain', '*a*'],
    ['gotosocial', 'markdown', undefined, 'a'],
    ['gotosocial', 'markdown', 'text/plain', '*a*'],
    ['gotosocial', 'plain', 'text/markdown', 'a'],
    ['hometown', 'plain', 'text/markdown', 'a'],
    ['hollo', 'plain', 'text/plain', 'a'],
  ] as const;
  test.each(formats)('at %s, %s by default, content_type %s: %s is shown', async (...row) => {
    const [software, defaultFormat, content_type, shown] = row;
    await simulator.control.behaviour({ mastodon: { software, defaultFormat, lateMs: 0 } });
    const token = await authorize('anna');
    const made = await post(token, '*a*', undefined, content_type && { content_type });
    expect(made.body.content).toBe(shown === 'a' ? '<p><em>a</em></p>\n' : '<p>*a*</p>');
    expect((await simulator.control.posts()).map(({ text }) => text)).toEqual([shown]);
  });

  const inMisskeysWords = (code: string) => ({ error: { message: 'In words', code, id: 'a-b' } });
  const moved = { standing: 'moved' } as const;
  const pending = { standing: 'pending' } as const;
  const refusals = [
    ['gotosocial', { suspended: true }, 401, { error: 'Unauthorized: application not supplied' }],
    [
      ...(['gotosocial', moved, 403] as const),
      { error: 'Forbidden: your account has Moved or is currently Moving' },
    ],
    ['pleroma', { revokeGrants: true }, 403, { error: 'Invalid credentials.' }],
    ['pleroma', { suspended: true }, 403, { error: 'Invalid credentials.' }],
    ['akkoma', pending, 403, { error: 'Your account is awaiting approval.' }],
    ['sharkey', { revokeGrants: true }, 401, { error: 'AUTHENTICATION_FAILED' }],
    ['sharkey', { suspended: true }, 403, { error: 'YOUR_ACCOUNT_SUSPENDED' }],
    ['sharkey', moved, 403, { error: 'YOUR_ACCOUNT_MOVED' }],
    ['firefish', { revokeGrants: true }, 401, inMisskeysWords('AUTHENTICATION_FAILED')],
    ['firefish', { suspended: true }, 401, inMisskeysWords('YOUR_ACCOUNT_SUSPENDED')],
    ['firefish', moved, 401, inMisskeysWords('YOUR_ACCOUNT_MOVED')],
    ['mastodon', moved, 403, { error: 'Your login is currently disabled' }],
  ] as const;
  test.each(refusals)(
    'B5 at %s, of %j: refused with %i',
    async (software, change, status, body) => {
      await simulator.control.behaviour({ mastodon: { software } });
      const token = await authorize('anna');
      await simulator.control.changeAccount('anna', change);
      expect(await post(token, 'Hello')).toMatchObject({ status, body });
      // All but Mastodon of today show an account that has moved to its owner still.
      const isShown = change === moved && software !== 'mastodon';
      const shown = { status: 200, body: { moved: { acct: 'anna@elsewhere.example' } } };
      const me = await call('/api/v1/accounts/verify_credentials', as(token));
      expect(me).toMatchObject(isShown ? shown : { status, body });
      expect(await simulator.control.posts()).toEqual([]);
    },
  );

  const faults = [
    [
      'pleroma',
      'status403NotPermitted',
      403,
      { error: 'Insufficient permissions: write:statuses.' },
    ],
    ['sharkey', 'status429User', 429, { error: 'RATE_LIMIT_EXCEEDED' }],
    ['sharkey', 'status403Forbidden', 403, { error: 'ROLE_PERMISSION_DENIED' }],
    ['firefish', 'status429User', 401, inMisskeysWords('RATE_LIMIT_EXCEEDED')],
    ['firefish', 'status500', 401, inMisskeysWords('INTERNAL_ERROR')],
    ['firefish', 'status403NotPermitted', 401, inMisskeysWords('PERMISSION_DENIED')],
  ] as const;
  test.each(faults)('B5 at %s, %s is a %i', async (software, fault, status, body) => {
    await simulator.control.behaviour({ mastodon: { software } });
    const token = await authorize('anna');
    await simulator.control.fault('anna', 'posts', fault);
    expect(await post(token, 'Hello')).toMatchObject({ status, body });
    expect(await simulator.control.posts()).toEqual([]);
  });

  test('B5 at firefish, what is wrong with a text is a 401 too', async () => {
    await simulator.control.behaviour({ mastodon: { software: 'firefish', maxCharacters: 5 } });
    const answer = await post(await authorize('anna'), 'Too long');
    expect(answer).toMatchObject({ status: 401, body: inMisskeysWords('INVALID_PARAM') });
  });

  test('need a scope for them', async () => {
    const token = await authorize('anna', 'profile');
    expect((await post(token, 'Hello')).body).toEqual({
      error: 'This action is outside the authorized scopes',
    });
    const { body } = await call('/api/v1/accounts/verify_credentials', as(token));
    expect((await call(`/api/v1/accounts/${body.id}/statuses`, as(token))).status).toBe(403);
  });
});
