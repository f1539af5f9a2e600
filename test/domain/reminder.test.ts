import { describe, expect, it } from 'vitest';
import { mailAddress, serverName } from '../../src/domain/mail-address.ts';
import { mayRetryMail, nextMailAt } from '../../src/domain/reminder.ts';

describe('a mail that was not taken', () => {
  it.each([
    ['a recipient that does not exist', { code: 'EENVELOPE', reply: 550 }, false],
    ['a recipient that is to be tried later', { code: 'EENVELOPE', reply: 451 }, true],
    ['a message that is refused', { code: 'EMESSAGE', reply: 554 }, false],
    ['a message that is to be tried later', { code: 'EMESSAGE', reply: 452 }, true],
    ['our password, which an operator can mend', { code: 'EAUTH', reply: 535 }, true],
    ['a server that is away', { code: 'ESOCKET', reply: 0 }, true],
  ])('for %s', (_why, trouble, again) => {
    expect(mayRetryMail(trouble)).toBe(again);
  });

  it('is tried again after a second at the soonest, and a minute and a second at the latest', () => {
    const now = new Date('2027-07-10T08:00:00Z');
    const waits = [1, 5, 30].flatMap((attempt) =>
      [0, 0.999].map((chance) => nextMailAt(now, attempt, () => chance).getTime() - now.getTime()),
    );
    expect(Math.min(...waits)).toBe(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(61_000);
  });
});

describe('an e-mail address', () => {
  it.each([
    [' Anna.B+x@Example.ORG ', 'Anna.B+x@example.org'],
    ['anna@bücher.example', 'anna@xn--bcher-kva.example'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(mailAddress(typed)).toBe(kept);
  });

  it.each([
    '',
    'anna',
    '@example.org',
    'anna@',
    'anna@localhost',
    'anna@127.0.0.1',
    'a@b@example.org',
    'anna@example.org, b@example.org',
    'anna@example.org\r\nBcc: x@example.org',
    '"a b"@example.org',
    '<anna@example.org>',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(250)}.org`,
  ])('%j is none', (typed) => {
    expect(mailAddress(typed)).toBeNull();
  });
});

describe('the name of a server', () => {
  it.each([
    ['mastodon.social', 'mastodon.social'],
    ['https://Mastodon.Social/home?x=1', 'mastodon.social'],
    ['@anna@chaos.example', 'chaos.example'],
    ['anna@chaos.example', 'chaos.example'],
  ])('%s is read as %s', (typed, host) => {
    expect(serverName(typed)).toBe(host);
  });

  it.each(['', 'anna', 'localhost', '127.0.0.1', '[::1]', 'a b.example', 'evil.example:8080'])(
    '%j is none',
    (typed) => {
      expect(serverName(typed)).toBeNull();
    },
  );
});
