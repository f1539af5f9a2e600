import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { plainAddress } from '../../src/store/address.ts';
import { tempFolder } from '../support/temp.ts';

const AT = 'postgres://me:secret@db.example/tocsin';

describe('E3 DATABASE_URL', () => {
  it.each([
    ['', ''],
    ['?sslmode=require', '?sslmode=verify-full'],
    ['?sslmode=disable', '?sslmode=disable'],
    ['?sslrootcert=system&sslmode=verify-full', '?sslmode=verify-full'],
    // As hosters print it.
    [
      '?sslmode=verify-full&channel_binding=require',
      '?sslmode=verify-full&channel_binding=require',
    ],
    ['?application_name=x&options=-c%20jit=off', '?application_name=x&options=-c%20jit=off'],
    [
      '?application_name=the%2Fbell&options=-c jit=off',
      '?application_name=the%2Fbell&options=-c%20jit=off',
    ],
  ])('E3 takes %s', (query, read) => {
    expect(plainAddress(AT + query)).toBe(AT + read);
  });

  it.each([
    ['?sslmod=require', /"sslmod" .*did you mean `?sslmode/i],
    ['?sslmode=requir', /no sslmode "requir"/],
    ['?schema=public', /"schema" .*leave it out, and name a database that is for Tocsin alone/],
    ['?currentSchema=tocsin', /"currentSchema" .*leave it out/],
    ['?connection_limit=5', /"connection_limit" .*leave it out, since how many connections/],
    ['?pool_timeout=0', /"pool_timeout" .*leave it out/],
    ['?pgbouncer=true', /"pgbouncer" .*leave it out, since the start finds out .* pooler/],
    ['?sslaccept=strict', /"sslaccept" .*write sslmode=verify-full$/],
    ['?sslaccept=accept_invalid_certs', /"sslaccept" .*write sslmode=no-verify$/],
    ['?sslidentity=client.p12', /"sslidentity" .*write sslcert and sslkey/],
    ['?constructor=x', /"constructor" .*leave it out$/],
    [
      '?schema=public&pgbouncer=true&sslmod=require',
      /"schema" .*leave it out.*; nor is "pgbouncer"; leave it out.*; nor is "sslmod"; did you mean/,
    ],
    ['?sslmode=disable&sslrootcert=/a/ca.pem', /sslrootcert is for TLS.*verify-full/],
    ['?sslmode=disable&sslcert=/a/b.crt', /sslcert is for TLS/],
  ])('E3 refuses %s in one line, so that it never goes in clear unnoticed', (query, message) => {
    const read = () => plainAddress(AT + query);
    expect(read).toThrow(message);
    expect(read).toThrow(/^DATABASE_URL: [^\n]*$/);
    expect(read).not.toThrow(/secret/);
  });

  it.each([
    ['p%41ss', '', 'pAss'],
    ['p%2Fs', '', 'p/s'],
    ['p%2Fs', '?application_name=a b', 'p/s'],
    ['p s%2F%25', '', 'p s/%'],
    ['100%25', '?application_name=a b', '100%'],
  ])('has pg read the password %s, with %s behind, as RFC 3986 says', (written, query, meant) => {
    const url = plainAddress(`postgres://me:${written}@db.example/tocsin${query}`);
    expect(new Client(url).password).toBe(meant);
  });

  it('E3 refuses a file that holds no certificate, or no key', async () => {
    const path = join(await tempFolder('address'), 'notes.txt');
    await writeFile(path, 'no certificate\n');
    expect(() => plainAddress(`${AT}?sslrootcert=${path}`)).toThrow(/holds no certificate in PEM/);
    expect(() => plainAddress(`${AT}?sslkey=${path}`)).toThrow(/holds no key in PEM/);
  });
});
