import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { GrantRefused, type Platform, type PostOrder } from '../../../src/platforms/platform.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import {
  answering,
  facebookAt,
  LONE,
  newOrder,
  obtainCode,
  obtainGrant,
  orderOf,
  startMeta,
} from '../graph/support.ts';

describe('Facebook Pages', () => {
  let url: string;
  let control: SimulatorControl;
  let facebook: Platform;
  beforeAll(async () => {
    ({ url, control } = await startMeta('facebook'));
    facebook = facebookAt(url);
  });
  const postsOf = async ({ account }: PostOrder) =>
    (await control.posts()).filter((post) => post.account === account.id);
  const pagesOf = async (handle: string) =>
    (await facebook.choices?.(await obtainGrant(facebook, handle))) ?? [];

  it('asks for pages, and never for a profile', async () => {
    const input = { redirectUri: 'https://t.example/callback/facebook', state: 'a b', where: '' };
    const { url: link } = await facebook.authorize({
      ...input,
      text: '',
      locale: 'en',
      moment: new Date(),
    });
    expect(Object.fromEntries(new URL(link).searchParams)).toEqual({
      client_id: 'test-app',
      redirect_uri: input.redirectUri,
      state: 'a b',
      response_type: 'code',
      scope: 'pages_show_list,pages_manage_posts,pages_read_engagement',
      auth_type: 'rerequest',
    });
  });

  it('exchanges a code for the person’s token, and that for one of their page without an end', async () => {
    const code = await obtainCode(facebook, 'anna');
    const person = await facebook.exchange(code);
    expect(person.expiresAt).not.toBeNull();
    await expect(facebook.exchange(code)).rejects.toBeInstanceOf(GrantRefused);
    const [page, ...others] = (await facebook.choices?.(person)) ?? [];
    expect(others).toEqual([]);
    expect(page?.account.handle).toBe('anna');
    expect(page?.grant).toMatchObject({
      expiresAt: null,
      extra: { userToken: person.accessToken },
    });
    expect(page && (await facebook.whoAmI(page.grant))).toEqual(page?.account);
    expect(page && (await facebook.probe(page.grant))).toEqual({ kind: 'alive' });
    if (page) await expect(facebook.refresh(page.grant)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('leaves the choice between several pages, and takes none back while others may be pledged', async () => {
    const pages = await pagesOf('editor1');
    expect(pages.map(({ account }) => account.handle)).toEqual([
      'editor1',
      'editor1 2',
      'editor1 3',
    ]);
    const [first, second] = pages;
    if (!first || !second) throw new Error('There are too few pages');
    await facebook.revoke(second.grant);
    expect(await facebook.probe(first.grant)).toEqual({ kind: 'alive' });
    expect(await facebook.prepare(orderOf(second.account, second.grant))()).toMatchObject({
      kind: 'posted',
    });
  });

  it('takes everything back of who has one page, and twice is fine', async () => {
    const { grant } = await newOrder(facebook);
    await facebook.revoke(grant);
    expect(await facebook.probe(grant)).toMatchObject({ kind: 'dead' });
    await facebook.revoke(grant);
    const person = await obtainGrant(facebook, 'ben');
    await facebook.revoke(person);
    await expect(facebook.whoAmI(person)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('shows no page to who looks after none, or may not post there', async () => {
    const answer = {
      id: '9',
      data: [{ id: '1', name: 'n', access_token: 't', tasks: ['ANALYZE'] }],
    };
    const other = facebookAt(await answering(200, answer));
    expect(await other.choices?.(LONE.grant)).toEqual([]);
    await expect(
      facebookAt(await answering(200, '{}')).choices?.(LONE.grant),
    ).rejects.toBeInstanceOf(Error);
  });

  it('posts to the page, with its own address', async () => {
    const order = await newOrder(facebook);
    const outcome = await facebook.prepare(order)();
    const [post] = await postsOf(order);
    expect(outcome).toEqual({ kind: 'posted', id: post?.id, url: `${url}/${post?.id}` });
    expect(post?.text).toBe(order.text);
    const shown = await fetch(`${url}/${post?.id}`);
    expect(await shown.text()).toContain('We ring the bell');
    expect(await facebook.prepare(order)()).toMatchObject({ kind: 'refused', reason: 'duplicate' });
    expect(await postsOf(order)).toHaveLength(1);
  });

  it('proves the secret; a wrong one is the app’s problem and no supporter’s', async () => {
    const order = await newOrder(facebook);
    const wrong = facebookAt(url, { secret: 'another' });
    expect(await wrong.prepare(order)()).toMatchObject({ reason: 'app_problem' });
    expect(await wrong.probe(order.grant)).toMatchObject({ kind: 'app_problem' });
    const { accessToken } = order.grant;
    const proof = createHmac('sha256', 'test-secret').update(accessToken).digest('hex');
    const query = new URLSearchParams({ access_token: accessToken, appsecret_proof: proof });
    expect((await fetch(`${url}/v26.0/me?${query}`)).status).toBe(200);
  });

  it('finds a post whose answer was lost, and proves that one is not there', async () => {
    for (const [fault, looked] of [
      ['status500AfterAccept', 'found'],
      ['truncated201', 'found'],
      ['status200HtmlAfterAccept', 'found'],
      ['status500', 'absent'],
      ['status502', 'absent'],
    ] as const) {
      const order = await newOrder(facebook);
      const since = new Date();
      await control.fault(order.account.handle, 'posts', fault);
      expect(await facebook.prepare(order)(), fault).toMatchObject({ kind: 'unknown' });
      expect(await facebook.reconcile(order, since), fault).toMatchObject({ kind: looked });
    }
    const hurried = facebookAt(url, { timeoutMs: 400 });
    const order = await newOrder(facebook);
    await control.fault(order.account.handle, 'posts', 'hangAfterAccept');
    expect(await hurried.prepare(order)()).toMatchObject({ kind: 'unknown' });
    expect(await facebook.reconcile(order, new Date())).toMatchObject({ kind: 'found' });
    // Meta has seconds only, and an older post of the same words is not ours.
    expect(await facebook.reconcile(order, new Date(Date.now() + 600_000))).toEqual({
      kind: 'absent',
    });
  });

  it('owns up where a page has more posts than one list shows', async () => {
    const order = await newOrder(facebook);
    for (let i = 0; i < 50; i++)
      await facebook.prepare({ ...order, text: `Something else ${i}` })();
    expect(await facebook.reconcile(order, new Date())).toMatchObject({ kind: 'undecided' });
  });

  it('is undecided while the page cannot be read, and unreadable once the grant is dead', async () => {
    const order = await newOrder(facebook);
    for (const fault of [
      'status500',
      'status502',
      'status429App',
      'resetBefore',
      'garbled201',
    ] as const) {
      await control.fault(order.account.handle, 'timeline', fault);
      expect(await facebook.reconcile(order, new Date()), fault).toMatchObject({
        kind: 'undecided',
      });
    }
    await control.changeAccount(order.account.id, { revokeGrants: true });
    expect(await facebook.reconcile(order, new Date())).toMatchObject({ kind: 'unreadable' });
    expect(await facebook.prepare(order)()).toMatchObject({ kind: 'reconnect' });
  });

  it('knows the page’s limit from the app’s, and a block from both', async () => {
    const order = await newOrder(facebook);
    await control.behaviour({ limits: { graphPerPageDay: { limit: 0 } } });
    expect(await facebook.prepare(order)()).toMatchObject({ kind: 'wait' });
    await control.behaviour({ limits: { graphPerAppHour: { limit: 0 } } });
    expect(await facebook.prepare(order)()).toMatchObject({ kind: 'throttled' });
    await control.behaviour({});
    await control.changeAccount(order.account.id, { locked: true });
    expect(await facebook.prepare(order)()).toMatchObject({ reason: 'account_locked' });
  });
});
