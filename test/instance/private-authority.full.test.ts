import { beforeAll, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.ts';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { needs } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { type Child, startProcess } from '../support/process.ts';
import { startRedisServer } from '../support/redis-servers.ts';
import { startPostgres } from '../support/services/postgres.ts';
import { tempFolder } from '../support/temp.ts';

needs('postgres', 'redis')('E3 a PostgreSQL and a Redis behind an authority of their own', () => {
  let authority: Authority;
  let folder: string;
  let addresses: { DATABASE_URL: string; REDIS_URL: string };
  beforeAll(async () => {
    authority = await createAuthority();
    folder = await tempFolder('authority');
    const { cert, key } = await authority.sign('server');
    const postgres = await startPostgres({
      secure: {
        ...{ cert, key, ca: authority.ca },
        // In clear for the tests' own look whether it runs.
        access: ['host all postgres 127.0.0.1/32 scram-sha-256'],
      },
    });
    atEnd(() => postgres.stop());
    const settings = [
      `tls-cert-file ${cert}`,
      `tls-key-file ${key}`,
      `tls-ca-cert-file ${authority.ca}`,
      'tls-auth-clients no',
    ];
    const redis = await startRedisServer({
      settings,
      // Whether the tests' own client knows the server is not what is tried here.
      client: { tls: { rejectUnauthorized: false } },
    });
    // As hosters print them: nothing in them names the authority.
    addresses = {
      DATABASE_URL: `${postgres.url}?sslmode=require`,
      REDIS_URL: `rediss://127.0.0.1:${redis.port}`,
    };
  });

  async function start(change: Record<string, string>): Promise<Child> {
    const env = { ...addresses, DATA_DIR: folder };
    return startProcess({
      args: ['src/main.ts'],
      env: { ...env, PORT: String(await freePort()), SOLE_OPERATOR: 'true', ...change },
    });
  }

  async function refusal(change: Record<string, string>): Promise<string> {
    const child = await start(change);
    expect(await child.exit).toEqual({ code: 78, signal: null });
    return child.output();
  }

  it('E3 are trusted by NODE_EXTRA_CA_CERTS alone, and without it the message names it', async () => {
    const said = await refusal({});
    expect(said).toMatch(/DATABASE_URL: .*not trusted.*NODE_EXTRA_CA_CERTS=/);
    // Of Redis likewise, where the database is no matter: without it posts go out all the same, so that the instance starts.
    const database = `${addresses.DATABASE_URL}&sslrootcert=${encodeURIComponent(authority.ca)}`;
    const without = await start({ DATABASE_URL: database });
    await without.line(/Tocsin is ready/, { timeoutMs: 90_000 });
    await without.line(/not trusted.*NODE_EXTRA_CA_CERTS=/);
    expect((await without.stop()).code).toBe(0);
    // Another authority is not ours.
    const other = await createAuthority();
    expect(await refusal({ NODE_EXTRA_CA_CERTS: other.ca })).toMatch(/DATABASE_URL: .*not trusted/);

    const child = await start({ NODE_EXTRA_CA_CERTS: authority.ca });
    await child.line(/Tocsin is ready/, { timeoutMs: 90_000 });
    expect(child.output()).not.toMatch(/not trusted/);
    expect((await child.stop()).code).toBe(0);
  });
});
