import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../src/simulator/behaviour.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { api, authorize, post, refresh } from './support.ts';

let simulator: Network;
let url: string;
let token: string;

beforeAll(async () => {
  simulator = await startNetwork('x', { seed: 7 });
  url = simulator.url;
});
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.createAccounts({ accounts: [{ handle: 'anna' }, { handle: 'ben' }] });
  token = (await authorize(url, 'anna')).access_token;
});

const lastEntry = async () => (await simulator.control.record(0, 'posts')).at(-1);

describe('a fault that is not carried out', () => {
  test.each<[Fault, number, RegExp]>([
    ['status200Html', 200, /<html>/],
    ['status400InvalidGrant', 400, /invalid_grant/],
    ['status401', 401, /"title":"Unauthorized"/],
    ['status402', 402, /CreditsDepleted/],
    ['status403Forbidden', 403, /client-not-enrolled.*client-forbidden/],
    ['status403Locked', 403, /326/],
    ['status403NotPermitted', 403, /not permitted to perform this action/],
    ['status403Suspended', 403, /problems\/user-suspended/],
    ['status429App', 429, /"code":88/],
    ['status429User', 429, /"code":88/],
    ['status500', 500, /"status":500/],
    ['status502', 502, /<html>/],
    ['status503', 503, /overloaded/],
  ])('%s answers %i once, and posts nothing', async (fault, status, body) => {
    await simulator.control.fault('anna', 'posts', fault);
    const answer = await post(url, token, 'Hello');
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(body);
    expect(await simulator.control.posts()).toEqual([]);
    expect(await lastEntry()).toMatchObject({ fault, status, handle: 'anna' });
    expect((await post(url, token, 'Hello')).status).toBe(201);
  });

  test('a forced 429 says whose limit it is and when to come back', async () => {
    await simulator.control.behaviour({ forcedResetSeconds: 2 });
    await simulator.control.fault('anna', 'posts', 'status429User');
    await simulator.control.fault('anna', 'posts', 'status429App');
    const user = (await post(url, token, 'Hello')).headers;
    const app = (await post(url, token, 'Hello')).headers;
    expect(user.get('x-rate-limit-remaining')).toBe('0');
    expect(user.get('x-app-limit-24hour-remaining')).toBeNull();
    expect(app.get('x-rate-limit-remaining')).toBe('99');
    expect(app.get('x-app-limit-24hour-remaining')).toBe('0');
    const [entry] = await simulator.control.record(0, 'posts');
    const reset = Number(user.get('x-rate-limit-reset')) - (entry?.at_us ?? 0) / 1e6;
    expect(reset).toBeGreaterThanOrEqual(2);
    expect(reset).toBeLessThan(3);
  });

  test.each<Fault>(['hangBefore', 'resetBefore'])('%s cuts and posts nothing', async (fault) => {
    await simulator.control.behaviour({ hangSeconds: 0.05 });
    await simulator.control.fault('anna', 'posts', fault);
    await expect(post(url, token, 'Hello')).rejects.toThrow();
    expect(await simulator.control.posts()).toEqual([]);
    expect(await lastEntry()).toMatchObject({ fault, status: null });
  });
});

describe('a fault that is carried out', () => {
  test.each<Fault>(['hangAfterAccept', 'resetAfterAccept', 'truncated201'])(
    '%s posts, and the client never learns it',
    async (fault) => {
      await simulator.control.behaviour({ hangSeconds: 0.05 });
      await simulator.control.fault('anna', 'posts', fault);
      await expect(post(url, token, 'Hello')).rejects.toThrow();
      expect(await simulator.control.posts()).toMatchObject([{ handle: 'anna', text: 'Hello' }]);
      const status = fault === 'truncated201' ? 201 : null;
      expect(await lastEntry()).toMatchObject({ fault, status, text: 'Hello' });
      expect((await post(url, token, 'Hello')).status).toBe(403);
    },
  );

  test.each<[Fault, number]>([
    ['status200HtmlAfterAccept', 200],
    ['status500AfterAccept', 500],
    ['status502AfterAccept', 502],
    ['status503AfterAccept', 503],
    ['garbled201', 201],
  ])('%s posts and answers %i without an id', async (fault, status) => {
    await simulator.control.fault('anna', 'posts', fault);
    const answer = await post(url, token, 'Hello');
    expect(answer.status).toBe(status);
    expect(answer.body ?? {}).not.toHaveProperty('data');
    expect(await simulator.control.posts()).toHaveLength(1);
  });

  test('a hung post stays hung until the client gives up', async () => {
    await simulator.control.fault('anna', 'posts', 'hangAfterAccept');
    const signal = new AbortController();
    const sending = fetch(`${url}/2/tweets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ text: 'Hello' }),
      signal: signal.signal,
    });
    await expect.poll(() => simulator.control.posts()).toHaveLength(1);
    signal.abort();
    await expect(sending).rejects.toThrow(/abort/);
  });

  test('a refresh whose answer is lost has rotated the token', async () => {
    const { refresh_token } = await authorize(url, 'ben');
    await simulator.control.fault('ben', 'token', 'resetAfterAccept');
    await expect(refresh(url, refresh_token)).rejects.toThrow();
    expect((await refresh(url, refresh_token)).status).toBe(400);
  });
});

describe('chance', () => {
  test('ordered faults hit one account, one path, so many times', async () => {
    await simulator.control.fault('anna', 'me', 'status503', 2);
    const me = async (bearer: string) => (await api(url, bearer, '/2/users/me')).status;
    const ben = (await authorize(url, 'ben')).access_token;
    expect(await me(ben)).toBe(200);
    expect((await post(url, token, 'Hello')).status).toBe(201);
    expect([await me(token), await me(token), await me(token)]).toEqual([503, 503, 200]);
  });

  async function statuses() {
    await simulator.control.reset();
    await simulator.control.createAccounts({ count: 40 });
    const tokens: string[] = [];
    for (let i = 1; i <= 40; i++) tokens.push((await authorize(url, `person${i}`)).access_token);
    await simulator.control.behaviour({ errorRates: { status500: 0.25, status503: 0.25 } });
    const answers = await Promise.all(tokens.map((one) => post(url, one, 'Hello')));
    return answers.map(({ status }) => status);
  }

  test('rates hit about their share, and the same ones every time', async () => {
    const first = await statuses();
    expect(await statuses()).toEqual(first);
    const failed = first.filter((status) => status !== 201).length;
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(32);
    expect(new Set(first)).toEqual(new Set([201, 500, 503]));
  });

  test('rates of other paths leave posts alone', async () => {
    await simulator.control.behaviour({ pathErrorRates: { me: { status500: 1 } } });
    expect((await api(url, token, '/2/users/me')).status).toBe(500);
    expect((await post(url, token, 'Hello')).status).toBe(201);
  });

  test.each(['fixed', 'lognormal'] as const)(
    '%s latency delays answers, not posts',
    async (kind) => {
      await simulator.control.behaviour({ latency: { kind, medianMs: 1_000, sigma: 0.1 } });
      let answered = false;
      const sending = post(url, token, 'Hello').then((answer) => {
        answered = true;
        return answer;
      });
      await expect.poll(() => simulator.control.posts(), { interval: 5 }).toHaveLength(1);
      expect(answered).toBe(false);
      expect((await sending).status).toBe(201);
    },
  );
});
