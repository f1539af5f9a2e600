import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from '../../config/redis-url.ts';

const at = (host: string, port: number) => ({ host, port });

describe('E1 REDIS_URL', () => {
  it.each([
    ['redis://localhost', { kind: 'auto', nodes: [at('localhost', 6379)], db: 0, tls: null }],
    ['redis://10.0.0.5:7000/3', { kind: 'auto', nodes: [at('10.0.0.5', 7000)], db: 3 }],
    ['redis://[::1]:7000', { nodes: [at('::1', 7000)] }],
    ['redis://:p%40ss%2F%2C@h', { username: '', password: 'p@ss/,', nodes: [at('h', 6379)] }],
    ['redis://:p%41ss@h', { password: 'pAss' }],
    ['redis://user:a@b@h', { username: 'user', password: 'a@b' }],
    ['redis://a:1,b:2,c', { kind: 'cluster', nodes: [at('a', 1), at('b', 2), at('c', 6379)] }],
    ['redis+cluster://a', { kind: 'cluster', nodes: [at('a', 6379)] }],
    [
      'redis+sentinel://:pw@a,b:1/ring/2?sentinelPassword=other',
      {
        ...{ kind: 'sentinel', nodes: [at('a', 26379), at('b', 1)], master: 'ring', db: 2 },
        ...{ password: 'pw', sentinelPassword: 'other' },
      },
    ],
    ['redis-sentinel://a/ring', { kind: 'sentinel', master: 'ring' }],
    ['rediss://h', { tls: { verify: true, ca: '', cert: '', key: '' } }],
    ['valkeys://h?sslmode=no-verify', { tls: { verify: false, ca: '', cert: '', key: '' } }],
    ['rediss://h?sslrootcert=/a/b.pem', { tls: { verify: true, ca: '/a/b.pem' } }],
    ['redis://u:a#b@h/1', { username: 'u', password: 'a#b', db: 1 }],
    ['redis+sentinel://a/ring?sentinelPassword=x@y', { sentinelPassword: 'x@y' }],
    ['redis+sentinel://a/ring?sentinelPassword=x+%41%2B', { sentinelPassword: 'x+A+' }],
    ['rediss://h?sslrootcert=/a@b.pem', { tls: { verify: true, ca: '/a@b.pem' } }],
    ['valkey://h?family=6', { family: 6, tls: null }],
  ])('E1 reads %s', (url, expected) => {
    expect(parseRedisUrl(url)).toMatchObject(expected);
  });

  it.each([
    ['http://h', /must start with redis:\/\//],
    ['redis://', /a host/],
    ['redis://a:b:c', /a host/],
    ['redis://h:99999', /a host/],
    ['redis://a,/0', /a host/],
    ['redis://h/x', /number of a database/],
    ['redis://a,b/1', /database 0 alone/],
    ['redis+sentinel://h', /HOST:26379\/NAME/],
    ['redis://secret%:x@h', /%25/],
    ['rediss://h?sslmode=require', /verify-full/],
    ['rediss://h?ssl_cert_reqs=none', /"ssl_cert_reqs" is not known/],
    ['redis://h?family=5', /family/],
    ['redis://h?sslmode=require', /write rediss:\/\//],
    ['redis://h?sslmode=verify-full', /write rediss:\/\//],
    ['valkey://h?family=4&sslrootcert=/a/b.pem', /sslrootcert .*write rediss:\/\//],
    ['redis://h/0/1', /more behind the host/],
    ['redis+sentinel://h/ring/0/1', /more behind the host/],
    ['redis://u:12?secret@h', /%3F/],
    ['redis://u:12?secret=3@h', /%3F/],
    ['redis://h:0', /a host/],
    // Passwords of which a part looks like a port, a number of a database or a parameter.
    ['redis://u:12/secret@h', /a \/ before the @.*%2F/],
    ['redis://u:12/secret@h:6379/0', /a \/ before the @.*%2F/],
    ['redis://u:12/3?secret@h/1', /%3F/],
    ['redis://:a@b/secret@h:6379', /a \/ before the @.*%2F/],
    ['redis+sentinel://u:12/secret@h:26379/ring', /a \/ before the @.*%2F/],
    ['redis://u:12?family=4secret@h', /a \? before the @.*%3F/],
    ['rediss://u:12?sslmode=secret@h', /a \? before the @.*%3F/],
    ['redis://u:%E9secret@h', /%25/],
    ['redis://u:%zzsecret@h', /no %XX.*%25/],
    ['redis://:secret%@h', /no %XX.*%25/],
    ['redis+sentinel://a/ring?sentinelPassword=%zzsecret', /no %XX.*%25/],
    ['redis+sentinel://a/ring?sentinelPassword=%E9secret', /no letter.*%25/],
  ])('E1 refuses %s in one line', (url, message) => {
    expect(() => parseRedisUrl(url)).toThrow(message);
    const error = ((): Error | null => {
      try {
        parseRedisUrl(url);
        return null;
      } catch (caught) {
        return caught as Error;
      }
    })();
    expect(error?.message).toMatch(/^REDIS_URL: [^\n]*$/);
    expect(error?.message).not.toContain('secret');
  });
});
