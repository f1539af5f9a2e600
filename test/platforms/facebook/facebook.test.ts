import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Grant,
  GrantRefused,
  type Platform,
  type PostOrder,
} from '../../../src/platforms/platform.ts';
import { decideConsent, type SimulatorControl } from '../../../src/simulator/client.ts';
import {
  answering,
  answeringByPath,
  begin,
  facebookAt,
  LONE,
  newOrder,
  obtainCode,
  obtainGrant,
  orderOf,
  startMeta,
} from '../meta/support.ts';

/** A person's token that somebody has given more with than we ask for. */
async function consentedWith(facebook: Platform, handle: string, scope: string): Promise<Grant> {
  const { url, flowSecret, redirectUri } = await begin(facebook);
  const wider = new URL(url);
  wider.searchParams.set('scope', scope);
  const back = new URL(await decideConsent(wider.href, handle));
  return facebook.exchange({
    answer: Object.fromEntries(back.searchParams),
    flowSecret,
    redirectUri,
  });
}

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
    const input = { redirectUri: 'https://t.example/callback/facebook', state: 'a b', locator: '' };
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

  it.each([
    ['the same page and another', ['1', '2'], 0],
    ['another page alone', ['2'], 0],
    ['no page', [], 0],
    ['the same page', ['1'], 1],
  ])('B4 gives back by the pages that there are by then: %s', async (_, ids, times) => {
    let taken = 0;
    const data = ids.map((id) => ({ id, name: `page ${id}`, access_token: `token ${id}` }));
    const answers: Record<string, object> = {
      '/v26.0/me': { id: '1', name: 'page 1' },
      '/v26.0/me/accounts': { data },
      '/v26.0/me/businesses': { data: [] },
      '/v26.0/debug_token': { data: { granular_scopes: [] } },
      '/v26.0/me/permissions': { success: true },
    };
    const other = facebookAt(
      await answeringByPath((path) => {
        if (path.endsWith('/me/permissions')) taken += 1;
        return [200, answers[path] ?? {}];
      }),
    );
    const page = { ...LONE.grant, accessToken: 'token 1', extra: { userToken: 'person' } };
    await other.revoke(page);
    expect(taken).toBe(times);
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

  it('offers the page of a portfolio, which /me/accounts does not list', async () => {
    const [page, ...others] = await pagesOf('portfolio1');
    expect(others).toEqual([]);
    expect(page?.account.handle).toBe('portfolio1');
    if (!page) throw new Error('There is no page');
    expect(await facebook.prepare(orderOf(page.account, page.grant))()).toMatchObject({
      kind: 'posted',
    });
    await facebook.revoke(page.grant);
    expect(await facebook.probe(page.grant)).toMatchObject({ kind: 'dead' });
  });

  it('finds pages of portfolios by the scopes of the token, though one portfolio refuses', async () => {
    const names = (await pagesOf('agency1')).map(({ account }) => account.handle);
    expect(names).toEqual(['agency1', 'agency1 2', 'agency1 3']);
  });

  it('finds them in the portfolios too, owned and of clients, sheet by sheet, beside one that refuses', async () => {
    await control.behaviour({ facebook: { allowsAllPages: true, maxSheet: 1 } });
    const scope = 'pages_show_list,pages_manage_posts,pages_read_engagement,business_management';
    const found = await facebook.choices?.(await consentedWith(facebook, 'agency2', scope));
    expect(found?.map(({ account }) => account.handle)).toEqual(['agency2', 'agency2 3']);
    expect(found?.some(({ grant }) => grant.extra !== undefined)).toBe(false);
    // Nobody has named a page, and the permission to look into portfolios is not asked for.
    expect(await pagesOf('agency3')).toEqual([]);
    expect((await pagesOf('editor3')).length).toBe(3);
    await control.behaviour({});
  });

  describe('when a part of what it asks for cannot be read', () => {
    const page = { id: '1', name: 'n', access_token: 't', tasks: ['MANAGE'] };
    const found = async (answers: Readonly<Record<string, readonly [number, unknown]>>) => {
      const at = await answeringByPath((path) => answers[path.replace('/v26.0', '')]);
      return facebookAt(at).choices?.(LONE.grant);
    };
    const list = (...data: object[]): readonly [number, unknown] => [200, { data }];
    const refusal = (code: number): readonly [number, unknown] => [400, { error: { code } }];
    const given = (...ids: string[]): readonly [number, unknown] => [
      200,
      { data: { granular_scopes: [{ scope: 'pages_manage_posts', target_ids: ids }] } },
    ];

    it('offers what it has found, without the token that would take back more than that', async () => {
      const whole = { '/me/accounts': list(page), '/me/businesses': refusal(200) };
      const [sure] = (await found({ ...whole, '/debug_token': given('1') })) ?? [];
      expect(sure?.grant.extra).toEqual({ userToken: LONE.grant.accessToken });
      const [unsure, ...others] = (await found({ ...whole, '/debug_token': [502, 'x'] })) ?? [];
      expect(others).toEqual([]);
      expect(unsure?.account.id).toBe('1');
      expect(unsure?.grant.extra).toBeUndefined();
    });

    it('says that there is none only when everything has answered', async () => {
      const none = { '/me/accounts': list(), '/debug_token': given() };
      expect(await found({ ...none, '/me/businesses': refusal(100) })).toEqual([]);
      expect(await found({ ...none, '/me/businesses': list() })).toEqual([]);
      await expect(found({ ...none, '/me/businesses': [502, 'x'] })).rejects.toThrow();
      await expect(found({ ...none, '/me/businesses': refusal(4) })).rejects.toThrow();
      const silent = { '/me/accounts': list(), '/me/businesses': list() };
      await expect(found({ ...silent, '/debug_token': [500, 'x'] })).rejects.toThrow();
    });

    it('takes the pages that any of the permissions name, those for posts first', async () => {
      const scopes = (...granular: object[]): readonly [number, unknown] => [
        200,
        { data: { granular_scopes: granular } },
      ];
      const listed = { scope: 'pages_show_list', target_ids: ['1', '3'] };
      const answers = {
        '/me/accounts': list(),
        '/me/businesses': refusal(200),
        '/1': [200, page],
        '/3': [200, { id: '3', name: 'third', access_token: 'u' }],
      } as const;
      const ids = async (...granular: object[]) =>
        (await found({ ...answers, '/debug_token': scopes(...granular) }))?.map(
          ({ account }) => account.id,
        );
      expect(await ids(listed, { scope: 'pages_manage_posts' })).toEqual(['1', '3']);
      expect(await ids(listed, { scope: 'pages_manage_posts', target_ids: ['3'] })).toEqual(['3']);
    });

    it('leaves out a page that is gone, and asks for the token where a list has none', async () => {
      const answers = {
        '/me/accounts': list(),
        '/debug_token': given('1', '2', '3'),
        '/me/businesses': list({ id: '7' }),
        '/7/owned_pages': list({ id: '3', name: 'third' }),
        '/7/client_pages': refusal(200),
        '/1': [200, page],
        '/2': [400, { error: { code: 100, error_subcode: 33 } }],
        '/3': [200, { id: '3', name: 'third', access_token: 'u' }],
      } as const;
      const pages = (await found(answers)) ?? [];
      expect(pages.map(({ account }) => account.handle).sort()).toEqual(['n', 'third']);
    });
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
