import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseLocator } from '../../src/domain/account-locator.ts';
import { guessLocator } from '../../src/domain/guess-locator.ts';
import { KNOWN_SERVERS } from '../../src/platforms/mastodon/known-servers.ts';

const HANDLES = ['bsky.social'];
const server = (typed: string, refused = false) =>
  guessLocator('server', typed, KNOWN_SERVERS, refused);
const handle = (typed: string, refused = false) => guessLocator('handle', typed, HANDLES, refused);

describe('a server that was mistyped', () => {
  test.each([
    ['mastodon.socail', 'mastodon.social'],
    ['@zoe@mastodn.social', 'mastodon.social'],
    ['https://mastodom.online/@zoe', 'mastodon.online'],
    ['mastodon', 'mastodon.social'],
  ])('%s may be %s', (typed, meant) => expect(server(typed)).toBe(meant));

  test.each(['mastodon.social', 'mastodon.example.org', 'rivers.example', '', ' @ '])(
    '%j is taken as it is',
    (typed) => expect(server(typed)).toBeNull(),
  );

  test('the guess is bolder once nothing is known to be there', () => {
    expect(server('fosstodn.orgg')).toBeNull();
    expect(server('fosstodn.orgg', true)).toBe('fosstodon.org');
    expect(server('rivers.example', true)).toBeNull();
  });

  test('a known one is never doubted, and a guess is always a known one', () => {
    for (const name of KNOWN_SERVERS) {
      expect([server(name), server(name, true)]).toEqual([null, null]);
      expect(normaliseLocator('server', name)).toBe(name);
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.boolean(), (typed, refused) => {
        const guess = server(typed, refused);
        expect(guess === null || KNOWN_SERVERS.includes(guess)).toBe(true);
      }),
    );
  });
});

describe('a handle that was mistyped', () => {
  test.each([
    ['zoe@bsky.social', 'zoe.bsky.social'],
    ['zoe.bsky.socail', 'zoe.bsky.social'],
    ['zoe.bsky', 'zoe.bsky.social'],
  ])('%s may be %s', (typed, meant) => expect(handle(typed)).toBe(meant));

  test.each(['zoe.bsky.social', 'zoe.example', 'example.org', ''])(
    '%j is taken as it is',
    (typed) => expect(handle(typed)).toBeNull(),
  );

  test.each([
    'zoe',
    '@zoe',
    'blren',
    'localhost',
    `did:plc:${'a'.repeat(24)}`,
    'did:web:example.org',
  ])('B11 %j is taken as it is, and no guess is made once it leads nowhere', (typed) =>
    expect([handle(typed), handle(typed, true)]).toEqual([null, null]),
  );
});
