import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { ResponseHeaders } from '../../../src/outbound/wire/response-parser.ts';
import { classifyGraphPost, classifyGraphProbe } from '../../../src/platforms/meta/classify.ts';
import type { Probe } from '../../../src/platforms/platform.ts';
import { classify } from '../../../src/platforms/threads/classify.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';
import { saidBy } from '../said-by.ts';

const NOW = new Date('2027-03-01T12:00:00.500Z');
const HTML = '<html><body>An intermediary speaks</body></html>';
const error = (code: number, subcode?: number, more = {}) => ({
  error: { code, error_subcode: subcode, message: 'as Meta says', ...more },
});

function outcomeOf(status: number, body: unknown, headers: ResponseHeaders = {}): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = { kind: 'answer', status, headers, body: text } as const;
  return classifyGraphPost(answer, NOW, (id) => `https://facebook.example/${id}`);
}

function named(outcome: Outcome | Probe): string {
  return 'reason' in outcome ? `refused ${outcome.reason}` : outcome.kind;
}

describe('what an answer of Meta means', () => {
  const rows: [number, unknown, string][] = [
    [200, { id: '61_122' }, 'posted'],
    [200, { id: 'x y' }, 'unknown'],
    [200, HTML, 'unknown'],
    [200, '{"id":"61', 'unknown'],
    [302, '', 'unknown'],
    [500, error(1), 'unknown'],
    [400, error(1), 'unknown'],
    [503, error(2, undefined, { is_transient: true }), 'unknown'],
    [502, HTML, 'unknown'],
    [400, HTML, 'unknown'],
    [401, HTML, 'unknown'],
    [400, { error: 'no' }, 'unknown'],
    [429, HTML, 'throttled'],
    [400, error(4), 'throttled'],
    [400, error(341), 'throttled'],
    [400, error(17), 'wait'],
    [400, error(32), 'wait'],
    [400, error(613), 'wait'],
    [400, error(100, 99, { is_transient: true }), 'wait'],
    [400, error(3), 'refused app_problem'],
    [400, error(101), 'refused app_problem'],
    [400, error(2500), 'refused app_problem'],
    [400, error(2635), 'refused app_problem'],
    [403, error(200, undefined, { message: 'API access blocked.' }), 'refused app_problem'],
    [400, error(100, 0, { message: 'Invalid appsecret_proof provided' }), 'refused app_problem'],
    [403, error(10), 'refused reauthorize'],
    [403, error(200), 'refused reauthorize'],
    [403, error(299), 'refused reauthorize'],
    [400, error(102), 'reconnect'],
    [400, error(190), 'reconnect'],
    [400, error(190, 458), 'reconnect'],
    [400, error(190, 460), 'reconnect'],
    [401, error(190, 463), 'reconnect'],
    [400, error(190, 467), 'reconnect'],
    [400, error(190, 459), 'refused account_locked'],
    [400, error(190, 464), 'refused account_locked'],
    [400, error(368), 'refused account_locked'],
    [400, error(10, 4279013), 'refused account_locked'],
    [400, error(9, 2207051), 'refused account_locked'],
    [400, error(9, 2207042), 'refused quota_user'],
    [400, error(506), 'refused duplicate'],
    [400, error(100), 'refused text_invalid'],
    [400, error(100, 33), 'refused reauthorize'],
    [400, error(190, 492), 'refused reauthorize'],
    [400, error(1609005), 'refused text_invalid'],
  ];
  for (const [status, body, expected] of rows) {
    it(`${status} ${JSON.stringify(body)}: ${expected}`, () => {
      expect(named(outcomeOf(status, body))).toBe(expected);
    });
  }

  it('waits as long as its headers say, five minutes where they say nothing, and never for nonsense', () => {
    const usage = (minutes: unknown) => ({
      'x-business-use-case-usage': JSON.stringify({
        '61': [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: minutes }],
        '62': [{ type: 'pages', estimated_time_to_regain_access: 1 }],
      }),
    });
    const until = (headers: ResponseHeaders) => {
      const outcome = outcomeOf(400, error(32), headers);
      return 'until' in outcome ? outcome.until.getTime() - NOW.getTime() : null;
    };
    expect(until(usage(19))).toBe(19 * 60_000);
    expect(until({})).toBe(5 * 60_000);
    expect(until(usage(1e9))).toBe(60_000);
    expect(until({ 'x-business-use-case-usage': '[null' })).toBe(5 * 60_000);
    expect(until({ 'retry-after': '30' })).toBe(30_000);
  });

  it('is not sent while no byte has left, and unknown from then on', () => {
    const none = (left: boolean) => classify({ kind: 'no_answer', left, code: 'TIMEOUT' }, NOW);
    expect(none(false)).toEqual({ kind: 'not_sent', detail: 'TIMEOUT' });
    expect(none(true)).toEqual({ kind: 'unknown', detail: 'TIMEOUT' });
  });

  it('is tried again in ten seconds where a container of Threads is not found', () => {
    const body = JSON.stringify(error(24, 4279009));
    const outcome = classify({ kind: 'answer', status: 400, headers: {}, body }, NOW);
    const until = new Date(NOW.getTime() + 10_000);
    expect(outcome).toEqual({ kind: 'wait', until, detail: '400 24 4279009' });
  });

  const probes: [number, unknown, string][] = [
    [200, { id: '1' }, 'alive'],
    [200, HTML, 'undecided'],
    [400, error(190, 463), 'dead'],
    [400, error(190, 459), 'barred account_locked'],
    [400, error(368), 'barred account_locked'],
    [403, error(10), 'dead'],
    [400, error(3), 'app_problem'],
    [400, error(4), 'throttled'],
    [500, error(1), 'undecided'],
    [502, HTML, 'undecided'],
  ];
  for (const [status, body, expected] of probes) {
    it(`tried: ${status} ${JSON.stringify(body)}: ${expected}`, () => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      expect(saidBy(classifyGraphProbe({ status, headers: {}, body: text }, NOW))).toBe(expected);
    });
  }
});

describe('any answer whatever', () => {
  const likeMeta = fc.record({
    error: fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          code: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
          error_subcode: fc.oneof(fc.integer(), fc.jsonValue()),
          is_transient: fc.jsonValue(),
          message: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    ),
  });
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    likeMeta.map((value) => JSON.stringify(value)),
    fc.record({ id: fc.jsonValue() }).map((value) => JSON.stringify(value)),
  );
  const value = fc.oneof(fc.string(), fc.json(), fc.constant(undefined));
  const names = fc.constantFrom('retry-after', 'x-business-use-case-usage', 'x-app-usage', 'date');
  const headers = fc.dictionary(names, value);
  const status = fc.oneof(fc.integer({ min: 0, max: 999 }), fc.constantFrom(200, 400, 403, 429));

  it('gives an outcome, and its waits end ahead of now and within 25 hours', () => {
    fc.assert(
      fc.property(status, headers, body, (number, some, text) => {
        const answer = { kind: 'answer', status: number, headers: some, body: text } as const;
        const known = Object.entries(some).flatMap(([name, one]) =>
          one === undefined ? [] : [[name, one]],
        );
        const probe = classifyGraphProbe(
          { status: number, headers: Object.fromEntries(known), body: text },
          NOW,
        );
        for (const outcome of [classify(answer, NOW), outcomeOf(number, text, some), probe]) {
          if ('detail' in outcome) expect(outcome.detail).toMatch(/^[\w .:-]{1,100}$/);
          if ('until' in outcome) {
            const ahead = outcome.until.getTime() - NOW.getTime();
            expect(ahead).toBeGreaterThan(0);
            expect(ahead).toBeLessThanOrEqual(25 * 3_600_000);
          }
          if (outcome.kind === 'posted') expect(number).toBeLessThan(300);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
