import { decode } from 'nostr-tools/nip19';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Platform } from '../../../src/platforms/platform.ts';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { freePort } from '../../support/free-port.ts';
import { waitFor } from '../../support/wait-for.ts';
import { newOrder, nostrAt, orderOf, sayingRelay, startRelays } from './support.ts';

/** Long enough for an answer on a busy machine, short enough to wait for. */
const HURRIED_MS = 500;

describe('posting to Nostr', () => {
  let control: SimulatorControl;
  let relays: string[];
  let nostr: Platform;
  beforeAll(async () => {
    const started = await startRelays();
    control = started.control;
    relays = ['a', 'b', 'c'].map(started.relay);
    nostr = nostrAt(relays);
  });

  const postsOf = async (account: string) =>
    (await control.posts()).filter((post) => post.account === account);

  it('hands the signed event to every relay, to the byte, and links to it', async () => {
    const text = 'Zoë & 日本 👩‍👩‍👧 <b>"100"</b> https://example.org/100\n— и точка #Право';
    const order = await newOrder(nostr, control, text);
    expect(await nostr.openConnections('relays', 3)).toEqual(expect.any(Number));
    const outcome = await nostr.prepare(order)();
    const { id } = JSON.parse(order.grant.accessToken) as { id: string };
    expect(outcome).toMatchObject({ kind: 'posted', id });
    const link = 'url' in outcome ? (outcome.url ?? '') : '';
    expect(decode(link.replace('https://njump.example/', '') as 'nevent1')).toMatchObject({
      type: 'nevent',
      data: { id },
    });
    expect(await postsOf(order.account.id)).toMatchObject([{ id, text }]);
    await expect
      .poll(async () => (await control.record(0, 'posts')).map(({ path }) => path).sort())
      .toEqual(['/a', '/b', '/c']);
  });

  it('can be sent again without harm, and is found by its id', async () => {
    const order = await newOrder(nostr, control);
    expect(await nostr.reconcile(order, new Date())).toEqual({ kind: 'absent' });
    const post = nostr.prepare(order);
    const first = await post();
    expect(await post()).toEqual(first);
    expect(await postsOf(order.account.id)).toHaveLength(1);
    expect(await nostr.reconcile(order, new Date())).toEqual({ ...first, kind: 'found' });
  });

  it('is put off when it comes before its time', async () => {
    const order = await newOrder(nostr, control, undefined, new Date(Date.now() + 60_000));
    expect(await nostr.prepare(order)()).toMatchObject({ kind: 'wait' });
    expect(await postsOf(order.account.id)).toEqual([]);
  });

  it('E8 reaches a relay whose clock is behind once that clock has come to the moment', async () => {
    await control.behaviour({ nostr: { clockOffsetSeconds: -5 } });
    const order = await newOrder(nostr, control);
    const outcomes: Outcome[] = [];
    const posted = async () => {
      outcomes.push(await nostr.prepare(order)());
      return outcomes.at(-1)?.kind === 'posted';
    };
    await waitFor(posted, { everyMs: 500, timeoutMs: 30_000, what: 'the relays to take it' });
    await control.behaviour({});
    expect(outcomes[0]).toMatchObject({ kind: 'wait', detail: 'invalid 3' });
    expect(outcomes.slice(0, -1).every(({ kind }) => kind === 'wait')).toBe(true);
    expect(await postsOf(order.account.id)).toHaveLength(1);
  });

  it('E8 leaves a relay whose clock is hours off to the operator after a minute', async () => {
    for (const clockOffsetSeconds of [-7_200, 7_200]) {
      await control.behaviour({ nostr: { clockOffsetSeconds, oldestSeconds: 3_600 } });
      const now = await newOrder(nostr, control);
      expect(await nostr.prepare(now)()).toMatchObject({ kind: 'wait' });
      const late = await newOrder(nostr, control, undefined, new Date(Date.now() - 61_000));
      expect(await nostr.prepare(late)()).toMatchObject({ kind: 'refused', reason: 'app_problem' });
      await control.behaviour({});
      expect(await nostr.prepare(now)()).toMatchObject({ kind: 'posted' });
    }
  });

  it('never sends what is not the post', async () => {
    const order = await newOrder(nostr, control);
    const others = [{ text: `${order.text}!` }, { moment: new Date(Date.now() - 5_000_000) }];
    for (const other of others) {
      expect(await nostr.prepare({ ...order, ...other })()).toMatchObject({
        kind: 'refused',
        reason: 'consent_mismatch',
      });
    }
    expect(await postsOf(order.account.id)).toEqual([]);
  });

  it('learns what relays refuse, and what they put off', async () => {
    const rows: [Fault, string][] = [
      ['status401', 'refused app_problem'],
      ['status402', 'refused relay_members_only'],
      ['status403Forbidden', 'refused relay_members_only'],
      ['status403Suspended', 'refused key_barred'],
      ['status400InvalidGrant', 'refused text_invalid'],
      ['status429User', 'wait'],
      ['status429App', 'wait'],
      ['status500', 'wait'],
      ['status503', 'wait'],
    ];
    for (const [fault, expected] of rows) {
      const order = await newOrder(nostr, control);
      const { handle } = (await control.accounts()).find(({ id }) => id === order.account.id) ?? {};
      await control.fault(handle ?? '', 'posts', fault, 3);
      const outcome = await nostr.prepare(order)();
      expect('reason' in outcome ? `refused ${outcome.reason}` : outcome.kind, fault).toBe(
        expected,
      );
      expect(await postsOf(order.account.id)).toEqual([]);
    }
  });

  it('knows that it does not know, and finds out', async () => {
    const hurried = nostrAt(relays, { timeoutMs: HURRIED_MS });
    const rows: [Fault, Outcome['kind'], 'absent' | 'found'][] = [
      ['status200Html', 'unknown', 'absent'],
      ['hangBefore', 'unknown', 'absent'],
      ['resetBefore', 'unknown', 'absent'],
      ['hangAfterAccept', 'unknown', 'found'],
      ['resetAfterAccept', 'unknown', 'found'],
      ['truncated201', 'unknown', 'found'],
      ['garbled201', 'unknown', 'found'],
      ['status500AfterAccept', 'wait', 'found'],
    ];
    for (const [fault, kind, looked] of rows) {
      const order = await newOrder(hurried, control);
      const { handle } = (await control.accounts()).find(({ id }) => id === order.account.id) ?? {};
      await control.fault(handle ?? '', 'posts', fault, 3);
      await expect
        .poll(() => hurried.openConnections('relays', 3), { timeout: 30_000 })
        .not.toBeNull();
      expect(await hurried.prepare(order)(), fault).toMatchObject({ kind });
      await expect
        .poll(() => hurried.reconcile(order, new Date()), { timeout: 30_000 })
        .toMatchObject({ kind: looked });
      // And again: what was taken is a duplicate, what was not is posted.
      await expect
        .poll(() => hurried.prepare(order)(), { timeout: 30_000 })
        .toMatchObject({ kind: 'posted' });
      expect(await postsOf(order.account.id), fault).toHaveLength(1);
    }
  });

  it('does with fewer relays than it has, and with none it has sent nothing', async () => {
    const nobody = `ws://127.0.0.1:${await freePort()}`;
    const most = nostrAt([...relays.slice(0, 2), nobody]);
    const order = await newOrder(most, control);
    expect(await most.probe(order.grant)).toEqual({ kind: 'alive' });
    expect(await most.prepare(order)()).toMatchObject({ kind: 'posted' });
    const none = nostrAt([nobody, nobody]);
    expect(await none.prepare(order)()).toMatchObject({ kind: 'not_sent' });
    expect(await none.openConnections('relays', 2)).toBeNull();
    expect(await none.probe(order.grant)).toMatchObject({ kind: 'undecided' });
    expect(await none.reconcile(order, new Date())).toMatchObject({ kind: 'undecided' });
    const unreadable = { ...order, grant: { ...order.grant, accessToken: 'x' } };
    expect(await none.prepare(unreadable)()).toMatchObject({ kind: 'reconnect' });
    expect(await none.probe(unreadable.grant)).toMatchObject({ kind: 'dead' });
  });

  it('posts while enough relays want nothing of everybody, and tells before the moment when they do', async () => {
    const detail = 'relays open 1 of 3, auth_required 2';
    for (const [demandAt, probe, outcome] of [
      [['/a'], { kind: 'alive' }, 'posted'],
      // One that takes it is one place where it can be read, but fewer than the operator wants.
      [['/a', '/b'], { kind: 'app_problem', detail }, 'posted'],
      [[], { kind: 'app_problem', detail: 'relays open 0 of 3, auth_required 3' }, 'refused'],
    ] as const) {
      await control.behaviour({});
      const order = await newOrder(nostrAt(relays), control);
      await control.behaviour({ nostr: { demand: 'auth_required', demandAt: [...demandAt] } });
      const fresh = nostrAt(relays);
      expect(await fresh.probe(order.grant)).toEqual(probe);
      expect(await fresh.prepare(order)()).toMatchObject({ kind: outcome });
    }
    await control.behaviour({});
  });

  it('carries many posts over one socket a relay', async () => {
    const moment = new Date(Date.now() - 1_000);
    const orders = await Promise.all(
      Array.from({ length: 100 }, (_, i) => orderOf(nostr, `crowd${i}`, 'All at once.', moment)),
    );
    const outcomes = await Promise.all(orders.map((order) => nostr.prepare(order)()));
    expect(outcomes.filter(({ kind }) => kind === 'posted')).toHaveLength(100);
    const texts = (await control.posts()).filter(({ text }) => text === 'All at once.');
    expect(new Set(texts.map(({ account }) => account)).size).toBe(100);
  });

  it('believes no relay that answers something else', async () => {
    const odd = [
      () => ['OK'],
      () => ['OK', 5, true, ''],
      () => ['OK', 'another event', true, ''],
      () => 'no json',
      () => ({ OK: true }),
      () => ['NOTICE', 'hello'],
      () => 'cut',
      (message: unknown[]) => ['EVENT', message[1], { id: 'another' }],
    ];
    const believes = async (say: (typeof odd)[number]): Promise<void> => {
      const relay = await sayingRelay(say);
      const other = nostrAt([relay], { quorum: 1, timeoutMs: 2_000 });
      const order = await newOrder(nostr, control);
      expect(await other.prepare(order)()).toMatchObject({ kind: 'unknown' });
      expect(await other.reconcile(order, new Date())).toMatchObject({ kind: 'undecided' });
    };
    await Promise.all(odd.map(believes));
  });
});
