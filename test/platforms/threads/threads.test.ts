import { beforeAll, describe, expect, it } from 'vitest';
import {
  AccountRefused,
  GrantRefused,
  type Platform,
  type PostOrder,
} from '../../../src/platforms/platform.ts';
import { threadsTextRule } from '../../../src/platforms/threads/text-rule.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import {
  answering,
  answeringByPath,
  LONE,
  newOrder,
  obtainCode,
  obtainGrant,
  startMeta,
  threadsAt,
} from '../meta/support.ts';

const DAY_MS = 86_400_000;

describe('Threads', () => {
  let url: string;
  let control: SimulatorControl;
  let threads: Platform;
  beforeAll(async () => {
    ({ url, control } = await startMeta('threads'));
    threads = threadsAt(url);
  });

  /** With its container, as the engine keeps it. */
  async function staged(text?: string): Promise<PostOrder> {
    const order = await newOrder(threads, text);
    const made = await threads.stage?.(order);
    if (made?.kind !== 'staged') throw new Error(`Not staged: ${JSON.stringify(made)}`);
    return { ...order, staged: made.token };
  }
  const postsOf = async ({ account }: PostOrder) =>
    (await control.posts()).filter((post) => post.account === account.id);

  it('asks for what posting needs, and for nothing else', async () => {
    const input = { redirectUri: 'https://t.example/callback/threads', state: 'a b', locator: '' };
    const { url: link } = await threads.authorize({
      ...input,
      text: '',
      locale: 'en',
      moment: new Date(),
    });
    expect(Object.fromEntries(new URL(link).searchParams)).toEqual({
      client_id: 'test-app',
      redirect_uri: input.redirectUri,
      scope: 'threads_basic,threads_content_publish',
      response_type: 'code',
      state: 'a b',
    });
  });

  it('exchanges a code, with what stands behind it, for a token of 60 days', async () => {
    const input = await obtainCode(threads, 'anna');
    const before = Date.now();
    const grant = await threads.exchange({ ...input, answer: { code: `${input.answer.code}#_` } });
    const life = (grant.expiresAt?.getTime() ?? 0) - before;
    expect(life).toBeGreaterThan(59 * DAY_MS);
    expect(life).toBeLessThan(61 * DAY_MS);
    expect((await threads.whoAmI(grant)).handle).toBe('anna');
    expect(await threads.probe(grant)).toEqual({ kind: 'alive' });
    await expect(threads.exchange(input)).rejects.toBeInstanceOf(GrantRefused);
    await threads.revoke(grant);
    expect(await threads.probe(grant)).toEqual({ kind: 'alive' });
  });

  it('leaves a young token alone, refreshes one of a day, and gives up one that has ended', async () => {
    const grant = await obtainGrant(threads, 'bea');
    expect(await threads.refresh(grant)).toBe(grant);
    const old = { ...grant, extra: { issuedAt: new Date(Date.now() - DAY_MS).toISOString() } };
    // The simulator knows how young it really is.
    const tooYoung = await threads.refresh(old).catch((error: unknown) => error);
    expect(tooYoung).not.toBeInstanceOf(GrantRefused);
    expect(tooYoung).toBeInstanceOf(Error);
    await control.behaviour({ refreshAfterSeconds: 0 });
    const fresh = await threads.refresh(old);
    await control.behaviour({});
    expect(fresh.accessToken).not.toBe(grant.accessToken);
    const ended = { ...grant, expiresAt: new Date(Date.now() - 1) };
    await expect(threads.refresh(ended)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('B5 does not take a refusal after the code was taken for one of the code', async () => {
    const refused = [400, { error: { code: 190 } }] as const;
    const taken = await answeringByPath((path) =>
      path === '/oauth/access_token' ? [200, { access_token: 't' }] : refused,
    );
    const given = {
      answer: { code: 'c' },
      flowSecret: '',
      redirectUri: 'https://t.example/callback',
    };
    await expect(threadsAt(taken).exchange(given)).rejects.toBeInstanceOf(AccountRefused);
    const never = threadsAt(await answering(...refused));
    await expect(never.exchange(given)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('does not take a wrong secret, or the network, for the end of a grant', async () => {
    const grant = { ...LONE.grant, extra: {} };
    for (const [status, body] of [
      [400, { error: { code: 1, message: 'Error validating client secret.' } }],
      [500, { error: { code: 1 } }],
      [502, '<h1>Bad gateway</h1>'],
    ] as const) {
      const error = await threadsAt(await answering(status, body))
        .refresh(grant)
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(GrantRefused);
    }
    const dead = threadsAt(await answering(400, { error: { code: 190 } }));
    await expect(dead.refresh(grant)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('stages without anybody seeing it, and publishes at the moment', async () => {
    const order = await staged();
    expect(await postsOf(order)).toEqual([]);
    const outcome = await threads.prepare(order)();
    const [post] = await postsOf(order);
    expect(outcome).toEqual({ kind: 'posted', id: post?.id, url: null });
    expect(post?.text).toBe(order.text);
  });

  it('makes the container at the moment where there is none, or one that has come to nothing', async () => {
    const order = await newOrder(threads);
    expect(await threads.prepare(order)()).toMatchObject({ kind: 'posted' });
    await control.behaviour({ containerFails: true });
    const failed = await staged();
    await control.behaviour({});
    expect(await threads.prepare(failed)()).toMatchObject({ kind: 'posted' });
    expect(await postsOf(failed)).toHaveLength(1);
    const lost = await staged();
    await control.behaviour({ containerLifeSeconds: 0.000001 });
    expect(await threads.prepare(lost)()).toMatchObject({ kind: 'wait' });
    await control.behaviour({});
    expect(await threads.prepare(lost)()).toMatchObject({ kind: 'posted' });
    expect(await postsOf(lost)).toHaveLength(1);
  });

  it('waits for a container that is not found yet, and takes the same one again', async () => {
    await control.behaviour({ containerMisses: 1 });
    for (const order of [await staged(), await newOrder(threads)]) {
      const first = await threads.prepare(order)();
      expect(first).toMatchObject({ kind: 'wait', detail: '400 24 4279009' });
      expect(await threads.prepare(order)()).toMatchObject({ kind: 'posted' });
      expect(await postsOf(order)).toHaveLength(1);
    }
    const made = (await control.record(0, 'stage')).length;
    await control.behaviour({ containerMisses: 1_000 });
    const never = await staged();
    for (let i = 0; i < 5; i++)
      expect(await threads.prepare(never)()).toMatchObject({ kind: 'wait' });
    await control.behaviour({});
    expect((await control.record(0, 'stage')).length - made).toBe(2);
  });

  it('says why a text cannot be staged, and sends nothing in doubt while it makes a container', async () => {
    const order = await newOrder(threads, 'x'.repeat(501));
    expect(await threads.stage?.(order)).toEqual({ kind: 'failed', detail: 'answered 400 100' });
    expect(await threads.prepare(order)()).toMatchObject({
      kind: 'refused',
      reason: 'text_invalid',
    });
    const other = await newOrder(threads);
    await control.fault(other.account.handle, 'stage', 'status500AfterAccept');
    expect(await threads.prepare(other)()).toMatchObject({ kind: 'not_sent' });
    await control.fault(other.account.handle, 'stage', 'resetBefore');
    expect(await threads.stage?.(other)).toMatchObject({ kind: 'failed' });
  });

  it('finds a post whose answer was lost, and proves that one is not there', async () => {
    const there = await staged();
    const since = new Date();
    await control.fault(there.account.handle, 'posts', 'status500AfterAccept');
    expect(await threads.prepare(there)()).toMatchObject({ kind: 'unknown' });
    const [post] = await postsOf(there);
    const found = {
      kind: 'found',
      id: post?.id,
      url: `${url}/@${there.account.handle}/post/${post?.id}`,
    };
    expect(await threads.reconcile(there, since)).toEqual(found);
    // Published already: neither a second post nor a refusal.
    expect(await threads.prepare(there)()).toMatchObject({ kind: 'unknown' });
    expect(await postsOf(there)).toHaveLength(1);

    const absent = await staged();
    await control.fault(absent.account.handle, 'posts', 'status500');
    expect(await threads.prepare(absent)()).toMatchObject({ kind: 'unknown' });
    expect(await threads.reconcile(absent, since)).toEqual({ kind: 'absent' });
    expect(await threads.prepare(absent)()).toMatchObject({ kind: 'posted' });
  });

  it('finds one whose container was made at the moment, and whose request hung', async () => {
    const hurried = threadsAt(url, 400);
    const order = await newOrder(threads);
    const since = new Date();
    await control.fault(order.account.handle, 'posts', 'hangAfterAccept');
    expect(await hurried.prepare(order)()).toMatchObject({ kind: 'unknown' });
    expect(await threads.reconcile(order, since)).toMatchObject({ kind: 'found' });
    expect(await threads.reconcile(order, new Date(Date.now() + 600_000))).toEqual({
      kind: 'absent',
    });
  });

  it('is undecided while Threads cannot be asked, and unreadable once the grant is dead', async () => {
    const order = await staged();
    for (const fault of [
      'status500',
      'status502',
      'status429User',
      'resetBefore',
      'truncated201',
    ] as const) {
      await control.fault(order.account.handle, 'timeline', fault, 2);
      expect(await threads.reconcile(order, new Date()), fault).toMatchObject({
        kind: 'undecided',
      });
      // One of the two may be left over.
      await threads.reconcile(order, new Date());
    }
    for (const body of ['{}', '[]', '{"data":[null]}', '<h1>Hello</h1>']) {
      const looked = await threadsAt(await answering(200, body)).reconcile(LONE, new Date());
      expect(looked, body).toMatchObject({ kind: 'undecided' });
    }
    await control.changeAccount(order.account.id, { revokeGrants: true });
    expect(await threads.reconcile(order, new Date())).toMatchObject({ kind: 'unreadable' });
    expect(await threads.probe(order.grant)).toMatchObject({ kind: 'dead' });
    expect(await threads.prepare(order)()).toMatchObject({ kind: 'reconnect' });
  });

  it('knows a profile’s day from an account that is restricted', async () => {
    await control.behaviour({ limits: { threadsPerProfileDay: { limit: 0 } } });
    expect(await threads.prepare(await staged())()).toMatchObject({ reason: 'quota_user' });
    await control.behaviour({});
    const order = await staged();
    await control.changeAccount(order.account.id, { locked: true });
    expect(await threads.prepare(order)()).toMatchObject({ reason: 'account_locked' });
  });

  it('B3 tells a text that is refused from everything else, by what staging it gave', async () => {
    const detailOf = async (text: string) => {
      const made = await threads.stage?.(await newOrder(threads, text));
      return made?.kind === 'failed' ? made.detail : null;
    };
    const long = await detailOf('’'.repeat(167));
    expect(long).toBe('answered 400 100');
    expect(threads.isAboutText?.(long ?? '')).toBe(true);
    expect(await detailOf('’'.repeat(166))).toBeNull();
    for (const other of ['answered 400 100 33', 'answered 400 190', 'answered 500 1', 'TIMEOUT']) {
      expect(threads.isAboutText?.(other)).toBe(false);
    }
  });

  it('B3 counts bytes of UTF-8, and a sixth link as too much', () => {
    const { measure, refuses } = threadsTextRule;
    expect(measure('Ünïcode Всем')).toBe(18);
    expect(measure('’’’')).toBe(9);
    expect(measure('a👩‍👩‍👧')).toBe(1 + Buffer.byteLength('👩‍👩‍👧'));
    expect(measure('🇫🇷')).toBe(8);
    const links = (count: number) =>
      Array.from({ length: count }, (_, i) => `https://example.org/${i}`).join(' ');
    expect(refuses?.(links(5))).toBeNull();
    expect(measure(links(6))).toBe(131);
    expect(refuses?.(links(6))).toMatchObject({ kind: 'most_links', most: 5, found: 6 });
  });
});
