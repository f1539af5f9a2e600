import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RecordEntry } from '../../src/simulator/record.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { api, authorize, CLIENT, post, refreshed, startSimulator } from './support.ts';

let simulator: Network;
let url: string;

beforeAll(async () => {
  simulator = await startNetwork();
  url = simulator.url;
});
beforeEach(() => simulator.control.reset());

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}/_control/${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('accounts', () => {
  test('are made by number or by name, and listed', async () => {
    const counted = await simulator.control.createAccounts({ count: 2, prefix: 'sup' });
    expect(counted.map(({ handle }) => handle)).toEqual(['sup1', 'sup2']);
    const more = await simulator.control.createAccounts({ count: 1, prefix: 'sup' });
    expect(more.map(({ handle }) => handle)).toEqual(['sup3']);
    await simulator.control.createAccounts({ accounts: [{ handle: 'bad', suspended: true }] });
    expect((await simulator.control.accounts()).at(-1)).toMatchObject({
      handle: 'bad',
      suspended: true,
      locked: false,
      posts: 0,
    });
  });
});

describe('grants', () => {
  test('are given in bulk, and are as good as those of the consent page', async () => {
    const wanted = { clientId: CLIENT.id, count: 3, prefix: 'crowd' };
    const [first, second, ...rest] = await simulator.control.createGrants(wanted);
    expect(rest.map(({ handle }) => handle)).toEqual(['crowd3']);
    expect(Date.parse(first?.expiresAt ?? '')).toBeGreaterThan(Date.now());
    expect((await post(url, first?.accessToken ?? '', 'Hello')).status).toBe(201);
    const fresh = await refreshed(url, second?.refreshToken ?? '');
    expect((await post(url, fresh.access_token, 'Hello')).status).toBe(201);
    const [one, two] = await simulator.control.posts();
    expect([one?.handle, two?.handle]).toEqual(['crowd1', 'crowd2']);
    expect(one?.answered_us).toBeGreaterThan(one?.at_us ?? 0);
    expect(await simulator.control.changeAccount('crowd1', { revokeGrants: true })).toMatchObject({
      revoked: 1,
    });
    expect((await post(url, first?.accessToken ?? '', 'Again')).status).toBe(401);
  });

  test('have the scope that was asked for, and go on where the numbers ended', async () => {
    await simulator.control.createGrants({ clientId: CLIENT.id, count: 1 });
    const [given] = await simulator.control.createGrants({
      clientId: CLIENT.id,
      count: 1,
      scope: 'tweet.read users.read',
    });
    expect(given).toMatchObject({ handle: 'person2', refreshToken: null });
    expect((await post(url, given?.accessToken ?? '', 'Hello')).status).toBe(403);
  });
});

describe('wrong input is refused with the name of the field', () => {
  test.each<[string, string, unknown, string]>([
    ['POST', 'accounts', {}, 'count'],
    ['POST', 'accounts', { count: 'many' }, 'count'],
    ['POST', 'accounts', { count: 0 }, 'count'],
    ['POST', 'accounts', { number: 5 }, 'number'],
    ['POST', 'accounts', { accounts: [{ handle: 'a b' }] }, 'accounts.0.handle'],
    ['POST', 'accounts', { accounts: [{ handle: 'a' }, { handle: 'A' }] }, 'accounts[1].handle'],
    ['POST', 'grants', { count: 1 }, 'clientId'],
    ['POST', 'grants', { clientId: 'app', count: 0 }, 'count'],
    ['PATCH', 'accounts/nobody', {}, 'id'],
    ['PUT', 'behaviour', { latency: { kind: 'slow' } }, 'latency.kind'],
    ['PUT', 'behaviour', { errorRates: { status500: 2 } }, 'errorRates.status500'],
    ['PUT', 'behaviour', { errorRates: { status500: 0.6, status502: 0.6 } }, 'errorRates'],
    ['PUT', 'behaviour', { pathErrorRates: { posts: {} } }, 'pathErrorRates.posts'],
    ['PUT', 'behaviour', { limits: { mePerUser: { limit: -1 } } }, 'limits.mePerUser.limit'],
    ['PUT', 'behaviour', { tokenLifeSeconds: '7200' }, 'tokenLifeSeconds'],
    ['POST', 'faults', { handle: 'x', path: 'posts', fault: 'status500' }, 'handle'],
    ['POST', 'faults', { handle: 'x', path: 'posts', fault: 'boom' }, 'fault'],
    ['POST', 'faults', { handle: 'x', path: 'posts' }, 'fault'],
    ['GET', 'record?after=now', undefined, 'after'],
  ])('%s %s %j', async (method, path, body, field) => {
    const answer = await control(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { field } });
  });

  test('and nothing of it takes effect', async () => {
    const before = await control('GET', 'behaviour');
    await control('PUT', 'behaviour', { hangSeconds: 5, errorRates: { nonsense: 1 } });
    expect(await control('GET', 'behaviour')).toEqual(before);
  });
});

test('behaviour is merged over the defaults', async () => {
  await simulator.control.behaviour({ hangSeconds: 5, limits: { mePerUser: { limit: 3 } } });
  const now = await simulator.control.behaviour({ latency: { kind: 'fixed' } });
  expect(now).toMatchObject({
    latency: { kind: 'fixed', medianMs: 150 },
    hangSeconds: 120,
    limits: { mePerUser: { limit: 75, windowSeconds: 900 } },
  });
});

describe('the record', () => {
  test('holds every request in sequence, with times, and no token', async () => {
    await simulator.control.createAccounts({ accounts: [{ handle: 'anna' }] });
    const startedUs = (performance.timeOrigin + performance.now()) * 1_000;
    const { access_token, refresh_token } = await authorize(url, 'anna');
    await post(url, access_token, 'Hello');
    await api(url, 'made-up', '/2/users/me?x=secret');
    await api(url, access_token, '/2/nowhere');
    const record = await simulator.control.record();
    expect(
      record.map(({ method, path, route, status, handle }) => [
        `${method} ${path}`,
        route,
        status,
        handle,
      ]),
    ).toEqual([
      ['POST /i/oauth2/authorize', 'authorize', 302, 'anna'],
      ['POST /2/oauth2/token', 'token', 200, 'anna'],
      ['POST /2/tweets', 'posts', 201, 'anna'],
      ['GET /2/users/me', 'me', 401, null],
      ['GET /2/nowhere', 'other', 404, null],
    ]);
    const [first] = record;
    expect(record.map(({ seq }) => seq)).toEqual(record.map((_, i) => (first?.seq ?? 0) + i));
    for (const { at_us } of record) {
      expect(Number.isInteger(at_us)).toBe(true);
      expect(Math.abs(at_us - startedUs)).toBeLessThan(60e6);
    }
    expect(record[2]).toMatchObject({ text: 'Hello', post: expect.stringMatching(/^\d+$/) });
    const text = JSON.stringify(record);
    for (const secret of [access_token, refresh_token, 'secret'])
      expect(text).not.toContain(secret);
  });

  test('can be read on from a number, filtered, counted and forgotten', async () => {
    await simulator.control.createAccounts({ accounts: [{ handle: 'anna' }] });
    const { access_token } = await authorize(url, 'anna');
    for (const text of ['One', 'Two', 'Two']) await post(url, access_token, text);
    const tweets = await simulator.control.record(0, 'posts');
    expect(tweets.map(({ status }) => status)).toEqual([201, 201, 403]);
    const rest = await simulator.control.record(tweets[0]?.seq, '/2/tweets');
    expect(rest).toEqual(tweets.slice(1));
    expect(await simulator.control.summary()).toEqual({
      requests: 5,
      posts: 2,
      paths: { authorize: { 302: 1 }, token: { 200: 1 }, posts: { 201: 2, 403: 1 } },
    });
    await simulator.control.clearRecord();
    expect(await simulator.control.summary()).toEqual({ requests: 0, posts: 0, paths: {} });
    expect((await post(url, access_token, 'One')).status).toBe(403);
    const [next] = await simulator.control.record();
    expect(next?.seq).toBeGreaterThan(rest.at(-1)?.seq ?? 0);
  });

  test('is on disk soon, and whole after the end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const file = join(folder, 'record.jsonl');
    const other = await startSimulator('--record', file);
    const read = (): RecordEntry[] =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as RecordEntry);
    const { access_token } = await authorize(other.url, 'anna');
    await post(other.url, access_token, 'Hello');
    await expect.poll(() => read().length).toBe(3);
    await post(other.url, access_token, 'At the very end');
    const inMemory = await other.control.record();
    expect(await other.stop()).toBe(0);
    expect(read()).toEqual(inMemory);
    rmSync(folder, { recursive: true });
  });
});
