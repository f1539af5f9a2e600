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
    [{ PORT: 'many' }, /^PORT: .*integer/],
    [{ PORT: '65536' }, /^PORT: .*65535/],
    [{ SOLE_OPERATOR: 'yes' }, /^SOLE_OPERATOR: .*boolean/],
    [{ SHARD_SIZE: '49' }, /^SHARD_SIZE: .*50/],
    [{ LOCK_LEAD_SECONDS: '0' }, /^LOCK_LEAD_SECONDS: /],
    [{ LOCK_LEAD_SECONDS: '2 minutes' }, /^LOCK_LEAD_SECONDS: .*number/],
    [{ ARM_LEAD_SECONDS: '300' }, /^ARM_LEAD_SECONDS: .*LOCK_LEAD_SECONDS/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: .*fatal.*silent/],
    [{ BASE_URL: 'tocsin.example' }, /^BASE_URL: is not an address/],
    [{ BASE_URL: 'ftp://tocsin.example' }, /^BASE_URL: must start with http/],
    [{ BASE_URL: 'https://tocsin.example/below' }, /^BASE_URL: .*such as https/],
    [{ BASE_URL: 'https://me:secret@tocsin.example' }, /^BASE_URL: .*such as https/],
    [{ BASE_URL: 'https://tocsin.example?a=b' }, /^BASE_URL: .*such as https/],
    [{ DATABASE_URL: 'mysql://me:secret@db' }, /^DATABASE_URL: must start with postgres:\/\//],
    [{ DATABASE_URL: 'secret' }, /^DATABASE_URL: is not an address/],
    [{ DATABASE_URL: 'postgres://' }, /^DATABASE_URL: names no server.*HOST/],
    [{ DATABASE_URL: 'postgres:///tocsin' }, /^DATABASE_URL: names no server/],
    [{ DATABASE_URL: 'postgres://me:a/secret@db/t' }, /^DATABASE_URL: .*%2F/],
    [{ DATABASE_URL: 'postgres://me:1/secret@db/t' }, /^DATABASE_URL: .*%2F/],
    [{ DATABASE_URL: 'postgres://me:a#secret@db/t' }, /^DATABASE_URL: .*%23/],
    [{ DATABASE_URL: 'postgres://me:1#secret@db/t' }, /^DATABASE_URL: .*%23/],
    [{ DATABASE_URL: 'postgres://me:1?secret@db/t' }, /^DATABASE_URL: .*%3F/],
    [{ TRUST_PROXY: '0.0.0.0/0' }, /^TRUST_PROXY: "0.0.0.0\/0" is every address/],
    [{ TRUST_PROXY: 'loopback,::/0' }, /^TRUST_PROXY: "::\/0" is every address/],
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
    const PORT_FILE = await fileWith('many');
    expect(refusal({ PORT_FILE })).toMatch(/^PORT: /);
  });
});
