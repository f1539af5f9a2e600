import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Platform, PlatformNotes, PostOrder } from '../../../src/platforms/platform.ts';
import { DEFAULT_LIMITS, type Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { needs } from '../../support/database.ts';
import { freePort } from '../../support/free-port.ts';
import {
  handleOf,
  hostileServer,
  loneOrder,
  mastodonFor,
  newOrder,
  realNotes,
  startServer,
} from './support.ts';

/** Long enough for an answer on a busy machine, short enough to wait for. */
const HURRIED_MS = 400;

needs('postgres')('posting to a Mastodon server', () => {
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

  async function textsOf(order: PostOrder): Promise<string[]> {
    const posts = (await control.posts()).filter(({ handle }) => handle === handleOf(order));
    return posts.map(({ text }) => text);
  }

  it('gives the post’s id and address, and posts the text to the letter, to everybody', async () => {
    const order = await newOrder(
      platform,
      url,
      'Zoë & 日本 👩‍👩‍👧 <b>"100"</b> https://example.org/100days\n— и точка',
    );
    const outcome = await platform.prepare({ ...order, locale: 'pt-BR' })();
    expect(outcome).toEqual({ kind: 'posted', id: expect.any(String), url: expect.any(String) });
    const { id, url: page } = outcome as { id: string; url: string };
    expect(page).toBe(`${url}/@${handleOf(order)}/${id}`);
    expect(await textsOf(order)).toEqual([order.text]);
    const [, account] = order.account.id.split(' ');
    const shown = await fetch(`${url}/api/v1/accounts/${account}/statuses`);
    expect(await shown.json()).toMatchObject([{ id, visibility: 'public', language: 'pt' }]);
    expect((await fetch(page)).status).toBe(200);
  });

  it.each([
    ['public', ['public']],
    ['followers', ['followers']],
    ['nobody', []],
    [undefined, ['public']],
  ] as const)('B16 lets be quoted by whom it is configured: %s', async (quotes, automatic) => {
    const client = mastodonFor([url], { notes, ...(quotes && { quotes }) });
    const order = await newOrder(client, url);
    expect(await client.prepare(order)()).toMatchObject({ kind: 'posted' });
    const [, account] = order.account.id.split(' ');
    const shown = await fetch(`${url}/api/v1/accounts/${account}/statuses`);
    expect(await shown.json()).toMatchObject([{ quote_approval: { automatic } }]);
  });

  it.each(['mastodon', 'gotosocial', 'hollo'])(
    'B16 puts the content warning before the text, at %s, and finds it again',
    async (software) => {
      await control.behaviour({ mastodon: { software, lateMs: 0 } });
      const client = mastodonFor([url], { notes });
      const contentWarning = 'Torture *and* <killings> & “100 days”';
      const since = new Date();
      const order = { ...(await newOrder(client, url)), contentWarning };
      const outcome = await client.prepare(order)();
      expect(outcome).toEqual({ kind: 'posted', id: expect.any(String), url: expect.any(String) });
      const { id } = outcome as { id: string };
      const seen = await fetch(`${url}/api/v1/statuses/${id}`);
      const shown = (await seen.json()) as Record<string, unknown>;
      expect(shown).toMatchObject({ spoiler_text: contentWarning });
      expect(shown.content).not.toContain('Torture');
      expect(await textsOf(order)).toEqual([order.text]);
      expect(await client.reconcile(order, since)).toMatchObject({ kind: 'found', id });
    },
  );

  it('B16 is refused by the server where the content warning makes it too long', async () => {
    const text = 'a'.repeat(495);
    const order = { ...(await newOrder(platform, url, text)), contentWarning: 'Killing' };
    const tooLong = await platform.prepare(order)();
    expect(tooLong).toEqual({ kind: 'refused', reason: 'text_invalid', detail: '422' });
    const fits = await platform.prepare({ ...order, contentWarning: 'Death' })();
    expect(fits).toMatchObject({ kind: 'posted' });
  });

  it('B10 sends JSON with the delivery’s key for everybody to see, and the same key again and again', async () => {
    const seen: { key: unknown; type: unknown; body: unknown }[] = [];
    const server = await hostileServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { 'idempotency-key': key, 'content-type': type } = request.headers;
        seen.push({ key, type, body: JSON.parse(body) });
        response.writeHead(500).end();
      });
    });
    const order = loneOrder(server);
    const client = mastodonFor([server]);
    for (let i = 0; i < 2; i++)
      expect(await client.prepare(order)()).toMatchObject({ kind: 'unknown' });
    const format = { content_type: 'text/plain' };
    // B10 also on servers of Glitch and Hometown, where an account's setting, or 👁 at the end of a text, keeps a post at home.
    const seenBy = { visibility: 'public', local_only: false };
    const body = { status: order.text, ...format, ...seenBy, language: 'en' };
    const request = { key: order.postKey, type: 'application/json', body };
    await client.prepare({ ...order, contentWarning: 'Torture' })();
    const warned = { ...request, body: { ...body, spoiler_text: 'Torture' } };
    expect(seen).toEqual([request, request, warned]);
  });

  it('learns what the server refuses, and why', async () => {
    const refusals: [Fault, string][] = [
      ['status401', 'reconnect'],
      ['status402', 'refused posting_barred'],
      ['status403Suspended', 'refused posting_barred'],
      ['status403Locked', 'refused posting_barred'],
      ['status403NotPermitted', 'reconnect'],
      ['status429User', 'wait'],
      ['status429App', 'throttled'],
    ];
    const order = await newOrder(platform, url);
    for (const [fault, expected] of refusals) {
      await control.fault(handleOf(order), 'posts', fault);
      const outcome = await platform.prepare(order)();
      const named = outcome.kind === 'refused' ? `refused ${outcome.reason}` : outcome.kind;
      expect(named, fault).toBe(expected);
    }
    const tooLong = await platform.prepare({ ...order, text: 'a'.repeat(501) })();
    expect(tooLong).toEqual({ kind: 'refused', reason: 'text_invalid', detail: '422' });
    expect(await textsOf(order)).toEqual([]);
    await control.changeAccount(handleOf(order), { revokeGrants: true });
    expect(await platform.prepare(order)()).toMatchObject({ kind: 'reconnect' });
  });

  it('waits until the account’s limit ends, as the server says', async () => {
    const limits = { mastodonPostsPerUser: { limit: 1, windowSeconds: 1_000 } };
    await control.behaviour({ limits });
    const order = await newOrder(platform, url);
    expect(await platform.prepare(order)()).toMatchObject({ kind: 'posted' });
    const before = Date.now();
    const next = await platform.prepare({ ...order, postKey: 'another' })();
    expect(next).toMatchObject({ kind: 'wait', detail: '429' });
    const ahead = (next as { until: Date }).until.getTime() - before;
    expect(ahead).toBeGreaterThan(900_000);
    expect(ahead).toBeLessThan(1_060_000);
    await control.behaviour({ limits: DEFAULT_LIMITS });
  });

  it('knows that it does not know', async () => {
    const hurried = mastodonFor([url], { notes, timeoutMs: HURRIED_MS });
    const doubts: [Fault, number][] = [
      ['status500', 0],
      ['status502', 0],
      ['status503', 0],
      ['status200Html', 0],
      ['resetBefore', 0],
      ['hangBefore', 0],
      ['status500AfterAccept', 1],
      ['status502AfterAccept', 1],
      ['status200HtmlAfterAccept', 1],
      ['resetAfterAccept', 1],
      ['truncated201', 1],
      ['garbled201', 1],
      ['hangAfterAccept', 1],
    ];
    for (const [fault, posts] of doubts) {
      const order = await newOrder(platform, url);
      await control.fault(handleOf(order), 'posts', fault);
      const outcome: Outcome = await (fault.startsWith('hang') ? hurried : platform).prepare(
        order,
      )();
      expect(outcome, fault).toEqual({ kind: 'unknown', detail: expect.any(String) });
      expect(await textsOf(order), fault).toHaveLength(posts);
    }
  });

  it('never has two posts of one key on their way', async () => {
    await control.behaviour({
      latency: { kind: 'fixed', medianMs: 200 },
      mastodon: { idempotency: 'race' },
    });
    const order = await newOrder(platform, url);
    const post = platform.prepare(order);
    const outcomes = await Promise.all([post(), post(), platform.prepare(order)()]);
    expect(outcomes.filter(({ kind }) => kind === 'posted')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'unknown')).toHaveLength(2);
    expect(await textsOf(order)).toHaveLength(1);
  });

  it('is not sent where nobody listens, nor with a grant that is another server’s or none', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const client = mastodonFor([nobody, url]);
    expect(await client.prepare(loneOrder(nobody))()).toEqual({
      kind: 'not_sent',
      detail: 'ECONNREFUSED',
    });
    expect(await client.probe(loneOrder(nobody).grant)).toEqual({
      kind: 'undecided',
      detail: 'ECONNREFUSED',
    });
    expect(await client.openConnections(new URL(nobody).host, 2)).toBeNull();
    const mixed = { ...loneOrder(url), account: loneOrder(nobody).account };
    const bare = loneOrder(url);
    const broken = { ...bare, grant: { ...bare.grant, accessToken: 'two\r\nlines' } };
    const lost = { ...bare, grant: { ...bare.grant, extra: {} } };
    for (const order of [mixed, broken, lost]) {
      expect(await client.prepare(order)()).toMatchObject({ kind: 'reconnect' });
    }
    expect(await client.probe(broken.grant)).toMatchObject({ kind: 'dead' });
    expect(await client.reconcile(mixed, new Date())).toMatchObject({ kind: 'unreadable' });
  });

  it('opens connections to the servers that it posts to, and posts nothing by that', async () => {
    const before = (await control.summary()).posts;
    expect(await platform.openConnections(new URL(url).host, 8)).toBeGreaterThan(0);
    expect((await control.summary()).posts).toBe(before);
  });
});
