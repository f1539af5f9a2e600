import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { ResponseHeaders } from '../../../src/outbound/wire/sender.ts';
import type { Probe } from '../../../src/platforms/platform.ts';
import { classify } from '../../../src/platforms/x/classify.ts';
import { classifyProbe } from '../../../src/platforms/x/probe.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

const NOW = new Date('2027-03-01T12:00:00.500Z');
const seconds = (ahead: number): string => String(Math.floor(NOW.getTime() / 1000) + ahead);
const problem = (name: string): object => ({ type: `https://api.twitter.com/2/problems/${name}` });
const code = (number: number): object => ({ errors: [{ code: number, message: 'as X says' }] });

const urlOf = (id: string): string => `https://x.example/${id}`;

/** What X's answer means: its body as text, or as the value that is written into it. */
function outcomeOf(status: number, body: unknown, headers: ResponseHeaders = {}): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return classify({ kind: 'answer', status, headers, body: text }, NOW, urlOf);
}

const HTML = '<html><body>An intermediary speaks</body></html>';

describe('what an answer of X means', () => {
  const rows: [number, unknown, string][] = [
    [400, problem('invalid-request'), 'refused text_invalid'],
    [400, HTML, 'unknown'],
    [401, { title: 'Unauthorized', status: 401 }, 'reconnect'],
    [401, HTML, 'reconnect'],
    [401, code(326), 'refused account_locked'],
    [402, problem('credits'), 'refused app_problem'],
    [402, '', 'refused app_problem'],
    [
      403,
      { detail: 'You are not allowed to create a Tweet with DUPLICATE content.' },
      'refused duplicate',
    ],
    [403, code(187), 'refused duplicate'],
    [403, problem('user-suspended'), 'refused account_suspended'],
    [403, { type: 'https://api.x.com/2/problems/user-suspended' }, 'refused account_suspended'],
    [403, code(64), 'refused account_suspended'],
    [403, code(326), 'refused account_locked'],
    [403, code(226), 'refused account_locked'],
    [403, code(89), 'reconnect'],
    [403, { ...problem('client-forbidden'), reason: 'client-not-enrolled' }, 'refused app_problem'],
    [403, problem('oauth1-permissions'), 'refused app_problem'],
    [403, problem('usage-capped'), 'refused app_problem'],
    [
      403,
      { detail: 'Your account is not permitted to access this feature.' },
      'refused app_problem',
    ],
    [403, { detail: 'You are not permitted to perform this action.' }, 'refused text_invalid'],
    [403, { detail: 'The Tweet contains an invalid URL.' }, 'refused text_invalid'],
    [403, HTML, 'unknown'],
    [404, problem('resource-not-found'), 'refused app_problem'],
    [410, code(251), 'refused app_problem'],
    [403, code(453), 'refused app_problem'],
    [413, {}, 'refused text_invalid'],
    [301, {}, 'unknown'],
    [200, HTML, 'unknown'],
    [201, { data: { id: '12' } }, 'posted'],
    [200, { data: { id: '12' } }, 'posted'],
    [201, { data: { id: 12 } }, 'unknown'],
    [201, { data: { id: '12a' } }, 'unknown'],
    [201, { data: null }, 'unknown'],
    [201, 'null', 'unknown'],
    [404, HTML, 'unknown'],
    [429, problem('usage-capped'), 'refused app_problem'],
    [429, code(88), 'wait'],
    [429, HTML, 'wait'],
    [500, { title: 'Internal Server Error', status: 500 }, 'unknown'],
    [502, HTML, 'unknown'],
    [503, { title: 'Service Unavailable', status: 503 }, 'unknown'],
    [503, HTML, 'unknown'],
    [504, HTML, 'unknown'],
    [520, {}, 'unknown'],
  ];
  for (const [status, body, expected] of rows) {
    it(`${status} ${JSON.stringify(body)}: ${expected}`, () => {
      const outcome = outcomeOf(status, body);
      expect('reason' in outcome ? `refused ${outcome.reason}` : outcome.kind).toBe(expected);
    });
  }

  it.each<[number, unknown, string]>([
    [
      403,
      { detail: 'Your account is suspended and is not permitted to access this feature.' },
      'account_suspended',
    ],
    [
      403,
      {
        detail:
          'To protect our users from spam and other malicious activity, this account is temporarily locked. Please log in to https://twitter.com to unlock your account.',
      },
      'account_locked',
    ],
    [
      403,
      { detail: 'This request looks like it might be automated. We can’t complete this action.' },
      'account_locked',
    ],
    [403, code(344), 'quota_user'],
    [403, code(185), 'quota_user'],
    [
      403,
      { detail: 'You have reached your daily limit for sending Tweets and messages.' },
      'quota_user',
    ],
  ])(
    'B5 a refusal of one account is not everybody’s, or the text’s: %i %j',
    (status, body, reason) => {
      expect(outcomeOf(status, body)).toMatchObject({ kind: 'refused', reason });
    },
  );

  const limits: [string, ResponseHeaders, 'wait' | 'throttled', number][] = [
    [
      'the quarter of an hour',
      { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': seconds(700) },
      'wait',
      699.5,
    ],
    [
      'the account’s day',
      {
        'x-user-limit-24hour-remaining': '0',
        'x-user-limit-24hour-reset': seconds(80_000),
        'x-rate-limit-reset': seconds(700),
      },
      'wait',
      79_999.5,
    ],
    [
      'the app’s day',
      {
        'x-app-limit-24hour-remaining': '0',
        'x-app-limit-24hour-reset': seconds(80_000),
        'x-user-limit-24hour-remaining': '0',
      },
      'throttled',
      79_999.5,
    ],
    ['no time', {}, 'wait', 900],
    ['a time that is past', { 'x-rate-limit-reset': seconds(-5) }, 'wait', 900],
    ['a time that is absurd', { 'x-rate-limit-reset': '99999999999999999999' }, 'wait', 900],
    ['no number', { 'x-rate-limit-reset': 'soon' }, 'wait', 900],
  ];
  for (const [what, headers, kind, ahead] of limits) {
    it(`429 with ${what}: ${kind} for ${ahead} s`, () => {
      const outcome = outcomeOf(429, code(88), headers);
      expect(outcome.kind).toBe(kind);
      expect(('until' in outcome ? outcome.until.getTime() : 0) - NOW.getTime()).toBe(ahead * 1000);
    });
  }
});

describe('a post that X takes', () => {
  const taken = { data: { id: '1' } };
  const app = (remaining: string, reset: string): ResponseHeaders => ({
    'x-app-limit-24hour-remaining': remaining,
    'x-app-limit-24hour-reset': reset,
  });

  it.each(['0', '1', '999'])('says that %s are left of the app’s day, and until when', (left) => {
    const until = new Date(Number(seconds(80_000)) * 1000);
    expect(outcomeOf(201, taken, app(left, seconds(80_000)))).toEqual({
      ...{ kind: 'posted', id: '1', url: 'https://x.example/1' },
      allowance: { remaining: Number(left), until },
    });
  });

  it.each([
    ['there is a lot', app('1000', seconds(80_000))],
    ['X does not say', { 'x-app-limit-24hour-reset': seconds(80_000) }],
    ['it is the account’s', { 'x-user-limit-24hour-remaining': '5' }],
    ['it is no number', app('-1', seconds(80_000))],
    ['it has no end', { 'x-app-limit-24hour-remaining': '5' }],
    ['its end is past', app('5', seconds(-5))],
  ])('says nothing of it when %s', (_when, headers) => {
    expect(outcomeOf(201, taken, headers)).toEqual({
      ...{ kind: 'posted', id: '1', url: 'https://x.example/1' },
    });
  });
});

describe('what no answer means', () => {
  it('is not sent while no byte has left, and unknown from then on', () => {
    for (const name of ['ECONNREFUSED', 'TIMEOUT', 'CERT_HAS_EXPIRED']) {
      const before = classify({ kind: 'no_answer', left: false, code: name }, NOW, urlOf);
      expect(before).toEqual({ kind: 'not_sent', detail: name });
      const after = classify({ kind: 'no_answer', left: true, code: name }, NOW, urlOf);
      expect(after).toEqual({ kind: 'unknown', detail: name });
    }
  });
});

describe('any answer whatever', () => {
  const header = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.constantFrom('0', seconds(60), seconds(90_000), seconds(91_000)),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    fc.array(fc.string()),
    fc.constant(undefined),
  );
  const headers = fc.dictionary(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        ...['retry-after', 'date', 'x-rate-limit-reset', 'x-rate-limit-remaining', '__proto__'],
        ...['x-app-limit-24hour-remaining', 'x-app-limit-24hour-reset'],
        ...['x-user-limit-24hour-remaining', 'x-user-limit-24hour-reset'],
      ),
    ),
    header,
  );
  const likeX = fc.record(
    {
      type: fc.oneof(fc.jsonValue(), fc.webUrl({ withFragments: true })),
      detail: fc.jsonValue(),
      reason: fc.jsonValue(),
      errors: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.oneof(fc.jsonValue(), fc.record({ code: fc.double() }))),
      ),
    },
    { requiredKeys: [] },
  );
  const post = fc.record({
    data: fc.record({ id: fc.oneof(fc.jsonValue(), fc.bigInt().map(String)) }),
  });
  const bytes = fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all).toString('utf8'));
  const body = fc.oneof(
    bytes,
    fc.string(),
    fc.json(),
    likeX.map((value) => JSON.stringify(value)),
    post.map((value) => JSON.stringify(value)),
  );
  const toJson = (value: unknown): string => JSON.stringify(value);
  const status = fc.oneof(
    fc.integer({ min: 0, max: 999 }),
    fc.constantFrom(200, 201, 400, 401, 403, 429, 503),
  );

  function holds(outcome: Outcome | Probe): void {
    if ('detail' in outcome) {
      // It goes into a text column of the ledger, and must not carry what people wrote.
      expect(outcome.detail).toMatch(/^[\w .:’-]{1,100}$/);
    }
    if ('until' in outcome) {
      const ahead = outcome.until.getTime() - NOW.getTime();
      expect(ahead).toBeGreaterThan(0);
      expect(ahead).toBeLessThanOrEqual(25 * 3_600_000);
    }
  }

  it('has an outcome, and its waits end ahead of now and within 25 hours', () => {
    fc.assert(
      fc.property(status, headers, body, (number, named, text) => {
        const answer = { kind: 'answer', status: number, headers: named, body: text } as const;
        holds(classify(answer, NOW, urlOf));
        holds(classifyProbe(answer, NOW));
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('is posted only with a readable id, and only by a 2xx', () => {
    // Every other one is close to what X says of a post, so that many are taken for one.
    const close = fc.tuple(fc.constantFrom(200, 201, 202, 400), headers, post.map(toJson));
    const any = fc.oneof(close, fc.tuple(status, headers, body));
    fc.assert(
      fc.property(any, ([number, named, text]) => {
        const answer = { kind: 'answer', status: number, headers: named, body: text } as const;
        const outcome = classify(answer, NOW, urlOf);
        expect(outcome).toHaveProperty('kind');
        if (outcome.kind !== 'posted') return;
        expect(number).toBeGreaterThanOrEqual(200);
        expect(number).toBeLessThan(300);
        expect(outcome.id).toMatch(/^[0-9]{1,20}$/);
        expect(JSON.parse(text)).toMatchObject({ data: { id: outcome.id } });
        expect(outcome.url).toBe(`https://x.example/${outcome.id}`);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
