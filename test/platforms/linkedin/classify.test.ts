import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { ResponseHeaders } from '../../../src/outbound/wire/sender.ts';
import { classify } from '../../../src/platforms/linkedin/classify.ts';
import { classifyProbe } from '../../../src/platforms/linkedin/probe.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

const NOW = new Date('2027-03-01T12:00:00.500Z');
const URN = 'urn:li:share:7141138937766391808';
const HTML = '<html><body>An intermediary speaks</body></html>';
const urlOf = (urn: string): string => `https://linkedin.example/${urn}`;

function outcomeOf(status: number, body: unknown, headers: ResponseHeaders = {}): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return classify({ kind: 'answer', status, headers, body: text }, NOW, urlOf);
}

const input = (code: string) => ({ errorDetails: { inputErrors: [{ code }] }, status: 422 });
const throttle = (whose: string) => ({
  serviceErrorCode: 101,
  status: 429,
  message: `Resource level throttle ${whose} limit for calls to this resource is reached.`,
});

describe('what an answer of LinkedIn means', () => {
  const rows: [number, unknown, ResponseHeaders, string][] = [
    [201, '', { 'x-restli-id': URN }, 'posted'],
    [201, '', { 'x-restli-id': 'urn:li:ugcPost:12' }, 'posted'],
    [201, '', {}, 'unknown'],
    [201, '', { 'x-restli-id': 'urn:li:person:12' }, 'unknown'],
    [201, HTML, {}, 'unknown'],
    [200, '{}', { 'x-restli-id': URN }, 'unknown'],
    [302, '', { 'x-restli-id': URN }, 'unknown'],
    [400, { status: 400, message: 'wrong' }, {}, 'refused text_invalid'],
    [400, { code: 'VERSION_MISSING' }, {}, 'refused app_problem'],
    [400, HTML, {}, 'unknown'],
    [401, { serviceErrorCode: 65601, code: 'REVOKED_ACCESS_TOKEN' }, {}, 'reconnect'],
    [401, HTML, {}, 'reconnect'],
    [402, '', {}, 'refused app_problem'],
    [403, { serviceErrorCode: 100, code: 'ACCESS_DENIED' }, {}, 'refused app_problem'],
    [403, HTML, {}, 'unknown'],
    [404, { code: 'RESOURCE_NOT_FOUND' }, {}, 'refused app_problem'],
    [404, HTML, {}, 'unknown'],
    [409, { status: 409 }, {}, 'unknown'],
    [422, input('DUPLICATE_POST'), {}, 'refused duplicate'],
    [422, { message: `x.y: Content is a duplicate of ${URN}` }, {}, 'refused duplicate'],
    [422, input('FIELD_LENGTH_TOO_LONG'), {}, 'refused text_invalid'],
    [426, { code: 'NONEXISTENT_VERSION' }, {}, 'refused app_problem'],
    [426, '', {}, 'refused app_problem'],
    [429, throttle('MEMBER DAY'), {}, 'wait'],
    [429, throttle('APPLICATION_AND_MEMBER DAY'), {}, 'wait'],
    [429, throttle('APPLICATION DAY'), {}, 'throttled'],
    [429, HTML, {}, 'wait'],
    [500, { status: 500 }, {}, 'unknown'],
    [503, { message: 'Service Unavailable' }, {}, 'unknown'],
    [504, HTML, {}, 'unknown'],
  ];
  for (const [status, body, headers, expected] of rows) {
    it(`${status} ${JSON.stringify(body).slice(0, 90)}: ${expected}`, () => {
      const outcome = outcomeOf(status, body, headers);
      expect('reason' in outcome ? `refused ${outcome.reason}` : outcome.kind).toBe(expected);
    });
  }

  it('waits until the day is over in UTC for a day’s limit, and a minute for any other', () => {
    const until = (body: unknown, headers?: ResponseHeaders) => {
      const outcome = outcomeOf(429, body, headers);
      return 'until' in outcome ? outcome.until.toISOString() : '';
    };
    for (const whose of ['MEMBER DAY', 'APPLICATION_AND_MEMBER DAY', 'APPLICATION DAY']) {
      expect(until(throttle(whose))).toBe('2027-03-02T00:00:30.000Z');
    }
    expect(until(throttle('BURST'))).toBe('2027-03-01T12:01:00.500Z');
    expect(until(HTML, { 'retry-after': '7' })).toBe('2027-03-01T12:00:07.500Z');
  });

  it('tells what has left from what has not', () => {
    for (const left of [true, false]) {
      const outcome = classify({ kind: 'no_answer', left, code: 'TIMEOUT' }, NOW, urlOf);
      expect(outcome).toEqual({ kind: left ? 'unknown' : 'not_sent', detail: 'TIMEOUT' });
    }
  });

  it('has an outcome for any answer, without names or prose in it', () => {
    const likely = fc.record(
      {
        status: fc.jsonValue(),
        code: fc.oneof(fc.jsonValue(), fc.constantFrom('NONEXISTENT_VERSION', URN)),
        serviceErrorCode: fc.oneof(fc.jsonValue(), fc.double()),
        message: fc.oneof(fc.jsonValue(), fc.constantFrom(URN, throttle('MEMBER DAY').message)),
        errorDetails: fc.oneof(
          fc.jsonValue(),
          fc.record({ inputErrors: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())) }),
        ),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      likely.map((value) => JSON.stringify(value)),
    );
    const name = fc.constantFrom('x-restli-id', 'retry-after', 'date', 'x-rate-limit-reset');
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.constantFrom(URN, '9'));
    const status = fc.oneof(
      fc.integer({ min: 0, max: 999 }),
      fc.constantFrom(201, 400, 401, 403, 422, 429, 503),
    );
    fc.assert(
      fc.property(status, fc.dictionary(name, value), body, (number, headers, text) => {
        const answer = { kind: 'answer', status: number, headers, body: text } as const;
        for (const outcome of [classify(answer, NOW, urlOf), classifyProbe(answer, NOW)]) {
          if ('detail' in outcome) expect(outcome.detail).toMatch(/^[\w -]{1,120}$/);
          if ('until' in outcome) {
            const ahead = outcome.until.getTime() - NOW.getTime();
            expect(ahead).toBeGreaterThan(0);
            expect(ahead).toBeLessThanOrEqual(25 * 3_600_000);
          }
          if (outcome.kind === 'posted') expect(number).toBe(201);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
