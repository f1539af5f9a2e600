import { beforeAll, expect, it } from 'vitest';
import type { SimulatorControl } from '../../src/simulator/client.ts';
import { startMeta } from '../platforms/meta/support.ts';

interface Answer {
  status: number;
  headers: Headers;
  body: { id?: string; data?: unknown[]; error?: { code: number; type: string } };
}

let url: string;
let control: SimulatorControl;
let page: { id: string; accessToken: string };
beforeAll(async () => {
  ({ url, control } = await startMeta('facebook'));
  const [made] = await control.createGrants({ clientId: 'test-app', count: 1 });
  if (!made) throw new Error('The simulator made no grant');
  page = made;
});

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Answer['body'] };
}
const post = async (message: string, version = 'v24.0', token = page.accessToken) =>
  answerOf(
    await fetch(`${url}/${version}/${page.id}/feed?access_token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
    }),
  );

it('takes posts at any version, as JSON or as a form, and says how much of the limit is used', async () => {
  const answer = await post('One');
  expect(answer.body.id).toMatch(new RegExp(`^${page.id}_\\d+$`));
  expect(JSON.parse(answer.headers.get('x-app-usage') ?? '')).toHaveProperty('call_count');
  const form = new URLSearchParams({ message: 'Two', access_token: page.accessToken });
  const response = await fetch(`${url}/v26.0/${page.id}/feed`, { method: 'POST', body: form });
  expect(response.status).toBe(200);
  const list = await fetch(`${url}/${page.id}/feed?access_token=${page.accessToken}`);
  expect((await answerOf(list)).body.data).toMatchObject([{ message: 'Two' }, { message: 'One' }]);
});

it('refuses the same text twice in a row, and only then', async () => {
  expect((await post('Same')).status).toBe(200);
  expect((await post('Same')).body.error?.code).toBe(506);
  expect((await post('Another')).status).toBe(200);
  expect((await post('Same')).status).toBe(200);
});

it('refuses a token that it does not know, in the shape of its errors', async () => {
  const { status, body } = await post('Three', 'v26.0', 'nobody');
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ code: 190, type: 'OAuthException', error_subcode: 467 });
});

it('tells what a token is good for, and forgets it with the permissions', async () => {
  const debug = async () =>
    (
      await fetch(
        `${url}/debug_token?input_token=${page.accessToken}&access_token=test-app|test-secret`,
      )
    ).json();
  expect(await debug()).toMatchObject({
    data: { is_valid: true, type: 'PAGE', profile_id: page.id, expires_at: 0 },
  });
  const query = `access_token=${page.accessToken}`;
  await fetch(`${url}/v26.0/me/permissions?${query}`, { method: 'DELETE' });
  expect(await debug()).toMatchObject({ data: { is_valid: false } });
});
