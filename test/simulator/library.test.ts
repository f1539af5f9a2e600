import { Agent } from 'node:http';
import { type ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2';
import { beforeAll, describe, expect, test } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { CLIENT, REDIRECT, SCOPE } from './support.ts';

let simulator: Network;

beforeAll(async () => {
  simulator = await startNetwork();
});

/** The library sends no User-Agent, which the simulator asks everybody for. */
const named: NonNullable<ITwitterApiClientPlugin['onBeforeRequest']> = ({ computedParams }) => {
  computedParams.headers['user-agent'] = 'test';
};

/** PLATFORMS 1.9, way A: rewrite the address before the request is built. */
function rewriting(base: string): ITwitterApiClientPlugin {
  return {
    onBeforeRequestConfig(args) {
      const { params } = args;
      params.url = params.url.replace('https://api.x.com', base);
    },
    onBeforeRequest: named,
  };
}

/** Way B: replace the address of the computed request. */
function replacing(base: string): ITwitterApiClientPlugin {
  return {
    onBeforeRequest(args) {
      const { pathname, search } = args.computedParams.url;
      named(args);
      args.computedParams.url = new URL(pathname + search, base);
      args.requestOptions.agent = new Agent();
    },
  };
}

describe.each([
  { way: 'A', plugin: rewriting },
  { way: 'B', plugin: replacing },
])('twitter-api-v2, redirected by way $way', ({ way, plugin }) => {
  test('authorizes, exchanges, posts, reads back, refreshes and revokes', async () => {
    const handle = `library_${way}`;
    await simulator.control.createAccounts({ accounts: [{ handle }] });
    const settings = { plugins: [plugin(simulator.url)], httpAgent: new Agent() };
    const app = new TwitterApi({ clientId: CLIENT.id, clientSecret: CLIENT.secret }, settings);

    const link = app.generateOAuth2AuthLink(REDIRECT, { scope: SCOPE.split(' '), state: 's1' });
    const consent = link.url.replace('https://x.com', simulator.url);
    const back = new URL(await decideConsent(consent, handle));
    expect(back.searchParams.get('state')).toBe('s1');

    const { client, refreshToken, expiresIn, scope } = await app.loginWithOAuth2({
      code: back.searchParams.get('code') ?? '',
      codeVerifier: link.codeVerifier,
      redirectUri: REDIRECT,
    });
    expect({ expiresIn, scope }).toEqual({ expiresIn: 7200, scope: SCOPE.split(' ') });

    const me = await client.v2.me();
    expect(me.data.username).toBe(handle);
    const sent = await client.v2.tweet(`The bell rings, ${way}`);
    const read = await client.v2.userTimeline(me.data.id, { 'tweet.fields': ['created_at'] });
    expect(read.tweets).toMatchObject([{ id: sent.data.id, text: `The bell rings, ${way}` }]);
    expect(read.tweets[0]?.created_at).toBeDefined();

    await expect(client.v2.tweet(`The bell rings, ${way}`)).rejects.toMatchObject({
      code: 403,
      data: { detail: expect.stringContaining('duplicate content') },
      rateLimit: {
        limit: 100,
        remaining: 98,
        day: { limit: 10_000 },
        userDay: { limit: 9_600, remaining: 9_598 },
      },
    });

    const renewed = await app.refreshOAuth2Token(refreshToken ?? '');
    expect((await renewed.client.v2.me()).data.id).toBe(me.data.id);
    await app.revokeOAuth2Token(renewed.refreshToken ?? '', 'refresh_token');
    await expect(renewed.client.v2.me()).rejects.toMatchObject({ code: 401, isAuthError: true });
  });
});
