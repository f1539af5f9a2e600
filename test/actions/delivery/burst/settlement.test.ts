import { describe, expect, it } from 'vitest';
import { type SentPost, toSettlement } from '../../../../src/actions/delivery/burst/settlement.ts';
import type { Context } from '../../../../src/context.ts';
import type { Outcome, RefusalReason } from '../../../../src/domain/outcome.ts';
import { createNetworkClock } from '../../../../src/outbound/wire/network-clock.ts';
import { behindBy } from '../../../support/network-time.ts';

const NOW = 1_800_000_000_000;
const SENT = NOW - 400;
const ANSWERED = NOW - 100;
const TOO_LATE = NOW + 60_000;
const RECONCILE_MS = 10_000;
const HOUR = 3_600_000;

/** All of it that these outcomes look at. A refused token is looked into with real records: delivery.test.ts. */
const ctx = {
  clock: { now: () => NOW, offset: { offsetMs: 0 } },
  // No network has told its time.
  networkClock: createNetworkClock([]),
  config: { delivery: { reconcileDelayMs: RECONCILE_MS } },
  platforms: new Map(),
} as unknown as Context;

type Delivery = SentPost['delivery'];

function settled(outcome: Outcome, change: Partial<Delivery> = {}, by = ctx) {
  const delivery = { id: 'd', pledgeId: 'p', attempts: 2, doubted: false, refreshed: false };
  return toSettlement(by, {
    leased: { id: 's', lease: 7, platform: 'x' } as SentPost['leased'],
    campaign: { id: 'c', tooLateAt: new Date(TOO_LATE) } as SentPost['campaign'],
    delivery: { ...delivery, ...change },
    outcome,
    sentAtMs: SENT,
    answeredAtMs: ANSWERED,
  });
}

const refusal = (reason: RefusalReason): Outcome => ({ kind: 'refused', reason, detail: 'no' });

describe('what is written down', () => {
  it('names the delivery, its fence, and the attempt that the mark has counted', async () => {
    expect(await settled({ kind: 'unknown', detail: 'reset' })).toEqual({
      ...{ deliveryId: 'd', shardId: 's', lease: 7, campaignId: 'c', platform: 'x', attempt: 3 },
      ...{ state: 'unconfirmed', dueAt: new Date(NOW + RECONCILE_MS), reason: null },
      ...{ post: null, sentAtMs: SENT, answeredAtMs: ANSWERED },
      ...{ outcome: 'unknown', detail: 'reset' },
    });
  });

  it('of a post is where it is', async () => {
    const found = await settled({ kind: 'posted', id: '9', url: 'https://x.example/9' });
    expect(found).toMatchObject({ state: 'posted', dueAt: null, reason: null, sentAtMs: SENT });
    expect(found).toMatchObject({ post: { id: '9', url: 'https://x.example/9' }, detail: '' });
  });

  it.each([
    ['wait', 'quota_user'],
    ['throttled', 'quota_app'],
  ] as const)('of %s is the platform’s own time, unless that is too late', async (kind, reason) => {
    const until = new Date(TOO_LATE - 1);
    const soon = await settled({ kind, until, detail: '429' });
    expect(soon).toMatchObject({ state: 'waiting', dueAt: until, reason: null, sentAtMs: null });
    const never = await settled({ kind, until: new Date(TOO_LATE), detail: '429' });
    expect(never).toMatchObject({ state: 'refused', dueAt: null, reason, sentAtMs: null });
  });

  it.each(['wait', 'throttled'] as const)(
    'A2 of %s goes by the networks’ time where our clock is ahead of it',
    async (kind) => {
      const ahead = { ...ctx, networkClock: behindBy(3 * HOUR) };
      const until = new Date(TOO_LATE + 2 * HOUR);
      const soon = await settled({ kind, until, detail: '429' }, {}, ahead);
      expect(soon).toMatchObject({ state: 'waiting', dueAt: until });
      const late = new Date(TOO_LATE + 4 * HOUR);
      const never = await settled({ kind, until: late, detail: '429' }, {}, ahead);
      expect(never).toMatchObject({ state: 'refused', dueAt: null });
    },
  );

  it('B7 of a shield before a server is another try, and in the end what it was', async () => {
    const challenged = {
      kind: 'throttled',
      detail: '403 challenge',
      reason: 'challenged',
    } as const;
    const soon = await settled({ ...challenged, until: new Date(TOO_LATE - 1) });
    expect(soon).toMatchObject({ state: 'waiting', reason: null, sentAtMs: null });
    const never = await settled({ ...challenged, until: new Date(TOO_LATE) });
    expect(never).toMatchObject({ state: 'refused', reason: 'challenged', sentAtMs: null });
  });

  it.each([
    'account_suspended',
    'account_locked',
    'duplicate',
    'text_invalid',
    'platform_down',
  ] as const)('of a refusal is its reason: %s', async (reason) => {
    const found = await settled(refusal(reason));
    expect(found).toMatchObject({ state: 'refused', reason, dueAt: null, sentAtMs: null });
  });

  it('of a duplicate, after an attempt that may have arrived, is a post', async () => {
    const found = await settled(refusal('duplicate'), { doubted: true });
    expect(found).toMatchObject({ state: 'posted', reason: null, outcome: 'refused' });
    const other = await settled(refusal('text_invalid'), { doubted: true });
    expect(other).toMatchObject({ state: 'refused', reason: 'text_invalid' });
  });

  it.each([
    ['the operator’s own fault', refusal('app_problem'), 'waiting'],
    ['a request that never left', { kind: 'not_sent', detail: 'ECONNREFUSED' }, 'armed'],
  ] as const)('of %s is another try after a while', async (_, outcome, state) => {
    const found = await settled(outcome);
    expect(found).toMatchObject({ state, reason: null, sentAtMs: null, attempt: 3 });
    const wait = (found.dueAt?.getTime() ?? Number.NaN) - NOW;
    // Full jitter after the third attempt: half a second, doubled twice.
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThan(2_000);
  });

  it('of a fresh token that is not accepted either is that its owner has to connect again', async () => {
    const found = await settled({ kind: 'reconnect', detail: '401' }, { refreshed: true });
    expect(found).toMatchObject({ state: 'refused', reason: 'reauthorize', sentAtMs: null });
  });
});
