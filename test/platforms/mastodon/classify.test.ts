import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { ResponseHeaders } from '../../../src/outbound/wire/sender.ts';
import { classify, SHOWN_OTHERWISE } from '../../../src/platforms/mastodon/classify.ts';
import { classifyProbe } from '../../../src/platforms/mastodon/probe.ts';
import type { Probe } from '../../../src/platforms/platform.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';
import { saidBy } from '../said-by.ts';

const NOW = new Date('2027-03-01T12:00:00.500Z');
const FROM = { origin: 'https://social.example.org', software: 'mastodon' };
const TEXT = 'We *ring* the bell: https://example.org/a';
const HTML = '<html><body>An intermediary speaks</body></html>';
const says = (error: string): object => ({ error });
const iso = (seconds: number): string =>
  new Date(NOW.getTime() + seconds * 1000).toISOString().replace('Z', '123Z');

function answerOf(status: number, body: unknown, headers: ResponseHeaders = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'answer', status, headers, body: text } as const;
}

function named(outcome: Outcome): string {
  return 'reason' in outcome ? `refused ${outcome.reason}` : outcome.kind;
}

describe('what an answer of a server means', () => {
  const rows: [number, unknown, string, string][] = [
    [200, { id: '113', url: 'https://social.example.org/@a/113' }, 'posted', ''],
    [200, { id: '01HZX3Y', url: 'https://evil.example/' }, 'posted', ''],
    [200, { id: '' }, 'unknown', '200 without a readable id'],
    [200, { id: 113 }, 'unknown', '200 without a readable id'],
    [200, { id: '../113' }, 'unknown', '200 without a readable id'],
    [200, HTML, 'unknown', '200 without a readable id'],
    [200, 'null', 'unknown', '200 without a readable id'],
    [202, { id: '7' }, 'posted', ''],
    [301, '', 'unknown', '301'],
    [308, HTML, 'unknown', '308'],
    [400, says('invalid_request'), 'refused text_invalid', '400 invalid_request'],
    [400, HTML, 'unknown', '400'],
    [401, says('The access token is invalid'), 'reconnect', '401'],
    [401, says('invalid_token'), 'reconnect', '401 invalid_token'],
    [401, '', 'reconnect', '401'],
    [401, HTML, 'reconnect', '401'],
    [402, says('pay me'), 'refused platform_down', '402'],
    [403, says('Your login is currently disabled'), 'refused posting_barred', '403'],
    [403, says('Your login is currently pending approval'), 'refused account_pending', '403'],
    [
      403,
      says('Your login is missing a confirmed e-mail address'),
      'refused account_pending',
      '403',
    ],
    [403, says('Forbidden: your account has Moved'), 'refused account_moved', '403'],
    [403, says('This account is a memorial'), 'refused account_memorial', '403'],
    [403, says('Please agree to the Terms of Service'), 'refused terms_to_accept', '403'],
    [403, says('Empty statuses are not allowed'), 'refused no_text_posts', '403'],
    [403, {}, 'refused posting_barred', '403'],
    [403, says('Your account has been suspended'), 'refused account_suspended', '403'],
    [403, says('This action is not allowed'), 'refused posting_barred', '403'],
    [403, says('This action is outside the authorized scopes'), 'reconnect', '403'],
    [403, says('insufficient_scope'), 'reconnect', '403 insufficient_scope'],
    [403, HTML, 'unknown', '403'],
    [404, says('Record not found'), 'refused platform_down', '404'],
    [404, HTML, 'unknown', '404'],
    [410, says('Gone'), 'refused platform_down', '410'],
    [413, {}, 'refused text_invalid', '413'],
    [422, says('Validation failed: Text character limit'), 'refused text_invalid', '422'],
    [422, says('This method requires an authenticated user'), 'reconnect', '422'],
    [422, HTML, 'unknown', '422'],
    [500, { status: 500, error: 'Internal Server Error' }, 'unknown', '500'],
    [502, HTML, 'unknown', '502'],
    [503, says('There was a temporary problem'), 'unknown', '503'],
    [504, HTML, 'unknown', '504'],
  ];
  for (const [status, body, expected, detail] of rows) {
    it(`${status} ${JSON.stringify(body)}: ${expected}`, () => {
      const outcome = classify(answerOf(status, body), NOW, FROM, { text: TEXT });
      expect(named(outcome)).toBe(expected);
      expect('detail' in outcome ? outcome.detail : '').toBe(detail);
    });
  }

  // Misskey's kin (Sharkey, Firefish) hand Misskey's answer on, as a 401 whatever it is about.
  const misskey = (code: string): object => ({ error: { message: 'In words', code, id: 'a-b' } });
  it.each<[number, unknown, string]>([
    [403, says('Insufficient permissions: write:statuses.'), 'reconnect'],
    [403, says('Invalid credentials.'), 'reconnect'],
    [403, says('Your account is awaiting approval.'), 'refused account_pending'],
    [403, says("user isn't approved"), 'refused account_pending'],
    [401, misskey('AUTHENTICATION_FAILED'), 'reconnect'],
    [401, misskey('CREDENTIAL_REQUIRED'), 'reconnect'],
    [401, misskey('PERMISSION_DENIED'), 'reconnect'],
    [403, misskey('PERMISSION_DENIED'), 'reconnect'],
    [401, misskey('YOUR_ACCOUNT_SUSPENDED'), 'refused account_suspended'],
    [403, says('YOUR_ACCOUNT_SUSPENDED'), 'refused account_suspended'],
    [401, misskey('YOUR_ACCOUNT_MOVED'), 'refused account_moved'],
    [403, says('YOUR_ACCOUNT_MOVED'), 'refused account_moved'],
    [401, misskey('ROLE_PERMISSION_DENIED'), 'refused posting_barred'],
    [401, misskey('RATE_LIMIT_EXCEEDED'), 'wait'],
    [401, misskey('INVALID_PARAM'), 'refused text_invalid'],
    [400, misskey('CONTAINS_PROHIBITED_WORDS'), 'refused text_invalid'],
    [401, misskey('INTERNAL_ERROR'), 'unknown'],
    [401, misskey('SOMETHING_NEW'), 'unknown'],
  ])('B5 says what Pleroma and Misskey’s kin mean by %i %j: %s', (status, body, expected) => {
    expect(named(classify(answerOf(status, body), NOW, FROM, { text: TEXT }))).toBe(expected);
  });

  it('takes a post’s address from its own server alone', () => {
    const urlOf = (url: string): string | null => {
      const outcome = classify(answerOf(200, { id: '1', url }), NOW, FROM, { text: TEXT });
      return outcome.kind === 'posted' ? outcome.url : 'none';
    };
    for (const own of ['https://social.example.org/@a/1', 'https://example.org/@a/1']) {
      expect(urlOf(own)).toBe(own);
    }
    const others = ['https://evil.example/@a/1', 'http://social.example.org/@a/1', 'x', ''];
    for (const url of [...others, 'https://u@social.example.org/1', 'javascript:alert(1)']) {
      expect(urlOf(url), url).toBeNull();
    }
  });

  it('B16 notes when the content warning is not the one that was sent', () => {
    const detailOf = (spoiler_text: unknown, contentWarning?: string): unknown => {
      const content = '<p>Hear us.</p>';
      const sent = { text: 'Hear us.', ...(contentWarning !== undefined && { contentWarning }) };
      const outcome = classify(answerOf(200, { id: '1', content, spoiler_text }), NOW, FROM, sent);
      expect(outcome.kind).toBe('posted');
      return outcome.detail;
    };
    const warning = 'Torture & <killings>';
    expect(detailOf('')).toBeUndefined();
    expect(detailOf(undefined)).toBeUndefined();
    expect(detailOf(warning, warning)).toBeUndefined();
    // As servers show it that keep it as HTML.
    expect(detailOf('Torture &amp; &lt;killings&gt;', warning)).toBeUndefined();
    for (const shown of ['', undefined, null, 'Kittens']) {
      expect(detailOf(shown, warning)).toBe(SHOWN_OTHERWISE);
    }
    expect(detailOf('Kittens')).toBe(SHOWN_OTHERWISE);
  });

  it('notes when what stands there is not what was sent', () => {
    const link = '<a href="https://example.org/a">example.org/a</a>';
    const detailOf = (content: string): unknown => {
      const outcome = classify(answerOf(200, { id: '1', content }), NOW, FROM, { text: TEXT });
      expect(outcome.kind).toBe('posted');
      return outcome.detail;
    };
    expect(detailOf(`<p>We *ring* the bell: ${link}</p>`)).toBeUndefined();
    expect(detailOf('')).toBeUndefined();
    expect(detailOf(`<p>We <em>ring</em> the bell: ${link}</p>`)).toBe(SHOWN_OTHERWISE);
    expect(detailOf('<p>Something else</p>')).toBe(SHOWN_OTHERWISE);
  });

  const limits: [string, ResponseHeaders, string, string, number][] = [
    [
      'an ISO date',
      { 'x-ratelimit-limit': '300', 'x-ratelimit-reset': iso(700) },
      'mastodon',
      'wait',
      700,
    ],
    [
      'both',
      { 'x-ratelimit-limit': '300', 'x-ratelimit-reset': iso(60), 'retry-after': '90' },
      'mastodon',
      'wait',
      90,
    ],
    ['no date', { 'x-ratelimit-limit': '300' }, 'mastodon', 'wait', 300],
    [
      'nonsense',
      { 'x-ratelimit-limit': '300', 'x-ratelimit-reset': 'soon' },
      'mastodon',
      'wait',
      300,
    ],
    ['no limit of its own', {}, 'mastodon', 'throttled', 300],
    ['a gateway’s wait', { 'retry-after': '20' }, 'unknown', 'throttled', 20],
    [
      'an address’s limit',
      { 'x-ratelimit-limit': '300', 'x-ratelimit-reset': iso(30) },
      'gotosocial',
      'throttled',
      30,
    ],
  ];
  for (const [what, headers, software, kind, ahead] of limits) {
    it(`429 with ${what}: ${kind} for ${ahead} s`, () => {
      const limited = answerOf(429, says('Too many requests'), headers);
      const outcome = classify(limited, NOW, { ...FROM, software }, { text: TEXT });
      expect(outcome.kind).toBe(kind);
      expect(('until' in outcome ? outcome.until.getTime() : 0) - NOW.getTime()).toBe(ahead * 1000);
    });
  }

  it('is not sent while no byte has left, and unknown from then on', () => {
    for (const code of ['ECONNREFUSED', 'TIMEOUT', 'PRIVATE_ADDRESS']) {
      const given = (left: boolean): Outcome =>
        classify({ kind: 'no_answer', left, code }, NOW, FROM, { text: TEXT });
      expect(given(false)).toEqual({ kind: 'not_sent', detail: code });
      expect(given(true)).toEqual({ kind: 'unknown', detail: code });
    }
  });
});

describe('what an answer to "who am I" says about a grant', () => {
  const rows: [number, unknown, string][] = [
    [200, { id: '12' }, 'alive'],
    [200, { id: '12', moved: null, suspended: false, memorial: false, limited: false }, 'alive'],
    [200, { id: '12', moved: { id: '13' } }, 'dead account_moved'],
    [200, { id: '12', suspended: true }, 'dead account_suspended'],
    [200, { id: '12', memorial: true }, 'dead account_memorial'],
    [200, { id: '12', limited: true }, 'dead account_limited'],
    [403, says('You have to accept the new terms of service first'), 'dead terms_to_accept'],
    [403, says('Your login is currently pending approval'), 'barred account_pending'],
    [200, HTML, 'undecided'],
    [200, {}, 'undecided'],
    [302, '', 'undecided'],
    [401, says('The access token is invalid'), 'dead'],
    [401, '', 'dead'],
    [401, HTML, 'undecided'],
    [403, says('Your login is currently disabled'), 'barred posting_barred'],
    [403, says('This action is outside the authorized scopes'), 'dead'],
    [403, HTML, 'undecided'],
    [404, HTML, 'undecided'],
    [422, says('This method requires an authenticated user'), 'dead'],
    [429, says('Too many requests'), 'throttled'],
    [500, {}, 'undecided'],
    [503, HTML, 'undecided'],
  ];
  for (const [status, body, kind] of rows) {
    it(`${status} ${JSON.stringify(body)}: ${kind}`, () => {
      expect(saidBy(classifyProbe(answerOf(status, body), NOW))).toBe(kind);
    });
  }
});

it.each<[number, unknown, string]>([
  [403, says('Insufficient permissions: read:accounts.'), 'dead'],
  [403, says('Invalid credentials.'), 'dead'],
  [401, { error: { code: 'AUTHENTICATION_FAILED' } }, 'dead'],
  [401, { error: { code: 'YOUR_ACCOUNT_SUSPENDED' } }, 'dead account_suspended'],
  [401, { error: { code: 'YOUR_ACCOUNT_MOVED' } }, 'dead account_moved'],
  [401, { error: { code: 'RATE_LIMIT_EXCEEDED' } }, 'throttled'],
  [401, { error: { code: 'INTERNAL_ERROR' } }, 'undecided'],
])(
  'B5 a look at an account that Pleroma or Misskey’s kin answer with %i %j: %s',
  (status, body, kind) => {
    expect(saidBy(classifyProbe(answerOf(status, body), NOW))).toBe(kind);
  },
);

describe('any answer whatever', () => {
  const value = fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('0', iso(60)));
  const names = [
    'retry-after',
    'date',
    'x-ratelimit-reset',
    'x-ratelimit-limit',
    'www-authenticate',
  ];
  const headers = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...names)), value);
  const likely = fc.record(
    { id: fc.jsonValue(), error: fc.jsonValue(), url: fc.oneof(fc.jsonValue(), fc.webUrl()) },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    likely.map((fields) => JSON.stringify(fields)),
  );
  const status = fc.oneof(
    fc.integer({ min: 0, max: 999 }),
    fc.constantFrom(200, 401, 403, 404, 422, 429, 500, 503),
  );

  function holds(outcome: Outcome | Probe): void {
    if ('detail' in outcome) expect(outcome.detail).toMatch(/^[\w .:’-]{1,100}$/);
    if ('until' in outcome) {
      const ahead = outcome.until.getTime() - NOW.getTime();
      expect(ahead).toBeGreaterThan(0);
      expect(ahead).toBeLessThanOrEqual(25 * 3_600_000);
    }
  }

  it('has an outcome; it is posted only by a 2xx with an id; and nothing stops the other servers', () => {
    fc.assert(
      fc.property(status, headers, body, (number, all, text) => {
        const answer = { kind: 'answer', status: number, headers: all, body: text } as const;
        const outcome = classify(answer, NOW, FROM, { text: TEXT });
        holds(outcome);
        holds(classifyProbe(answer, NOW));
        expect(named(outcome)).not.toBe('refused app_problem');
        if (outcome.kind !== 'posted') return;
        expect(Math.floor(number / 100)).toBe(2);
        expect(JSON.parse(text).id).toBe(outcome.id);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
