import fc from 'fast-check';
import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { classifyFailure } from '../../../src/platforms/x/classify.ts';

const NOW = new Date('2027-03-01T12:00:00.500Z');
const seconds = (ahead: number): string => String(Math.floor(NOW.getTime() / 1000) + ahead);
const problem = (name: string): object => ({ type: `https://api.twitter.com/2/problems/${name}` });
const code = (number: number): object => ({ errors: [{ code: number, message: 'as X says' }] });

/** The library's error for an answer, whatever its body and headers. */
function answer(status: number, data: unknown, headers: object = {}): ApiResponseError {
  const parts = { code: status, data, headers, rateLimit: undefined };
  return new ApiResponseError('Request failed', parts as unknown as Answered);
}
type Answered = ConstructorParameters<typeof ApiResponseError>[1];

function failure(error: object): ApiRequestError {
  type Failed = ConstructorParameters<typeof ApiRequestError>[1];
  return new ApiRequestError('Request failed.', { error } as unknown as Failed);
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
    [404, problem('resource-not-found'), 'refused text_invalid'],
    [404, HTML, 'unknown'],
    [429, problem('usage-capped'), 'refused app_problem'],
    [429, code(88), 'wait'],
    [429, HTML, 'wait'],
    [500, { title: 'Internal Server Error', status: 500 }, 'unknown'],
    [502, HTML, 'unknown'],
    [503, { title: 'Service Unavailable', status: 503 }, 'wait'],
    [503, HTML, 'unknown'],
    [504, HTML, 'unknown'],
    [520, {}, 'unknown'],
  ];
  for (const [status, body, expected] of rows) {
    it(`${status} ${JSON.stringify(body)}: ${expected}`, () => {
      // Bodies come as the text they are, and are read here.
      for (const data of [body, JSON.stringify(body)]) {
        const outcome = classifyFailure(answer(status, data), NOW);
        expect('reason' in outcome ? `refused ${outcome.reason}` : outcome.kind).toBe(expected);
      }
    });
  }

  const limits: [string, object, 'wait' | 'throttled', number][] = [
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
      const outcome = classifyFailure(answer(429, code(88), headers), NOW);
      expect(outcome.kind).toBe(kind);
      expect(('until' in outcome ? outcome.until.getTime() : 0) - NOW.getTime()).toBe(ahead * 1000);
    });
  }
});

describe('what no answer means', () => {
  it('is not sent when the connection never came about', () => {
    for (const name of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED']) {
      const outcome = classifyFailure(failure({ code: name }), NOW);
      expect(outcome).toEqual({ kind: 'not_sent', detail: name });
    }
    const outcome = classifyFailure(failure({ code: 'ETIMEDOUT', syscall: 'connect' }), NOW);
    expect(outcome).toEqual({ kind: 'not_sent', detail: 'ETIMEDOUT' });
  });

  it('is unknown for everything else', () => {
    const partial = new ApiPartialResponseError('broken', {} as unknown as never);
    const errors = [
      failure({ code: 'ECONNRESET' }),
      failure({ code: 'ETIMEDOUT', syscall: 'read' }),
      failure({ name: 'AbortError' }),
      failure({}),
      partial,
      new TypeError('a bug'),
      'text',
      null,
      undefined,
    ];
    for (const error of errors) expect(classifyFailure(error, NOW).kind).toBe('unknown');
  });
});

describe('any answer whatever', () => {
  const header = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.constantFrom('0', seconds(60), seconds(90_000), seconds(91_000)),
    fc.array(fc.string()),
    fc.constant(undefined),
  );
  const headers = fc.oneof(
    fc.constant(undefined),
    fc.dictionary(
      fc.constantFrom(
        'x-rate-limit-reset',
        'x-app-limit-24hour-remaining',
        'x-app-limit-24hour-reset',
        'x-user-limit-24hour-remaining',
        'x-user-limit-24hour-reset',
      ),
      header,
    ),
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
  const body = fc.oneof(
    fc.anything(),
    fc.string(),
    fc.json(),
    likeX,
    likeX.map((value) => JSON.stringify(value)),
  );
  const status = fc.oneof(
    fc.integer({ min: 100, max: 599 }),
    fc.constantFrom(400, 401, 403, 429, 503),
  );

  function holds(outcome: Outcome): void {
    expect(outcome.kind).not.toBe('posted');
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
      fc.property(status, headers, body, (number, named, data) => {
        holds(classifyFailure(answer(number, data, named), NOW));
      }),
      { numRuns: 2_000 },
    );
  });
});
