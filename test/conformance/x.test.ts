import { expect } from 'vitest';
import { Secret } from '../../config/secrets.ts';
import { createCrash } from '../../src/crash.ts';
import { createX } from '../../src/platforms/x/x.ts';
import type { Bench } from './bench.ts';
import { findsIt, findsNothing } from './cases/doubt.ts';
import { ASKS_NOBODY } from './cases/grants.ts';
import { shieldedRefreshTests, shieldTests } from './cases/shield.ts';
import { NO_WARNING } from './cases/warning.ts';
import { answers, PAGE } from './raw.ts';
import { conform } from './suite.ts';

const problem = (status: number, title: string, detail: string, type = 'about:blank') =>
  answers(status, { title, detail, type, status });
const forbidden = (detail: string) => problem(403, 'Forbidden', detail);
const coded = (status: number, code: number, message: string, headers = {}) =>
  answers(status, { errors: [{ code, message }] }, headers);
const ofKind = (suffix: string, host = 'api.x.com') =>
  problem(403, 'Forbidden', 'No.', `https://${host}/2/problems/${suffix}`);

/** A 429 with what is left of each of X's limits; each ends in ten minutes. */
function limited(left: Record<string, number>): () => Promise<string> {
  return () => {
    const reset = String(Math.ceil(Date.now() / 1_000) + 600);
    const headers = Object.entries(left).flatMap(([name, remaining]) => [
      [`${name}-remaining`, String(remaining)],
      [`${name}-reset`, reset],
    ]);
    return coded(429, 88, 'Rate limit exceeded', Object.fromEntries(headers))();
  };
}

const refused = (reason: 'app_problem' | 'text_invalid' | 'duplicate') => ({
  kind: 'refused' as const,
  reason,
});
const suspended = { kind: 'refused', reason: 'account_suspended' } as const;
const locked = { kind: 'refused', reason: 'account_locked' } as const;
const reconnect = { kind: 'reconnect' } as const;
const unknown = { kind: 'unknown' } as const;

conform({
  name: 'x',
  label: 'X',
  connect: (url, timeoutMs) =>
    createX(
      {
        clientId: 'test-app',
        clientSecret: new Secret('test-secret'),
        apiUrl: url,
        authorizeUrl: `${url}/i/oauth2/authorize`,
        postUrl: 'https://x.example',
        timeoutMs,
      },
      createCrash(''),
    ),
  stranger: () => ({
    account: { id: '42', handle: 'somebody' },
    grant: { accessToken: 'token', refreshToken: 'refresh', expiresAt: null, scope: '' },
  }),
  // PLATFORMS.md 1.7, from its first row to its last.
  rows: [
    ['201 with an id', answers(201, { data: { id: '7', text: 'a' } }), { kind: 'posted', id: '7' }],
    [
      '400 invalid-request',
      answers(400, {
        title: 'Invalid Request',
        type: 'https://api.twitter.com/2/problems/invalid-request',
      }),
      refused('text_invalid'),
    ],
    ['403 invalid URL', forbidden('The Tweet contains an invalid URL.'), refused('text_invalid')],
    [
      '403 more than one cashtag',
      forbidden('A post can have a maximum of one cashtag.'),
      refused('text_invalid'),
    ],
    ['401', answers(401, { title: 'Unauthorized', status: 401 }), reconnect],
    [
      '401 unsupported authentication',
      problem(401, 'Unsupported Authentication', 'No.'),
      reconnect,
    ],
    ['401 of the simulator', 'status401', reconnect],
    ['402, its body not published', answers(402, {}), refused('app_problem')],
    ['402 of the simulator', 'status402', refused('app_problem')],
    ['usage-capped', ofKind('usage-capped'), refused('app_problem')],
    [
      '403 duplicate content',
      forbidden('You are not allowed to create a Tweet with duplicate content.'),
      refused('duplicate'),
    ],
    [
      '403 user-suspended at api.twitter.com',
      ofKind('user-suspended', 'api.twitter.com'),
      suspended,
    ],
    ['403 user-suspended at api.x.com', ofKind('user-suspended'), suspended],
    ['403 code 64', coded(403, 64, 'Your account is suspended.'), suspended],
    ['403 code 326', coded(403, 326, 'This account is temporarily locked.'), locked],
    ['401 code 326', coded(401, 326, 'This account is temporarily locked.'), locked],
    ['403 code 226', coded(403, 226, 'This request looks automated.'), locked],
    ['403 code 89', coded(403, 89, 'Invalid or expired token.'), reconnect],
    ['403 code 187', coded(403, 187, 'Status is a duplicate.'), refused('duplicate')],
    ['403 client-forbidden', ofKind('client-forbidden'), refused('app_problem')],
    ['403 oauth1-permissions', ofKind('oauth1-permissions'), refused('app_problem')],
    [
      '403 feature not permitted',
      forbidden('Your account is not permitted to access this feature.'),
      refused('app_problem'),
    ],
    [
      '403 not permitted',
      forbidden('You are not permitted to perform this action.'),
      refused('text_invalid'),
    ],
    ['429 of the quarter of an hour', limited({ 'x-rate-limit': 0 }), { kind: 'wait', ahead: 600 }],
    [
      '429 of the account’s day',
      limited({ 'x-rate-limit': 5, 'x-user-limit-24hour': 0 }),
      { kind: 'wait', ahead: 600 },
    ],
    [
      '429 of the app’s day',
      limited({ 'x-rate-limit': 5, 'x-app-limit-24hour': 0 }),
      { kind: 'throttled', ahead: 600 },
    ],
    ['503 overloaded', problem(503, 'Service Unavailable', 'Overloaded.'), unknown],
    ['503 of a gateway', answers(503, PAGE), unknown],
    ['500', answers(500, {}), unknown],
    ['502', answers(502, PAGE), unknown],
    ['504', answers(504, PAGE), unknown],
    ['201 without an id', answers(201, { data: {} }), unknown],
  ],
  own: {
    errors: shieldTests,
    refresh: shieldedRefreshTests,
    posted: {
      'E7 asked once more, where tweet.fields is refused': (bench) =>
        looksAgain(bench, () => findsIt(bench, 'status500AfterAccept')),
    },
    notPosted: {
      'E7 asked once more, where tweet.fields is refused': (bench) =>
        looksAgain(bench, () => findsNothing(bench, 'status500')),
    },
  },
  lacks: { warning: NO_WARNING, whyDead: ASKS_NOBODY },
});

/** At an X that knows its fields by the newer name alone: what is refused for the name is asked once more without it. */
async function looksAgain({ control }: Bench, look: () => Promise<void>): Promise<void> {
  await control.clearRecord();
  await control.behaviour({ x: { names: 'post' } });
  try {
    await look();
    const asked = (await control.record(0, 'timeline')).map(({ status }) => status);
    expect(asked).toEqual([400, 200]);
  } finally {
    await control.behaviour({});
  }
}
