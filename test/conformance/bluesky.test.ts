import { expect } from 'vitest';
import { createCrash } from '../../src/crash.ts';
import type { RefusalReason } from '../../src/domain/outcome.ts';
import { createGuard } from '../../src/outbound/ssrf-guard.ts';
import { createBluesky } from '../../src/platforms/bluesky/bluesky.ts';
import { newDpopKey } from '../../src/platforms/bluesky/dpop.ts';
import type { AccountChange } from '../../src/simulator/client.ts';
import { BASE_URL, type Bench } from './bench.ts';
import { RESET_SECONDS } from './cases/limits.ts';
import { shieldedRefreshTests, shieldTests } from './cases/shield.ts';
import { NO_WARNING } from './cases/warning.ts';
import { notesFor } from './notes.ts';
import { answers, PAGE } from './raw.ts';
import { conform } from './suite.ts';

const notes = notesFor('bluesky');
const DID = 'did:plc:abcdefghijklmnopqrstuvwx';
const error = (status: number, word: string, headers = {}) =>
  answers(status, { error: word, message: 'No.' }, headers);

/** A 429 by the limit of so many seconds; it ends in ten minutes. */
function limited(windowSeconds: number): () => Promise<string> {
  return () => {
    const reset = String(Math.ceil(Date.now() / 1_000) + RESET_SECONDS);
    const policy = `3000;w=${windowSeconds}`;
    const headers = { 'ratelimit-reset': reset, 'ratelimit-policy': policy };
    return error(429, 'RateLimitExceeded', headers)();
  };
}

const unknown = { kind: 'unknown' } as const;
const reconnect = { kind: 'reconnect' } as const;
const refused = (
  reason: 'account_inactive' | 'account_suspended' | 'reauthorize' | 'text_invalid',
) => ({ kind: 'refused' as const, reason });

conform({
  name: 'bluesky',
  label: 'Bluesky',
  needs: ['postgres'],
  connect: async (url, timeoutMs) => {
    const privateHosts = [new URL(url).host];
    return createBluesky({
      config: { directoryUrl: url, resolverUrl: url, postUrl: 'https://bsky.example', timeoutMs },
      privateHosts,
      guard: createGuard(privateHosts),
      notes: await notes(),
      baseUrl: () => BASE_URL,
      crash: createCrash(''),
    });
  },
  locator: (_url, handle) => `${handle}.bsky.social`,
  stranger: (url) => ({
    account: { id: DID, handle: 'somebody.bsky.social' },
    grant: {
      accessToken: 'token',
      refreshToken: 'refresh',
      expiresAt: null,
      scope: 'atproto',
      extra: { did: DID, pds: url, issuer: url, client: `${BASE_URL}/client`, key: newDpopKey() },
    },
  }),
  // PLATFORMS.md 4.4.
  rows: [
    ['200 of another record', answers(200, { uri: `at://${DID}/a/b`, cid: 'c' }), unknown],
    [
      '401 use_dpop_nonce, over and over',
      error(401, 'use_dpop_nonce', {
        'dpop-nonce': 'n',
        'www-authenticate': 'DPoP error="use_dpop_nonce"',
      }),
      { kind: 'wait', ahead: 1 },
    ],
    ['400 ExpiredToken', error(400, 'ExpiredToken'), reconnect],
    ['401 invalid_token', error(401, 'invalid_token'), reconnect],
    ['401 of the simulator', 'status401', reconnect],
    ['400 InvalidToken', error(400, 'InvalidToken'), reconnect],
    ['401 AccountTakedown', error(401, 'AccountTakedown'), refused('account_suspended')],
    ['takedown by the simulator', 'status403Suspended', refused('account_suspended')],
    ['401 AccountDeactivated', error(401, 'AccountDeactivated'), refused('account_inactive')],
    ['deactivated, by the simulator', 'status403Locked', refused('account_inactive')],
    ['403 AccountNotFound', error(403, 'AccountNotFound'), refused('reauthorize')],
    ['403 ScopeMissingError', error(403, 'ScopeMissingError'), refused('reauthorize')],
    ['400 InvalidRequest', error(400, 'InvalidRequest'), refused('text_invalid')],
    ['400 InvalidSwap', error(400, 'InvalidSwap'), unknown],
    ['429 of the account', limited(3_600), { kind: 'wait', ahead: RESET_SECONDS }],
    ['429 of the address', limited(300), { kind: 'throttled', ahead: RESET_SECONDS }],
    ['500', error(500, 'InternalServerError'), unknown],
    ['502', answers(502, PAGE), unknown],
    ['503', error(503, 'NotEnoughResources'), unknown],
    ['504', answers(504, PAGE), unknown],
  ],
  own: {
    errors: shieldTests,
    refresh: shieldedRefreshTests,
    whyDead: {
      'E6 it is taken down': (bench) => ends(bench, { suspended: true }, 'account_suspended'),
      'E6 it is deactivated': (bench) =>
        ends(bench, { locked: true, revokeGrants: true }, 'account_inactive'),
      'E6 it is deleted': (bench) => ends(bench, { deleted: true }, 'account_gone'),
    },
  },
  lacks: {
    warning: NO_WARNING,
    appProblem: {
      why: 'supporters name the servers, and none of them may stop the others',
      proof: async (bench) => {
        for (const fault of ['status402', 'status403Forbidden'] as const) {
          const outcome = await bench.postWith(fault, await bench.newOrder());
          expect(outcome, fault).toMatchObject(refused('reauthorize'));
        }
      },
    },
  },
});

/** As at PDS 0.5.35, which ends the tokens of an account that it ends, and says no more to whoever has them. */
async function ends(bench: Bench, change: AccountChange, reason: RefusalReason): Promise<void> {
  const { control, platform } = bench;
  await control.behaviour({ bluesky: { namesTakedown: false } });
  try {
    const { order, person } = await bench.newOrder();
    expect(await platform.whyDead?.(order.grant)).toBeNull();
    await control.changeAccount(person.id, change);
    expect(await platform.probe(order.grant)).toMatchObject({ kind: 'dead' });
    expect(await bench.post(order)).toMatchObject({ kind: 'reconnect' });
    expect(await platform.whyDead?.(order.grant)).toBe(reason);
    expect(await bench.postsOf(person)).toEqual([]);
  } finally {
    await control.behaviour({});
  }
}
