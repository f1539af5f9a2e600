import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { normaliseLocator, parseLocatorUser } from '../../src/domain/account-locator.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';

describe('what a supporter types for their server', () => {
  test.each([
    ['social.example', 'social.example'],
    [' Social.Example ', 'social.example'],
    ['me@social.example', 'social.example'],
    ['@me@social.example', 'social.example'],
    ['acct:me@social.example', 'social.example'],
    ['https://social.example', 'social.example'],
    ['https://social.example/', 'social.example'],
    ['HTTPS://Social.Example/@me', 'social.example'],
    ['social.example/@me', 'social.example'],
    ['https://social.example/@me@other.example?a=b#c', 'social.example'],
    ['https://me:secret@social.example/about', 'social.example'],
    ['social.example.', 'social.example'],
    ['//social.example/', 'social.example'],
    ['social.example:8443', 'social.example:8443'],
    ['ｓｏｃｉａｌ．ｅｘａｍｐｌｅ', 'social.example'],
    ['социум.example', 'социум.example'],
    ['', ''],
    [' @ ', ''],
  ])('%j is %j', (typed, tidy) => expect(normaliseLocator('server', typed)).toBe(tidy));
});

describe('what a supporter types for their handle', () => {
  test.each([
    ['me.social.example', 'me.social.example'],
    ['@Me.Social.Example', 'me.social.example'],
    ['\u202a@me.social.example\u202c', 'me.social.example'],
    ['https://app.example/profile/me.social.example', 'me.social.example'],
    ['https://app.example/profile/me.social.example/post/3k', 'me.social.example'],
    ['https://me.example/', 'me.example'],
    ['at://me.example', 'me.example'],
    ['did:plc:z72i7hdynmk6r22z27h6tvur', 'did:plc:z72i7hdynmk6r22z27h6tvur'],
    // An e-mail address is no handle, and is not made into one.
    ['me@mail.example', 'me@mail.example'],
    ['', ''],
  ])('%j is %j', (typed, tidy) => expect(normaliseLocator('handle', typed)).toBe(tidy));
});

const typed = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'a.Z@/:\\?#-_ \u200b．İßſ℀℠'.split('')) }),
  fc.webUrl(),
);
const asked = fc.constantFrom('nothing' as const, 'server' as const, 'handle' as const);
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const host = fc.tuple(label, label, label).map((labels) => labels.join('.'));

describe('whatever is typed', () => {
  it('is tidied for good at the first time', () => {
    fc.assert(
      fc.property(asked, typed, (ask, text) => {
        const once = normaliseLocator(ask, text);
        expect(normaliseLocator(ask, once)).toBe(once);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('comes out without white space, slashes or what cannot be seen', () => {
    fc.assert(
      fc.property(asked, typed, (ask, text) => {
        expect(normaliseLocator(ask, text)).not.toMatch(/[\s/?#\\\p{Cc}\p{Cf}]|^\.|\.$/u);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('leads to the same name in all its disguises', () => {
    const wraps: ((name: string) => string)[] = [
      (name) => name.toUpperCase(),
      (name) => ` ${name}\n`,
      (name) => `${name}.`,
      (name) => `${name}/`,
      (name) => `https://${name}/`,
      (name) => `@${name}`,
    ];
    fc.assert(
      fc.property(host, fc.constantFrom(...wraps), (name, wrap) => {
        expect(normaliseLocator('server', wrap(name))).toBe(name);
        expect(normaliseLocator('server', wrap(`me@${name}`))).toBe(name);
        expect(normaliseLocator('handle', wrap(name))).toBe(name);
        expect(normaliseLocator('nothing', wrap(name))).toBe('');
      }),
    );
  });
});

describe('the name before a server', () => {
  const rows: [string, string][] = [
    ['@me@example.org', 'me'],
    ['me@example.org', 'me'],
    [' @Me@Example.Org ', 'me'],
    ['\u200e@zoë@example.org', 'zoë'],
    ['example.org', ''],
    ['@example.org', ''],
    ['https://example.org/@me', ''],
    ['a@b@example.org', ''],
    ['', ''],
  ];
  for (const [typed, user] of rows) {
    it(`B6 ${JSON.stringify(typed)}: ${user}`, () => expect(parseLocatorUser(typed)).toBe(user));
  }
});
