import { describe, expect, it } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { runClient, startSimulated } from './support.ts';

const TEXT = 'We ring the bell together 🔔 #100DaysOfInjustice';
const REDIRECT = 'http://127.0.0.1:9/callback';

describe("X's own library", () => {
  it('posts to our simulated X', async () => {
    const { url, control } = await startSimulated('x');
    const [given] = await control.createGrants({ clientId: 'an-app', count: 1 });
    const input = { url, accessToken: given?.accessToken, text: TEXT };
    const heard = await runClient<{ id: string; account: string }>('x.mjs', input);
    const [post, ...others] = await control.posts();
    expect(others).toEqual([]);
    expect(post).toMatchObject({ id: heard.id, account: heard.account, text: TEXT });
    expect(heard.account).toBe(given?.id);
  });
});

describe("Meta's own library", () => {
  it('posts to a page of our simulated Facebook', async () => {
    const { url, control } = await startSimulated('facebook');
    await control.createAccounts({ accounts: [{ handle: 'editor' }] });
    const accessToken = await facebookToken(url, 'editor');
    interface Heard {
      page: string;
      id: string;
      listed: { id: string; message: string }[];
    }
    const heard = await runClient<Heard>('facebook.cjs', { url, accessToken, text: TEXT });
    const [post, ...others] = await control.posts();
    expect(others).toEqual([]);
    expect(post).toMatchObject({ id: heard.id, text: TEXT });
    expect(heard.id).toMatch(new RegExp(`^${heard.page}_\\d+$`));
    expect(heard.listed).toEqual([{ id: heard.id, message: TEXT }]);
    const [entry] = await control.record(0, 'posts');
    expect(entry).toMatchObject({ method: 'POST', path: `/v24.0/${heard.page}/feed`, status: 200 });
  });
});

/** The token of a person, as their consent gives it. */
async function facebookToken(url: string, handle: string): Promise<string> {
  const app = { client_id: 'an-app', redirect_uri: REDIRECT };
  const scope = 'pages_show_list,pages_manage_posts,pages_read_engagement';
  const query = new URLSearchParams({ ...app, scope, state: 's', response_type: 'code' });
  const back = new URL(await decideConsent(`${url}/dialog/oauth?${query}`, handle));
  const code = back.searchParams.get('code') ?? '';
  const exchange = new URLSearchParams({ ...app, client_secret: 'a-secret', code });
  const answer = await fetch(`${url}/oauth/access_token?${exchange}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}
