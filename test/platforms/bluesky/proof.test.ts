import { expect, it } from 'vitest';
import { classify } from '../../../src/platforms/bluesky/classify.ts';
import { classifyProbe } from '../../../src/platforms/bluesky/probe.ts';
import { OutOfOrder } from '../../../src/platforms/platform.ts';
import { tokenFailure } from '../../../src/platforms/refusal.ts';

const REFUSED = {
  kind: 'answer',
  status: 401,
  headers: { 'www-authenticate': 'DPoP error="invalid_dpop_proof"' },
  body: '{"error":"invalid_dpop_proof","message":"DPoP proof iat is too far in the future"}',
} as const;
const NOW = new Date('2026-11-30T11:00:00Z');

it('A2 takes a refused proof for a wrong clock or app, at the moment and before', () => {
  const expected = { uri: 'at://did:plc:a/app.bsky.feed.post/k', url: 'https://bsky.app/a' };
  expect(classify(REFUSED, NOW, expected)).toMatchObject({
    kind: 'refused',
    reason: 'app_problem',
    detail: '401 invalid_dpop_proof',
  });
  expect(classifyProbe(REFUSED, 'did:plc:a', NOW)).toMatchObject({ kind: 'app_problem' });
});

it('names a nonce that was too old as a trouble of the network, by its code word', () => {
  const refusal = { status: 400, headers: {}, error: 'use_dpop_nonce' };
  const failure = tokenFailure('The server', refusal);
  expect(failure).toBeInstanceOf(OutOfOrder);
  expect(failure.message).toBe('The server answered 400 use_dpop_nonce');
});
