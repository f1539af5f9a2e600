import { expect } from 'vitest';
import { createCrash } from '../../src/crash.ts';
import type { Grant } from '../../src/platforms/platform.ts';
import { createThreads } from '../../src/platforms/threads/threads.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Bench } from './bench.ts';
import { ASKS_NOBODY } from './cases/grants.ts';
import { shieldedRefreshTests, shieldTests } from './cases/shield.ts';
import { NO_WARNING } from './cases/warning.ts';
import { graphError, metaApp, refused, regainIn, UNNAMED_SECONDS } from './graph.ts';
import { answers, PAGE } from './raw.ts';
import { conform } from './suite.ts';

const DAY_MS = 86_400_000;
const unknown = { kind: 'unknown' } as const;
const reconnect = { kind: 'reconnect' } as const;

conform({
  name: 'threads',
  label: 'Threads',
  connect: (url, timeoutMs) =>
    createThreads(
      { ...metaApp(url, timeoutMs), authorizeUrl: `${url}/oauth/authorize` },
      createCrash(''),
    ),
  stranger: () => ({
    account: { id: '42', handle: 'somebody' },
    grant: { accessToken: 'token', refreshToken: null, expiresAt: null, scope: '' },
    staged: '17900000000000042',
  }),
  tellsNoAddress: true,
  aged,
  // PLATFORMS.md 2.2, and of 2.1 what holds for both.
  rows: [
    ['200 with an id', answers(200, { id: '7' }), { kind: 'posted', id: '7' }],
    ['200 without an id', answers(200, {}), unknown],
    [
      '24/4279009, the container not found',
      graphError(24, { subcode: 4279009 }),
      { kind: 'wait', ahead: 10 },
    ],
    ['a container in ERROR: another is made', { order: withFailedContainer }, { kind: 'posted' }],
    ['a container EXPIRED: another is made', { order: withExpiredContainer }, { kind: 'posted' }],
    ['5xx on create: nothing was made', { order: withoutContainer }, { kind: 'not_sent' }],
    ['190', graphError(190, { status: 401 }), reconnect],
    ['190 of the simulator', 'status401', reconnect],
    [
      '2207051, activity restricted',
      graphError(1, { subcode: 2207051 }),
      refused('account_locked'),
    ],
    ['4279013, restricted', graphError(10, { subcode: 4279013 }), refused('account_locked')],
    ['restricted, of the simulator', 'status403Locked', refused('account_locked')],
    ['quota exceeded', graphError(9, { subcode: 2207042 }), refused('quota_user')],
    [
      '4, with minutes',
      graphError(4, { status: 403 }, regainIn(10)),
      { kind: 'throttled', ahead: 600 },
    ],
    ['4', graphError(4, { status: 403 }), { kind: 'throttled', ahead: UNNAMED_SECONDS }],
    ['17', graphError(17), { kind: 'wait', ahead: UNNAMED_SECONDS }],
    ['613', graphError(613), { kind: 'wait', ahead: UNNAMED_SECONDS }],
    ['transient', graphError(100, { transient: true }), { kind: 'wait' }],
    [
      'too many links',
      graphError(100, { message: 'THREADS_API__LINK_LIMIT_EXCEEDED' }),
      refused('text_invalid'),
    ],
    ['10, permission taken back', graphError(10, { status: 403 }), refused('reauthorize')],
    ['500 with 1', graphError(1, { status: 500 }), unknown],
    ['503 with 2', graphError(2, { status: 503, transient: true }), unknown],
    ['502 of a gateway', answers(502, PAGE), unknown],
    ['504 of a gateway', answers(504, PAGE), unknown],
  ],
  own: { errors: shieldTests, refresh: shieldedRefreshTests },
  lacks: {
    warning: NO_WARNING,
    whyDead: ASKS_NOBODY,
    refreshTwice: {
      why: 'a token is lengthened and not used up',
      proof: async (bench) => {
        const { order } = await bench.newOrder();
        const old = await aged(bench, order.grant);
        for (const grant of [
          await bench.platform.refresh(old),
          await bench.platform.refresh(old),
        ]) {
          expect(await bench.platform.probe(grant)).toEqual({ kind: 'alive' });
        }
      },
    },
    revoke: {
      why: 'no way is documented; its owner removes the app',
      proof: async (bench) => {
        const { order } = await bench.newOrder();
        await bench.platform.revoke(order.grant);
        expect(await bench.platform.probe(order.grant)).toEqual({ kind: 'alive' });
      },
    },
  },
});

/** A day old, for us and for Threads. */
async function aged({ control }: Bench, grant: Grant): Promise<Grant> {
  await control.behaviour({ refreshAfterSeconds: 0 });
  return { ...grant, extra: { issuedAt: new Date(Date.now() - DAY_MS).toISOString() } };
}

async function withFailedContainer(bench: Bench) {
  await bench.control.behaviour({ containerFails: true });
  const ordered = await bench.newOrder();
  await bench.control.behaviour({});
  return ordered;
}

/** Long enough to publish the other one. */
const LIFE_SECONDS = 2;

async function withExpiredContainer(bench: Bench) {
  await bench.control.behaviour({ containerLifeSeconds: LIFE_SECONDS });
  const ordered = await bench.newOrder();
  const { staged, grant } = ordered.order;
  const query = new URLSearchParams({ fields: 'status', access_token: grant.accessToken });
  const isExpired = async () => {
    const answer = await fetch(`${bench.url}/v1.0/${staged}?${query}`);
    return ((await answer.json()) as { status: string }).status === 'EXPIRED';
  };
  await waitFor(isExpired, { what: 'the end of a container' });
  return ordered;
}

async function withoutContainer(bench: Bench) {
  const { person, order } = await bench.newOrder();
  await bench.control.fault(person.handle, 'stage', 'status500');
  return { person, order: { ...order, staged: null } };
}
