import { beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { GrantRefused, type Platform } from '../../../src/platforms/platform.ts';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { freePort } from '../../support/free-port.ts';
import { comeBack, linkedinAt, newOrder, startLinkedin } from './support.ts';

/** Long enough for an answer on a busy machine, short enough to wait for. */
const HURRIED_MS = 400;

describe('LinkedIn', () => {
  let url: string;
  let control: SimulatorControl;
  let linkedin: Platform;
  beforeAll(async () => {
    ({ url, control } = await startLinkedin());
    linkedin = linkedinAt(url);
  });

  async function postWith(fault: Fault, platform = linkedin): Promise<[Outcome, number]> {
    const order = await newOrder(linkedin, control);
    await control.fault(order.account.handle, 'posts', fault);
    const outcome = await platform.prepare(order)();
    const posts = (await control.posts()).filter((post) => post.account === order.account.id);
    return [outcome, posts.length];
  }

  it('gives a grant for sixty days, which nobody can renew, and the member behind it', async () => {
    const before = Date.now();
    const { grant, account } = await newOrder(linkedin, control);
    expect(grant).toMatchObject({ refreshToken: null, scope: 'openid profile w_member_social' });
    const days = ((grant.expiresAt?.getTime() ?? 0) - before) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(59.9);
    expect(days).toBeLessThan(60.1);
    expect(account.id).toMatch(/^m\d{9}$/);
    await expect(linkedin.refresh(grant)).rejects.toBeInstanceOf(GrantRefused);
    expect(await linkedin.probe(grant)).toEqual({ kind: 'alive' });
  });

  it('gives no grant for a code that is no good, and does not take the app’s trouble for that', async () => {
    const input = await comeBack(linkedin, 'anna');
    const other = { ...input, redirectUri: 'http://127.0.0.1:9/other' };
    await expect(linkedin.exchange(other)).rejects.toBeInstanceOf(GrantRefused);
    await expect(linkedin.exchange(input)).rejects.toBeInstanceOf(GrantRefused);
    for (const fault of ['status500', 'status502', 'status200Html', 'resetBefore'] as const) {
      const next = await comeBack(linkedin, 'anna');
      await control.fault('anna', 'token', fault);
      const error = await linkedin.exchange(next).catch((caught: unknown) => caught);
      expect(error, fault).toBeInstanceOf(Error);
      expect(error, fault).not.toBeInstanceOf(GrantRefused);
    }
    expect((await comeBack(linkedin, 'anna', 'deny')).answer).toMatchObject({
      error: 'user_cancelled_authorize',
      state: 'st',
    });
    expect(linkedin.denials).toContain('user_cancelled_authorize');
  });

  it('ends a grant that is given back, and says so of one that is dead', async () => {
    const { grant } = await newOrder(linkedin, control);
    await linkedin.revoke(grant);
    expect(await linkedin.probe(grant)).toMatchObject({ kind: 'dead' });
    await expect(linkedin.whoAmI(grant)).rejects.toBeInstanceOf(GrantRefused);
    // Once more there is nothing to be done.
    await expect(linkedin.revoke(grant)).resolves.toBeUndefined();
  });

  it('gives the post’s id and address, and shows the text to the letter', async () => {
    const text =
      'Zoë & 日本 👩‍👩‍👧 <b>*"100"*</b> (a_b) https://example.org/100_days#x\n— #Право @me';
    const order = await newOrder(linkedin, control, text);
    const outcome = await linkedin.prepare(order)();
    const [post] = (await control.posts()).filter(({ account }) => account === order.account.id);
    expect(outcome).toEqual({
      kind: 'posted',
      id: post?.id,
      url: `https://linkedin.example/feed/update/${post?.id}`,
    });
    expect(post?.text).toBe(text);
    expect((await fetch(`${url}/feed/update/${post?.id}`)).status).toBe(200);
  });

  it('learns what LinkedIn refuses, and why', async () => {
    const rows: [Fault, string][] = [
      ['status401', 'reconnect'],
      ['status403Suspended', 'reconnect'],
      ['status402', 'refused app_problem'],
      ['status403Forbidden', 'refused app_problem'],
      ['status429User', 'wait'],
      ['status429App', 'throttled'],
    ];
    for (const [fault, expected] of rows) {
      const [outcome, posts] = await postWith(fault);
      expect('reason' in outcome ? `refused ${outcome.reason}` : outcome.kind, fault).toBe(
        expected,
      );
      expect(posts).toBe(0);
    }
    const twice = await newOrder(linkedin, control);
    expect(await linkedin.prepare(twice)()).toMatchObject({ kind: 'posted' });
    expect(await linkedin.prepare(twice)()).toEqual({
      kind: 'refused',
      reason: 'duplicate',
      detail: '422 DUPLICATE_POST',
    });
    const long = await newOrder(linkedin, control, 'ab '.repeat(1_001));
    expect(await linkedin.prepare(long)()).toMatchObject({ reason: 'text_invalid' });
    const old = linkedinAt(url, { version: '202401' });
    const order = await newOrder(linkedin, control);
    expect(await old.prepare(order)()).toMatchObject({
      reason: 'app_problem',
      detail: '426 NONEXISTENT_VERSION',
    });
  });

  it('knows that it does not know, and learns it by posting again, to the byte', async () => {
    const hurried = linkedinAt(url, { timeoutMs: HURRIED_MS });
    const rows: [Fault, number][] = [
      ['status200Html', 0],
      ['status500', 0],
      ['status502', 0],
      ['status503', 0],
      ['resetBefore', 0],
      ['hangBefore', 0],
      ['status200HtmlAfterAccept', 1],
      ['status503AfterAccept', 1],
      ['resetAfterAccept', 1],
      ['hangAfterAccept', 1],
    ];
    for (const [fault, found] of rows) {
      const order = await newOrder(linkedin, control);
      await control.fault(order.account.handle, 'posts', fault);
      expect(await hurried.prepare(order)(), fault).toMatchObject({ kind: 'unknown' });
      expect(await linkedin.reconcile(order, new Date())).toMatchObject({ kind: 'undecided' });
      const again = await linkedin.prepare(order)();
      expect('reason' in again ? again.reason : again.kind).toBe(found ? 'duplicate' : 'posted');
      const posts = (await control.posts()).filter((post) => post.account === order.account.id);
      expect(posts, fault).toHaveLength(1);
    }
    const nobody = linkedinAt(`http://127.0.0.1:${await freePort()}`);
    expect(await nobody.prepare(await newOrder(linkedin, control))()).toMatchObject({
      kind: 'not_sent',
    });
  });

  it('warms its connections, and rehearses to nobody', async () => {
    expect(await linkedin.openConnections('ignored', 4)).toEqual(expect.any(Number));
    const rehearsal = await linkedin.startWarmUp?.();
    expect(await rehearsal?.post()).toMatchObject({ kind: 'posted' });
    rehearsal?.dispose();
  });
});
