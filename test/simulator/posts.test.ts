import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { api, authorize, post } from './support.ts';

let simulator: Network;
let url: string;
let token: string;
let id: string;

beforeAll(async () => {
  simulator = await startNetwork();
  url = simulator.url;
});
beforeEach(async () => {
  await simulator.control.reset();
  const made = await simulator.control.createAccounts({ accounts: [{ handle: 'anna' }] });
  id = made[0]?.id ?? '';
  token = (await authorize(url, 'anna')).access_token;
});

const headersOf = (headers: Headers, prefix: string) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith(prefix)));

describe('GET /2/users/me', () => {
  test('says who it is, and counts', async () => {
    const answer = await api(url, token, '/2/users/me');
    expect(answer.body).toEqual({ data: { id, name: 'anna', username: 'anna' } });
    expect(headersOf(answer.headers, 'x-rate-limit')).toEqual({
      'x-rate-limit-limit': '75',
      'x-rate-limit-remaining': '74',
      'x-rate-limit-reset': expect.stringMatching(/^\d{10}$/),
    });
  });

  test('refuses a token that nobody has', async () => {
    const answer = await api(url, 'made-up', '/2/users/me');
    expect(answer).toMatchObject({ status: 401, body: { title: 'Unauthorized', status: 401 } });
  });
});

describe('POST /2/tweets', () => {
  test('accepts a post, whatever its letters', async () => {
    const text = 'Сто дней 🔔 日本 "quoted"\nsecond line https://example.org/a';
    const answer = await post(url, token, text);
    const { id: postId } = (answer.body as { data: { id: string } }).data;
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      data: { id: postId, text, edit_history_tweet_ids: [postId] },
    });
    expect(postId).toMatch(/^\d{19}$/);
    expect(await simulator.control.posts()).toEqual([
      {
        account: id,
        handle: 'anna',
        id: postId,
        text,
        at_us: expect.any(Number),
        answered_us: expect.any(Number),
      },
    ]);
    expect(headersOf(answer.headers, 'x-')).toMatchObject({
      'x-rate-limit-limit': '100',
      'x-rate-limit-remaining': '99',
      'x-app-limit-24hour-limit': '10000',
      'x-app-limit-24hour-remaining': '9999',
      'x-user-limit-24hour-limit': '9600',
      'x-user-limit-24hour-remaining': '9599',
    });
  });

  test('gives every post an id of its own, rising', async () => {
    for (let i = 0; i < 20; i++) await post(url, token, `Number ${i}`);
    const ids = (await simulator.control.posts()).map((one) => BigInt(one.id));
    expect(new Set(ids).size).toBe(20);
    expect(ids.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids);
  });

  test('refuses the same text of the same account, and only that', async () => {
    await simulator.control.createAccounts({ accounts: [{ handle: 'ben' }] });
    const ben = (await authorize(url, 'ben')).access_token;
    expect((await post(url, token, 'Once')).status).toBe(201);
    expect(await post(url, token, 'Once')).toMatchObject({
      status: 403,
      body: {
        detail: 'You are not allowed to create a Tweet with duplicate content.',
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
      },
    });
    expect((await post(url, ben, 'Once')).status).toBe(201);
    expect((await post(url, token, 'Twice')).status).toBe(201);
  });

  test('takes the same text again where it is told to, so that a client that doubles shows', async () => {
    await simulator.control.behaviour({ refuseDuplicates: false });
    expect((await post(url, token, 'Once')).status).toBe(201);
    expect((await post(url, token, 'Once')).status).toBe(201);
    expect(await simulator.control.posts()).toHaveLength(2);
  });

  test('refuses unknown fields by name, and bodies that are no object', async () => {
    const answer = await api(url, token, '/2/tweets', { text: 'Hello', shout: true });
    expect(answer).toMatchObject({ status: 400, body: { title: 'Invalid Request' } });
    expect(answer.text).toContain('shout');
    for (const body of [[], 'text', {}, { text: '' }, { text: '  ' }, { text: 5 }]) {
      expect((await api(url, token, '/2/tweets', body)).status).toBe(400);
    }
    expect(await simulator.control.posts()).toEqual([]);
  });

  test.each([
    ['letters', 'a'.repeat(280), 'a'.repeat(281)],
    ['CJK', '日'.repeat(140), `${'日'.repeat(140)}a`],
    ['emoji', '👨‍👩‍👧‍👦'.repeat(140), `${'👨‍👩‍👧‍👦'.repeat(140)}!`],
    ['a link', `${'a'.repeat(256)} https://e.org/${'x'.repeat(99)}`, `${'a'.repeat(257)} e.org`],
  ])('counts %s as X does', async (_what, fitting, long) => {
    expect((await post(url, token, fitting)).status).toBe(201);
    const answer = await post(url, token, long);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('too long');
  });

  test('refuses accounts that are suspended or locked', async () => {
    await simulator.control.changeAccount(id, { suspended: true });
    const suspended = await post(url, token, 'Hello');
    expect(suspended.status).toBe(403);
    expect(suspended.body).toMatchObject({ type: expect.stringMatching(/user-suspended$/) });
    await simulator.control.changeAccount(id, { suspended: false, locked: true });
    const locked = await post(url, token, 'Hello');
    expect(locked).toMatchObject({ status: 403, body: { errors: [{ code: 326 }] } });
    await simulator.control.changeAccount(id, { locked: false });
    expect((await post(url, token, 'Hello')).status).toBe(201);
  });
});

describe('limits', () => {
  test('of the user: 429 with the documented body until the window ends', async () => {
    await simulator.control.behaviour({ limits: { tweetsPerUser: { limit: 1 } } });
    expect((await post(url, token, 'One')).status).toBe(201);
    const refused = await post(url, token, 'Two');
    expect(refused).toMatchObject({
      status: 429,
      body: { errors: [{ code: 88, message: 'Rate limit exceeded' }] },
    });
    expect(refused.headers.get('x-rate-limit-remaining')).toBe('0');
    const window = { limit: 1, windowSeconds: 0.05 };
    await simulator.control.behaviour({ limits: { tweetsPerUser: window } });
    await expect.poll(async () => (await post(url, token, 'Three')).status).toBe(201);
    await expect.poll(async () => (await post(url, token, 'Four')).status).toBe(201);
  });

  test('of the app: every account of it, told by the 24-hour header', async () => {
    await simulator.control.createAccounts({ accounts: [{ handle: 'ben' }] });
    const ben = (await authorize(url, 'ben')).access_token;
    await simulator.control.behaviour({ limits: { tweetsPerAppDay: { limit: 1 } } });
    expect((await post(url, token, 'One')).status).toBe(201);
    const refused = await post(url, ben, 'One');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-app-limit-24hour-remaining')).toBe('0');
    expect(refused.headers.get('x-rate-limit-remaining')).toBe('100');
  });

  test('of users/me and of the timeline', async () => {
    await simulator.control.behaviour({
      limits: { mePerUser: { limit: 1 }, timelinePerUser: { limit: 1 } },
    });
    for (const path of ['/2/users/me', `/2/users/${id}/tweets`]) {
      expect((await api(url, token, path)).status).toBe(200);
      expect((await api(url, token, path)).status).toBe(429);
    }
  });
});

describe('GET /2/users/:id/tweets', () => {
  const timeline = (query = '') => api(url, token, `/2/users/${id}/tweets${query}`);

  test('gives the newest first, as many as asked for', async () => {
    for (let i = 0; i < 12; i++) await post(url, token, `Number ${i}`);
    const texts = async (query: string) =>
      ((await timeline(query)).body as { data: { text: string }[] }).data.map(({ text }) => text);
    expect(await texts('?max_results=5')).toEqual([11, 10, 9, 8, 7].map((n) => `Number ${n}`));
    expect(await texts('')).toHaveLength(10);
  });

  test('gives times and leaves out what is older than start_time', async () => {
    await post(url, token, 'Hello');
    const { body } = await timeline('?tweet.fields=created_at,author_id');
    expect(body).toMatchObject({
      data: [{ text: 'Hello', author_id: id, created_at: expect.stringMatching(/Z$/) }],
      meta: { result_count: 1 },
    });
    const later = await timeline('?start_time=2999-01-01T00:00:00Z');
    expect(later.body).toEqual({ meta: { result_count: 0 } });
  });

  test('refuses wrong questions by name', async () => {
    expect((await timeline('?max_results=4')).text).toContain('max_results');
    expect((await timeline('?start_time=soon')).text).toContain('start_time');
    expect((await api(url, token, '/2/users/77/tweets')).body).toMatchObject({
      errors: [{ title: 'Not Found Error' }],
    });
  });

  test('shows links as X does when it is told to', async () => {
    await simulator.control.behaviour({ wrapLinks: true });
    const text = 'See https://example.org/long and e.org now';
    const answer = await post(url, token, text);
    expect(answer.text).not.toContain('example.org');
    const { body } = await timeline('?tweet.fields=entities');
    const [shown] = (
      body as {
        data: { text: string; entities: { urls: { url: string; expanded_url: string }[] } }[];
      }
    ).data;
    expect(shown?.text).toMatch(/^See https:\/\/t\.co\/\w{10} and https:\/\/t\.co\/\w{10} now$/);
    expect(shown?.entities.urls.map((one) => one.expanded_url)).toEqual([
      'https://example.org/long',
      'http://e.org',
    ]);
    expect((await simulator.control.posts())[0]?.text).toBe(text);
    expect((await post(url, token, text)).status).toBe(403);
  });
});

describe('GET /i/web/status/:id', () => {
  test('is a page with the post on it, inert, and 404 for one that nobody made', async () => {
    const made = await post(url, token, 'Hello <b>there</b>');
    const postId = (made.body as { data: { id: string } }).data.id;
    const page = await fetch(`${url}/i/web/status/${postId}`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain('@anna');
    expect(html).toContain('Hello &lt;b&gt;there&lt;/b&gt;');
    expect((await fetch(`${url}/i/web/status/1`)).status).toBe(404);
  });
});
