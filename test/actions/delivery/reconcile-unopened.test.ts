import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createDeliveries } from '../../../src/store/shard.ts';
import { plainBrowser } from '../../support/browser.ts';
import { needs } from '../../support/database.ts';
import { startStage } from '../../support/stage.ts';
import { waitFor } from '../../support/wait-for.ts';

needs('postgres')('a post in doubt whose grant cannot be opened', () => {
  it('stays in doubt, and keeps no other from being looked for', async () => {
    const stage = await startStage({ queue: 'postgres' });
    const { db } = stage.instance.ctx;
    const campaign = await stage.open({ inMs: 3_600_000 });
    for (const handle of ['sealed', 'seen']) await plainBrowser().join(campaign.url, handle);
    await createDeliveries(db, { campaignId: campaign.id, size: 50 }, campaign.moment);
    const { rows } = await sql<{ id: string; pledge_id: string }>`
      update delivery set state = 'unconfirmed', shard_id = null, attempts = 1,
        marked_at = clock_timestamp(), due_at = clock_timestamp() + interval '1 second'
      where campaign_id = ${campaign.id} returning id, pledge_id`.execute(db);
    const [sealed, seen] = rows;
    if (!sealed || !seen) throw new Error('Two people have joined');
    await sql`
      update credential set sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 1)
      where pledge_id = ${sealed.pledge_id}`.execute(db);

    const lookedFor = async (id: string) => {
      const attempts = db.selectFrom('attempt').select('detail').where('delivery_id', '=', id);
      return (await attempts.execute()).map(({ detail }) => detail);
    };
    const both = async () =>
      (await lookedFor(sealed.id)).length > 0 && (await lookedFor(seen.id)).length > 0;
    await waitFor(both, { what: 'both looks' });
    expect((await lookedFor(sealed.id))[0]).toBe('looked: undecided the look failed');
    expect((await lookedFor(seen.id))[0]).toBe('looked: absent');
    const states = await db
      .selectFrom('delivery')
      .select(['id', 'state'])
      .where('id', '=', sealed.id)
      .execute();
    expect(states).toEqual([{ id: sealed.id, state: 'unconfirmed' }]);
  });
});
