import { describe, expect, it } from 'vitest';
import { connect, migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { type RedisState, startRedisLink } from '../support/redis-link.ts';
import { insertCampaignRow } from '../support/rows.ts';
import { tempFolder } from '../support/temp.ts';
import { commandIn } from './command.ts';

const STATES: [string, RedisState][] = [
  ['a replica', { error: "READONLY You can't write against a read only replica." }],
  ['asking for another password', { error: 'WRONGPASS invalid username-password pair' }],
  ['running no scripts', { error: 'NOPERM this user has no permissions to run that' }],
  ['silent', 'silent'],
  ['dead', 'gone'],
];

needs('postgres')('A3 the command line', () => {
  describe.each(STATES)('A3 while Redis is %s', (_name, state) => {
    it('A3 pauses, resumes and aborts without a word of it, and without waiting for it', async () => {
      const { url } = await testDatabase(migrateAt);
      const { db, dispose } = await connect(url, (error) => {
        throw error;
      });
      atEnd(dispose);
      const link = await startRedisLink('redis://127.0.0.1:6379', state);
      const command = commandIn({
        DATABASE_URL: url,
        DATA_DIR: await tempFolder('data'),
        REDIS_URL: link.url,
      });
      const slug = `rows-${await insertCampaignRow(db, { state: 'firing' })}`;
      const orders = [
        ['instance', 'pause', '--as', 'm'],
        ['instance', 'resume', '--as', 'm'],
        ['campaign', 'pause', slug],
        ['campaign', 'resume', slug],
        ['campaign', 'abort', slug, '--yes', slug],
        ['instance', 'abort', '--yes', 'instance'],
      ];
      for (const order of orders) {
        const began = performance.now();
        expect(await command(...order), order.join(' ')).toMatchObject({ code: 0, stderr: '' });
        // A Redis that does not answer is given two seconds by whatever asks it.
        expect(performance.now() - began).toBeLessThan(2_000);
      }
    }, 60_000);
  });

  it('A3 has the doctor say what is wrong with Redis', async () => {
    const link = await startRedisLink('redis://127.0.0.1:6379', {
      error: "READONLY You can't write against a read only replica.",
    });
    const command = commandIn({
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      DATA_DIR: await tempFolder('data'),
      REDIS_URL: link.url,
    });
    const { code, stdout } = await command('doctor', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).troubles).toContainEqual(
      expect.objectContaining({
        what: expect.stringContaining('since Redis is a replica'),
        mend: expect.stringContaining('name its master'),
      }),
    );
  });
});
