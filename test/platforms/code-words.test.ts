import { describe, expect, it } from 'vitest';
import { errorWord } from '../../src/domain/error-word.ts';
import type { SendResult } from '../../src/outbound/wire/sender.ts';
import { classify as bluesky } from '../../src/platforms/bluesky/classify.ts';
import { codeWords } from '../../src/platforms/code-words.ts';
import { classify as linkedin } from '../../src/platforms/linkedin/classify.ts';
import { classify as mastodon } from '../../src/platforms/mastodon/classify.ts';
import { classifyGraphPost as graph } from '../../src/platforms/meta/classify.ts';
import { classify as nostr } from '../../src/platforms/nostr/classify.ts';
import { readOk } from '../../src/platforms/nostr/relay.ts';
import { classify as threads } from '../../src/platforms/threads/classify.ts';
import { classify as x } from '../../src/platforms/x/classify.ts';

const NOW = new Date('2030-03-01T12:00:00.000Z');
/** A post's or an account's number, as long as they are. */
const NUMBER = 1_790_000_000_042;
/** What a name can be taken for: a handle, a code in capitals, a name of an error, a prefix of NIP-01. */
const NAMES = ['planted_name', 'planted.name', 'PLANTED_NAME', 'PlantedName', 'planted-name'];

/** Every shape of error there is, with the name in each place that holds words. */
function bodiesWith(name: string): unknown[] {
  const texts = { message: name, detail: name, title: name, error_description: name };
  return [
    { ...texts, type: `https://api.twitter.com/2/problems/${name}`, reason: name, status: 403 },
    { ...texts, errors: [{ code: NUMBER, message: name }, { code: name }] },
    { ...texts, error: name, code: name, serviceErrorCode: NUMBER },
    { ...texts, code: name, errorDetails: { inputErrors: [{ code: name, description: name }] } },
    { error: { ...texts, code: NUMBER, error_subcode: NUMBER, type: name, fbtrace_id: name } },
    { ...texts, error_type: name, code: NUMBER },
    name,
  ];
}

function answersWith(name: string): SendResult[] {
  const headers = {
    'www-authenticate': `Bearer error="${name}", error_description="${name}"`,
    'x-planted': name,
  };
  return [200, 201, 302, 400, 401, 403, 404, 410, 422, 426, 429, 500, 503].flatMap((status) =>
    bodiesWith(name).map((body): SendResult => {
      return { kind: 'answer', status, headers, body: JSON.stringify(body) };
    }),
  );
}

describe('what is kept of an answer in clear', () => {
  const expected = { uri: 'at://did:plc:a/app.bsky.feed.post/b', url: 'https://bsky.example/b' };
  const post = { id: 'f'.repeat(64), url: 'https://nostr.example/f', createdAt: new Date(0) };
  const readers: Record<string, (result: SendResult) => unknown> = {
    bluesky: (result) => bluesky(result, NOW, expected),
    graph: (result) => graph(result, NOW, () => null),
    linkedin: (result) => linkedin(result, NOW, () => 'https://linkedin.example'),
    mastodon: (result) =>
      mastodon(result, NOW, { origin: 'https://one.example', user: 'somebody' } as never, {
        text: '',
      }),
    threads: (result) => threads(result, NOW),
    x: (result) => x(result, NOW, () => 'https://x.example'),
  };

  it.each(Object.keys(readers))('A4 of %s holds no word that the network made up', (network) => {
    const read = readers[network];
    let refusals = 0;
    for (const result of NAMES.flatMap(answersWith)) {
      const outcome = read?.(result) as { kind: string; detail?: string };
      if (outcome.kind === 'posted') continue;
      refusals += 1;
      expect(outcome.detail?.toLowerCase()).not.toContain('planted');
      expect(outcome.detail).not.toContain(String(NUMBER));
      expect(outcome.detail).not.toBe('');
    }
    expect(refusals).toBeGreaterThan(100);
  });

  it('A4 of relays holds no word that one made up', () => {
    for (const name of NAMES) {
      for (const words of [`${name}: ${name}`, `blocked: ${name}`, `${name}`, `pow: ${name}`]) {
        const outcome = nostr([readOk(false, words)], 1, post, NOW);
        expect('detail' in outcome && outcome.detail).toMatch(/^[a-z-]+ 1$/);
        expect(JSON.stringify(outcome)).not.toContain(name);
      }
    }
  });

  it('A4 names the words that are known, and says where there was another', () => {
    const known = new Set(['rate-limited']);
    expect(codeWords(403, ['rate-limited', '', 'alice', 326, NUMBER, 1.5], known)).toBe(
      '403 rate-limited other 326 other other',
    );
  });
});

describe('what the log has of an error', () => {
  it('A4 is a code, our own words or a kind, and nothing that came from outside', () => {
    const made = (() => {
      try {
        return JSON.parse('planted words');
      } catch (error) {
        return error;
      }
    })();
    const notFound = new Error('getaddrinfo ENOTFOUND planted.example');
    expect((made as Error).message).toContain('planted');
    expect([
      errorWord(made),
      errorWord(Object.assign(notFound, { code: 'ENOTFOUND' })),
      errorWord(new TypeError('https://planted.example')),
      errorWord(Object.assign(new Error('planted'), { name: 'ApiResponseError', code: 403 })),
      errorWord(new Error('The token endpoint answered 500')),
    ]).toEqual([
      'SyntaxError',
      'ENOTFOUND',
      'TypeError',
      'ApiResponseError 403',
      'The token endpoint answered 500',
    ]);
  });
});
