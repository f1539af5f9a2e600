import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Platform, PostOrder } from '../../src/platforms/platform.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LossyWay, lossyWay } from './lossy-way.ts';
import { consentAtSnac, mastodonAt, type Snac, startSnac } from './snac.ts';
import { needsPeer } from './support.ts';

const TEXT =
  'We ring the bell together 🔔 #100DaysOfInjustice https://example.org/bell & more_than_that';
const REDIRECT = 'http://127.0.0.1:9/callback/mastodon';
const POSTS = '/api/v1/statuses';

needsPeer('snac')('our Mastodon at a server that is none', () => {
  let snac: Snac;
  let way: LossyWay;
  let mastodon: Platform;
  let made = 0;

  beforeAll(async () => {
    snac = await startSnac();
    way = await lossyWay(snac.url);
    mastodon = mastodonAt(way.host);
  });

  function authorize() {
    return mastodon.authorize({
      ...{ redirectUri: REDIRECT, state: 'state-1', locator: way.host },
      ...{ text: TEXT, locale: 'en', moment: new Date() },
    });
  }

  /** An account of the server that has authorized us. */
  async function join(): Promise<PostOrder> {
    made += 1;
    const name = `person${made}`;
    const password = await snac.join(name);
    const { url, flowSecret: keep, redirectUri = REDIRECT } = await authorize();
    const back = new URL(await consentAtSnac(url, name, password));
    expect(back.searchParams.get('state')).toBe('state-1');
    const answer = Object.fromEntries(back.searchParams);
    const grant = await mastodon.exchange({ answer, flowSecret: keep, redirectUri });
    const account = await mastodon.whoAmI(grant);
    expect(account.handle).toBe(`${name}@${way.host}`);
    return {
      ...{ postKey: randomUUID(), account, grant, text: TEXT, locale: 'en' },
      ...{ moment: new Date(), staged: null },
    };
  }

  /** The ids of what is on an account's page, asked of the server itself. */
  async function postsOf({ account, grant }: PostOrder): Promise<string[]> {
    const [, id = ''] = account.id.split(' ');
    const headers = { authorization: `Bearer ${grant.accessToken}`, connection: 'close' };
    const answer = await fetch(`${snac.url}/api/v1/accounts/${id}/statuses`, { headers });
    return ((await answer.json()) as { id: string }[]).map((post) => post.id);
  }

  it('is let in without discovery, without PKCE and without scopes', async () => {
    const { grant } = await join();
    expect(grant.extra).toMatchObject({ origin: `http://${way.host}`, software: 'snac' });
    expect(await mastodon.probe(grant)).toEqual({ kind: 'alive' });
  });

  it('posts once, and finds it again among its words', async () => {
    const order = await join();
    const since = new Date();
    expect(await mastodon.prepare(order)()).toMatchObject({ kind: 'posted' });
    const [id, ...others] = await postsOf(order);
    expect(others).toEqual([]);
    expect(await mastodon.reconcile(order, since)).toMatchObject({ kind: 'found', id });
    const other = { ...order, text: 'Quite another text, which nobody has posted.' };
    expect((await mastodon.reconcile(other, since)).kind).not.toBe('found');
  });

  it('is not protected by the key that we send: what comes twice is there twice', async () => {
    const order = await join();
    expect(await mastodon.prepare(order)()).toMatchObject({ kind: 'posted' });
    expect(await mastodon.prepare(order)()).toMatchObject({ kind: 'posted' });
    expect(await postsOf(order)).toHaveLength(2);
  });

  it('never doubles a post whose answer was lost: it looks before it repeats', async () => {
    const order = await join();
    const since = new Date();
    way.lose('answers', POSTS);
    expect(await mastodon.prepare(order)()).toMatchObject({ kind: 'unknown' });
    way.lose('nothing', POSTS);
    expect(await mastodon.reconcile(order, since)).toMatchObject({ kind: 'found' });
    expect(await postsOf(order)).toHaveLength(1);
  });

  it('does not say "absent" of a request that may still be carried out', async () => {
    const order = await join();
    way.lose('requests', POSTS);
    expect(await mastodon.prepare(order)()).toMatchObject({ kind: 'unknown' });
    way.lose('nothing', POSTS);
    expect(await postsOf(order)).toEqual([]);
    expect(await mastodon.reconcile(order, new Date())).toMatchObject({ kind: 'undecided' });
    const longAgo = new Date(Date.now() - 60_000);
    expect(await mastodon.reconcile(order, longAgo)).toEqual({ kind: 'absent' });
    expect(await mastodon.prepare(order)()).toMatchObject({ kind: 'posted' });
    expect(await postsOf(order)).toHaveLength(1);
  });

  it('gives a grant back, after which nothing is posted', async () => {
    const order = await join();
    await mastodon.revoke(order.grant);
    expect(await mastodon.probe(order.grant)).toMatchObject({ kind: 'dead' });
    // Now and then no answer comes, seen on a busy machine; that says nothing, so it is asked again.
    const refused = async () => {
      const outcome = await mastodon.prepare(order)();
      return outcome.kind !== 'unknown' && outcome;
    };
    const outcome = await waitFor(refused, { timeoutMs: 30_000, what: 'an answer' });
    expect(outcome).toMatchObject({ kind: 'reconnect' });
    expect(await mastodon.reconcile(order, order.moment)).not.toMatchObject({ kind: 'found' });
  });

  it('refuses a code that nobody was given', async () => {
    const { url, flowSecret: keep, redirectUri = REDIRECT } = await authorize();
    expect(new URL(url).host).toBe(way.host);
    const going = mastodon.exchange({ answer: { code: 'no-such' }, flowSecret: keep, redirectUri });
    await expect(going).rejects.toThrow(/answered 4\d\d/);
  });
});
