import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { canonicalEntry } from '../../../src/domain/ledger.ts';
import { appendEvent } from '../../../src/store/campaign-event.ts';
import { connect, type Db } from '../../../src/store/connection/database.ts';
import { readSealed, readUnsealed } from '../../../src/store/ledger.ts';
import { abortPlatform, dropAbortedPlatforms } from '../../../src/store/stop/abort.ts';
import { listHolds } from '../../../src/store/stop/hold.ts';
import { atEnd } from '../../support/at-end.ts';
import { needs, testDatabase } from '../../support/database.ts';
import { migrateTo } from '../../support/migrate-to.ts';
import {
  insertCampaignRow,
  insertDeliveries,
  insertPledges,
  openRecords,
  statesOf,
} from '../../support/rows.ts';

const nobody = async (): Promise<void> => undefined;

/** Reasons that look like a platform's name with a reason, or like several. */
const REASONS = ['', 'x', 'x: why', ': x', 'mastodon: x: both', 'a/b', 'x:'];

needs('postgres')('what a hold and an entry of the ledger are about', () => {
  it('A14 stands in columns: what is dropped does not depend on the reason given', async () => {
    const { db } = await openRecords();
    for (const reason of REASONS) {
      const id = await insertCampaignRow(db, { state: 'firing' });
      const states = async () => statesOf(db, id);
      for (const platform of ['x', 'y', 'mastodon']) {
        const pledges = await insertPledges(db, id, 1, { platform });
        await insertDeliveries(db, id, pledges, { state: 'waiting' });
        await sql`update delivery set platform = ${platform}
          where pledge_id = ${pledges[0]}`.execute(db);
      }
      // An order about the campaign whose reason reads like one about a platform drops nothing.
      const event = {
        action: 'aborted',
        scope: 'campaign',
        platform: null,
        actor: 'Vera',
      } as const;
      await appendEvent(db, { campaignId: id }, { ...event, detail: reason });
      expect(await dropAbortedPlatforms(db), reason).toBe(0);
      expect((await abortPlatform(db, 'y', { actor: 'Vera', reason })).dropped, reason).toBe(1);
      expect(await states(), reason).toEqual({ waiting: 2, dropped: 1 });
      await sql`update campaign set state = 'settled' where id = ${id}`.execute(db);
    }
  });

  describe('A14 in a database of an earlier version', () => {
    const campaignId = randomUUID();
    const events = [
      { scope: 'platform', detail: 'x' },
      { scope: 'platform', detail: 'y: wrong link: y' },
      { scope: 'host', detail: 'mastodon: 503: down' },
      { scope: 'campaign', detail: 'x: only a reason' },
      { scope: 'instance', detail: '' },
    ];

    async function earlier(): Promise<string> {
      const { url } = await testDatabase(nobody);
      await migrateTo(url, '0011_host_events');
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const holds: [string, string][] = [
        ['campaign', campaignId],
        ['platform', 'x'],
        ['host', 'mastodon/a.example/b'],
        ['instance', ''],
      ];
      for (const hold of holds) {
        await client.query(
          `insert into hold (scope, subject, kind, actor, reason) values ($1, $2, 'paused', 'Vera', '')`,
          hold,
        );
      }
      for (const { scope, detail } of events) {
        await client.query(
          `insert into campaign_event (campaign_id, actor, action, scope, detail) values ($1, 'Vera', 'broken', $2, $3)`,
          [campaignId, scope, detail],
        );
      }
      await client.end();
      return url;
    }

    async function open(): Promise<Db> {
      const database = await connect(await earlier(), () => undefined);
      atEnd(() => database.dispose());
      return database.db;
    }

    it('keeps its holds, each with its parts', async () => {
      const db = await open();
      expect(await listHolds(db)).toMatchObject([
        { scope: 'campaign', campaignId },
        { scope: 'platform', platform: 'x' },
        { scope: 'host', platform: 'mastodon', host: 'a.example/b' },
        { scope: 'instance' },
      ]);
    });

    it('keeps the bytes that the entries of its ledgers are hashed from', async () => {
      const db = await open();
      const entries = await readUnsealed(db, campaignId, '-infinity', 100);
      expect(entries.map(({ entry }) => entry)).toMatchObject(events);
      expect(await readSealed(db, campaignId, { after: 0, upTo: 100 })).toEqual([]);
      const [first] = entries;
      expect(first && canonicalEntry(campaignId, 1, first.entry)).toContain('"detail":"x"}');
      const { rows } = await sql`select platform, detail from campaign_event
        where campaign_id = ${campaignId} order by id`.execute(db);
      expect(rows).toEqual([
        { platform: 'x', detail: '' },
        { platform: 'y', detail: 'wrong link: y' },
        { platform: 'mastodon', detail: '503: down' },
        { platform: null, detail: 'x: only a reason' },
        { platform: null, detail: '' },
      ]);
      await expect(sql`update campaign_event set detail = 'other'`.execute(db)).rejects.toThrow(
        'never changed',
      );
    });
  });
});
