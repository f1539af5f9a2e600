import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { recordKey, recordUri } from '../../../src/platforms/bluesky/record.ts';
import type { Grant, Platform, PostOrder } from '../../../src/platforms/platform.ts';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { freePort } from '../../support/free-port.ts';
import { rawNetwork } from '../x/support.ts';
import { blueskyAt, loneOrder, MOMENT, newOrder, startServer } from './support.ts';

const HURRIED_MS = 400;

describe('posting to Bluesky', () => {
  let url: string;
  let control: SimulatorControl;
  let bluesky: Platform;
  beforeAll(async () => {
    ({ url, control } = await startServer());
    bluesky = blueskyAt(url);
  });
  beforeEach(() => control.behaviour({}));

  async function postsOf({ account }: PostOrder) {
    return (await control.posts()).filter((post) => post.account === account.id);
  }

  /** What comes of a post that the server treats so, and how many posts the account has then. */
  async function postWith(fault: Fault, platform = bluesky): Promise<[Outcome, PostOrder]> {
    const order = await newOrder(control);
    await control.fault(order.account.handle, 'posts', fault);
    return [await platform.prepare(order)(), order];
  }

  it('posts the text to the letter, at the moment, under the delivery’s own key', async () => {
    const text = 'Zoë & 日本 👩‍👩‍👧 #Freiheit https://example.org/100days\n— и точка';
    const order = await newOrder(control, text);
    const key = recordKey(order.postKey, MOMENT);
    const uri = recordUri(order.account.id, key);
    expect(await bluesky.prepare(order)()).toEqual({
      kind: 'posted',
      id: uri,
      url: `https://bsky.example/profile/${order.account.id}/post/${key}`,
    });
    expect(await postsOf(order)).toMatchObject([{ id: uri, text }]);
    const query = new URLSearchParams({
      ...{ repo: order.account.id, collection: 'app.bsky.feed.post', rkey: key },
    });
    const read = await fetch(`${url}/xrpc/com.atproto.repo.getRecord?${query}`);
    expect(await read.json()).toMatchObject({
      value: {
        createdAt: MOMENT.toISOString(),
        langs: ['en'],
        facets: [
          { features: [{ tag: 'Freiheit' }] },
          { features: [{ uri: 'https://example.org/100days' }] },
        ],
      },
    });
  });

  it('learns what the server refuses, and why', async () => {
    const refusals: [Fault, Partial<Outcome>][] = [
      ['status401', { kind: 'reconnect', detail: '401 invalid_token' }],
      ['status400InvalidGrant', { kind: 'reconnect', detail: '400 InvalidToken' }],
      ['status403Suspended', { kind: 'refused', reason: 'account_suspended' }],
      ['status403Locked', { kind: 'refused', reason: 'account_inactive' }],
      ['status403NotPermitted', { kind: 'refused', reason: 'reauthorize' }],
      ['status402', { kind: 'refused', reason: 'reauthorize' }],
      ['status429App', { kind: 'throttled' }],
      ['status429User', { kind: 'wait' }],
    ];
    for (const [fault, expected] of refusals) {
      const [outcome, order] = await postWith(fault);
      expect(outcome, fault).toMatchObject(expected);
      expect(await postsOf(order), fault).toEqual([]);
    }
    const long = await newOrder(control, 'a'.repeat(301));
    expect(await bluesky.prepare(long)()).toMatchObject({
      kind: 'refused',
      reason: 'text_invalid',
      detail: '400 InvalidRequest',
    });
  });

  it('never takes a lost answer for a refusal, and finds out what became of the post', async () => {
    const hurried = blueskyAt(url, { config: { timeoutMs: HURRIED_MS } });
    const lost: [Fault, 'found' | 'absent'][] = [
      ['status500', 'absent'],
      ['status502', 'absent'],
      ['status503', 'absent'],
      ['status200Html', 'absent'],
      ['resetBefore', 'absent'],
      ['hangBefore', 'absent'],
      ['status500AfterAccept', 'found'],
      ['status502AfterAccept', 'found'],
      ['status200HtmlAfterAccept', 'found'],
      ['truncated201', 'found'],
      ['garbled201', 'found'],
      ['resetAfterAccept', 'found'],
      ['hangAfterAccept', 'found'],
    ];
    for (const [fault, kind] of lost) {
      const [outcome, order] = await postWith(fault, hurried);
      expect(outcome, fault).toMatchObject({ kind: 'unknown' });
      expect(await bluesky.reconcile(order, new Date()), fault).toMatchObject({ kind });
    }
  });

  it('makes one post of many tries at once, and a repeat is unknown until it is read', async () => {
    const order = await newOrder(control);
    const tries = Array.from({ length: 8 }, () => bluesky.prepare(order));
    const outcomes = await Promise.all(tries.map((post) => post()));
    const kinds = outcomes.map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['posted', ...Array.from({ length: 7 }, () => 'unknown')]);
    expect(await postsOf(order)).toHaveLength(1);
    const [{ id } = { id: '' }] = await postsOf(order);
    expect(await bluesky.reconcile(order, new Date())).toMatchObject({ kind: 'found', id });
    // The same prepared post again: a proof works once, so it is signed anew.
    expect(await tries[0]?.()).toMatchObject({
      kind: 'unknown',
      detail: '500 InternalServerError',
    });
  });

  it('sends a post once with a nonce learnt ahead, and twice without', async () => {
    const asked = async (): Promise<number[]> =>
      (await control.record(0, 'posts')).map(({ status }) => status ?? 0);
    const cold = blueskyAt(url);
    await control.clearRecord();
    expect(await cold.prepare(await newOrder(control))()).toMatchObject({ kind: 'posted' });
    expect(await asked()).toEqual([401, 200]);
    const warm = blueskyAt(url);
    expect(await warm.openConnections(new URL(url).host, 3)).toBeGreaterThan(0);
    await control.clearRecord();
    expect(await warm.prepare(await newOrder(control))()).toMatchObject({ kind: 'posted' });
    expect(await asked()).toEqual([200]);
  });

  it('does not send a post that cannot be sent', async () => {
    const gone = `127.0.0.1:${await freePort()}`;
    const platform = blueskyAt(url, { hosts: [gone] });
    const order = loneOrder(`http://${gone}`);
    expect(await platform.prepare(order)()).toMatchObject({ kind: 'not_sent' });
    expect(await platform.reconcile(order, new Date())).toMatchObject({ kind: 'undecided' });
    expect(await platform.openConnections(gone, 2)).toBeNull();
    const forbidden = loneOrder('http://127.0.0.1:1');
    const outcome = await platform.prepare(forbidden)();
    expect(outcome).toEqual({ kind: 'not_sent', detail: 'PRIVATE_ADDRESS' });
    expect(await platform.openConnections('127.0.0.1:1', 2)).toBeNull();
    const grant: Grant = { ...order.grant, extra: {} };
    expect(await platform.prepare({ ...order, grant })()).toMatchObject({ kind: 'reconnect' });
    expect(await platform.probe(grant)).toMatchObject({ kind: 'dead' });
  });

  it('waits a moment for a server whose nonces are always old', async () => {
    const body = '{"error":"use_dpop_nonce","message":"x"}';
    const answer = `HTTP/1.1 401 Unauthorized\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const stubborn = await rawNetwork((socket) => {
      socket.on('data', (chunk) => {
        if (chunk.at(-1) === '}'.charCodeAt(0)) socket.write(answer);
      });
    });
    const platform = blueskyAt(stubborn);
    const outcome = await platform.prepare(loneOrder(stubborn))();
    expect(outcome).toMatchObject({ kind: 'wait', detail: '401 use_dpop_nonce' });
  });

  it('sees that an account has moved to another server since', async () => {
    const { grant } = await newOrder(control);
    expect(await bluesky.probe(grant)).toEqual({ kind: 'alive' });
    await control.behaviour({ bluesky: { serverUrl: 'https://pds.example.com' } });
    expect(await bluesky.probe(grant)).toEqual({ kind: 'dead', detail: 'moved' });
  });

  it('doubles nothing though nonces and tokens are short-lived and answers get lost', async () => {
    await control.behaviour({
      bluesky: { nonceLifeSeconds: 0.1 },
      tokenLifeSeconds: 60,
      // A second record under the same key would be taken, so that it would be seen.
      refuseDuplicates: false,
      errorRates: { status500: 0.1, status500AfterAccept: 0.1, resetAfterAccept: 0.05 },
      limits: { xrpcPerAddress: { limit: 100_000 } },
    });
    const orders = await Promise.all(Array.from({ length: 60 }, () => newOrder(control)));
    const known = (await control.posts()).length;
    const after = (await control.record()).length;
    const renew = async (grant: Grant): Promise<Grant> => {
      for (;;) {
        const renewed = await bluesky.refresh(grant).catch((error: Error) => error);
        // Nonces may be too short-lived for a busy machine: nothing was carried out then.
        if (!(renewed instanceof Error)) return renewed;
        expect(renewed.message).toBe('The server answered 400 use_dpop_nonce');
      }
    };
    const settle = async (order: PostOrder): Promise<string> => {
      const grant = await renew(order.grant);
      for (let tries = 0; tries < 20; tries++) {
        const outcome = await bluesky.prepare({ ...order, grant })();
        if (outcome.kind === 'posted') return 'posted';
        if (outcome.kind === 'wait') continue;
        if (outcome.kind !== 'unknown') return outcome.kind;
        const seen = await bluesky.reconcile({ ...order, grant }, new Date());
        if (seen.kind === 'found') return 'posted';
        if (seen.kind !== 'absent') return seen.kind;
      }
      return 'never';
    };
    const ends: string[] = [];
    const worker = async (): Promise<void> => {
      for (let order = orders.pop(); order; order = orders.pop()) ends.push(await settle(order));
    };
    const count = orders.length;
    await Promise.all(Array.from({ length: 20 }, worker));
    expect(new Set(ends)).toEqual(new Set(['posted']));
    const posts = (await control.posts()).slice(known);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(count);
    expect(posts).toHaveLength(count);
    const renewals = (await control.record(0, 'token')).filter(({ seq }) => seq > after);
    expect(renewals.filter(({ status }) => status === 200)).toHaveLength(count);
  });
});
