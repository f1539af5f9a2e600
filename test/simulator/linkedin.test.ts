import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SimulatorControl } from '../../src/simulator/client.ts';
import { startLinkedin } from '../platforms/linkedin/support.ts';

let url: string;
let control: SimulatorControl;
let token: string;
let id: string;

beforeAll(async () => {
  ({ url, control } = await startLinkedin());
});
beforeEach(async () => {
  await control.reset();
  const [given] = await control.createGrants({ clientId: 'app', count: 1 });
  token = given?.accessToken ?? '';
  id = given?.id ?? '';
});

const fieldsOf = (commentary: unknown) => ({
  author: `urn:li:person:${id}`,
  commentary,
  visibility: 'PUBLIC',
  distribution: { feedDistribution: 'MAIN_FEED' },
  lifecycleState: 'PUBLISHED',
});

function post(fields: object, headers: Record<string, string> = { 'linkedin-version': '202607' }) {
  return fetch(`${url}/rest/posts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(fields),
  });
}

describe('POST /rest/posts', () => {
  test('names the post in a header, and refuses the same text of the same member', async () => {
    const first = await post(fieldsOf('Once'));
    const urn = first.headers.get('x-restli-id');
    expect([first.status, await first.text()]).toEqual([201, '']);
    expect(urn).toMatch(/^urn:li:share:\d{19}$/);
    const second = await post(fieldsOf('Once'));
    expect(second.status).toBe(422);
    expect(await second.json()).toMatchObject({
      message: expect.stringContaining(`Content is a duplicate of ${urn}`),
      errorDetails: { inputErrors: [{ code: 'DUPLICATE_POST' }] },
    });
    await control.behaviour({ refuseDuplicates: false });
    expect((await post(fieldsOf('Once'))).status).toBe(201);
  });

  test('reads "little" text, and cuts what is not escaped short without a word', async () => {
    const rows = [
      ['\\(a\\) {hashtag|\\#|Tag} #bare', '(a) #Tag #bare'],
      ['Come (all of you)', 'Come '],
      ['@[Acme](urn:li:organization:1) calls', 'Acme calls'],
    ] as const;
    for (const [commentary] of rows) expect((await post(fieldsOf(commentary))).status).toBe(201);
    expect((await control.posts()).map(({ text }) => text)).toEqual(rows.map(([, seen]) => seen));
  });

  test('wants a version that is alive, an author, a text and a token', async () => {
    const codes = async (answer: Response) => [answer.status, (await answer.json()).code];
    expect(await codes(await post(fieldsOf('A'), {}))).toEqual([400, 'VERSION_MISSING']);
    const old = { 'linkedin-version': '202401' };
    expect(await codes(await post(fieldsOf('A'), old))).toEqual([426, 'NONEXISTENT_VERSION']);
    const other = { ...fieldsOf('A'), author: 'urn:li:person:other' };
    expect(await codes(await post(other))).toEqual([403, 'ACCESS_DENIED']);
    expect((await post(fieldsOf(''))).status).toBe(422);
    expect((await post(fieldsOf('a'.repeat(3_001)))).status).toBe(422);
    expect((await post(fieldsOf('a'.repeat(3_000)))).status).toBe(201);
    await control.changeAccount(id, { revokeGrants: true });
    expect(await codes(await post(fieldsOf('B')))).toEqual([401, 'INVALID_ACCESS_TOKEN']);
  });

  test('says whose day is used up', async () => {
    for (const [name, words] of [
      ['sharesPerMemberDay', 'APPLICATION_AND_MEMBER DAY'],
      ['sharesPerAppDay', 'throttle APPLICATION DAY'],
    ] as const) {
      await control.behaviour({ limits: { [name]: { limit: 0 } } });
      const answer = await post(fieldsOf('Hello'));
      expect(answer.status).toBe(429);
      expect((await answer.json()).message).toContain(words);
    }
  });
});
