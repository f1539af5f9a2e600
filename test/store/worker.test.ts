import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { placeHold } from '../../src/store/stop/hold.ts';
import { listProcesses, recordHeartbeat, type SignOfLife } from '../../src/store/worker.ts';
import { needs } from '../support/database.ts';
import { openRecords } from '../support/rows.ts';

const SIGN: Omit<SignOfLife, 'name'> = {
  ...{ role: 'worker', clockOffsetMs: 0, masterKeys: [], zoneRules: '', networkOff: false },
  ...{ sweptAgeMs: null, heardAgeMs: null, networkOffsetMs: null, namedOffsetMs: null },
};

needs('postgres')('A16 processes after a restore', () => {
  it('A16 are those that have shown a sign of life since, and not those of the backup', async () => {
    const { db } = await openRecords();
    const names = async () => (await listProcesses(db)).map(({ name }) => name);
    for (const name of ['lives', 'of the backup']) await recordHeartbeat(db, { ...SIGN, name });
    await sql`update worker set seen_at = clock_timestamp() - interval '30 seconds'`.execute(db);
    expect(await names()).toEqual(['lives', 'of the backup']);
    await placeHold(db, {
      ...{ scope: 'instance', kind: 'restored', actor: 'tocsin', reason: '', until: null },
    });
    expect(await names()).toEqual([]);
    await recordHeartbeat(db, { ...SIGN, name: 'lives' });
    expect(await names()).toEqual(['lives']);
  });
});
