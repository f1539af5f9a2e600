import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../../src/store/connection/database.ts';
import { isMomentNear, isQuiet } from '../../src/store/near.ts';
import { placeHold } from '../../src/store/stop/hold.ts';
import { needs } from '../support/database.ts';
import { type CampaignRow, insertCampaignRow, openRecords } from '../support/rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WITHIN_MS = 5_000;

needs('postgres')('E9 the records are quiet', () => {
  let db: Db;
  beforeAll(async () => {
    db = (await openRecords()).db;
  });
  beforeEach(async () => {
    await sql`truncate campaign, hold cascade`.execute(db);
  });

  it('E9 with nothing in them', async () => {
    expect(await isQuiet(db, WITHIN_MS)).toBe(true);
    expect(await isMomentNear(db)).toBe(false);
  });

  it.each<[Partial<CampaignRow>, { quiet: boolean; near: boolean }]>([
    [
      { state: 'open', momentMs: 2 * HOUR },
      { quiet: true, near: false },
    ],
    [
      { state: 'open', momentMs: 59 * MINUTE },
      { quiet: false, near: true },
    ],
    // What was not locked in time is still to be.
    [
      { state: 'open', momentMs: -MINUTE },
      { quiet: false, near: true },
    ],
    [
      { state: 'locked', momentMs: 2 * HOUR },
      { quiet: false, near: false },
    ],
    [
      { state: 'locked', momentMs: MINUTE },
      { quiet: false, near: true },
    ],
    [
      { state: 'firing', momentMs: -2 * HOUR },
      { quiet: false, near: true },
    ],
    [
      { state: 'aborted', momentMs: 2 * HOUR },
      { quiet: false, near: false },
    ],
    [
      { state: 'settled', momentMs: -HOUR },
      { quiet: true, near: false },
    ],
  ])('E9 or are not, with a campaign as %o', async (campaign, { quiet, near }) => {
    await insertCampaignRow(db, campaign);
    expect(await isQuiet(db, WITHIN_MS)).toBe(quiet);
    expect(await isMomentNear(db)).toBe(near);
  });

  describe('but not', () => {
    it('E9 when a campaign locks soon, however far off its moment is', async () => {
      const id = await insertCampaignRow(db, { state: 'open', momentMs: 24 * HOUR });
      const lockIn = (seconds: number) =>
        sql`update campaign set lock_at = clock_timestamp() + make_interval(secs => ${seconds})
          where id = ${id}`.execute(db);
      await lockIn(3_600);
      expect(await isQuiet(db, WITHIN_MS)).toBe(true);
      await lockIn(4);
      expect(await isQuiet(db, WITHIN_MS)).toBe(false);
    });

    it('E9 until an aborted campaign is wound up', async () => {
      const id = await insertCampaignRow(db, { state: 'aborted', momentMs: -HOUR });
      expect(await isQuiet(db, WITHIN_MS)).toBe(false);
      await sql`update campaign set settled_at = clock_timestamp() where id = ${id}`.execute(db);
      expect(await isQuiet(db, WITHIN_MS)).toBe(true);
    });

    it('E9 while posts are looked for after a restore', async () => {
      await placeHold(db, {
        ...{ scope: 'instance', kind: 'restored', actor: 'tocsin', reason: '', until: null },
      });
      expect(await isQuiet(db, WITHIN_MS)).toBe(false);
    });
  });
});
