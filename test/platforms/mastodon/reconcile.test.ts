import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Grant, Platform, PlatformNotes, PostOrder } from '../../../src/platforms/platform.ts';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import {
  defaultMastodon,
  type MastodonBehaviour,
} from '../../../src/simulator/mastodon/behaviour.ts';
import { needs } from '../../support/database.ts';
import { freePort } from '../../support/free-port.ts';
import {
  asking,
  handleOf,
  hostileServer,
  loneOrder,
  mastodonFor,
  newOrder,
  obtainGrant,
  realNotes,
  serving,
  startServer,
} from './support.ts';

/** Long ago enough for every server to have done what it would do. */
const LONG_AGO_MS = 45_000;

needs('postgres')('looking for a post on a Mastodon server', () => {
  let url: string;
  let control: SimulatorControl;
  let notes: PlatformNotes;
  let platform: Platform;
  beforeAll(async () => {
    ({ url, control } = await startServer());
    notes = await realNotes();
    platform = mastodonFor([url], { notes });
  });
  beforeEach(async () => {
    await control.behaviour({});
  });

  /** Sends it so that nobody knows whether it arrived. Returns when that was. */
  async function sendInDoubt(order: PostOrder, fault: Fault): Promise<Date> {
    const since = new Date();
    await control.fault(handleOf(order), 'posts', fault);
    expect(await platform.prepare(order)()).toMatchObject({ kind: 'unknown' });
    return since;
  }

  /** What the same account gave an app that may not read. */
  async function narrowGrant(order: PostOrder): Promise<Grant> {
    const narrow = mastodonFor([url], { notes: await realNotes() });
    await control.behaviour({});
    const grant = await obtainGrant(narrow, url, handleOf(order));
    await control.behaviour({ mastodon: { closed: true } });
    return grant;
  }

  const texts = [
    'Read it: https://example.org/100days?a=1&b=2#here — now. #100DaysOfInjustice',
    'Read it on example.org/100days now.',
    'We ring the bell together.\n\nAll of us.\nFreedom & justice < silence > "fear" &amp; so on',
    '  Zoe\u0308 日本 👩‍👩‍👧 Всем #Колокол  ',
  ];
  it.each(texts)('finds %s', async (text) => {
    for (const wrapLinks of [false, true]) {
      await control.behaviour({ wrapLinks });
      const order = await newOrder(platform, url, text);
      const since = await sendInDoubt(order, 'status500AfterAccept');
      const [post] = (await control.posts()).filter(({ handle }) => handle === handleOf(order));
      expect(await platform.reconcile(order, since)).toEqual({
        kind: 'found',
        id: post?.id,
        url: `${url}/@${handleOf(order)}/${post?.id}`,
      });
    }
  });

  it('says absent when the account was read and it is not there', async () => {
    const order = await newOrder(platform, url);
    const since = await sendInDoubt(order, 'status500');
    expect(await platform.reconcile(order, since)).toEqual({ kind: 'absent' });
    await platform.prepare({ ...order, text: `${order.text} But other words.`, postKey: 'b' })();
    expect(await platform.reconcile(order, since)).toEqual({ kind: 'absent' });
  });

  const closed: MastodonBehaviour[] = [
    ...['gotosocial', 'hollo'].map((software) => ({ ...defaultMastodon(), software })),
    { ...defaultMastodon(), closed: true },
  ];
  it.each(closed)(
    'E4 reads where posts are shown to nobody: $software, closed: $closed',
    async (mastodon) => {
      await control.behaviour({ mastodon });
      const reader = mastodonFor([url], { notes });
      const order = await newOrder(reader, url);
      expect(order.grant.scope).toBe('write:statuses profile read:statuses');
      const longAgo = new Date(Date.now() - LONG_AGO_MS);
      expect(await reader.reconcile(order, longAgo)).toEqual({ kind: 'absent' });
      const since = new Date();
      await control.fault(handleOf(order), 'posts', 'status500AfterAccept');
      expect(await reader.prepare(order)()).toMatchObject({ kind: 'unknown' });
      expect(await reader.reconcile(order, since)).toMatchObject({ kind: 'found' });
      // A grant of before the server closed: whether it is there cannot be known, now or later.
      const narrow = { ...order, grant: { ...order.grant, scope: 'write:statuses profile' } };
      const { accessToken, extra } = await narrowGrant(order);
      const unread = {
        ...narrow,
        grant: { ...narrow.grant, accessToken, ...(extra && { extra }) },
      };
      expect(await reader.reconcile(unread, since)).toEqual({ kind: 'unreadable', detail: '403' });
      expect(await reader.probe(unread.grant)).toEqual({ kind: 'alive' });
    },
  );

  it('E4 asks an open server for no more than before, and a closed one anew', async () => {
    const scopeOf = async (client: Platform): Promise<string | undefined> =>
      (await client.authorize(asking(url))).scope;
    const fresh = () => mastodonFor([url], { notes });
    await control.reset();
    expect(await scopeOf(fresh())).toBe('write:statuses profile');
    await control.behaviour({ mastodon: { closed: true } });
    expect(await scopeOf(fresh())).toBe('write:statuses profile read:statuses');
    await control.behaviour({});
    // The app may ask for more by now, but does not.
    expect(await scopeOf(fresh())).toBe('write:statuses profile');
  });

  it('E4 waits longer for Hollo than for others', async () => {
    await control.behaviour({ mastodon: { software: 'hollo' } });
    const hurried = mastodonFor([url], { notes, timeoutMs: 1_000 });
    const order = await newOrder(hurried, url);
    expect(await hurried.prepare(order)()).toMatchObject({ kind: 'posted' });
    await control.behaviour({ mastodon: { lateMs: 2_000 } });
    const other = mastodonFor([url], { notes, timeoutMs: 1_000 });
    const late = await newOrder(other, url);
    expect(await other.prepare(late)()).toMatchObject({ kind: 'unknown' });
  });

  it('E4 knows what is known again by its key, and for how long', () => {
    const knows = (software: string, ageMs: number) =>
      platform.knowsAgain?.(loneOrder(url, software).grant, ageMs);
    for (const software of ['mastodon', 'hollo']) {
      expect([knows(software, 60_000), knows(software, 3_600_000)]).toEqual([true, false]);
    }
    for (const software of ['gotosocial', 'snac', 'pixelfed', 'pleroma', 'unknown']) {
      expect(knows(software, 60_000), software).toBe(false);
    }
  });

  it('does not take an older post of the same words for ours', async () => {
    const order = await newOrder(platform, url);
    await platform.prepare(order)();
    const later = new Date(Date.now() + 600_000);
    expect(await platform.reconcile(order, later)).toEqual({ kind: 'absent' });
  });

  it('reads page after page, to the end, and owns up when that is too much', async () => {
    const order = await newOrder(platform, url);
    const since = await sendInDoubt(order, 'status500AfterAccept');
    const more = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) {
        const other = {
          ...order,
          text: `Something else ${i}`,
          postKey: `${order.postKey}-${i}`,
        };
        expect(await platform.prepare(other)()).toMatchObject({ kind: 'posted' });
      }
    };
    await more(0, 90);
    expect(await platform.reconcile(order, since)).toMatchObject({ kind: 'found' });
    const absent = { ...order, text: 'What nobody has said' };
    expect(await platform.reconcile(absent, since)).toEqual({ kind: 'absent' });
    await more(90, 210);
    expect(await platform.reconcile(absent, since)).toMatchObject({ kind: 'undecided' });
  });

  it('is undecided while the server cannot be asked', async () => {
    const order = await newOrder(platform, url);
    const since = await sendInDoubt(order, 'status500AfterAccept');
    const troubles: Fault[] = [
      'status500',
      'status502',
      'status429User',
      'resetBefore',
      'status200Html',
      'truncated201',
      'garbled201',
    ];
    for (const fault of troubles) {
      await control.fault(handleOf(order), 'timeline', fault);
      expect(await platform.reconcile(order, since), fault).toMatchObject({ kind: 'undecided' });
    }
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const looked = await mastodonFor([nobody]).reconcile(loneOrder(nobody), since);
    expect(looked).toEqual({ kind: 'undecided', detail: 'ECONNREFUSED' });
    expect(await platform.reconcile(order, since)).toMatchObject({ kind: 'found' });
  });

  it('finds it when the grant is gone, since anybody may look; and takes no suspended account for an empty one', async () => {
    const order = await newOrder(platform, url);
    const since = await sendInDoubt(order, 'status500AfterAccept');
    await control.changeAccount(handleOf(order), { revokeGrants: true });
    expect(await platform.reconcile(order, since)).toMatchObject({ kind: 'found' });
    await control.changeAccount(handleOf(order), { suspended: true });
    expect(await platform.reconcile(order, since)).toMatchObject({ kind: 'unreadable' });
    const other = await newOrder(platform, url);
    const then = await sendInDoubt(other, 'status500AfterAccept');
    await control.changeAccount(handleOf(other), { suspended: true });
    expect(await platform.reconcile(other, then)).toMatchObject({ kind: 'undecided' });
  });

  it('believes no timeline that is none, or not whole, or without end', async () => {
    const post = (change: object): object => ({
      id: '9',
      content: '<p>x</p>',
      created_at: new Date().toISOString(),
      ...change,
    });
    const path = '/api/v1/accounts/42/statuses';
    const me = '/api/v1/accounts/verify_credentials';
    const rows: [Record<string, unknown>, string, string][] = [
      [{ [path]: {} }, 'mastodon', 'undecided'],
      [{ [path]: [null] }, 'mastodon', 'undecided'],
      [{ [path]: [post({ id: 9 })] }, 'mastodon', 'undecided'],
      [{ [path]: [post({ content: null })] }, 'mastodon', 'undecided'],
      // It gives the same page however far one asks.
      [{ [path]: [post({})] }, 'mastodon', 'undecided'],
      [{ [path]: [] }, 'mastodon', 'undecided'],
      [{ [path]: [], [me]: { id: '42', statuses_count: 5 } }, 'mastodon', 'absent'],
      [{ [path]: [], [me]: { id: '43' } }, 'mastodon', 'undecided'],
      [{ [path]: [], [me]: { id: '42', statuses_count: 5 } }, 'snac', 'undecided'],
      [{ [path]: [], [me]: { id: '42', statuses_count: 0 } }, 'snac', 'absent'],
      [{ [path]: [post({ created_at: '2020-01-01T00:00:00.000Z' })] }, 'snac', 'absent'],
      [{ [path]: [post({ created_at: 'today' })] }, 'mastodon', 'undecided'],
      [
        { [path]: [post({ content: '<p>We ring <b>the</b> bell together, all of us.</p>' })] },
        'snac',
        'found',
      ],
      [
        {
          [path]: [
            post({
              content: '<p>We ring the bell together, all of us.</p>',
              account: { id: '41' },
            }),
          ],
        },
        'snac',
        'undecided',
      ],
    ];
    for (const [pages, software, kind] of rows) {
      const server = await hostileServer(serving(pages));
      const order = loneOrder(server, software);
      const since = new Date(Date.now() - LONG_AGO_MS);
      const looked = await mastodonFor([server]).reconcile(order, since);
      expect(looked.kind, `${software} ${JSON.stringify(pages)}`).toBe(kind);
    }
  });

  it('gives a server that keeps no keys the time to do what it was given up on', async () => {
    const path = '/api/v1/accounts/42/statuses';
    const old = { id: '9', content: '<p>x</p>', created_at: '2020-01-01T00:00:00.000Z' };
    const server = await hostileServer(serving({ [path]: [old] }));
    const client = mastodonFor([server]);
    expect(await client.reconcile(loneOrder(server, 'gotosocial'), new Date())).toMatchObject({
      kind: 'undecided',
    });
    expect(await client.reconcile(loneOrder(server), new Date())).toEqual({ kind: 'absent' });
  });

  it('takes a server’s slow clock into account', async () => {
    const path = '/api/v1/accounts/42/statuses';
    const slow = new Date(Date.now() - 1_800_000);
    const server = await hostileServer((request, response) => {
      response.setHeader('date', slow.toUTCString());
      const content = '<p>We ring the bell together, all of us.</p>';
      serving({ [path]: [{ id: '9', content, created_at: slow.toISOString() }] })(
        request,
        response,
      );
    });
    expect(await mastodonFor([server]).reconcile(loneOrder(server), new Date())).toMatchObject({
      kind: 'found',
    });
  });

  it('shows its token only where that is needed', async () => {
    const shown: (string | undefined)[] = [];
    const server = await hostileServer((request, response) => {
      shown.push(request.headers.authorization);
      response.writeHead(request.headers.authorization ? 200 : 401, {
        'content-type': 'application/json',
      });
      response.end('[]');
    });
    const { grant, ...order } = loneOrder(server);
    const client = mastodonFor([server]);
    await client.reconcile({ ...order, grant }, new Date());
    expect(shown.slice(0, 2)).toEqual([undefined, 'Bearer token']);
    shown.length = 0;
    await client.reconcile({ ...order, grant: { ...grant, scope: 'read write' } }, new Date());
    expect(shown[0]).toBe('Bearer token');
  });
});
