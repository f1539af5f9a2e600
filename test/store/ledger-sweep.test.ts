import { expect, it } from 'vitest';
import { needs } from '../support/database.ts';
import { insertCampaignRow } from '../support/rows.ts';
import { startStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres')('an instance that runs', () => {
  it('seals by itself what the ledger holds unsealed', async () => {
    const stage = await startStage({ queue: 'postgres' });
    const { db } = stage.instance.ctx;
    const id = await insertCampaignRow(db, { state: 'settled', momentMs: -60_000 });
    await db
      .insertInto('campaign_event')
      .values({ campaign_id: id, actor: 'Vera', action: 'aborted', scope: 'campaign', detail: '' })
      .execute();
    const seals = await waitFor(
      async () => {
        const query = db.selectFrom('campaign_event').select(['position', 'hash']);
        const rows = await query.where('campaign_id', '=', id).execute();
        return rows.every(({ hash }) => hash !== null) && rows;
      },
      { what: 'the seal' },
    );
    const head = await db
      .selectFrom('ledger_head')
      .select(['position', 'hash'])
      .where('campaign_id', '=', id)
      .execute();
    expect(seals).toEqual(head);
    expect(head).toMatchObject([{ position: '1' }]);
  });
});
