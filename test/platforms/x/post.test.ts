import { beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Platform } from '../../../src/platforms/platform.ts';
import { DEFAULT_LIMITS, type Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { freePort } from '../../support/free-port.ts';
import { startNetwork } from '../../support/network.ts';
import { answering, loneOrder, newOrder, rawNetwork, xAt } from './support.ts';

/** Long enough for an answer on a busy machine, short enough to wait for. */
const HURRIED_MS = 400;

describe('posting to X', () => {
  let url: string;
  let control: SimulatorControl;
  let x: Platform;
  beforeAll(async () => {
    ({ url, control } = await startNetwork());
    x = xAt(url);
  });

  /** What comes of a post that the network treats so, and how many posts the account has then. */
  async function postWith(fault: Fault, platform = x): Promise<[Outcome, number]> {
    const order = await newOrder(x, control);
    await control.fault(order.account.handle, 'posts', fault);
    const outcome = await platform.prepare(order)();
    const posts = (await control.posts()).filter((post) => post.account === order.account.id);
    return [outcome, posts.length];
  }

  it('gives the post’s id and address, and posts the text to the letter', async () => {
    const order = await newOrder(
      x,
      control,
      'Zoë & 日本 👩‍👩‍👧 <b>"100"</b> https://example.org/100days\n— и точка',
    );
    const outcome = await x.prepare(order)();
    const [post] = (await control.posts()).filter(({ account }) => account === order.account.id);
    expect(outcome).toEqual({
      kind: 'posted',
      id: post?.id,
      url: `https://x.example/i/web/status/${post?.id}`,
    });
    expect(post?.text).toBe(order.text);
  });

  it('learns what X refuses, and why', async () => {
    const refusals: [Fault, Outcome['kind'], string | null, RegExp][] = [
      ['status401', 'reconnect', null, /^401/],
      ['status402', 'refused', 'app_problem', /^402 credits/],
      ['status403Suspended', 'refused', 'account_suspended', /^403 user-suspended/],
      ['status403Locked', 'refused', 'account_locked', /^403 326/],
      ['status403Forbidden', 'refused', 'app_problem', /^403 client-forbidden client-not-enrolled/],
      ['status403NotPermitted', 'refused', 'text_invalid', /^403/],
    ];
    for (const [fault, kind, reason, detail] of refusals) {
      const [outcome, posts] = await postWith(fault);
      expect(outcome, fault).toEqual({
        kind,
        ...(reason === null ? {} : { reason }),
        detail: expect.stringMatching(detail),
      });
      expect(posts).toBe(0);
    }
  });

  it('learns it from the account’s real state as well', async () => {
    const suspended = await newOrder(x, control);
    await control.changeAccount(suspended.account.id, { suspended: true });
    expect(await x.prepare(suspended)()).toMatchObject({ reason: 'account_suspended' });
    const locked = await newOrder(x, control);
    await control.changeAccount(locked.account.id, { locked: true });
    expect(await x.prepare(locked)()).toMatchObject({ reason: 'account_locked' });
    const revoked = await newOrder(x, control);
    await control.changeAccount(revoked.account.id, { revokeGrants: true });
    expect(await x.prepare(revoked)()).toMatchObject({ kind: 'reconnect' });
    const twice = await newOrder(x, control);
    expect(await x.prepare(twice)()).toMatchObject({ kind: 'posted' });
    expect(await x.prepare(twice)()).toMatchObject({ kind: 'refused', reason: 'duplicate' });
    const long = await newOrder(x, control, 'ab '.repeat(100));
    expect(await x.prepare(long)()).toMatchObject({ kind: 'refused', reason: 'text_invalid' });
  });

  it('waits for a limit until the time that X names: one account, or everybody', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    await control.behaviour({ forcedResetSeconds: 600 });
    const [user] = await postWith('status429User');
    const [app] = await postWith('status429App');
    await control.behaviour({});
    expect(user.kind).toBe('wait');
    expect(app.kind).toBe('throttled');
    for (const outcome of [user, app]) {
      const until = 'until' in outcome ? outcome.until.getTime() : 0;
      expect(until - before).toBeGreaterThanOrEqual(600_000);
      expect(until - before).toBeLessThan(660_000);
      expect(until % 1000).toBe(0);
    }
  });

  it('tells the account’s day from the app’s and from the quarter of an hour', async () => {
    const limits = {
      tweetsPerUser: ['wait', 900],
      tweetsPerUserDay: ['wait', 86_400],
      tweetsPerAppDay: ['throttled', 86_400],
    } as const;
    for (const [name, [kind, windowSeconds]] of Object.entries(limits)) {
      const before = Date.now();
      await control.behaviour({ limits: { [name]: { limit: 1, windowSeconds } } });
      const order = await newOrder(x, control);
      expect(await x.prepare(order)()).toMatchObject({ kind: 'posted' });
      const outcome = await x.prepare({ ...order, text: `${order.text} again` })();
      // Naming limits opens all windows anew.
      await control.behaviour({ limits: DEFAULT_LIMITS });
      expect(outcome.kind, name).toBe(kind);
      const ahead = ('until' in outcome ? outcome.until.getTime() : 0) - before;
      expect(ahead, name).toBeGreaterThan(windowSeconds * 1000 - 1_000);
      expect(ahead, name).toBeLessThan(windowSeconds * 1000 + 60_000);
    }
  });

  it('does not believe X that an overloaded X has done nothing', async () => {
    const [outcome, posts] = await postWith('status503');
    expect(outcome).toMatchObject({ kind: 'unknown', detail: '503' });
    expect(posts).toBe(0);
  });

  it('knows that it does not know', async () => {
    const hurried = xAt(url, { timeoutMs: HURRIED_MS });
    const doubts: [Fault, number][] = [
      ['status500', 0],
      ['status502', 0],
      ['resetBefore', 0],
      ['hangBefore', 0],
      ['status500AfterAccept', 1],
      ['status502AfterAccept', 1],
      ['resetAfterAccept', 1],
      ['truncated201', 1],
      ['garbled201', 1],
      ['hangAfterAccept', 1],
    ];
    for (const [fault, posts] of doubts) {
      const platform = fault.startsWith('hang') ? hurried : x;
      const [outcome, found] = await postWith(fault, platform);
      expect(outcome, fault).toEqual({ kind: 'unknown', detail: expect.any(String) });
      expect(found, fault).toBe(posts);
    }
  });

  it('does not wait for ever for the rest of an answer', async () => {
    const half =
      'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"data"';
    const beginnings = [half, half.slice(0, 40), half.slice(0, half.indexOf('{'))];
    for (const beginning of beginnings) {
      const network = await rawNetwork((socket) => {
        socket.on('data', () => socket.write(beginning));
      });
      const outcome = await xAt(network, { timeoutMs: HURRIED_MS }).prepare(loneOrder)();
      expect(outcome).toEqual({ kind: 'unknown', detail: expect.any(String) });
    }
  });

  it('believes no answer without a post in it', async () => {
    const json = 'application/json';
    const answers: [string, string, string][] = [
      ['200 OK', 'text/html', '<h1>Welcome to the café’s network</h1>'],
      ['201 Created', json, '{}'],
      ['201 Created', json, ''],
      ['201 Created', json, 'null'],
      ['201 Created', json, '{"data":{"id":7}}'],
      ['201 Created', json, '{"data":{"id":"not a number"}}'],
      ['302 Found', 'text/html', ''],
      ['503 Service Unavailable', 'text/html', '<h1>503</h1>'],
      ['504 Gateway Timeout', 'text/html', ''],
      ['403 Forbidden', 'text/html', '<h1>Are you human?</h1>'],
    ];
    for (const [status, type, body] of answers) {
      const outcome = await xAt(await answering(status, type, body)).prepare(loneOrder)();
      expect(outcome.kind, `${status} ${body}`).toBe('unknown');
    }
  });

  it('survives bodies that no schema allows', async () => {
    const bodies = [
      '{"errors":[null]}',
      '{"errors":[{"code":1},null]}',
      '{"errors":{"length":1,"0":{"code":1}}}',
      '[]',
      '"x"',
      '{"errors":"no"}',
      '{"error":{}}',
    ];
    for (const body of bodies) {
      const network = await answering('403 Forbidden', 'application/json', body);
      const outcome = await xAt(network).prepare(loneOrder)();
      expect(['refused', 'unknown'], body).toContain(outcome.kind);
    }
  });

  it('may be sent again when not a byte has left', async () => {
    const port = await freePort();
    const refused = await xAt(`http://127.0.0.1:${port}`).prepare(loneOrder)();
    expect(refused).toEqual({ kind: 'not_sent', detail: 'ECONNREFUSED' });
    const nowhere = await xAt('http://nowhere.invalid').prepare(loneOrder)();
    expect(nowhere).toEqual({
      kind: 'not_sent',
      detail: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  it('opens connections ahead, and no harm is done where it cannot', async () => {
    const before = (await control.summary()).posts;
    const warm = xAt(url);
    await warm.openConnections('', 8);
    expect((await control.summary()).posts).toBe(before);
    expect(await warm.prepare(await newOrder(x, control))()).toMatchObject({ kind: 'posted' });
    await xAt(`http://127.0.0.1:${await freePort()}`).openConnections('', 3);
    const silent = await rawNetwork(() => undefined);
    await xAt(silent, { timeoutMs: 200 }).openConnections('', 3);
  });
});
