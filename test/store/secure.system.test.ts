import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { plainAddress } from '../../src/store/address.ts';
import { connect } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { needs } from '../support/database.ts';
import { startPostgres } from '../support/services/postgres.ts';

describe('E3 DATABASE_URL', () => {
  it.each([
    ['postgres://h/d', 'postgres://h/d'],
    ['postgres://h/d?sslmode=require', 'postgres://h/d?sslmode=verify-full'],
    ['postgres://h/d?sslrootcert=system&sslmode=verify-ca', 'postgres://h/d?sslmode=verify-full'],
    ['postgres://h/d?sslmode=prefer&port=5', 'postgres://h/d?sslmode=verify-full&port=5'],
    ['postgres://h/d?sslrootcert=system', 'postgres://h/d'],
    [
      'postgres://h/d?uselibpqcompat=true&sslmode=require',
      'postgres://h/d?uselibpqcompat=true&sslmode=require',
    ],
    ['postgres://h/d?sslmode=no-verify', 'postgres://h/d?sslmode=no-verify'],
  ])('E3 reads %s as %s', (address, read) => {
    expect(plainAddress(address)).toBe(read);
  });

  it.each([
    ['sslmode=banana', /^DATABASE_URL: there is no sslmode "banana"; there are disable, /],
    ['port=5&sslmode=verify_full', /"verify_full"; did you mean `verify-full`\?$/],
    // pg would connect in clear.
    ['sslmode=VERIFY-FULL', /did you mean `verify-full`/],
    ['uselibpqcompat=true&sslmode=', /there is no sslmode ""/],
    ['sslmode=disable&sslmode=off', /"off"/],
  ])('E3 refuses %s', async (query, said) => {
    const address = `postgres://127.0.0.1:1/d?${query}`;
    expect(() => plainAddress(address)).toThrow(ConfigurationError);
    await expect(connect(address, () => {})).rejects.toThrow(said);
  });
});

needs('postgres')('E3 a PostgreSQL whose certificate is signed by an authority of its own', () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await createAuthority();
  });

  /** Anybody may come in clear as postgres; the others are made for a test. */
  async function start(
    { cert, key }: { cert: string; key: string },
    access: readonly string[] = [],
  ): Promise<string> {
    const secure = {
      ...{ cert, key, ca: authority.ca },
      access: [...access, 'host all postgres 127.0.0.1/32 scram-sha-256'],
    };
    const server = await startPostgres({ secure });
    atEnd(() => server.stop());
    return server.url;
  }

  /** The same server for a user of this name, who is made. */
  async function asUser(url: string, name: string): Promise<string> {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(`create role ${name} login superuser password 'word'`);
    await admin.end();
    const own = new URL(url);
    own.username = name;
    own.password = 'word';
    return own.href;
  }

  async function works(url: string): Promise<void> {
    const database = await connect(url, () => undefined);
    const { rows } = await database.db
      .selectFrom('campaign')
      .select('id')
      .execute()
      .then((found) => ({ rows: found }));
    await database.dispose();
    expect(rows).toEqual([]);
  }

  async function refusal(url: string): Promise<string> {
    const error = await connect(url, () => undefined).then(
      (database) => database.dispose().then(() => null),
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    const { message } = error as Error;
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toMatch(/^DATABASE_URL: /);
    return message;
  }

  it('E3 works where the authority is named, and else says what to set', async () => {
    const url = await start(await authority.sign('pg'), [
      'hostssl all secure 127.0.0.1/32 scram-sha-256',
      'hostssl all known 127.0.0.1/32 scram-sha-256 clientcert=verify-ca',
    ]);
    for (const mode of ['require', 'prefer', 'verify-ca', 'verify-full']) {
      const message = await refusal(`${url}?sslmode=${mode}`);
      for (const word of ['not trusted', 'sslrootcert', 'verify-full', 'NODE_EXTRA_CA_CERTS']) {
        expect(message).toContain(word);
      }
    }
    for (const mode of ['require', 'verify-full']) {
      await works(`${url}?sslmode=${mode}&sslrootcert=${authority.ca}`);
    }
    await works(`${url}?sslmode=no-verify`);

    const secure = await asUser(url, 'secure');
    expect(await refusal(secure)).toMatch(/without TLS.*sslmode=verify-full/);
    await works(`${secure}?sslmode=verify-full&sslrootcert=${authority.ca}`);

    const known = `${await asUser(url, 'known')}?sslmode=verify-full&sslrootcert=${authority.ca}`;
    expect(await refusal(known)).toMatch(/wants a certificate from us.*sslcert.*sslkey/);
    const { cert, key } = await authority.sign('known');
    await works(`${known}&sslcert=${cert}&sslkey=${key}`);

    expect(await refusal(`${url}?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`)).toMatch(
      /a file that the address names cannot be read.*\/nowhere\/ca\.pem/,
    );
    const wrong = new URL(url);
    wrong.password = 'wrong-one';
    const message = await refusal(wrong.href);
    expect(message).toContain('check user and password');
    expect(message).not.toContain('wrong-one');
    wrong.href = url;
    wrong.pathname = '/nowhere';
    expect(await refusal(wrong.href)).toContain('there is no such database');
  });

  it('E3 says what is wrong with the certificate, or that there is no TLS', async () => {
    const trusted = `sslmode=verify-full&sslrootcert=${authority.ca}`;
    const expired = await start(await authority.sign('old', { expired: true }));
    expect(await refusal(`${expired}?${trusted}`)).toContain('has expired');
    const other = await start(await authority.sign('other', { names: 'DNS:db.example' }));
    expect(await refusal(`${other}?${trusted}`)).toMatch(/for another name.*db\.example/);
    const clear = process.env.TEST_DATABASE_URL ?? '';
    expect(await refusal(`${clear}?sslmode=require`)).toMatch(
      /does not speak TLS.*sslmode=disable/,
    );
  });
});
