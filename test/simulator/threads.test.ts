import { beforeAll, expect, it } from 'vitest';
import type { SimulatorControl } from '../../src/simulator/client.ts';
import { startMeta } from '../platforms/meta/support.ts';

interface Answer {
  status: number;
  body: { id?: string; status?: string; error?: { code: number; error_subcode?: number } };
}

let url: string;
let control: SimulatorControl;
let user: { id: string; accessToken: string };
beforeAll(async () => {
  ({ url, control } = await startMeta('threads'));
  const [made] = await control.createGrants({ clientId: 'test-app', count: 1 });
  if (!made) throw new Error('The simulator made no grant');
  user = made;
});

async function call(method: 'GET' | 'POST', path: string, fields = {}): Promise<Answer> {
  const query = new URLSearchParams({ access_token: user.accessToken, ...fields });
  const response = await fetch(`${url}${path}?${query}`, { method });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const container = async (text = 'We ring the bell.'): Promise<string> => {
  const fields = { media_type: 'TEXT', text };
  return (await call('POST', `/v1.0/${user.id}/threads`, fields)).body.id ?? '';
};
const publish = (id: string) =>
  call('POST', `/v1.0/${user.id}/threads_publish`, { creation_id: id });
const statusOf = async (id: string) =>
  (await call('GET', `/v1.0/${id}`, { fields: 'status' })).body;

it('takes a container through all of its states', async () => {
  const id = await container();
  expect(await statusOf(id)).toEqual({ id, status: 'FINISHED' });
  await control.behaviour({ containerSeconds: 3_600 });
  expect((await statusOf(id)).status).toBe('IN_PROGRESS');
  expect((await publish(id)).body.error).toMatchObject({ code: 24, error_subcode: 4279009 });
  await control.behaviour({ containerLifeSeconds: 0.000001 });
  expect((await statusOf(id)).status).toBe('EXPIRED');
  await control.behaviour({ containerFails: true });
  expect((await statusOf(await container())).status).toBe('ERROR');
  await control.behaviour({});
  const post = await publish(id);
  expect(post.status).toBe(200);
  expect((await statusOf(id)).status).toBe('PUBLISHED');
  expect((await control.posts()).map((one) => one.id)).toEqual([post.body.id]);
});

it('does not find a container once, publishes it then, and never twice', async () => {
  await control.behaviour({ containerMisses: 1 });
  const id = await container();
  expect((await publish(id)).body.error).toMatchObject({ code: 24, error_subcode: 4279009 });
  expect((await publish(id)).status).toBe(200);
  expect((await publish(id)).status).toBe(400);
  await control.behaviour({});
});

it('has no status for a post, and refuses long texts, six links and other people’s profiles', async () => {
  const { body } = await publish(await container());
  expect((await call('GET', `/v1.0/${body.id}`, { fields: 'status' })).body.error?.code).toBe(100);
  expect(await container('x'.repeat(501))).toBe('');
  expect(await container('👍'.repeat(126))).toBe('');
  expect(await container('👍'.repeat(125))).not.toBe('');
  const six = Array.from({ length: 6 }, (_, i) => `https://example.org/${i}`).join(' ');
  expect(await container(six)).toBe('');
  const other = await call('POST', '/v1.0/1/threads', { media_type: 'TEXT', text: 'Hello' });
  expect(other.body.error?.code).toBe(100);
});
