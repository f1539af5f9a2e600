import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { SendResult } from '../../../src/outbound/wire/sender.ts';
import { classify } from '../../../src/platforms/bluesky/classify.ts';
import { classifyProbe } from '../../../src/platforms/bluesky/probe.ts';
import { saidBy } from '../said-by.ts';

const NOW = new Date('2030-03-01T12:00:00.000Z');
const SOON = String(NOW.getTime() / 1_000 + 120);
const EXPECTED = { uri: 'at://did:plc:a/app.bsky.feed.post/b', url: 'https://bsky.example/b' };
const KINDS = ['posted', 'wait', 'throttled', 'refused', 'reconnect', 'unknown', 'not_sent'];

function answer(status: number, body: unknown, headers: Record<string, string> = {}): SendResult {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'answer', status, headers, body: text };
}

function said(outcome: Outcome): string {
  return outcome.kind === 'refused' ? `refused ${outcome.reason}` : outcome.kind;
}

describe('what an answer of a Bluesky server means', () => {
  const rows: [number, unknown, string][] = [
    [200, { uri: EXPECTED.uri, cid: 'c' }, 'posted'],
    [200, { uri: 'at://did:plc:other/app.bsky.feed.post/b' }, 'unknown'],
    [200, '<html>', 'unknown'],
    [204, '', 'unknown'],
    [302, '', 'unknown'],
    [400, { error: 'ExpiredToken' }, 'reconnect'],
    [400, { error: 'InvalidToken' }, 'reconnect'],
    [401, { error: 'invalid_token' }, 'reconnect'],
    [401, { error: 'AuthMissing' }, 'reconnect'],
    [401, '', 'reconnect'],
    [401, { error: 'use_dpop_nonce' }, 'wait'],
    [401, { error: 'AccountTakedown' }, 'refused account_suspended'],
    [401, { error: 'AccountDeactivated' }, 'refused account_inactive'],
    [403, { error: 'AccountNotFound' }, 'refused reauthorize'],
    [403, { error: 'ScopeMissingError' }, 'refused reauthorize'],
    [403, { error: 'Forbidden' }, 'refused reauthorize'],
    [400, { error: 'InvalidRequest', message: 'grapheme too big' }, 'refused text_invalid'],
    [
      400,
      { error: 'InvalidRequest', message: 'x: Account is deactivated' },
      'refused text_invalid',
    ],
    [400, { error: 'InvalidSwap' }, 'unknown'],
    [409, { error: 'Conflict' }, 'unknown'],
    [400, '<html>', 'unknown'],
    [403, '<html>', 'unknown'],
    [500, { error: 'InternalServerError' }, 'unknown'],
    [502, '<html>', 'unknown'],
    [503, { error: 'NotEnoughResources' }, 'unknown'],
    [504, '', 'unknown'],
  ];
  it.each(rows)('%i %j is %s', (status, body, expected) => {
    const outcome = classify(answer(status, body), NOW, EXPECTED);
    expect(said(outcome)).toBe(expected);
  });

  it.each([
    ['Account is deactivated', 'refused account_inactive'],
    ['Could not find repo: did:plc:a', 'refused reauthorize'],
  ])('B5 an older server, which has no code for it, says %s: %s', (message, expected) => {
    const outcome = classify(answer(400, { error: 'InvalidRequest', message }), NOW, EXPECTED);
    expect(said(outcome)).toBe(expected);
  });

  it('tells the limit of an address from the limit of an account, and until when', () => {
    const limited = (policy: string) =>
      classify(
        answer(
          429,
          { error: 'RateLimitExceeded' },
          { 'ratelimit-reset': SOON, 'ratelimit-policy': policy },
        ),
        NOW,
        EXPECTED,
      );
    const until = new Date(Number(SOON) * 1_000);
    expect(limited('3000;w=300')).toEqual({ kind: 'throttled', until, detail: '429 host' });
    expect(limited('5000;w=3600')).toEqual({ kind: 'wait', until, detail: '429 account' });
    expect(limited('nonsense')).toMatchObject({ kind: 'throttled', until });
    const bare = classify(answer(429, '<html>', { 'retry-after': '30' }), NOW, EXPECTED);
    expect(bare).toMatchObject({ until: new Date(NOW.getTime() + 30_000) });
  });

  it('knows whether a byte has left', () => {
    const lost = (left: boolean) =>
      classify({ kind: 'no_answer', left, code: 'ECONNRESET' }, NOW, EXPECTED).kind;
    expect([lost(true), lost(false)]).toEqual(['unknown', 'not_sent']);
  });

  it('gives an outcome for any answer, never blames the app, and repeats no prose', () => {
    const secret = 'zoe said so';
    const words = fc.oneof(
      fc.constantFrom('InvalidRequest', 'ExpiredToken', 'use_dpop_nonce', secret, '__proto__'),
      fc.string(),
      fc.jsonValue(),
    );
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      words.map((error) => JSON.stringify({ error, message: secret })),
    );
    const headers = fc.dictionary(
      fc.constantFrom('ratelimit-reset', 'ratelimit-policy', 'retry-after', 'date'),
      fc.oneof(fc.string(), fc.nat().map(String), fc.constant('3000;w=300')),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), bodies, headers, (status, body, given) => {
        const outcome = classify(answer(status, body, given), NOW, EXPECTED);
        expect(KINDS).toContain(outcome.kind);
        expect(JSON.stringify(outcome)).not.toContain(secret);
        expect(said(outcome)).not.toBe('refused app_problem');
        if ('until' in outcome) expect(outcome.until.getTime()).toBeGreaterThan(NOW.getTime());
        const probe = classifyProbe(answer(status, body, given), 'did:plc:a', NOW);
        expect(['alive', 'dead', 'barred', 'throttled', 'undecided']).toContain(probe.kind);
      }),
    );
  });
});

describe('B5 what an answer to getSession says about an account', () => {
  const did = 'did:plc:a';
  const rows: [number, unknown, string][] = [
    [200, { did, active: true }, 'alive'],
    [200, { did, active: false, status: 'suspended' }, 'dead account_suspended'],
    [200, { did, active: false, status: 'takendown' }, 'dead account_suspended'],
    [200, { did, active: false, status: 'deactivated' }, 'barred account_inactive'],
    [200, { did, active: false }, 'undecided'],
    [401, { error: 'AccountTakedown' }, 'dead account_suspended'],
    [400, { error: 'RepoSuspended' }, 'dead account_suspended'],
    [401, { error: 'AccountDeactivated' }, 'barred account_inactive'],
    [401, { error: 'AccountNotFound' }, 'dead'],
    [401, { error: 'use_dpop_nonce' }, 'undecided'],
    [401, { error: 'constructor' }, 'dead'],
  ];
  it.each(rows)('%i %j: %s', (status, body, expected) => {
    const probe = classifyProbe(answer(status, JSON.stringify(body), {}), did, NOW);
    expect(saidBy(probe)).toBe(expected);
  });
});
