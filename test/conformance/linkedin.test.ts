import { expect } from 'vitest';
import { Secret } from '../../config/secrets.ts';
import { createCrash } from '../../src/crash.ts';
import { createLinkedin } from '../../src/platforms/linkedin/linkedin.ts';
import { GrantRefused } from '../../src/platforms/platform.ts';
import type { Bench } from './bench.ts';
import { LOST_ANSWERS, LOST_POSTS, openOf } from './cases/doubt.ts';
import { ASKS_NOBODY } from './cases/grants.ts';
import { shieldTests } from './cases/shield.ts';
import { NO_WARNING } from './cases/warning.ts';
import { answers, PAGE } from './raw.ts';
import type { Subject } from './subject.ts';
import { conform } from './suite.ts';

const failure = (status: number, code: string, serviceErrorCode: number, message = 'No.') =>
  answers(status, { status, serviceErrorCode, code, message });
const input = (status: number, code: string, message = 'No.') =>
  answers(status, {
    status,
    message,
    errorDetails: { inputErrors: [{ code, description: 'No.' }] },
  });
const dayLimit = (whose: string) =>
  failure(
    429,
    'TOO_MANY_REQUESTS',
    101,
    `Resource level throttle ${whose} DAY limit for calls to this resource is reached.`,
  );

const DAY_MS = 86_400_000;
/** Days end at midnight UTC; a little later by a clock that is behind. */
const midnight = (now: Date) => new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS);
const untilMidnight = () => (midnight(new Date()).getTime() - Date.now()) / 1_000;

const appProblem = { kind: 'refused', reason: 'app_problem' } as const;
const textInvalid = { kind: 'refused', reason: 'text_invalid' } as const;
const duplicate = { kind: 'refused', reason: 'duplicate' } as const;
const unknown = { kind: 'unknown' } as const;
const reconnect = { kind: 'reconnect' } as const;

const subject: Subject = {
  name: 'linkedin',
  label: 'LinkedIn',
  connect: (url, timeoutMs) =>
    createLinkedin(
      {
        clientId: 'test-app',
        clientSecret: new Secret('test-secret'),
        apiUrl: url,
        authorizeUrl: `${url}/oauth/v2/authorization`,
        tokenUrl: `${url}/oauth/v2/accessToken`,
        postUrl: url,
        version: '202607',
        timeoutMs,
      },
      createCrash(''),
    ),
  stranger: () => ({
    account: { id: 'm000000042', handle: 'Somebody' },
    grant: { accessToken: 'token', refreshToken: null, expiresAt: null, scope: '' },
  }),
  // The id is in a header, and the body is empty.
  harmless: ['garbled201', 'truncated201'],
  resetAt: midnight,
  // PLATFORMS.md 5.
  rows: [
    [
      '201 with x-restli-id',
      answers(201, {}, { 'x-restli-id': 'urn:li:share:7000000000000000001' }),
      { kind: 'posted', id: 'urn:li:share:7000000000000000001' },
    ],
    ['201 without x-restli-id', answers(201, {}), unknown],
    ['401 expired, 65601', failure(401, 'EXPIRED_ACCESS_TOKEN', 65601), reconnect],
    ['401 revoked, 65600', failure(401, 'REVOKED_ACCESS_TOKEN', 65600), reconnect],
    ['401 of the simulator', 'status401', reconnect],
    ['403 not enough permissions', failure(403, 'ACCESS_DENIED', 100), appProblem],
    ['403 of the simulator', 'status403Forbidden', appProblem],
    ['400 validation', failure(400, 'ILLEGAL_ARGUMENT', 0), textInvalid],
    ['422 validation', input(422, 'FIELD_LENGTH_TOO_LONG'), textInvalid],
    ['422 DUPLICATE_POST', input(422, 'DUPLICATE_POST'), duplicate],
    [
      '422 duplicate by its words',
      input(422, '', 'Content is a duplicate of urn:li:share:7000000000000000001'),
      duplicate,
    ],
    ['426', failure(426, 'NONEXISTENT_VERSION', 0), appProblem],
    ['400 without a version', failure(400, 'VERSION_MISSING', 0), appProblem],
    [
      '429 of the member’s day',
      dayLimit('APPLICATION_AND_MEMBER'),
      { kind: 'wait', ahead: untilMidnight },
    ],
    ['429 of the app’s day', dayLimit('APPLICATION'), { kind: 'throttled', ahead: untilMidnight }],
    ['429 of nobody’s day', answers(429, {}), { kind: 'wait', ahead: 60 }],
    ['503 Service Unavailable', failure(503, 'SERVICE_UNAVAILABLE', 0), unknown],
    ['500 Unable to obtain activity', failure(500, 'INTERNAL_SERVER_ERROR', 0), unknown],
    ['502 of a gateway', answers(502, PAGE), unknown],
  ],
  own: { errors: shieldTests },
  lacks: {
    warning: NO_WARNING,
    whyDead: ASKS_NOBODY,
    refresh: { why: 'an authorization cannot be renewed', proof: isNotRefreshed },
    refreshTwice: { why: 'there are no refresh tokens', proof: isNotRefreshed },
    posted: {
      why: 'no app may read posts; the same post again is refused as a duplicate',
      proof: async (bench) => {
        await repeats(bench, openOf(subject, LOST_ANSWERS), duplicate);
        for (const fault of subject.harmless ?? []) {
          const outcome = await bench.postWith(fault, await bench.newOrder());
          expect(outcome, fault).toMatchObject({ kind: 'posted' });
        }
      },
    },
    notPosted: {
      why: 'no app may read posts; the same post again is taken',
      proof: (bench) => repeats(bench, LOST_POSTS, { kind: 'posted' }),
    },
  },
};

async function isNotRefreshed(bench: Bench): Promise<void> {
  const { order } = await bench.newOrder();
  expect(order.grant.refreshToken).toBeNull();
  await expect(bench.platform.refresh(order.grant)).rejects.toThrow(GrantRefused);
}

/** What the second of two same posts comes to, after each of these faults. */
async function repeats(
  bench: Bench,
  faults: ReturnType<typeof openOf>,
  again: { kind: string },
): Promise<void> {
  for (const fault of faults) {
    const ordered = await bench.newOrder();
    const since = new Date();
    expect(await bench.postWith(fault, ordered), fault).toMatchObject(unknown);
    const looked = await bench.platform.reconcile(ordered.order, since);
    expect(looked, fault).toMatchObject({ kind: 'undecided' });
    expect(await bench.post(ordered.order), fault).toMatchObject(again);
    expect(await bench.postsOf(ordered.person), fault).toHaveLength(1);
  }
}

conform(subject);
