import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, it } from 'vitest';
import { findCampaign } from '../../src/store/campaign.ts';
import { connect, type Database } from '../../src/store/connection/database.ts';
import { differingTimes, readDecidedTimes, sealOldTimes } from '../../src/store/decided-times.ts';
import { createVault } from '../../src/store/vault/vault.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { migrateTo } from '../support/migrate-to.ts';
import { newSecrets } from '../support/rows.ts';

/** The version before knew no sealed times. */
const BEFORE = '0025_restored';
const STATES = ['in_review', 'open', 'locked', 'firing', 'settled'] as const;

needs('postgres')('TRUST A1 campaigns from before their times were sealed', () => {
  /** A database of the version before with a campaign in each state, opened by this one. */
  async function upgraded(): Promise<{ database: Database; ids: string[] }> {
    const { url } = await testDatabase((empty) => migrateTo(empty, BEFORE));
    const ids: string[] = STATES.map(() => randomUUID());
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const [index, state] of STATES.entries()) {
      await client.query(
        `insert into campaign (id, slug, state, content, moment, moment_wall, moment_zone, moment_tzdata, preflight_at,
          lock_at, arm_at, too_late_at, created_by)
        values ($1, $2, $3, '{}', '2031-12-10 10:00:00.123Z', '2031-12-10T11:00:00', 'Europe/Paris', '2026f',
          '2031-12-10 09:00Z', '2031-12-10 09:58Z', '2031-12-10 09:59Z', '2031-12-10 12:00Z', 'Ada')`,
        [ids[index], `old-${index}`, state],
      );
    }
    await client.end();
    const database = await connect(url, () => undefined);
    atEnd(() => database.dispose());
    return { database, ids };
  }

  it('TRUST A1 are sealed as they are, once, whichever of several processes is first', async () => {
    const { database, ids } = await upgraded();
    const { db } = database;
    const vault = createVault(newSecrets());
    await vault.attach(db);
    for (const id of ids) await vault.createCampaignKeys(db, id);
    expect([...(await readDecidedTimes(db, vault, ids)).values()]).toEqual(ids.map(() => null));
    await Promise.all([sealOldTimes(db, vault), sealOldTimes(db, vault)]);
    const decided = await readDecidedTimes(db, vault, ids);
    for (const [index, id] of ids.entries()) {
      const campaign = await findCampaign(db, { id });
      const times = decided.get(id);
      if (!campaign) throw new Error('It is gone');
      // What is over is not sent again.
      if (STATES[index] === 'settled') expect(times).toBeNull();
      else expect(times && differingTimes(campaign, times)).toEqual([]);
    }
    // Whoever takes a seal away later does not get another by a start.
    await sql`update campaign set decided_times = null where id = ${ids[1]}`.execute(db);
    await sealOldTimes(db, vault);
    expect((await readDecidedTimes(db, vault, ids)).get(ids[1] ?? '')).toBeNull();
    // Nor is a seal that was made with other secrets worth anything.
    const others = createVault({ ...newSecrets() });
    await expect(readDecidedTimes(db, others, [ids[0] ?? ''])).rejects.toThrow(/master key/);
  });
});
