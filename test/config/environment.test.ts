import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../config/config.ts';
import { readEnvironment } from '../../config/env.ts';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { tempFolder } from '../support/temp.ts';

let DATA_DIR: string;
beforeAll(async () => {
  DATA_DIR = await tempFolder('data');
});

function load(environment: Record<string, string> = {}): Config {
  return loadConfig({ DATA_DIR, ...environment });
}

/** What a configuration is refused with: one line. */
function refusal(environment: Record<string, string>): string {
  try {
    load(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    const { message } = error as Error;
    expect(message.split('\n')).toHaveLength(1);
    return message;
  }
  return 'it was taken';
}

describe('with nothing set', () => {
  it('is the embedded instance on this machine alone', () => {
    expect(readEnvironment({})).toMatchObject({ DATA_DIR: './data', PORT: 3000 });
    expect(load()).toMatchObject({
      http: {
        host: '127.0.0.1',
        port: 3000,
        baseUrl: 'http://127.0.0.1:3000',
        trustProxy: [],
      },
      databaseUrl: null,
      redisUrl: null,
      soleOperator: false,
      delivery: { lockLeadMs: 120_000, armLeadMs: 60_000, tooLateMs: 7_200_000 },
      platforms: { x: { apiUrl: 'https://api.x.com', clientSecret: null } },
    });
  });

  it('takes an empty variable as one that is not set', () => {
    expect(load({ PORT: '', LOG_LEVEL: '', DATABASE_URL: '' })).toEqual(load());
  });
});

/** Networks that take in half of the Internet or more. */
const TRUSTS_EVERYBODY = [
  '0.0.0.0/1,128.0.0.0/1',
  '::/1,8000::/1',
  '0.0.0.0/1',
  '::/0',
  '1.2.3.4/0',
  '2000::/3',
  '2000::/4',
  '2000::/5,10.0.0.0/8,2800::/5',
  '::ffff:0:0/96',
  '::ffff:0:0/97,128.0.0.0/2,192.0.0.0/3',
  // All but 0.0.0.0/4, in pieces, and some of them twice.
  '16.0.0.0/4, 32.0.0.0/3,64.0.0.0/2,loopback,128.0.0.0/1,64.0.0.0/2',
  Array.from({ length: 200 }, (_, index) => `${index + 20}.0.0.0/8`).join(','),
];

describe('what is set', () => {
  it('is read with its unit', () => {
    const config = load({
      PORT: '8080',
      SOLE_OPERATOR: 'true',
      LOCK_LEAD_SECONDS: '2.5',
      ARM_LEAD_SECONDS: '1.5',
      X_TIMEOUT_MS: '2500',
      TRUST_PROXY: ' loopback, 10.0.0.0/8 ,2001:db8::1',
    });
    expect(config).toMatchObject({
      http: { port: 8080, trustProxy: ['loopback', '10.0.0.0/8', '2001:db8::1'] },
      soleOperator: true,
      delivery: { lockLeadMs: 2_500, armLeadMs: 1_500 },
      platforms: { x: { timeoutMs: 2_500 } },
    });
  });

  it('may be one address that mails come from, with or without a name', () => {
    const names = ['a@b', 'Reminders <a@b>', '<a@b>', '"Doe, Jane" <jane@bücher.example>'];
    for (const MAIL_FROM of names) expect(load({ MAIL_FROM }).mail.from).toBe(MAIL_FROM);
  });

  it.each([
    // Many large networks, as those of a CDN are.
    [...Array.from({ length: 100 }, (_, index) => `${index + 20}.0.0.0/8`), '2600::/12'],
    ['10.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', 'fc00::/7', 'uniquelocal', 'loopback'],
    ['::ffff:10.0.0.0/104', '2001:db8::1', '::1'],
  ])('trusts proxies in large networks that are far from everybody: %s', (...proxies) => {
    expect(load({ TRUST_PROXY: proxies.join(',') }).http.trustProxy).toEqual(proxies);
  });

  it('gives hosts in a private network as a URL has them, with the usual port of https left out', () => {
    const PRIVATE_HOSTS =
      ' Social.LAN,social.lan:443, bücher.lan:080, 127.1:4000,[0:0::1]:4000, localhost:4000, a_b.lan';
    expect(load({ PRIVATE_HOSTS }).platforms.privateHosts).toEqual([
      ...['social.lan', 'social.lan', 'xn--bcher-kva.lan:80', '127.0.0.1:4000', '[::1]:4000'],
      ...['localhost:4000', 'a_b.lan'],
    ]);
  });

  it.each([
    [{ BASE_URL: 'https://tocsin.example/' }, 'https://tocsin.example'],
    [{ BASE_URL: 'http://localhost:8080' }, 'http://localhost:8080'],
    [{ BASE_URL: 'HTTPS://Tocsin.Example:443' }, 'https://tocsin.example'],
    [{ HOST: '0.0.0.0', PORT: '80' }, 'http://127.0.0.1:80'],
    [{ HOST: '::1' }, 'http://[::1]:3000'],
    [{ PORT: '0' }, null],
  ])('gives the public address: %o', (environment, url) => {
    expect(load(environment).http.baseUrl).toBe(url);
  });

  it.each([
    ...['many', '65536', '-1', '0x1F', '1e3', '+5', '3,000', '3000.5', '٣٠٠٠', 'Infinity'].map(
      (PORT): [Record<string, string>, RegExp] => [
        { PORT },
        /^PORT: ".+" is not a whole number from 0 to 65535, in plain digits; write for example PORT=3000$/,
      ],
    ),
    ...['yes', '1', 'TRUE', 'on'].map((SOLE_OPERATOR): [Record<string, string>, RegExp] => [
      { SOLE_OPERATOR },
      /^SOLE_OPERATOR: ".+" is not true or false; write for example SOLE_OPERATOR=true$/,
    ]),
    [{ SHARD_SIZE: '49' }, /^SHARD_SIZE: "49" is not a whole number from 50 to 500, /],
    ...['0', '2 minutes', '86401', '1e2', '.5'].map(
      (LOCK_LEAD_SECONDS): [Record<string, string>, RegExp] => [
        { LOCK_LEAD_SECONDS },
        /^LOCK_LEAD_SECONDS: ".+" is not a number above 0, up to 86400, in plain digits; .*=120$/,
      ],
    ),
    [{ RECONCILE_DELAY_SECONDS: '4.9' }, /^RECONCILE_DELAY_SECONDS: "4.9" .*from 5 to 3600/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: "loud" is not one of fatal, .*silent; .*LOG_LEVEL=info$/],
    [{ LOG_LEVEL: 'INFO' }, /^LOG_LEVEL: "INFO" is not one of/],
    [{ LOG_LEVEL: 'a\nb' }, /^LOG_LEVEL: "a\\nb" is not one of/],
    [{ LOG_LEVEL: 'a'.repeat(200) }, /^LOG_LEVEL: "a{80}…" is not one of/],
    [
      { MASTODON_QUOTES: 'all' },
      /^MASTODON_QUOTES: "all" is not one of public, followers, nobody; .*=public$/,
    ],
    [{ LINKEDIN_VERSION: '202613' }, /^LINKEDIN_VERSION: "202613" is not .*YYYYMM; .*=20\d{4}$/],
    [{ FACEBOOK_VERSION: '26' }, /^FACEBOOK_VERSION: "26" is not a version.*=v26.0$/],
    [{ CRASH_AT: 'Now!' }, /^CRASH_AT: "Now!" is not a POINT or POINT:N; .*CRASH_AT=after-mark:1$/],
    [{ ARM_LEAD_SECONDS: '300' }, /^ARM_LEAD_SECONDS: 300 .*LOCK_LEAD_SECONDS, which is 120/],
    [{ LOCK_LEAD_SECONDS: '30' }, /^LOCK_LEAD_SECONDS: 30 .*ARM_LEAD_SECONDS, which is 60/],
    ...['60', '120'].map((PREFLIGHT_AGAIN_SECONDS): [Record<string, string>, RegExp] => [
      { PREFLIGHT_AGAIN_SECONDS },
      /^PREFLIGHT_AGAIN_SECONDS: \d+ must be longer than LOCK_LEAD_SECONDS, which is 120, so/,
    ]),
    [
      { LOCK_LEAD_SECONDS: '900' },
      /^LOCK_LEAD_SECONDS: 900 must be shorter than PREFLIGHT_AGAIN_SECONDS, which is 600, .*; make LOCK_LEAD_SECONDS shorter, or PREFLIGHT_AGAIN_SECONDS longer$/,
    ],
    [
      { PREFLIGHT_LEAD_SECONDS: '100' },
      /^PREFLIGHT_LEAD_SECONDS: 100 must be longer than LOCK_LEAD_SECONDS/,
    ],
    [
      { TOO_LATE_SECONDS: '10' },
      /^TOO_LATE_SECONDS: 10 must be longer than RECONCILE_DELAY_SECONDS, which is 10/,
    ],
    [{ BASE_URL: 'tocsin.example' }, /^BASE_URL: "tocsin.example" is not an address.*such as/],
    [{ BASE_URL: 'https:tocsin.example' }, /^BASE_URL: .*is not an address/],
    [{ BASE_URL: 'ftp://tocsin.example' }, /^BASE_URL: ".*" must start with http/],
    [{ BASE_URL: 'ftp://me:secret@tocsin.example' }, /^BASE_URL: must start with http/],
    [{ EXIT_URL: 'https://me:secret@tocsin.example' }, /^EXIT_URL: carries a user name/],
    [{ EXIT_URL: 'https://tocsin.example/a b' }, /^EXIT_URL: .*is not an address/],
    [{ X_API_URL: 'https:api.x.com' }, /^X_API_URL: "https:api.x.com" is not .*=https:\/\//],
    [{ X_API_URL: 'https://api.x.com?a=b' }, /^X_API_URL: has a \? or a #/],
    [{ SMTP_URL: 'mail.example.org' }, /^SMTP_URL: must start with smtp:\/\/ .*SMTP_URL=smtp:/],
    [{ SMTP_URL: 'mail.example.org:587' }, /^SMTP_URL: must start with/],
    [{ SMTP_URL: 'smtp:mail.example.org' }, /^SMTP_URL: must start with/],
    [{ SMTP_URL: 'smtp://me:secret@h', MAIL_FROM: '' }, /^MAIL_FROM: with SMTP_URL/],
    [{ SMTP_URL: 'smtp://me@h', MAIL_FROM: 'a@b' }, /^SMTP_URL: .*without a password/],
    [{ SMTP_URL: 'smtp://:secret@h', MAIL_FROM: 'a@b' }, /^SMTP_URL: .*without a user name/],
    ...[
      'not an address',
      'a@b, c@d',
      'Reminders a@b',
      'Doe, Jane <a@b>',
      'Reminders <a@b',
      'Reminders <@b>',
      'Reminders <a@b>, c@d',
    ].map((MAIL_FROM): [Record<string, string>, RegExp] => [
      { MAIL_FROM },
      /^MAIL_FROM: ".*" is not one address, .*MAIL_FROM=reminders@example.org/,
    ]),
    [{ DATABASE_URL: 'postgres:me:secret@db/t' }, /^DATABASE_URL: must start with postgres/],
    [{ DATABASE_URL: 'postgres://me:sec\nret@db/t' }, /^DATABASE_URL: has a line break/],
    [{ NOSTR_RELAYS: 'wss:a.example' }, /^NOSTR_RELAYS: "wss:a.example" is no .*=wss:\/\//],
    [
      { NOSTR_RELAYS: 'wss://a.example,wss://A.example/' },
      /^NOSTR_RELAYS: "wss:\/\/A.example\/" is named twice/,
    ],
    [{ BASE_URL: 'https://tocsin.example/below' }, /^BASE_URL: .*such as BASE_URL=https/],
    [{ BASE_URL: 'https://me:secret@tocsin.example' }, /^BASE_URL: .*such as BASE_URL=https/],
    [{ BASE_URL: 'https://tocsin.example?a=b' }, /^BASE_URL: .*such as BASE_URL=https/],
    [{ DATABASE_URL: 'mysql://me:secret@db' }, /^DATABASE_URL: must start with postgres:\/\//],
    [{ DATABASE_URL: 'secret' }, /^DATABASE_URL: must start with .*DATABASE_URL=postgres:/],
    [{ DATABASE_URL: 'postgres://' }, /^DATABASE_URL: names no server.*HOST/],
    [{ DATABASE_URL: 'postgres:///tocsin' }, /^DATABASE_URL: names no server/],
    [{ DATABASE_URL: 'postgres://me:a/secret@db/t' }, /^DATABASE_URL: .*%2F/],
    [{ DATABASE_URL: 'postgres://me:1/secret@db/t' }, /^DATABASE_URL: .*%2F/],
    [{ DATABASE_URL: 'postgres://me:a#secret@db/t' }, /^DATABASE_URL: .*%23/],
    [{ DATABASE_URL: 'postgres://me:1#secret@db/t' }, /^DATABASE_URL: .*%23/],
    [{ DATABASE_URL: 'postgres://me:1?secret@db/t' }, /^DATABASE_URL: .*%3F/],
    [{ DATABASE_URL: 'postgres://me:1,secret/2@db/t' }, /^DATABASE_URL: .*%2F/],
    ...['secret%zz', 'secret%', 'secret%4', 'p%41%secret'].flatMap(
      (word): [Record<string, string>, RegExp][] => [
        [{ DATABASE_URL: `postgres://me:${word}@db/t` }, /^DATABASE_URL: .*no %XX.*%25/],
        [{ SMTP_URL: `smtps://me:${word}@h`, MAIL_FROM: 'a@b' }, /^SMTP_URL: .*no %XX.*%25/],
      ],
    ),
    [{ DATABASE_URL: 'postgres://me@db/t%zz' }, /^DATABASE_URL: .*no %XX.*%25/],
    [{ DATABASE_URL: 'postgres://me@db/t?password=%E9secret' }, /^DATABASE_URL: .*no letter.*%25/],
    [{ DATABASE_URL: 'postgres://me:%E9secret@db/t' }, /^DATABASE_URL: .*no letter.*%25/],
    [{ DATABASE_URL: 'postgres://me:secret@a,b/t' }, /^DATABASE_URL: names several servers/],
    [{ DATABASE_URL: 'postgres://me:secret@a:1,b:2/t' }, /^DATABASE_URL: names several/],
    [{ DATABASE_URL: 'postgres:///t?host=a,b' }, /^DATABASE_URL: names several/],
    [{ TIME_URLS: 'https://a.example,b.example' }, /^TIME_URLS: "b\.example" is not an address/],
    [{ TIME_URLS: 'https://a.example/x' }, /^TIME_URLS: must be a scheme, a host/],
    [{ SMTP_URL: 'smtps://me:%ABsecret@h', MAIL_FROM: 'a@b' }, /^SMTP_URL: .*%25/],
    [{ SMTP_URL: 'smtps://me:a#secret@h', MAIL_FROM: 'a@b' }, /^SMTP_URL: .*%23/],
    [{ SMTP_URL: 'smtps://me:1/secret@h', MAIL_FROM: 'a@b' }, /^SMTP_URL: .*%2F/],
    ...TRUSTS_EVERYBODY.map((TRUST_PROXY): [Record<string, string>, RegExp] => [
      { TRUST_PROXY },
      /^TRUST_PROXY: ".*" is (half of all addresses or more|every address).*TRUST_PROXY=loopback/,
    ]),
    [{ TRUST_PROXY: 'fe80::1%eth0' }, /^TRUST_PROXY: "fe80::1%eth0" is not an address/],
    [{ TRUST_PROXY: '0.0.0.0/0' }, /^TRUST_PROXY: "0.0.0.0\/0" is every address/],
    [{ TRUST_PROXY: 'loopback,::/0' }, /^TRUST_PROXY: "::\/0" is every address/],
    [{ TRUST_PROXY: '10.0.0.1\n10.0.0.2' }, /^TRUST_PROXY: "10.0.0.1\\n10.0.0.2" is not/],
    [{ PRIVATE_HOSTS: 'a.lan\nb.lan' }, /^PRIVATE_HOSTS: "a.lan\\nb.lan" .*commas between/],
    [{ PRIVATE_HOSTS: '127.0.0.1' }, /^PRIVATE_HOSTS: "127.0.0.1" is without a port/],
    [{ PRIVATE_HOSTS: '[::1]' }, /^PRIVATE_HOSTS: .*without a port/],
    [
      { PRIVATE_HOSTS: '127.1' },
      /^PRIVATE_HOSTS: .*without a port; write for example 127.0.0.1:4000/,
    ],
    [{ PRIVATE_HOSTS: 'LocalHost' }, /^PRIVATE_HOSTS: .*without a port/],
    [{ PRIVATE_HOSTS: 'http://127.0.0.1:4000' }, /^PRIVATE_HOSTS: .*has a scheme/],
    [{ PRIVATE_HOSTS: 'social.lan/api' }, /^PRIVATE_HOSTS: .*has a path/],
    [{ PRIVATE_HOSTS: 'a.lan:1 b.lan:2' }, /^PRIVATE_HOSTS: .*commas between/],
    [{ PRIVATE_HOSTS: 'a.lan:1;b.lan:2' }, /^PRIVATE_HOSTS: .*commas between/],
    [{ PRIVATE_HOSTS: 'a.lan;b.lan' }, /^PRIVATE_HOSTS: .*commas between/],
    [{ PRIVATE_HOSTS: '*.lan' }, /^PRIVATE_HOSTS: .*name each host/],
    [{ PRIVATE_HOSTS: '::1' }, /^PRIVATE_HOSTS: .*brackets; write \[::1\]:4000/],
    [{ PRIVATE_HOSTS: 'me@social.lan' }, /^PRIVATE_HOSTS: .*no host and port/],
    [{ PRIVATE_HOSTS: 'social.lan.' }, /^PRIVATE_HOSTS: .*no host and port/],
    [{ PRIVATE_HOSTS: 'social.lan:0' }, /^PRIVATE_HOSTS: .*no host and port/],
    [{ PRIVATE_HOSTS: 'social.lan:65536' }, /^PRIVATE_HOSTS: .*no host and port/],
    [{ NOSTR_RELAYS: 'wss://a.example', NOSTR_QUORUM: '3' }, /^NOSTR_QUORUM: 3 .*names 1/],
    [{ REDIS_URL: 'http://:secret@cache' }, /^REDIS_URL: must start with redis:\/\//],
    [{ X_API_URL: 'nowhere' }, /^X_API_URL: /],
    [{ X_CLIENT_SECRET: 'kept' }, /^X_CLIENT_ID: is not set, and X_CLIENT_SECRET is; set/],
    [{ X_CLIENT_SECRET: 'kept', X_CLIENT_ID: ' ' }, /^X_CLIENT_ID: is not set/],
    [
      { THREADS_CLIENT_ID: 'app' },
      /^THREADS_CLIENT_SECRET: is not set, .*THREADS_CLIENT_SECRET_FILE/,
    ],
    [{ THREADS_CLIENT_SECRET: 'kept' }, /^THREADS_CLIENT_ID: is not set/],
    [{ FACEBOOK_CLIENT_ID: '1' }, /^FACEBOOK_CLIENT_SECRET: is not set/],
    [{ FACEBOOK_CLIENT_SECRET: 'kept' }, /^FACEBOOK_CLIENT_ID: is not set/],
    [{ FACEBOOK_PORTFOLIOS: 'true' }, /^FACEBOOK_PORTFOLIOS: .*without FACEBOOK_CLIENT_ID/],
    [{ LINKEDIN_CLIENT_ID: 'app' }, /^LINKEDIN_CLIENT_SECRET: is not set/],
    [{ LINKEDIN_CLIENT_SECRET: 'kept' }, /^LINKEDIN_CLIENT_ID: is not set/],
    [{ X_AUTHORIZE_URL: 'javascript:alert(1)' }, /^X_AUTHORIZE_URL: /],
    [{ METRICS_TOKEN: 'secret' }, /^METRICS_TOKEN: .*16 characters/],
    [{ METRICS_TOKEN: 'secret words, sixteen' }, /^METRICS_TOKEN: .*digits/],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY: "true" is not/],
    [{ TRUST_PROXY: 'loopback,10.0.0.0/33' }, /^TRUST_PROXY: "10.0.0.0\/33"/],
    [{ TRUST_PROXY: '10.0.0.1/8/8' }, /^TRUST_PROXY: /],
    [{ DATA_DIR: '/dev/null/data' }, /^DATA_DIR: .*cannot be written/],
  ])('is refused by its name: %o', (environment, message) => {
    const said = refusal(environment);
    expect(said).toMatch(message);
    // The file's own name is none.
    expect(said.replaceAll(/secrets.json|the secret of that app/g, '')).not.toContain('secret');
    expect(said).not.toContain('kept');
  });

  it('is not half of an app’s keys, but for X, whose app may be a public client', () => {
    const { x, threads } = load({ X_CLIENT_ID: ' app ' }).platforms;
    expect([x, threads]).toMatchObject([
      { clientId: 'app', clientSecret: null },
      { clientId: '', clientSecret: null },
    ]);
  });
});

describe('NAME_FILE', () => {
  async function fileWith(text: string): Promise<string> {
    const path = join(await tempFolder('secret'), 'value');
    await writeFile(path, text);
    return path;
  }

  it('gives the value of NAME, without the line break at its end', async () => {
    const password = 'postgres://me:p%20w@db.example/tocsin';
    const config = load({
      DATABASE_URL_FILE: await fileWith(`${password}\n`),
      X_CLIENT_ID: 'app',
      X_CLIENT_SECRET_FILE: await fileWith('client secret'),
      PORT_FILE: await fileWith('4000\r\n'),
    });
    expect(config.databaseUrl?.reveal()).toBe(password);
    expect(config.platforms.x.clientSecret?.reveal()).toBe('client secret');
    expect(config.http.port).toBe(4000);
  });

  it('gives way to NAME', async () => {
    expect(load({ PORT: '5000', PORT_FILE: await fileWith('4000') }).http.port).toBe(5000);
  });

  it('is refused by its own name when it cannot be read, and by the variable’s when it is wrong', async () => {
    expect(refusal({ REDIS_URL_FILE: '/nowhere/redis' })).toMatch(/^REDIS_URL_FILE: \/nowhere/);
    // The wrong file may be one with a secret in it.
    const PORT_FILE = await fileWith('secret');
    expect(refusal({ PORT_FILE })).toMatch(
      /^PORT: what the file of PORT_FILE holds is not a whole number/,
    );
  });

  it('is refused when nothing is in it, which is not the same as a variable that is not set', async () => {
    const empty = await fileWith(' \n');
    expect(refusal({ DATABASE_URL_FILE: empty })).toMatch(
      /^DATABASE_URL_FILE: .* is empty; write the value into it, or leave DATABASE_URL_FILE out$/,
    );
    expect(load({ DATABASE_URL: 'postgres://db/t', DATABASE_URL_FILE: empty })).toBeDefined();
  });
});
